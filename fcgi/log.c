/*
 * log.c: logfmt lines to stderr or syslog; see log.h.
 */
#include "log.h"

#include <ctype.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>
#include <unistr.h>

static enum log_target log_target = LOG_TO_STDERR;
static bool log_may_block = true; /* a write to stderr may */
static int syslog_socket = -1;

static const struct {
	const char *name;
	int priority;
} levels[] = {
    [LOG_LEVEL_ERROR] = {"error", LOG_ERR},
    [LOG_LEVEL_WARNING] = {"warning", LOG_WARNING},
    [LOG_LEVEL_INFO] = {"info", LOG_INFO},
};

void log_open(enum log_target target)
{
	struct stat status;

	log_target = target;
	log_may_block =
	    fstat(STDERR_FILENO, &status) != 0 || !S_ISREG(status.st_mode);
	if (target == LOG_TO_SYSLOG && syslog_socket < 0)
		syslog_socket = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

/* One place is kept free for the newline that log_write adds. */
static void line_add(struct log_line *line, const char *bytes, size_t size)
{
	size_t room = sizeof(line->text) - 1 - line->used;

	if (size > room)
		size = room;
	memcpy(line->text + line->used, bytes, size);
	line->used += size;
}

/* Whether a terminal may take the two bytes for an order (U+0080 to U+009F). */
static bool is_control(const char *bytes)
{
	return (unsigned char)bytes[0] == 0xc2 &&
	       (unsigned char)bytes[1] >= 0x80 &&
	       (unsigned char)bytes[1] < 0xa0;
}

/* What is no UTF-8 is shown byte for byte. */
static void line_add_quoted(struct log_line *line, const char *value)
{
	bool utf8 = !u8_check((const uint8_t *)value, strlen(value));
	char escaped[8];
	int size;

	line_add(line, "\"", 1);
	for (; *value; value++) {
		bool control = is_control(value);
		unsigned char c = (unsigned char)*(control ? ++value : value);

		if (c == '"' || c == '\\')
			size = snprintf(escaped, sizeof(escaped), "\\%c", c);
		else if (c == '\n')
			size = snprintf(escaped, sizeof(escaped), "\\n");
		else if (c < 0x20 || c == 0x7f || control ||
			 (c >= 0x80 && !utf8))
			size = snprintf(escaped, sizeof(escaped), "\\x%02x", c);
		else
			size = snprintf(escaped, sizeof(escaped), "%c", c);
		line_add(line, escaped, (size_t)size);
	}
	line_add(line, "\"", 1);
}

static bool is_plain(const char *value)
{
	for (; *value; value++) {
		unsigned char c = (unsigned char)*value;

		if (!isalnum(c) && !strchr("-_.:/@|+", c))
			return false;
	}
	return true;
}

void log_pair(struct log_line *line, const char *key, const char *value)
{
	if (!value || !*value)
		return;
	if (line->used)
		line_add(line, " ", 1);
	line_add(line, key, strlen(key));
	line_add(line, "=", 1);
	if (is_plain(value))
		line_add(line, value, strlen(value));
	else
		line_add_quoted(line, value);
}

void log_pair_number(struct log_line *line, const char *key, long long value)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%lld", value);
	log_pair(line, key, digits);
}

static bool log_is_writable(void)
{
	struct pollfd ready = {.fd = STDERR_FILENO, .events = POLLOUT};

	return !log_may_block ||
	       (poll(&ready, 1, 0) == 1 && (ready.revents & POLLOUT));
}

/* As syslog(3) would (RFC 3164), but for one thing: when the daemon does not
 * read, that waits, and this loses the line. */
static void syslog_send(int priority, const struct log_line *line)
{
	const struct sockaddr_un daemon = {.sun_family = AF_UNIX,
					   .sun_path = _PATH_LOG};
	char record[sizeof(line->text) + 64], stamp[32];
	time_t now = time(NULL);
	struct tm local;
	int size;

	if (!localtime_r(&now, &local) ||
	    !strftime(stamp, sizeof(stamp), "%b %e %T", &local))
		return;
	size = snprintf(record, sizeof(record),
			"<%d>%s misp-modules[%ld]: %.*s", LOG_DAEMON | priority,
			stamp, (long)getpid(), (int)line->used, line->text);
	(void)sendto(syslog_socket, record, (size_t)size,
		     MSG_DONTWAIT | MSG_NOSIGNAL,
		     (const struct sockaddr *)&daemon, sizeof(daemon));
}

void log_write(enum log_level level, struct log_line *line)
{
	struct log_line whole = {0};

	if (log_target == LOG_TO_SYSLOG) {
		syslog_send(levels[level].priority, line);
		return;
	}
	log_pair(&whole, "level", levels[level].name);
	line_add(&whole, " ", 1);
	line_add(&whole, line->text, line->used);
	whole.text[whole.used++] = '\n';
	/* A log that cannot be written, or that nobody reads, must not stop
	 * the answering: the line is lost then. */
	if (!log_is_writable())
		return;
	if (write(STDERR_FILENO, whole.text, whole.used) < 0)
		return;
}

void log_message(enum log_level level, const char *format, ...)
{
	struct log_line line = {0};
	char message[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	log_pair(&line, "msg", message);
	log_write(level, &line);
}
