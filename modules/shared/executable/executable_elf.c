/*
 * executable_elf.c: programs for Linux and its like, read by libelf. Words
 * are those that the templates propose.
 *
 * pkg-config: libelf (libelf-dev)
 */
#include "executable.h"

#include <gelf.h>
#include <stdlib.h>
#include <string.h>

/* A number of the format and its word; a table of them ends empty. */
struct elf_word {
	uint64_t number;
	const char *word;
};

static const struct elf_word elf_types[] = {
    {ET_NONE, "NONE"},   {ET_REL, "RELOCATABLE"}, {ET_EXEC, "EXECUTABLE"},
    {ET_DYN, "DYNAMIC"}, {ET_CORE, "CORE"},       {0},
};

static const struct elf_word elf_machines[] = {
    {EM_NONE, "None"},
    {EM_M32, "M32"},
    {EM_SPARC, "SPARC"},
    {EM_386, "i386"},
    {EM_68K, "ARCH_68K"},
    {EM_88K, "ARCH_88K"},
    {EM_IAMCU, "IAMCU"},
    {EM_MIPS, "MIPS"},
    {EM_MIPS_RS3_LE, "MIPS_RS3_LE"},
    {EM_PARISC, "PARISC"},
    {EM_SPARC32PLUS, "SPARC32PLUS"},
    {EM_PPC, "PPC"},
    {EM_PPC64, "PPC64"},
    {EM_S390, "S390"},
    {EM_ARM, "ARM"},
    {EM_ALPHA, "ALPHA"},
    {EM_FAKE_ALPHA, "ALPHA"},
    {EM_SH, "SH"},
    {EM_SPARCV9, "SPARCV9"},
    {EM_TRICORE, "TRICORE"},
    {EM_ARC, "ARC"},
    {EM_IA_64, "IA_64"},
    {EM_COLDFIRE, "COLDFIRE"},
    {EM_X86_64, "x86_64"},
    {EM_VAX, "VAX"},
    {EM_CRIS, "CRIS"},
    {EM_AVR, "AVR"},
    {EM_V850, "V850"},
    {EM_M32R, "M32R"},
    {EM_OPENRISC, "OPENRISC"},
    {EM_ARC_COMPACT, "ARC_COMPACT"},
    {EM_XTENSA, "XTENSA"},
    {EM_MSP430, "MSP430"},
    {EM_BLACKFIN, "BLACKFIN"},
    {EM_ALTERA_NIOS2, "ALTERA_NIOS2"},
    {EM_QDSP6, "HEXAGON"},
    {EM_NDS32, "NDS32"},
    {EM_AARCH64, "AARCH64"},
    {EM_TILEGX, "TILEGX"},
    {EM_ARCV2, "ARC_COMPACT2"},
    {EM_AMDGPU, "AMDGPU"},
    {EM_RISCV, "RISCV"},
    {EM_BPF, "BPF"},
    {EM_LOONGARCH, "LOONGARCH"},
    {0},
};

static const struct elf_word elf_abis[] = {
    {ELFOSABI_SYSV, "SYSTEMV"},
    {ELFOSABI_HPUX, "HPUX"},
    {ELFOSABI_NETBSD, "NETBSD"},
    {ELFOSABI_GNU, "GNU"},
    {4, "HURD"},
    {ELFOSABI_SOLARIS, "SOLARIS"},
    {ELFOSABI_AIX, "AIX"},
    {ELFOSABI_IRIX, "IRIX"},
    {ELFOSABI_FREEBSD, "FREEBSD"},
    {ELFOSABI_TRU64, "TRU64"},
    {ELFOSABI_MODESTO, "MODESTO"},
    {ELFOSABI_OPENBSD, "OPENBSD"},
    {13, "OPENVMS"},
    {14, "NSK"},
    {15, "AROS"},
    {16, "FENIXOS"},
    {17, "CLOUDABI"},
    {ELFOSABI_ARM, "ARM"},
    {ELFOSABI_STANDALONE, "STANDALONE"},
    {0},
};

static const struct elf_word elf_section_types[] = {
    {SHT_NULL, "NULL"},
    {SHT_PROGBITS, "PROGBITS"},
    {SHT_SYMTAB, "SYMTAB"},
    {SHT_STRTAB, "STRTAB"},
    {SHT_RELA, "RELA"},
    {SHT_HASH, "HASH"},
    {SHT_DYNAMIC, "DYNAMIC"},
    {SHT_NOTE, "NOTE"},
    {SHT_NOBITS, "NOBITS"},
    {SHT_REL, "REL"},
    {SHT_SHLIB, "SHLIB"},
    {SHT_DYNSYM, "DYNSYM"},
    {SHT_INIT_ARRAY, "INIT_ARRAY"},
    {SHT_FINI_ARRAY, "FINI_ARRAY"},
    {SHT_PREINIT_ARRAY, "PREINIT_ARRAY"},
    {SHT_GROUP, "GROUP"},
    {SHT_SYMTAB_SHNDX, "SYMTAB_SHNDX"},
    {SHT_GNU_ATTRIBUTES, "GNU_ATTRIBUTES"},
    {SHT_GNU_HASH, "GNU_HASH"},
    {SHT_GNU_verdef, "GNU_VERDEF"},
    {SHT_GNU_verneed, "GNU_VERNEED"},
    {SHT_GNU_versym, "GNU_VERSYM"},
    {0},
};

/* What only means this for one machine. */
static const struct {
	unsigned machine;
	struct elf_word type;
} elf_machine_types[] = {
    {EM_ARM, {SHT_ARM_EXIDX, "ARM_EXIDX"}},
    {EM_ARM, {SHT_ARM_PREEMPTMAP, "ARM_PREEMPTMAP"}},
    {EM_ARM, {SHT_ARM_ATTRIBUTES, "ARM_ATTRIBUTES"}},
    {EM_X86_64, {SHT_X86_64_UNWIND, "X86_64_UNWIND"}},
    {EM_MIPS, {SHT_MIPS_REGINFO, "MIPS_REGINFO"}},
    {EM_MIPS, {SHT_MIPS_OPTIONS, "MIPS_OPTIONS"}},
    {EM_MIPS, {0x7000002a, "MIPS_ABIFLAGS"}},
};

#define MACHINE_TYPE_COUNT \
	(sizeof(elf_machine_types) / sizeof(*elf_machine_types))

static const struct elf_word elf_flags[] = {
    {SHF_WRITE, "WRITE"},
    {SHF_ALLOC, "ALLOC"},
    {SHF_EXECINSTR, "EXECINSTR"},
    {SHF_MERGE, "MERGE"},
    {SHF_STRINGS, "STRINGS"},
    {SHF_INFO_LINK, "INFO_LINK"},
    {SHF_LINK_ORDER, "LINK_ORDER"},
    {SHF_OS_NONCONFORMING, "OS_NONCONFORMING"},
    {SHF_GROUP, "GROUP"},
    {SHF_TLS, "TLS"},
    {SHF_COMPRESSED, "COMPRESSED"},
    {SHF_EXCLUDE, "EXCLUDE"},
    {0},
};

static const char *elf_word(const struct elf_word *words, uint64_t number)
{
	for (; words->word; words++)
		if (words->number == number)
			return words->word;
	return NULL;
}

/* A section and the machine that its type is for. */
struct elf_section {
	GElf_Shdr header;
	unsigned machine;
};

static const char *elf_section_type(const struct elf_section *section)
{
	for (size_t i = 0; i < MACHINE_TYPE_COUNT; i++)
		if (elf_machine_types[i].machine == section->machine &&
		    elf_machine_types[i].type.number == section->header.sh_type)
			return elf_machine_types[i].type.word;
	return elf_word(elf_section_types, section->header.sh_type);
}

static void elf_decorate(json_t *object, const void *context)
{
	const struct elf_section *section = context;
	misp_object_add(object, "type", elf_section_type(section));
	for (const struct elf_word *flag = elf_flags; flag->word; flag++)
		if (section->header.sh_flags & flag->number)
			misp_object_add(object, "flag", flag->word);
}

static void elf_sections(struct executable *executable, Elf *elf,
			 unsigned machine)
{
	size_t names = 0;
	Elf_Scn *next = NULL;
	if (elf_getshdrstrndx(elf, &names) != 0)
		return;
	while ((next = elf_nextscn(elf, next))) {
		struct elf_section section = {.machine = machine};
		if (!gelf_getshdr(next, &section.header))
			continue;
		const char *name =
		    elf_strptr(elf, names, section.header.sh_name);
		if (!name || !*name)
			continue;
		struct executable_section about = {
		    .template = "elf-section",
		    .name = name,
		    .offset = section.header.sh_offset,
		    .size = section.header.sh_size,
		    .virtual = section.header.sh_type == SHT_NOBITS};
		executable_section(executable, &about, elf_decorate, &section);
	}
}

static void elf_add(struct executable *executable, Elf *elf)
{
	GElf_Ehdr header;
	if (elf_kind(elf) != ELF_K_ELF || !gelf_getehdr(elf, &header))
		return;
	json_t *object = executable_begin(executable, "elf", "ELF");
	misp_object_add(object, "type", elf_word(elf_types, header.e_type));
	misp_object_add(object, "entrypoint-address",
			executable_number(executable, header.e_entry));
	misp_object_add(object, "arch",
			elf_word(elf_machines, header.e_machine));
	misp_object_add(object, "os_abi",
			elf_word(elf_abis, header.e_ident[EI_OSABI]));
	elf_sections(executable, elf, header.e_machine);
	executable_end(executable);
}

void executable_elf(struct executable *executable)
{
	if (executable->size < EI_NIDENT ||
	    memcmp(executable->bytes, ELFMAG, SELFMAG) != 0 ||
	    elf_version(EV_CURRENT) == EV_NONE)
		return;
	/* Of a file in memory it only reads. */
	Elf *elf = elf_memory((char *)executable->bytes, executable->size);
	if (elf) {
		elf_add(executable, elf);
		elf_end(elf);
	}
}
