/*
 * email_limits.c: what no mail has, but would keep the parser of mails busy for
 * minutes, or make it fail.
 *
 * pkg-config: gmime-3.0 (libgmime-3.0-dev)
 */
#include "email.h"

#include <string.h>
#include <strings.h>

/* Mail servers take a tenth of it. */
#define HEADER_MAX (1 << 20)
/* GMime reads groups of addresses, "name:", as if they could be nested, by as
 * many calls inside each other. */
#define COLONS_MAX 1000
/* GMime compares each line that may be a boundary with each boundary around
 * it; a long line counts as several. */
#define COMPARISONS_MAX 200000000
#define LINE_UNIT 32

#define BOUNDARY "boundary"

static bool is_address_field(const unsigned char *line, size_t size)
{
	static const char *const names[] = {
	    "from",   "to",       "cc",           "bcc",
	    "sender", "reply-to", "delivered-to", "return-path"};
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		size_t length = strlen(names[i]);
		if (size > length &&
		    strncasecmp((const char *)line, names[i], length) == 0 &&
		    strchr(": \t", line[length]))
			return true;
	}
	return false;
}

static size_t count_colons(const unsigned char *line, size_t size)
{
	size_t count = 0;
	const unsigned char *end = line + size;
	while ((line = memchr(line, ':', (size_t)(end - line)))) {
		count++;
		line++;
	}
	return count;
}

/* How many parameters may be a boundary. */
static size_t count_boundaries(const unsigned char *bytes, size_t size)
{
	size_t count = 0;
	for (size_t at = 0; at + strlen(BOUNDARY) <= size; at++)
		if ((bytes[at] | 0x20) == 'b' &&
		    strncasecmp((const char *)bytes + at, BOUNDARY,
				strlen(BOUNDARY)) == 0)
			count++;
	return count;
}

/* Reads the lines once: how many may be a boundary in *dashes; false when an
 * address field is beyond all measure. */
static bool lines_sane(const unsigned char *bytes, size_t size, size_t *dashes)
{
	bool address = false; /* the field to which the line belongs */
	size_t colons = 0;
	for (size_t at = 0, next; at < size; at = next) {
		const unsigned char *line = bytes + at;
		const unsigned char *end = memchr(line, '\n', size - at);
		next = end ? (size_t)(end - bytes) + 1 : size;
		if (*line != ' ' && *line != '\t') {
			address = is_address_field(line, next - at);
			colons = 0;
		}
		if (address)
			colons += count_colons(line, next - at);
		if (colons > COLONS_MAX)
			return false;
		if (next - at > 2 && line[0] == '-' && line[1] == '-')
			*dashes += 1 + (next - at) / LINE_UNIT;
	}
	return true;
}

bool email_limits_hold(struct misp_query *query, const unsigned char *bytes,
		       size_t size, size_t header)
{
	size_t dashes = 0;
	if (header > HEADER_MAX)
		misp_fail(query,
			  "The header of the e-mail is too long: it has "
			  "more than %d bytes",
			  HEADER_MAX);
	else if (!lines_sane(bytes, size, &dashes))
		misp_fail(query, "The e-mail has a field with too many groups "
				 "of addresses to be read");
	else if (dashes > 0 &&
		 count_boundaries(bytes, size) > COMPARISONS_MAX / dashes)
		misp_fail(query, "The e-mail has too many parts in each other "
				 "to be read");
	else
		return true;
	return false;
}
