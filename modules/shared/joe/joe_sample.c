/*
 * joe_sample.c: what was analysed, a file or a URL.
 */
#include "joe_parts.h"

static const struct misp_mapping file_fields[] = {
    {"filename", "filename"}, {"md5", "md5"},
    {"sha1", "sha1"},         {"sha256", "sha256"},
    {"sha512", "sha512"},     {"ssdeep", "ssdeep"},
    {"entropy", "entropy"},   {"filesize", "size-in-bytes", MISP_TO_TEXT},
    {"filetype", "mimetype"}, {0},
};

static const struct misp_mapping url_fields[] = {
    {"generalinfo.target.url", "url"},
    {0},
};

/* Neither missing nor empty nor false. */
static bool is_set(const json_t *json)
{
	return json_is_true(json) || json_string_length(json) > 0 ||
	       json_object_size(json) > 0;
}

bool joe_sample(struct joe *joe, const struct joe_options *options)
{
	const json_t *target = misp_at(joe->analysis, "generalinfo.target");
	const json_t *fileinfo = misp_at(joe->analysis, "fileinfo");
	if (is_set(misp_at(target, "sample"))) {
		joe->object = joe_object(joe, "file", fileinfo, file_fields);
		if (options->import_executable)
			joe_executable(joe, fileinfo);
	} else if (is_set(misp_at(target, "url"))) {
		joe->object = joe_object(joe, "url", joe->analysis, url_fields);
	} else {
		misp_fail(joe->query, "The report is not one of Joe Sandbox: "
				      "it names neither a file nor a URL");
		return false;
	}
	return true;
}
