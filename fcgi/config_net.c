/*
 * config_net.c: the values of the settings for talking to the world: what they
 * must look like.
 */
#include "config_parts.h"

#include "dns_server.h"
#include "url.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PORT_MAX 65535

/* Sets the option's text: value, or when that is empty what holds then. */
static void put(struct reader *reader, const struct option *option,
		const char *value)
{
	if (!*value && option->text)
		value = option->text;
	option_replace_text(reader, option->target, value);
}

static bool is_one_line(const char *value)
{
	for (; *value; value++)
		if ((unsigned char)*value < ' ' || *value == 0x7f)
			return false;
	return true;
}

void set_line(struct reader *reader, const struct option *option,
	      const char *value, int line)
{
	if (is_one_line(value))
		put(reader, option, value);
	else
		reader_error(reader, line, "%s must be one line of text",
			     option->name);
}

/* ---- URLs: none is repeated, for there can be a password in it ---- */

static bool is_url(const char *value, const char *const *beginnings)
{
	char *host = url_host(value, beginnings);

	free(host);
	return host != NULL;
}

void set_proxy(struct reader *reader, const struct option *option,
	       const char *value, int line)
{
	if (!*value || is_url(value, url_proxy))
		put(reader, option, value);
	else
		reader_error(reader, line,
			     "%s must be http://HOST:PORT, or the same with "
			     "https, socks5 or socks5h",
			     option->name);
}

void set_module_proxy(struct reader *reader, const struct option *option,
		      const char *value, int line)
{
	if (!*value || strcmp(value, "none") == 0 || is_url(value, url_proxy))
		put(reader, option, value);
	else
		reader_error(reader, line,
			     "%s must be none, or http://HOST:PORT, or the "
			     "same with https, socks5 or socks5h",
			     option->name);
}

void set_endpoint(struct reader *reader, const struct option *option,
		  const char *value, int line)
{
	if (!*value || is_url(value, url_http))
		put(reader, option, value);
	else
		reader_error(reader, line,
			     "%s must be a URL that begins with http:// or "
			     "https://",
			     option->name);
}

/* ---- Certificates ---- */

/* What is wrong with a file of certificates, or NULL. */
static const char *certificates_problem(const char *path)
{
	const char *problem = NULL;
	X509 *first = NULL;
	struct stat status;
	FILE *file = NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return strerror(errno);
	if (fstat(fd, &status) < 0 || !S_ISREG(status.st_mode))
		problem = "it is no regular file";
	else if (!(file = fdopen(fd, "r")))
		problem = strerror(errno);
	/* A password, so that nobody is asked for one. */
	else if (!(first = PEM_read_X509(file, NULL, NULL, (void *)"")))
		problem = "there is no certificate (PEM) in it";
	X509_free(first);
	ERR_clear_error();
	if (file)
		fclose(file);
	else
		close(fd);
	return problem;
}

void set_ca_file(struct reader *reader, const struct option *option,
		 const char *value, int line)
{
	const char *problem = *value ? certificates_problem(value) : NULL;

	if (problem)
		reader_error(reader, line, "%s %s cannot be used: %s",
			     option->name, value, problem);
	else
		put(reader, option, value);
}

/* ---- Addresses ---- */

/* Walks over a host, or an IPv6 address in brackets; NULL: neither. */
static const char *skip_host(const char *at)
{
	size_t length;

	if (*at != '[')
		return at + strcspn(at, ": []");
	at++;
	length = strspn(at, "0123456789abcdefABCDEF:.");
	return length && at[length] == ']' ? at + length + 1 : NULL;
}

/* Walks over a port, or none. */
static const char *skip_port(const char *at)
{
	char *end = (char *)at;

	if (*at >= '0' && *at <= '9' && strtol(at, &end, 10) > PORT_MAX)
		return NULL;
	return end;
}

/* Whether entry (up to a space) is HOST:PORT:HOST:PORT. */
static bool is_connect_to(const char *entry)
{
	static const char *(*const skip[])(const char *) = {
	    skip_host, skip_port, skip_host, skip_port};
	const size_t parts = sizeof(skip) / sizeof(*skip);

	for (size_t i = 0; i < parts; i++) {
		entry = skip[i](entry);
		if (!entry)
			return false;
		if (i + 1 < parts && *entry++ != ':')
			return false;
	}
	return *entry == '\0' || *entry == ' ';
}

void set_connect_to(struct reader *reader, const struct option *option,
		    const char *value, int line)
{
	const char *entry = value + strspn(value, " ");

	for (; *entry; entry += strspn(entry, " ")) {
		size_t length = strcspn(entry, " ");

		if (!is_one_line(value) || !is_connect_to(entry)) {
			reader_error(reader, line,
				     "%s: %.*s is not HOST:PORT:HOST:PORT "
				     "(IPv6 in brackets; a space between two "
				     "of them)",
				     option->name, (int)length, entry);
			return;
		}
		entry += length;
	}
	put(reader, option, value);
}

void set_nameserver(struct reader *reader, const struct option *option,
		    const char *value, int line)
{
	struct ares_addr_port_node server;

	if (!*value || dns_server_parse(value, &server) == 0)
		put(reader, option, value);
	else
		reader_error(reader, line,
			     "%s must be an IP address, or one with a port: "
			     "192.0.2.53:53, [2001:db8::53]:53",
			     option->name);
}
