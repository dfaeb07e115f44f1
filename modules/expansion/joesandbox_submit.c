/*
 * joesandbox_submit.c: hands a file or URL to Joe Sandbox for analysis.
 *
 * pkg-config: libzip (libzip-dev)
 */
#include "joe/joe_api.h"
#include "malware_sample.h"

#include <string.h>

/* Larger files are uploaded in pieces, as Joe Security's own client does. */
#define CHUNK_SIZE 10485760

/* What becomes of every submission. */
struct submission {
	const char *apikey;
	const char *accept_tac;   /* "1" or "0" */
	const char *report_cache; /* the same; NULL: as the server likes */
	const char *systems;      /* or NULL */
};

/* Sets *flag to "1" or "0" for a setting that is true or false, and leaves
 * it when that is not set. False after misp_fail. */
static bool read_flag(struct misp_query *query, const char *name,
		      const char **flag)
{
	const char *value = misp_setting(query, name);
	if (!value)
		return true;
	bool yes = strcmp(value, "true") == 0;
	if (yes || strcmp(value, "false") == 0) {
		*flag = yes ? "1" : "0";
		return true;
	}
	misp_fail(query, "Cannot parse %s. Must be 'true' or 'false'", name);
	return false;
}

static struct misp_http *new_submission(struct misp_query *query,
					const struct submission *submission)
{
	static const char between[] = " \t\r\n\v\f,;";
	struct misp_http *http =
	    joe_request(query, submission->apikey, "submission", "new");
	misp_http_field(http, "accept-tac", submission->accept_tac);
	misp_http_field(http, "report-cache", submission->report_cache);
	const char *system = submission->systems;
	while (system && *(system += strspn(system, between))) {
		size_t length = strcspn(system, between);
		misp_http_field(http, "systems[]",
				misp_text(query, "%.*s", (int)length, system));
		system += length;
	}
	return http;
}

/* The link of a submission, as urljoin(apiurl, "../submissions/…") makes it:
 * two steps up from the API, where there are two. NULL after misp_fail. */
static const char *link_of(struct misp_query *query,
			   const struct misp_reply *reply, const char *id)
{
	const char *host = strstr(reply->url, "://");
	const char *end = strstr(reply->url, "/v2/submission/new");
	const char *path = host ? strchr(host + strlen("://"), '/') : NULL;
	if (!path || !end || !id ||
	    id[strspn(id, "-_0123456789abcdefghijklmnopqrstuvwxyz"
			  "ABCDEFGHIJKLMNOPQRSTUVWXYZ")])
		return misp_fail(query,
				 "Unexpected data (%d). Is the API url "
				 "correct?",
				 reply->status);
	for (int steps = 2; steps > 0 && end > path; steps--)
		while (end > path && *--end != '/')
			;
	return misp_text(query, "%.*s/submissions/%s", (int)(end - reply->url),
			 reply->url, id);
}

/* Sends a new submission; *id, unless NULL, is what it was given. */
static const char *submit(struct misp_query *query, struct misp_http *http,
			  const char **id)
{
	const struct misp_reply *reply = NULL;
	const json_t *data = joe_fetch(query, http, "data", &reply);
	const char *given =
	    data ? misp_text_at(query, data, "submission_id") : NULL;
	if (id)
		*id = given;
	return data ? link_of(query, reply, given) : NULL;
}

static void number_field(struct misp_query *query, struct misp_http *http,
			 const char *name, size_t number)
{
	misp_http_field(http, name, misp_text(query, "%zu", number));
}

/* The pieces of a file, one request each; false after misp_fail. */
static bool upload(struct misp_query *query, const char *apikey, const char *id,
		   const unsigned char *bytes, size_t size)
{
	size_t count = (size - 1) / CHUNK_SIZE + 1;
	for (size_t i = 0; i < count; i++) {
		size_t rest = size - i * CHUNK_SIZE;
		size_t part = rest < CHUNK_SIZE ? rest : CHUNK_SIZE;
		struct misp_http *http =
		    joe_request(query, apikey, "submission", "chunked-sample");
		misp_http_field(http, "submission_id", id);
		number_field(query, http, "file-size", size);
		number_field(query, http, "chunk-size", CHUNK_SIZE);
		number_field(query, http, "chunk-count", count);
		number_field(query, http, "current-chunk-index", i + 1);
		number_field(query, http, "current-chunk-size", part);
		misp_http_file(http, "chunk", "chunk", bytes + i * CHUNK_SIZE,
			       part);
		if (!joe_fetch(query, http, "data", NULL))
			return false;
	}
	return true;
}

static const char *submit_file(struct misp_query *query,
			       const struct submission *submission,
			       const char *name, const unsigned char *bytes,
			       size_t size)
{
	const char *id = NULL;
	struct misp_http *http = new_submission(query, submission);
	if (size <= CHUNK_SIZE) {
		misp_http_file(http, "sample", name, bytes, size);
		return submit(query, http, NULL);
	}
	misp_http_field(http, "chunked-sample", name);
	const char *link = submit(query, http, &id);
	if (!link || !upload(query, submission->apikey, id, bytes, size))
		return NULL;
	return link;
}

/* The link of the new submission; NULL after misp_fail. */
static const char *submit_value(struct misp_query *query,
				const struct submission *submission)
{
	size_t size = 0;
	const char *url = misp_value(query, "url", "domain");
	const char *sample = misp_value(query, "malware-sample");
	const char *name = sample ? misp_part(query, sample, 0)
				  : misp_value(query, "attachment");
	if (url) {
		struct misp_http *http = new_submission(query, submission);
		misp_http_field(http, "url", url);
		return submit(query, http, NULL);
	}
	if (!name)
		return misp_fail(query,
				 "Wrong input type, please choose in the "
				 "following: attachment, malware-sample, url, "
				 "domain");
	const unsigned char *bytes = misp_file(query, &size);
	if (bytes && sample)
		bytes = malware_sample(query, bytes, size, &size);
	return bytes ? submit_file(query, submission, name, bytes, size) : NULL;
}

static json_t *joesandbox_submit_query(struct misp_query *query)
{
	struct submission submission = {.accept_tac = "0"};
	submission.systems = misp_setting(query, "systems");
	if (!read_flag(query, "accept-tac", &submission.accept_tac) ||
	    !read_flag(query, "report-cache", &submission.report_cache))
		return NULL;
	submission.apikey =
	    misp_setting_or(query, "apikey", "No API key provided");
	const char *link =
	    submission.apikey ? submit_value(query, &submission) : NULL;
	if (!link)
		return NULL;
	json_t *rows = misp_rows();
	json_t *row = misp_row(rows, MISP_TYPES("link"), link);
	misp_row_category(row, "External analysis");
	return rows;
}

MISP_MODULE(
    joesandbox_submit, .types = MISP_EXPANSION,
    .query = joesandbox_submit_query, .title = "Joe Sandbox Submit",
    .version = "1.0", .author = "MISP modules FastCGI server",
    .description = "Submits a file, URL or domain to Joe Sandbox for "
		   "analysis.",
    .logo = "joesandbox.png",
    .features = "Returns the submission's link at once. When the analysis is "
		"finished, joesandbox_query fetches its report by that link. "
		"A malware sample is unpacked first.",
    .input_text = "A file, a malware sample, a URL or a domain.",
    .output_text = "The link of the submission.",
    .references = MISP_LIST("https://www.joesecurity.org",
			    "https://www.joesandbox.com/"),
    .requirements = MISP_LIST("libzip"),
    .input = MISP_LIST("attachment", "malware-sample", "url", "domain"),
    .output = MISP_LIST("link"), .services = MISP_SERVICES(&joe_service),
    .settings = MISP_SETTINGS(
	JOE_SETTINGS,
	{"accept-tac", "true: you accept the terms of Joe Sandbox Cloud", NULL},
	{"report-cache", "true: an older report of the same file will do",
	 NULL},
	{"systems", "Systems to analyse on, with commas between them", NULL}));
