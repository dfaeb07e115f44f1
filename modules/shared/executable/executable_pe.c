/*
 * executable_pe.c: programs for Windows, read by libyara.
 *
 * pkg-config: yara (libyara-dev)
 */
#include "executable.h"

#include "pe_parts.h"
#include "yara_module.h"

#include <string.h>
#include <strings.h>

#define CHARACTERISTIC_EXECUTABLE 0x0002
#define CHARACTERISTIC_DLL 0x2000

#define RESOURCE_VERSION 16

/* Offsets: of where the header is, and of "PE\0\0". */
#define NEW_HEADER 60
#define SIGNATURE 0x4550

/* Who uses one of these runs in the kernel. */
static bool pe_is_driver(YR_OBJECT *pe)
{
	static const char *const kernel[] = {
	    "ntoskrnl.exe", "hal.dll", "ndis.sys", "bootvid.dll", "kdcom.dll"};
	YR_OBJECT *imports = yara_member(pe, "import_details");
	for (int i = 0; i < yara_count(imports); i++) {
		const char *library =
		    yara_text(yara_entry(imports, i), "library_name");
		for (size_t j = 0;
		     library && j < sizeof(kernel) / sizeof(*kernel); j++)
			if (strcasecmp(library, kernel[j]) == 0)
				return true;
	}
	return false;
}

static const char *pe_type(YR_OBJECT *pe)
{
	uint64_t characteristics = 0;
	yara_number(pe, "characteristics", &characteristics);
	if (characteristics & CHARACTERISTIC_DLL)
		return "dll";
	if (pe_is_driver(pe))
		return "driver";
	return characteristics & CHARACTERISTIC_EXECUTABLE ? "exe" : "unknown";
}

static void pe_header(struct executable *executable, YR_OBJECT *pe)
{
	uint64_t entry, base, built;
	misp_object_add(executable->object, "type", pe_type(pe));
	if (yara_number(pe, "entry_point_raw", &entry) &&
	    yara_number(pe, "image_base", &base))
		misp_object_add(executable->object, "entrypoint-address",
				executable_number(executable, base + entry));
	if (yara_number(pe, "timestamp", &built))
		misp_object_add(executable->object, "compilation-timestamp",
				misp_time(executable->query, (int64_t)built));
	pe_authentihash(executable,
			executable_read(executable, NEW_HEADER, 4, false));
}

/* The first resource that tells of versions. */
static void pe_resources(struct executable *executable, YR_OBJECT *pe)
{
	YR_OBJECT *resources = yara_member(pe, "resources");
	for (int i = 0; i < yara_count(resources); i++) {
		YR_OBJECT *resource = yara_entry(resources, i);
		uint64_t type, offset, size;
		if (!yara_number(resource, "type", &type) ||
		    type != RESOURCE_VERSION ||
		    !yara_number(resource, "offset", &offset) ||
		    !yara_number(resource, "length", &size) ||
		    offset >= executable->size)
			continue;
		size_t left = executable->size - offset;
		pe_version(executable, executable->bytes + offset,
			   size < left ? size : left);
		return;
	}
}

/* Whether the program begins in this section. */
static bool pe_is_entered(YR_OBJECT *pe, YR_OBJECT *section)
{
	uint64_t entry, address, size;
	return yara_number(pe, "entry_point_raw", &entry) &&
	       yara_number(section, "virtual_address", &address) &&
	       yara_number(section, "virtual_size", &size) &&
	       entry >= address && entry - address < size;
}

static void pe_add_entered(struct executable *executable, const char *name)
{
	misp_object_add(executable->object, "entrypoint-section-at-position",
			misp_text(executable->query, "%s|%zu", name ? name : "",
				  executable->sections));
}

static void pe_sections(struct executable *executable, YR_OBJECT *pe)
{
	YR_OBJECT *sections = yara_member(pe, "sections");
	bool entered = false;
	for (int i = 0; i < yara_count(sections); i++) {
		YR_OBJECT *section = yara_entry(sections, i);
		const char *name = yara_text(section, "name");
		uint64_t offset, size;
		if (!yara_number(section, "raw_data_offset", &offset) ||
		    !yara_number(section, "raw_data_size", &size) ||
		    (size == 0 && (!name || !*name)))
			continue;
		if (!entered && pe_is_entered(pe, section)) {
			entered = true;
			pe_add_entered(executable, name);
		}
		struct executable_section about = {.template = "pe-section",
						   .name = name,
						   .offset = offset,
						   .size = size};
		executable_section(executable, &about, NULL, NULL);
	}
}

static void pe_read(void *context, YR_OBJECT *pe)
{
	struct executable *executable = context;
	uint64_t is_pe = 0;
	if (!yara_number(pe, "is_pe", &is_pe) || is_pe == 0)
		return;
	executable_begin(executable, "pe", "PE");
	pe_header(executable, pe);
	pe_resources(executable, pe);
	misp_object_add(executable->object, "pdb", yara_text(pe, "pdb_path"));
	pe_sections(executable, pe);
	executable_end(executable);
}

/* A program that imports nothing has no such hash, and nothing is heard. */
static void pe_imphash(void *context, const char *imphash)
{
	const struct executable *executable = context;
	misp_object_add(executable->object, "imphash", imphash);
}

void executable_pe(struct executable *executable)
{
	const struct yara_reader reader = {.module = "pe",
					   .read = pe_read,
					   .hear = pe_imphash,
					   .context = executable};
	uint64_t header = executable_read(executable, NEW_HEADER, 4, false);
	if (executable_read(executable, header, 4, false) == SIGNATURE)
		yara_module_read("import \"pe\"\nimport \"console\"\n"
				 "rule imphash { condition: "
				 "pe.number_of_imports > 0 and "
				 "console.log(pe.imphash()) }",
				 executable->bytes, executable->size, &reader);
}
