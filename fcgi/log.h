/*
 * log.h: logfmt lines to stderr or syslog.
 */
#ifndef FCGI_LOG_H
#define FCGI_LOG_H

#include "config.h"

#include <stddef.h>

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO };

/* Where lines go from now on. */
void log_open(enum log_target target);

/* One line: level=… msg="…". Control characters are escaped. */
void log_message(enum log_level level, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A line of key=value pairs under construction; see log_pair. */
struct log_line {
	char text[2048];
	size_t used;
};

/* Adds key=value; value is quoted and escaped where it must be, and cut when
 * the line is full. A NULL or empty value adds nothing. */
void log_pair(struct log_line *line, const char *key, const char *value);
void log_pair_number(struct log_line *line, const char *key, long long value);

/* Writes the line with one write(2). */
void log_write(enum log_level level, struct log_line *line);

#endif
