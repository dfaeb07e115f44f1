/*
 * config_text.c: makes the text of a configuration file safe for libconfuse.
 */
#include "config_parts.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <unistr.h>

/* MISP's whole list of Plugin settings has some hundred kilobytes. */
#define MOST_BYTES ((size_t)4 << 20)

/* A walk over the text. */
struct scan {
	struct reader *reader;
	char *at;
	int line;
	bool in_word;        /* the byte before belongs to an unquoted word */
	bool follows_equals; /* nothing but space since an = */
	bool in_list;        /* between the braces of a list of values */
	int depth;           /* of open braces */
	int opened;          /* the line of the first of them */
};

/* ---- Reading ---- */

/* The bytes of an open file, with a NUL behind them; NULL with errno. */
static char *load(int fd, size_t *size)
{
	size_t room = 1 << 14;
	char *bytes = malloc(room);
	ssize_t got = 1;

	if (!bytes)
		return NULL;
	*size = 0;
	while (got != 0) {
		if (*size == room - 1) {
			char *longer = realloc(bytes, 2 * room);

			if (!longer)
				goto failed;
			bytes = longer;
			room *= 2;
		}
		got = read(fd, bytes + *size, room - 1 - *size);
		if (got < 0 && errno != EINTR)
			goto failed;
		*size += got > 0 ? (size_t)got : 0;
		if (*size > MOST_BYTES) {
			errno = EFBIG;
			goto failed;
		}
	}
	bytes[*size] = '\0';
	return bytes;
failed:
	free(bytes);
	return NULL;
}

static int line_of(const char *bytes, const char *at)
{
	int line = 1;

	for (; bytes < at; bytes++)
		line += *bytes == '\n';
	return line;
}

/* Text is UTF-8 without control characters. */
static int check_bytes(struct reader *reader, const char *bytes, size_t size)
{
	const char *bad = (const char *)u8_check((const uint8_t *)bytes, size);

	for (size_t i = 0; !bad && i < size; i++)
		if ((unsigned char)bytes[i] < ' ' &&
		    !strchr("\t\n\r", bytes[i] ? bytes[i] : 1))
			bad = bytes + i;
	if (!bad)
		return 0;
	reader_error(reader, line_of(bytes, bad),
		     "holds a byte that is no text (UTF-8)");
	return -1;
}

/* ---- Scanning ---- */

static int complain(const struct scan *scan, const char *what)
{
	reader_error(scan->reader, scan->line, "%s", what);
	return -1;
}

static void step(struct scan *scan)
{
	scan->line += *scan->at == '\n';
	scan->at++;
}

/* Blanks bytes up to end, but keeps the lines. */
static void blank(struct scan *scan, const char *end)
{
	while (scan->at < end) {
		if (*scan->at != '\n')
			*scan->at = ' ';
		step(scan);
	}
}

/* ${NAME} or ${NAME:-value}. What libconfuse makes of an unset variable is
 * an empty value: that is worth a note. */
static int scan_variable(struct scan *scan)
{
	char *name = scan->at + 2;
	size_t length = 0;
	char *end = name + strcspn(name, "}\n");
	char name_end;

	while (isalnum((unsigned char)name[length]) || name[length] == '_')
		length++;
	if (!length || *end != '}' ||
	    (name + length != end && strncmp(name + length, ":-", 2) != 0))
		return complain(scan, "${ must be followed by the name of a "
				      "variable and }; a value that is meant "
				      "to hold ${ goes in single quotes");
	if (name + length == end) {
		name_end = *end;
		*end = '\0';
		if (!getenv(name))
			reader_note(scan->reader, scan->line,
				    "the environment variable %s is not set",
				    name);
		*end = name_end;
	}
	scan->at = end + 1;
	return 0;
}

static int scan_string(struct scan *scan)
{
	char quote = *scan->at;
	int begin = scan->line;

	step(scan);
	while (*scan->at && *scan->at != quote) {
		if (*scan->at == '\\' && scan->at[1])
			step(scan);
		else if (quote == '"' && strncmp(scan->at, "${", 2) == 0) {
			if (scan_variable(scan) < 0)
				return -1;
			continue;
		}
		step(scan);
	}
	if (*scan->at) {
		step(scan);
		return 0;
	}
	scan->line = begin;
	return complain(scan, "a string has no closing quote");
}

/* A comment, which libconfuse also sees in the middle of a word. */
static int scan_comment(struct scan *scan)
{
	char *end = NULL;

	if (scan->at[0] == '/' && scan->at[1] == '*') {
		end = strstr(scan->at + 2, "*/");
		if (!end)
			return complain(scan, "a comment has no end");
		end += 2;
	} else {
		end = scan->at + strcspn(scan->at, "\n");
	}
	blank(scan, end);
	return 0;
}

static bool starts_comment(const char *at)
{
	return at[0] == '#' || (at[0] == '/' && (at[1] == '/' || at[1] == '*'));
}

/* What ends an unquoted word without being a space. */
static bool needs_quotes(const struct scan *scan)
{
	bool starts = starts_comment(scan->at) || *scan->at == '"' ||
		      *scan->at == '\'' || strncmp(scan->at, "${", 2) == 0;

	return (scan->in_word && starts) ||
	       (!starts && strchr(scan->in_list ? "+*()" : "+*(),", *scan->at));
}

/* Braces hold a section, or behind an = a list. */
static void scan_braces(struct scan *scan)
{
	if (*scan->at == '{' && scan->depth++ == 0)
		scan->opened = scan->line;
	if (*scan->at == '}' && scan->depth > 0)
		scan->depth--;
	if (*scan->at == '{' || *scan->at == '}')
		scan->in_list = *scan->at == '{' && scan->follows_equals;
	if (!strchr(" \t\r\n", *scan->at))
		scan->follows_equals = *scan->at == '=';
}

static int scan_next(struct scan *scan)
{
	if (needs_quotes(scan))
		return complain(scan, "put the value in quotes");
	if (starts_comment(scan->at)) {
		scan->in_word = false;
		return scan_comment(scan);
	}
	if (*scan->at == '"' || *scan->at == '\'') {
		scan->in_word = true;
		scan->follows_equals = false;
		return scan_string(scan);
	}
	if (strncmp(scan->at, "${", 2) == 0) {
		scan->in_word = true;
		return scan_variable(scan);
	}
	scan->in_word = !strchr(" \t\r\n={}", *scan->at) &&
			!(scan->in_list && *scan->at == ',');
	scan_braces(scan);
	step(scan);
	return 0;
}

int text_read(struct reader *reader, const char *path, struct config_text *text)
{
	struct scan scan = {.reader = reader, .line = 1};
	struct stat status;
	char *bytes = NULL;
	size_t size = 0;
	int result = -1;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0 || fstat(fd, &status) < 0) {
		reader_error(reader, 0, "cannot be read: %s", strerror(errno));
		goto done;
	}
	/* Every file is read twice, which a pipe would not stand (nor would
	 * we wait for one to be opened). */
	if (!S_ISREG(status.st_mode)) {
		reader_error(reader, 0, "is no regular file");
		goto done;
	}
	bytes = load(fd, &size);
	if (!bytes)
		reader_error(reader, 0, "cannot be read: %s", strerror(errno));
	if (!bytes || check_bytes(reader, bytes, size) < 0)
		goto done;
	scan.at = bytes;
	while (*scan.at)
		if (scan_next(&scan) < 0)
			goto done;
	/* libconfuse does not mind. What is there is looked at all the same. */
	if (scan.depth > 0)
		reader_error(reader, scan.opened,
			     "this section has no closing }");
	text->bytes = bytes;
	text->readable_by_all = (status.st_mode & S_IROTH) != 0;
	bytes = NULL;
	result = 0;
done:
	free(bytes);
	if (fd >= 0)
		close(fd);
	return result;
}

/* ---- Looking things up ---- */

static char *line_start(const struct config_text *text, int line)
{
	char *at = text->bytes;

	while (at && --line > 0) {
		at = strchr(at, '\n');
		at = at ? at + 1 : NULL;
	}
	return at;
}

static bool is_name_byte(char byte)
{
	return isalnum((unsigned char)byte) || strchr("_-.", byte);
}

/* Where a name stands on a line, and not the end of a longer one; NULL when it
 * does not. */
static char *find_name(const struct config_text *text, int line,
		       const char *name)
{
	char *start = line_start(text, line);
	char *end = start ? start + strcspn(start, "\n") : NULL;
	char *at = start ? strstr(start, name) : NULL;

	while (at && at > start && is_name_byte(at[-1]))
		at = strstr(at + 1, name);
	return at && *name && at + strlen(name) <= end ? at : NULL;
}

char text_after(const struct config_text *text, int line, const char *name)
{
	const char *at = find_name(text, line, name);

	if (!at)
		return '\0';
	at += strlen(name);
	return at[strspn(at, "\"' \t\r\n")];
}

bool text_follows_secret(const struct config_text *text, int line,
			 const char *name)
{
	const char *start = line_start(text, line);
	const char *at = find_name(text, line, name);
	char *before = at ? strndup(start, (size_t)(at - start)) : NULL;
	bool follows = at && (!before || setting_is_secret(before) ||
			      strstr(before, "://"));

	free(before);
	return follows;
}

bool text_blank_section(struct config_text *text, int line, const char *name)
{
	struct scan scan = {.at = find_name(text, line, name), .line = line};
	char *start = scan.at;
	int depth = 0;

	/* A quoted name is not worth the trouble. */
	if (start && start > text->bytes && strchr("\"'", start[-1]))
		return false;
	while (scan.at && *scan.at) {
		if (*scan.at == '"' || *scan.at == '\'') {
			char quote = *scan.at++;

			while (*scan.at && *scan.at != quote)
				scan.at +=
				    *scan.at == '\\' && scan.at[1] ? 2 : 1;
			if (!*scan.at)
				return false;
		}
		depth += (*scan.at == '{') - (*scan.at == '}');
		if (*scan.at == '}' && depth <= 0) {
			const char *end = scan.at + 1;

			scan.at = start;
			blank(&scan, end);
			return depth == 0;
		}
		scan.at++;
	}
	return false;
}

bool text_from_environment(const struct config_text *text, int line,
			   const char *name)
{
	const char *at = find_name(text, line, name);
	bool quoted;

	if (!at)
		return false;
	at += strlen(name);
	at += strspn(at, " \t");
	if (*at++ != '=')
		return false;
	at += strspn(at, " \t");
	quoted = *at == '"';
	at += quoted;
	if (strncmp(at, "${", 2) != 0)
		return false;
	/* The default of ${NAME:-default} stands in the file after all. */
	at += strcspn(at, "}:\"\n");
	if (*at++ != '}')
		return false;
	return quoted ? *at == '"' : strchr(" \t\r\n}#", *at) != NULL;
}
