/*
 * path.c: finding something in JSON by its path, and what a text is.
 */
#include "path.h"

#include "text.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#define INDEX_DIGITS 9 /* no list that we are sent is as long as that */

bool path_is_index(const char *path)
{
	size_t digits = strspn(path, "0123456789");
	return digits > 0 && digits <= INDEX_DIGITS &&
	       (path[digits] == '.' || path[digits] == '\0');
}

json_t *path_step(const json_t *json, const char **path)
{
	const char *name = *path;
	size_t length = strcspn(name, ".");
	*path = name + length + (name[length] == '.');
	json_t *found = NULL;
	if (json_is_object(json))
		found = json_object_getn(json, name, length);
	else if (json_is_array(json) && path_is_index(name))
		found = json_array_get(json, strtoul(name, NULL, 10));
	return json_is_null(found) ? NULL : found;
}

json_t *misp_at(const json_t *json, const char *path)
{
	if (!path || json_is_null(json))
		return NULL;
	while (json && *path)
		json = path_step(json, &path);
	return (json_t *)json;
}

const char *misp_text_at(struct misp_query *query, const json_t *json,
			 const char *path)
{
	return text_of(query, misp_at(json, path));
}

int misp_ip_version(const char *text)
{
	unsigned char bytes[sizeof(struct in6_addr)];
	if (text && inet_pton(AF_INET, text, bytes) == 1)
		return 4;
	return text && inet_pton(AF_INET6, text, bytes) == 1 ? 6 : 0;
}
