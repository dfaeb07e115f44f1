/*
 * virustotal_upload.c: hands a file to VirusTotal for analysis.
 *
 * pkg-config: libzip libcrypto (libzip-dev libssl-dev)
 */
#include "malware_sample.h"
#include "virustotal/virustotal_api.h"

#include <openssl/sha.h>

static const struct misp_service virustotal_service = {
    .name = VIRUSTOTAL_NAME,
    .url = VIRUSTOTAL_URL,
    .failures =
	MISP_FAILURES({MISP_OTHERWISE, "Unable to send sample to VirusTotal"}),
};

/* The file and its name; NULL after misp_fail. */
static const unsigned char *read_file(struct misp_query *query,
				      const char **name, size_t *size)
{
	const char *sample = misp_value(query, "malware-sample");
	*name = sample ? misp_part(query, sample, 0)
		       : misp_value(query, "attachment");
	if (!*name)
		return misp_fail(query,
				 "No malware sample or attachment supplied");
	const unsigned char *bytes = misp_file(query, size);
	if (bytes && sample)
		bytes = malware_sample(query, bytes, *size, size);
	if (bytes)
		return bytes;
	const char *why = misp_text(query, "%s", misp_failure(query));
	misp_forget(query);
	return misp_fail(query, "Unable to process submitted sample data: %s",
			 why ? why : "");
}

/* The page of a file's analysis, which its SHA-256 names. */
static const char *page_of(struct misp_query *query, const void *bytes,
			   size_t size)
{
	unsigned char hash[SHA256_DIGEST_LENGTH];
	char text[2 * sizeof(hash) + 1];
	SHA256(bytes, size, hash);
	for (size_t i = 0; i < sizeof(hash); i++)
		snprintf(text + 2 * i, sizeof(text) - 2 * i, "%02x", hash[i]);
	return misp_text(query, VIRUSTOTAL_PAGES "/file/%s", text);
}

static json_t *virustotal_upload_query(struct misp_query *query)
{
	const char *name = NULL;
	size_t size = 0;
	const unsigned char *bytes = read_file(query, &name, &size);
	if (!bytes)
		return NULL;
	const char *key = misp_setting_or(query, "virustotal_apikey",
					  "Missing VirusTotal API key");
	if (!key)
		return NULL;
	struct misp_http *http = misp_http(query, &virustotal_service);
	misp_http_path(http, "files");
	misp_http_header(http, "x-apikey", key);
	misp_http_file(http, "file", name, bytes, size);
	const json_t *reply = misp_http_fetch_json(http);
	if (!misp_at(reply, "data"))
		return misp_fail(query, "Unable to send sample to VirusTotal: "
					"it sent something else than an "
					"analysis");
	json_t *rows = misp_rows();
	misp_comment(
	    misp_row(rows, MISP_TYPES("link"), page_of(query, bytes, size)),
	    "Link to VirusTotal analysis");
	return rows;
}

MISP_MODULE(
    virustotal_upload, .types = MISP_EXPANSION,
    .query = virustotal_upload_query, .title = "VirusTotal Upload",
    .version = "1", .author = "MISP modules FastCGI server",
    .description = "Submits a file to VirusTotal, where others can then get "
		   "it.",
    .logo = "virustotal.png",
    .features = "Files of up to 32 MB. A malware sample is unpacked first.",
    .input_text = "A file or a malware sample.",
    .output_text = "The link of the page with the analysis.",
    .references = MISP_LIST("https://docs.virustotal.com/reference/files-scan"),
    .requirements = MISP_LIST("libzip"),
    .input = MISP_LIST("attachment", "malware-sample"),
    .output = MISP_LIST("link"), .services = MISP_SERVICES(&virustotal_service),
    .settings = MISP_SETTINGS({"virustotal_apikey", "API key of an account",
			       NULL}));
