/*
 * vmray_path.c: paths of Windows, which every analysis machine has others of.
 */
#include "vmray_parts.h"

#include <ctype.h>
#include <string.h>

static bool has_drive(const char *path)
{
	return isalpha((unsigned char)path[0]) && path[1] == ':';
}

/* How much of a path is its beginning: "C:", or "\\" of a share. */
static size_t beginning(const char *path)
{
	bool is_share = path[0] == '\\' && path[1] == '\\';
	return is_share || has_drive(path) ? 2 : 0;
}

const char *vmray_path(struct misp_query *query, const char *path)
{
	char *copy = misp_text(query, "%s", path);
	for (char *at = copy; at && *at; at++)
		if (*at == '/')
			*at = '\\';
	if (!copy)
		return NULL;
	char *out = copy + beginning(copy);
	const char *in = out;
	bool separated = *in == '\\' && (out == copy || out[-1] != '\\');
	while (*in) {
		in += strspn(in, "\\");
		size_t length = strcspn(in, "\\");
		if (length > 0 && !(length == 1 && *in == '.')) {
			if (separated)
				*out++ = '\\';
			memmove(out, in, length);
			out += length;
			separated = true;
		}
		in += length;
	}
	/* "C:\" has nothing behind it. */
	if (separated && out == copy + beginning(copy))
		*out++ = '\\';
	*out = '\0';
	return copy;
}

const char *vmray_path_name(const char *path)
{
	const char *slash = strrchr(path, '\\');
	if (slash)
		return slash[1] ? slash + 1 : NULL;
	path += has_drive(path) ? 2 : 0;
	return *path ? path : NULL;
}

const char *vmray_path_masked(struct misp_query *query, const char *path)
{
	static const char *const folders[] = {
	    ":\\Users\\", ":\\Documents and Settings\\", ":\\DOCUME~1\\"};
	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
		const char *found = strcasestr(path, folders[i]);
		const char *rest =
		    found ? strchr(found + strlen(folders[i]), '\\') : NULL;
		if (rest && found > path && isalpha((unsigned char)found[-1]))
			return misp_text(query, "%.*s%%USERPROFILE%%%s",
					 (int)(found - path - 1), path, rest);
	}
	return path;
}
