/*
 * joesandbox_query.c: the report of an analysis in Joe Sandbox, by the link
 * of its submission.
 */
#include "joe/joe_api.h"
#include "joe/joe_report.h"

#include <string.h>

/* The submission's id: what follows in https://…/submissions/12345. NULL
 * after misp_fail. */
static const char *submission_id(struct misp_query *query)
{
	static const char before[] = "/submissions/";
	const json_t *request = misp_request(query);
	const char *type = misp_text_at(query, request, "attribute.type");
	const char *link = misp_text_at(query, request, "attribute.value");
	if (!type || !link)
		return misp_fail(
		    query, "This module requires an \"attribute\" field as "
			   "input, containing at least a \"type\" field and a "
			   "\"value\" field that is the link to the Joe "
			   "Sandbox report.");
	if (!misp_accepts(query, type))
		return misp_fail(query, "Unsupported attribute type.");
	const char *id = strstr(link, before);
	id = id ? id + strlen(before) : "";
	size_t length = strcspn(id, "/?#");
	if (length == 0)
		return misp_fail(query, "The URL does not point to a Joe "
					"Sandbox analysis.");
	return misp_text(query, "%.*s", (int)length, id);
}

/* The id of the submission's analysis that tells most; NULL after misp_fail. */
static const char *analysis_id(struct misp_query *query, const char *apikey,
			       const char *submission)
{
	struct misp_http *http =
	    joe_request(query, apikey, "submission", "info");
	misp_http_field(http, "submission_id", submission);
	const json_t *info = joe_fetch(query, http, "data", NULL);
	if (!info)
		return NULL;
	const char *status = misp_text_at(query, info, "status");
	if (!status || strcmp(status, "finished") != 0)
		return misp_fail(query, "The analysis has not finished yet.");
	const char *id =
	    misp_text_at(query, info, "most_relevant_analysis.webid");
	if (!id)
		return misp_fail(query, "No analysis belongs to this "
					"submission.");
	return id;
}

static json_t *joesandbox_query_query(struct misp_query *query)
{
	struct joe_options options = {
	    .import_executable =
		misp_setting_true(query, "import_executable", false),
	    .mitre_attack =
		misp_setting_true(query, "import_mitre_attack", false),
	};
	const char *apikey =
	    misp_setting_or(query, "apikey", "No API key provided");
	const char *submission = apikey ? submission_id(query) : NULL;
	const char *webid =
	    submission ? analysis_id(query, apikey, submission) : NULL;
	if (!webid)
		return NULL;
	struct misp_http *http =
	    joe_request(query, apikey, "analysis", "download");
	misp_http_field(http, "webid", webid);
	misp_http_field(http, "type", "jsonfixed");
	const json_t *analysis = joe_fetch(query, http, "analysis", NULL);
	return analysis ? joe_report(query, analysis, &options) : NULL;
}

MISP_MODULE(
    joesandbox_query, .types = MISP_EXPANSION, .format = MISP_STANDARD,
    .query = joesandbox_query_query, .title = "Joe Sandbox Import",
    .version = "1.0", .author = "MISP modules FastCGI server",
    .description = "Fetches the report of an analysis in Joe Sandbox by the "
		   "link of its submission.",
    .logo = "joesandbox.png",
    .features = "Gives what joe_import gives for the same report. The link is "
		"the one that joesandbox_submit returns; the analysis has to "
		"be finished.",
    .input_text = "The link of a submission: https://…/submissions/12345.",
    .output_text = "Attributes and objects for the file or URL and all that it "
		   "did; tags for the techniques of MITRE ATT&CK.",
    .references = MISP_LIST("https://www.joesecurity.org",
			    "https://www.joesandbox.com/"),
    .input = MISP_LIST("link"), .services = MISP_SERVICES(&joe_service),
    .settings = MISP_SETTINGS(
	JOE_SETTINGS,
	{"import_executable",
	 "true: also what the format of a program or app tells", NULL},
	{"import_mitre_attack", "true: also tags for MITRE ATT&CK", NULL}));
