/*
 * joe_executable.c: the inside of an analysed file: a program of Windows (PE)
 * or Linux (ELF), or an app of Android.
 */
#include "joe_parts.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct misp_mapping pe_fields[] = {
    {"entrypoint", "entrypoint-address"},
    {"imphash", "imphash"},
    {0},
};

static const struct joe_word pe_versions[] = {
    {"CompanyName", "company-name"},
    {"FileDescription", "file-description"},
    {"FileVersion", "file-version"},
    {"InternalName", "internal-filename"},
    {"LegalCopyright", "legal-copyright"},
    {"OriginalFilename", "original-filename"},
    {"ProductName", "product-name"},
    {"ProductVersion", "product-version"},
    {"Translation", "lang-id"},
    {0},
};

static const struct misp_mapping pe_section_fields[] = {
    {"characteristics", "characteristic"},
    {"entropy", "entropy"},
    {"name", "name"},
    {"rawaddr", "offset"},
    {"rawsize", "size-in-bytes", MISP_TO_TEXT},
    {"virtaddr", "virtual_address"},
    {"virtsize", "virtual_size", MISP_TO_TEXT},
    {0},
};

static const struct misp_mapping signer_fields[] = {
    {"sigissuer", "issuer"},
    {"version", "version", MISP_TO_TEXT},
    {0},
};

static const struct misp_mapping elf_fields[] = {
    {"epaddr", "entrypoint-address"},
    {"machine", "arch"},
    {"osabi", "os_abi"},
    {0},
};

static const struct misp_mapping elf_section_fields[] = {
    {"name", "name"},
    {"type", "type"},
    {0},
};

static const struct joe_word elf_flags[] = {
    {"A", "ALLOC"}, {"I", "INFO_LINK"}, {"M", "MERGE"},     {"S", "STRINGS"},
    {"T", "TLS"},   {"W", "WRITE"},     {"X", "EXECINSTR"}, {0},
};

/* The hexadecimal number that a text begins with; -1 when it is none. */
static int64_t hexadecimal(const char *text)
{
	char *end = NULL;
	errno = 0;
	long long number = text ? strtoll(text, &end, 16) : -1;
	return text && end > text && errno == 0 ? number : -1;
}

/* ---- Windows ---- */

/* What the program says of itself. */
static void pe_add_version(struct joe *joe, json_t *object,
			   const json_t *version)
{
	const char *word = misp_text_at(joe->query, version, "name");
	joe_add(joe, object, joe_relation(pe_versions, word),
		misp_text_at(joe->query, version, "value"));
}

/* The name that the program was built with, if it has one; else name. */
static const char *pe_name(struct joe *joe, const json_t *versions,
			   const char *name)
{
	size_t i;
	json_t *version;
	json_array_foreach (versions, i, version) {
		const char *word = misp_text_at(joe->query, version, "name");
		const char *value = misp_text_at(joe->query, version, "value");
		if (word && value && strcmp(word, "InternalName") == 0)
			name = value;
	}
	return name;
}

static void pe_add_signer(struct joe *joe, json_t *object, const json_t *pe,
			  const char *name)
{
	if (!json_is_true(misp_at(pe, "signature.signed")))
		return;
	json_t *signer = joe_object(joe, "authenticode-signerinfo", NULL, NULL);
	misp_object_add(signer, "program-name", name);
	misp_map(joe->query, signer, misp_at(pe, "signature"), signer_fields);
	joe_refer(joe, object, signer, "signed-by");
}

static void pe_add_section(struct joe *joe, json_t *object,
			   const json_t *section)
{
	json_t *part =
	    joe_object(joe, "pe-section", section, pe_section_fields);
	joe_refer(joe, object, part, "includes");
}

static void pe_add(struct joe *joe, const json_t *fileinfo)
{
	const json_t *pe = misp_at(fileinfo, "pe");
	const json_t *versions = misp_at(pe, "versions.version");
	const json_t *sections = misp_at(pe, "sections.section");
	const char *filename = misp_text_at(joe->query, fileinfo, "filename");
	if (!json_is_object(pe))
		return;
	json_t *object = joe_object(joe, "pe", NULL, NULL);
	joe_refer(joe, joe->object, object, "includes");
	misp_map(joe->query, object, pe, pe_fields);
	int64_t built = hexadecimal(misp_text_at(joe->query, pe, "timestamp"));
	if (built >= 0)
		misp_object_add(object, "compilation-timestamp",
				misp_time(joe->query, built));
	joe_each(joe, object, versions, pe_add_version);
	misp_object_add(
	    object, "number-sections",
	    misp_text(joe->query, "%zu", json_array_size(sections)));
	pe_add_signer(joe, object, pe, pe_name(joe, versions, filename));
	joe_each(joe, object, sections, pe_add_section);
}

/* ---- Linux ---- */

/* Flags are a list of letters, or a text of them. */
static void elf_add_flags(struct joe *joe, json_t *object, const json_t *flags)
{
	size_t i;
	json_t *flag;
	json_array_foreach (flags, i, flag) {
		const char *word = json_string_value(flag);
		const char *name = joe_relation(elf_flags, word);
		joe_add(joe, object, "flag", name);
	}
	const char *letter = json_string_value(flags);
	for (; letter && *letter; letter++) {
		const char word[] = {*letter, '\0'};
		joe_add(joe, object, "flag", joe_relation(elf_flags, word));
	}
}

static void elf_add_section(struct joe *joe, json_t *object,
			    const json_t *section)
{
	json_t *part =
	    joe_object(joe, "elf-section", section, elf_section_fields);
	int64_t size = hexadecimal(misp_text_at(joe->query, section, "size"));
	if (size >= 0)
		misp_object_add(part, "size-in-bytes",
				misp_text(joe->query, "%" PRId64, size));
	elf_add_flags(joe, part, misp_at(section, "flagsdesc"));
	joe_refer(joe, object, part, "includes");
}

static void elf_add_file(struct joe *joe, json_t *sample, const json_t *file)
{
	static const struct joe_word types[] = {
	    {"EXEC (Executable file)", "EXECUTABLE"}, {0}};
	const json_t *header = misp_at(file, "main.0.header.0");
	const json_t *sections = misp_at(file, "sections.section");
	if (!json_is_object(header))
		return;
	json_t *object = joe_object(joe, "elf", NULL, NULL);
	joe_refer(joe, sample, object, "includes");
	const char *type = misp_text_at(joe->query, header, "type");
	const char *known = joe_relation(types, type);
	misp_object_add(object, "type", known ? known : type);
	misp_map(joe->query, object, header, elf_fields);
	misp_object_add(
	    object, "number-sections",
	    misp_text(joe->query, "%zu", json_array_size(sections)));
	joe_each(joe, object, sections, elf_add_section);
}

static void elf_add(struct joe *joe, const json_t *fileinfo)
{
	joe_each(joe, joe->object, misp_at(fileinfo, "elf.file"), elf_add_file);
}

/* ---- Android ---- */

/* Sorts one into the object of those that begin alike: the object's comment
 * is "android permission" for "android.permission.CAMERA". */
static void permission_add(struct joe *joe, json_t *groups,
			   const json_t *permission)
{
	const char *name = misp_text_at(joe->query, permission, "@name");
	const char *dot = name ? strrchr(name, '.') : NULL;
	char *group = name ? misp_text(joe->query, "%.*s",
				       dot ? (int)(dot - name) : 0, name)
			   : NULL;
	if (!group)
		return;
	for (char *at = group; *at; at++)
		if (*at == '.')
			*at = ' ';
	json_t *object = json_object_get(groups, group);
	if (!object) {
		object = joe_object(joe, "android-permission", NULL, NULL);
		misp_object_add(object, "comment", group);
		joe_refer(joe, joe->object, object, "grants");
		json_object_set(groups, group, object);
	}
	joe_add(joe, object, "permission", dot ? dot + 1 : name);
}

static void apk_add(struct joe *joe, const json_t *fileinfo)
{
	json_t *groups = json_object();
	joe_each(joe, groups,
		 misp_at(fileinfo, "apk.requiredpermissions.permission"),
		 permission_add);
	json_decref(groups);
}

void joe_executable(struct joe *joe, const json_t *fileinfo)
{
	static const struct {
		const char *arch;
		void (*add)(struct joe *joe, const json_t *fileinfo);
	} formats[] = {
	    {"WINDOWS", pe_add}, {"LINUX", elf_add}, {"ANDROID", apk_add}};
	const char *arch =
	    misp_text_at(joe->query, joe->analysis, "generalinfo.arch");
	for (size_t i = 0; arch && i < sizeof(formats) / sizeof(*formats); i++)
		if (strcmp(formats[i].arch, arch) == 0)
			formats[i].add(joe, fileinfo);
}
