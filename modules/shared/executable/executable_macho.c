/*
 * executable_macho.c: programs for macOS and iOS, read by libyara. Of a file
 * for several processors the first program counts, as in PyMISP.
 *
 * pkg-config: yara (libyara-dev)
 */
#include "executable.h"

#include "yara_module.h"

/* The load commands of a program take some thousand bytes. libyara makes
 * objects of all of them, which take far more memory than they do. */
#define COMMANDS_MAX 262144

#define FAT_ARCHES_MAX 32

/* A section's lowest byte of flags says what it is: only a number of zeros
 * (S_ZEROFILL, S_GB_ZEROFILL, S_THREAD_LOCAL_ZEROFILL). */
#define SECTION_TYPE 0xff

static const char *const macho_types[] = {
    [1] = "OBJECT",     [2] = "EXECUTE", [3] = "FVMLIB",       [4] = "CORE",
    [5] = "PRELOAD",    [6] = "DYLIB",   [7] = "DYLINKER",     [8] = "BUNDLE",
    [9] = "DYLIB_STUB", [10] = "DSYM",   [11] = "KEXT_BUNDLE",
};

#define TYPE_COUNT (sizeof(macho_types) / sizeof(*macho_types))

/* Where the program begins in the file. */
struct macho {
	struct executable *executable;
	YR_OBJECT *program;
	uint64_t start;
};

/* The file has the place of the entry point; in memory it is where the segment
 * around it is. */
static void macho_entrypoint(const struct macho *macho, json_t *object)
{
	YR_OBJECT *segments = yara_member(macho->program, "segments");
	uint64_t entry;
	if (!yara_number(macho->program, "entry_point", &entry))
		return;
	for (int i = 0; i < yara_count(segments); i++) {
		YR_OBJECT *segment = yara_entry(segments, i);
		uint64_t offset, size, address;
		if (!yara_number(segment, "fileoff", &offset) ||
		    !yara_number(segment, "fsize", &size) ||
		    !yara_number(segment, "vmaddr", &address) ||
		    entry < offset || entry - offset >= size)
			continue;
		misp_object_add(object, "entrypoint-address",
				executable_number(macho->executable,
						  address + entry - offset));
		return;
	}
}

static bool macho_is_zeros(uint64_t flags)
{
	uint64_t type = flags & SECTION_TYPE;
	return type == 0x01 || type == 0x0c || type == 0x12;
}

static void macho_section(const struct macho *macho, YR_OBJECT *section)
{
	uint64_t offset, size;
	uint64_t flags = 0;
	if (!yara_number(section, "offset", &offset) ||
	    !yara_number(section, "size", &size))
		return;
	yara_number(section, "flags", &flags);
	struct executable_section about = {.template = "macho-section",
					   .name =
					       yara_text(section, "sectname"),
					   .offset = macho->start + offset,
					   .size = size,
					   .virtual = macho_is_zeros(flags)};
	executable_section(macho->executable, &about, NULL, NULL);
}

static void macho_sections(const struct macho *macho)
{
	YR_OBJECT *segments = yara_member(macho->program, "segments");
	for (int i = 0; i < yara_count(segments); i++) {
		YR_OBJECT *sections =
		    yara_member(yara_entry(segments, i), "sections");
		for (int j = 0; j < yara_count(sections); j++)
			macho_section(macho, yara_entry(sections, j));
	}
}

static void macho_read(void *context, YR_OBJECT *module)
{
	struct macho macho = {.executable = context, .program = module};
	uint64_t type;
	uint64_t fat = 0;
	if (yara_number(module, "nfat_arch", &fat) && fat > 0) {
		macho.program = yara_entry(yara_member(module, "file"), 0);
		YR_OBJECT *arches = yara_member(module, "fat_arch");
		if (!yara_number(yara_entry(arches, 0), "offset", &macho.start))
			return;
	}
	if (!yara_number(macho.program, "filetype", &type))
		return;
	json_t *object = executable_begin(context, "macho", "MachO");
	misp_object_add(object, "type",
			type < TYPE_COUNT ? macho_types[type] : NULL);
	macho_entrypoint(&macho, object);
	macho_sections(&macho);
	executable_end(context);
}

/* How many bytes the load commands of the program have that begins at offset;
 * more than may be where there is none. */
static uint64_t macho_commands(const struct executable *executable,
			       uint64_t offset)
{
	uint64_t magic = executable_read(executable, offset, 4, false);
	bool big_endian = magic == 0xcefaedfe || magic == 0xcffaedfe;
	return big_endian || magic == 0xfeedface || magic == 0xfeedfacf
		   ? executable_read(executable, offset + 20, 4, big_endian)
		   : COMMANDS_MAX + 1;
}

/* The same of all programs in a file for several processors. Java's classes
 * begin like one. */
static uint64_t macho_fat_commands(const struct executable *executable)
{
	uint64_t magic = executable_read(executable, 0, 4, true);
	uint64_t count = executable_read(executable, 4, 4, true);
	bool wide = magic == 0xcafebabf;
	uint64_t size = 0;
	if ((magic != 0xcafebabe && !wide) || count == 0 ||
	    count > FAT_ARCHES_MAX)
		return COMMANDS_MAX + 1;
	for (uint64_t i = 0; i < count; i++) {
		uint64_t at = 8 + i * (wide ? 32 : 20);
		size += macho_commands(
		    executable,
		    executable_read(executable, at + 8, wide ? 8 : 4, true));
	}
	return size;
}

void executable_macho(struct executable *executable)
{
	const struct yara_reader reader = {
	    .module = "macho", .read = macho_read, .context = executable};
	if (macho_commands(executable, 0) <= COMMANDS_MAX ||
	    macho_fat_commands(executable) <= COMMANDS_MAX)
		yara_module_read("import \"macho\" rule r { condition: false }",
				 executable->bytes, executable->size, &reader);
}
