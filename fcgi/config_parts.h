/*
 * config_parts.h: what the files config*.c share. No other file needs it.
 *
 * A reader reads one list of files: config_text.c makes a file's text safe
 * for libconfuse, config_options.c says which settings there are and puts
 * their values where they belong, config_net.c those for talking to the world,
 * config_unknown.c judges names that are none, config_messages.c keeps what is
 * to be said.
 */
#ifndef FCGI_CONFIG_PARTS_H
#define FCGI_CONFIG_PARTS_H

#include "config.h"

#include <confuse.h>

/* ---- Messages (config_messages.c) ---- */

/* Settings that mean nothing here, summed up in one note at the end. */
struct tally {
	size_t count;
	size_t used;
	bool is_full;
	char names[256];
};

struct tallies {
	struct tally misp_only;
	struct tally other_families;
	struct tally not_loaded;
	struct tally not_told; /* maybe of a remote's module */
};

/* An error or a note "FILE:LINE: …"; line 0: "FILE: …". One that is there
 * already is not added again. */
struct reader;
void reader_error(struct reader *reader, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void reader_note(struct reader *reader, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

void tally_add(struct tally *tally, const char *name);

/* Adds the note "NUMBER settings PREDICATE: NAME, NAME, …", if any. */
void tally_note(struct reader *reader, const struct tally *tally,
		const char *predicate);

void message_lists_free(struct config *config);

/* ---- The text of a file (config_text.c) ---- */

struct config_text {
	char *bytes; /* ends with NUL; comments are blanked out */
	bool readable_by_all;
};

/*
 * Reads a file. libconfuse miscounts the lines of comments, takes half a
 * value for the whole when it is not quoted, and ends the process when it
 * cannot read: so comments are blanked out, and such values are an error.
 * Returns 0, with a text to be freed, or -1 after a reader_error.
 */
int text_read(struct reader *reader, const char *path,
	      struct config_text *text);

/* The first byte, on that line, behind a name and any space; NUL: none. */
char text_after(const struct config_text *text, int line, const char *name);

/* Blanks out a section, from its name on that line to its closing brace.
 * False when it is not found. */
bool text_blank_section(struct config_text *text, int line, const char *name);

/* Whether a setting that is secret, or a URL (which can have a password in it),
 * stands before a name on that line. */
bool text_follows_secret(const struct config_text *text, int line,
			 const char *name);

/* Whether that line takes the value of name from the environment, all of it,
 * and holds none as its default. */
bool text_from_environment(const struct config_text *text, int line,
			   const char *name);

/* ---- The settings there are (config_options.c) ---- */

enum section {
	SECTION_SERVER,
	SECTION_HTTP,
	SECTION_DNS,
	SECTION_PYTHON,
	SECTION_REMOTE, /* remote NAME { … }, as often as wanted */
	SECTION_PLUGIN,
	SECTION_COUNT,
};
extern const char *const section_names[SECTION_COUNT];

struct option {
	char *name;
	/* Checks a value and puts it where it belongs; "" is not set. */
	void (*set)(struct reader *reader, const struct option *option,
		    const char *value, int line);
	void *target;
	size_t place; /* SECTION_REMOTE: where it is in a struct remote */
	long least;
	long most;
	long number;      /* what holds when not set: a number, a boolean, */
	const char *text; /* or a text */
	struct reader *reader;
	char *value; /* libconfuse's copy of the last value */
	enum section section;
	bool is_secret;
	bool is_list;      /* its set is called for each value of it */
	bool is_misp_only; /* accepted, and means nothing here */
};

/* Fills reader->options, sorted by section and name. -1 without memory. */
int options_build(struct reader *reader);
void options_free(struct reader *reader);

/* The options of one section: the first of *count. */
struct option *options_of(const struct reader *reader, enum section section,
			  size_t *count);

/* NULL when there is none of that name. */
const struct option *option_find(const struct reader *reader,
				 enum section section, const char *name);

/* Hands a value to the option, and to those of the same name behind it. */
void option_set(struct option *option, const char *value, int line);

/* Puts a copy of value into place: NULL when it is empty. */
bool option_replace_text(struct reader *reader, const char **place,
			 const char *value);

/* ---- Values for talking to the world (config_net.c) ---- */

/* Each is an option's set; its target is a const char *. A module's proxy may
 * be "none". */
void set_line(struct reader *reader, const struct option *option,
	      const char *value, int line);
void set_proxy(struct reader *reader, const struct option *option,
	       const char *value, int line);
void set_module_proxy(struct reader *reader, const struct option *option,
		      const char *value, int line);
void set_endpoint(struct reader *reader, const struct option *option,
		  const char *value, int line);
void set_ca_file(struct reader *reader, const struct option *option,
		 const char *value, int line);
void set_connect_to(struct reader *reader, const struct option *option,
		    const char *value, int line);
void set_nameserver(struct reader *reader, const struct option *option,
		    const char *value, int line);

/* ---- Remotes and Python modules (config_remote.c) ---- */

/* Adds the settings of both sections. -1 without memory. */
int remote_options_add(struct reader *reader);

/* The remote of this name, a new one where there is none yet; NULL after an
 * error. */
struct remote *remote_named(struct reader *reader, const char *name, int line);

/* Judges them once all files are read. */
void remotes_check(struct reader *reader);

void remotes_free(struct config *config);

/* Adds a table of settings; -1 without memory. (config_options.c) */
int options_add(struct reader *reader, enum section section,
		const struct option *table, size_t count);

/* As an option's set. (config_options.c) */
void set_number(struct reader *reader, const struct option *option,
		const char *value, int line);

/* ---- Names that are none of them (config_unknown.c) ---- */

/* Says what is to be said about name, found in a section (NULL: outside). */
void unknown_name(struct reader *reader, const char *section, const char *name,
		  int line);

/* ---- The reader (config.c) ---- */

struct reader {
	struct config *config;
	struct registry *registry; /* NULL: Plugin is skipped */
	struct option *options;
	size_t option_count;
	const char *path; /* the file that is being read */
	struct config_text text;
	cfg_t *cfg;
	const char *title;  /* of the section; NULL: it has none */
	void *self;         /* this reader: what libconfuse is given */
	bool secret_said;   /* the error is there for this file */
	bool found_unknown; /* cfg knows names now that it should not */
	bool misplaced;     /* a word that is no name: an error follows */
	bool blanked;       /* a section was blanked out: read once more */
	bool no_memory;
	struct tallies tallies;
};

#endif
