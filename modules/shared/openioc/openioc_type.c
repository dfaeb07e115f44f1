/*
 * openioc_type.c: a table of terms; see openioc_type.h.
 */
#include "openioc_type.h"

#include "misp-module.h"

#include <strings.h>

#define LENGTH(table) (sizeof(table) / sizeof(*(table)))

/* Terms that are longer than a line. */
static const char section_name[] =
    "ProcessItem/SectionList/MemorySection/PEInfo/Sections/Section/Name";
static const char file_description[] =
    "FileItem/PEInfo/VersionInfoList/VersionInfoItem/FileDescription";

static const struct {
	struct openioc_type type;
	const char *const *terms;
} types[] = {
    {{"domain", "Network activity"},
     MISP_LIST("Network/DNS", "DnsEntryItem/Host", "DnsEntryItem/RecordName")},
    {{"email-attachment", "Payload delivery"},
     MISP_LIST("Email/Attachment/Name")},
    {{"email-dst", "Network activity"}, MISP_LIST("Email/From")},
    {{"email-subject", "Payload delivery"},
     MISP_LIST("Email/Subject", "Email/Body")},
    {{"target-email", "Targeting data"}, MISP_LIST("Email/To")},
    {{"filename", "Payload delivery"},
     MISP_LIST("FileItem/FileName", "FileItem/FilePath", "FileItem/FullPath",
	       "FileItem/FilenameCreated")},
    {{"hostname", "Network activity"},
     MISP_LIST("CookieHistoryItem/HostName", "FormHistoryItem/HostName",
	       "RouteEntryItem/Destination/string", "SystemInfoItem/HostName",
	       "UrlHistoryItem/HostName")},
    {{"ip-dst", "Network activity"},
     MISP_LIST("Network/IPRange", "PortItem/remoteIP",
	       "RouteEntryItem/Destination", "RouteEntryItem/Destination/IP")},
    {{"ip-src", "Network activity"}, MISP_LIST("PortItem/localIP")},
    {{"md5", "Payload delivery"},
     MISP_LIST("FileItem/Md5sum", "ServiceItem/serviceDLLmd5sum")},
    {{"sha1", "Payload delivery"},
     MISP_LIST("FileItem/Sha1sum", "ServiceItem/serviceDLLsha1sum")},
    {{"sha256", "Payload delivery"},
     MISP_LIST("FileItem/Sha256sum", "ServiceItem/serviceDLLsha256sum")},
    {{"size-in-bytes", "Other"}, MISP_LIST("FileItem/SizeInBytes")},
    {{"mutex", "Artifacts dropped"},
     MISP_LIST("ProcessItem/Mutex", "ProcessItem/Mutex/Name")},
    {{"named pipe", "Artifacts dropped"},
     MISP_LIST("ProcessItem/NamedPipe", "ProcessItem/Pipe/Name")},
    {{"regkey", "Persistence mechanism"},
     MISP_LIST("RegistryItem/KeyPath", "RegistryItem/Path", "RegistryItem/Text",
	       "RegistryItem/Value", "RegistryItem/ValueName")},
    {{"snort", "Network activity"}, MISP_LIST("Snort/Snort")},
    {{"uri", "Network activity"}, MISP_LIST("Network/URI")},
    {{"url", "Network activity"},
     MISP_LIST("Network/String", "UrlHistoryItem/URL")},
    {{"user-agent", "Network activity"}, MISP_LIST("Network/UserAgent")},
    {{"windows-scheduled-task", "Artifacts dropped"},
     MISP_LIST("TaskItem/AccountName",
	       "TaskItem/ActionList/Action/ExecProgramPath", "TaskItem/Name",
	       "TaskItem/TriggerList/Trigger/TriggerFrequency",
	       "TaskItem/sha1sum", "TaskItem/sha256sum")},
    {{"windows-service-displayname", "Artifacts dropped"},
     MISP_LIST("ServiceItem/descriptiveName")},
    {{"windows-service-name", "Artifacts dropped"},
     MISP_LIST("ServiceItem/name")},
    {{"yara", "Payload installation"}, MISP_LIST("Yara/Yara")},
    {{"pattern-in-traffic", "Network activity"},
     MISP_LIST("PortItem/remotePort")},
    {{"pattern-in-file", "Payload installation"},
     MISP_LIST(
	 "FileItem/PEInfo/DetectedAnomalies/string",
	 "FileItem/PEInfo/Exports/NumberOfFunctions",
	 "FileItem/PEInfo/ImportedModules/Module/ImportedFunctions/string",
	 "FileItem/PEInfo/ImportedModules/Module/Name",
	 "FileItem/PEInfo/PETimeStamp",
	 "FileItem/PEInfo/ResourceInfoList/ResourceInfoItem/Language",
	 "FileItem/PEInfo/VersionInfoList/VersionInfoItem/CompanyName",
	 "FileItem/PEInfo/VersionInfoList/VersionInfoItem/FileVersion",
	 "FileItem/PEInfo/VersionInfoList/VersionInfoItem/InternalName",
	 "FileItem/PEInfo/VersionInfoList/VersionInfoItem/Language",
	 "FileItem/PEInfo/VersionInfoList/VersionInfoItem/LegalCopyright",
	 "FileItem/PEInfo/VersionInfoList/VersionInfoItem/OriginalFilename",
	 "FileItem/PEInfo/VersionInfoList/VersionInfoItem/ProductName",
	 "FileItem/PEInfo/VersionInfoList/VersionInfoItem/ProductVersion",
	 "FileItem/StringList/string")},
    {{"pattern-in-memory", "Payload installation"},
     MISP_LIST("FileItem/PEInfo/Exports/DllName",
	       "FileItem/PEInfo/Sections/Section/Name",
	       "ProcessItem/Event/Name", "ProcessItem/HandleList/Handle/Name",
	       "ProcessItem/HandleList/Handle/Type",
	       "ProcessItem/SectionList/MemorySection/Name",
	       "ProcessItem/SectionList/MemorySection/PEInfo/Exports/DllName",
	       section_name, "ProcessItem/StringList/string",
	       "ProcessItem/arguments", "ProcessItem/name", "ProcessItem/path",
	       "ServiceItem/serviceDLL",
	       "ServiceItem/serviceDLLSignatureVerified",
	       "ServiceItem/startedAs", "ServiceItem/type")},
    {{"comment", "Other"},
     MISP_LIST("Email/Date", "FileItem/DevicePath", "FileItem/FileExtension",
	       "FileItem/PEInfo/DigitalSignature/CertificateIssuer",
	       "FileItem/PEInfo/DigitalSignature/Description",
	       "FileItem/PEInfo/DigitalSignature/SignatureExists",
	       "FileItem/PEInfo/DigitalSignature/SignatureVerified",
	       "FileItem/PEInfo/Exports/ExportedFunctions/string",
	       "FileItem/PEInfo/ResourceInfoList/ResourceInfoItem/Name",
	       "FileItem/PEInfo/ResourceInfoList/ResourceInfoItem/Type",
	       "FileItem/PEInfo/Type", file_description,
	       "ServiceItem/description")},
    {{"other", "Artifacts dropped"},
     MISP_LIST("DriverItem/CertificateIssuer",
	       "DriverItem/DeviceItem/AttachedDeviceName",
	       "DriverItem/DriverName")},
    {{"other", "Other"},
     MISP_LIST("FileItem/PEInfo/DigitalSignature/CertificateSubject")},
};

static const struct {
	struct openioc_type type;
	const char *first;
	const char *second;
} pairs[] = {
    {{"filename|md5", "Payload delivery"},
     "FileItem/FileName",
     "FileItem/Md5sum"},
    {{"filename|sha1", "Payload delivery"},
     "FileItem/FileName",
     "FileItem/Sha1sum"},
    {{"filename|sha256", "Payload delivery"},
     "FileItem/FileName",
     "FileItem/Sha256sum"},
    {{"domain|ip", "Network activity"}, "Network/DNS", "PortItem/remoteIP"},
    {{"ip-dst|port", "Network activity"},
     "PortItem/remoteIP",
     "PortItem/remotePort"},
    {{"regkey|value", "Persistence mechanism"},
     "RegistryItem/Path",
     "RegistryItem/Value"},
    {{"regkey|value", "Persistence mechanism"},
     "RegistryItem/KeyPath",
     "RegistryItem/Value"},
    {{"regkey|value", "Persistence mechanism"},
     "RegistryItem/Path",
     "RegistryItem/Text"},
};

struct openioc_type openioc_type(const char *term)
{
	for (size_t i = 0; i < LENGTH(types); i++)
		for (const char *const *its = types[i].terms; *its; its++)
			if (strcasecmp(*its, term) == 0)
				return types[i].type;
	return (struct openioc_type){"other", "External analysis"};
}

struct openioc_type openioc_pair_type(const char *first, const char *second)
{
	for (size_t i = 0; i < LENGTH(pairs); i++)
		if (strcasecmp(pairs[i].first, first) == 0 &&
		    strcasecmp(pairs[i].second, second) == 0)
			return pairs[i].type;
	return (struct openioc_type){NULL, NULL};
}
