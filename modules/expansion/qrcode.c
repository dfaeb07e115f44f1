/*
 * qrcode.c: what the QR codes in a picture say, of a file or on the web.
 *
 * pkg-config: zbar lept libtiff-4 (libzbar-dev libleptonica-dev libtiff-dev)
 * pkg-config: libgif libexif (libgif-dev libexif-dev)
 * pkg-config: libopenjp2 (libopenjp2-7-dev)
 */
#include "image/image.h"
#include "image/qrcode_image.h"
#include "reads.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define FETCHED_MAX 10485760
#define FETCH_MILLISECONDS 10000

/* Pages that lure phones into a trap show others something else. */
#define PHONE                                               \
	"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac " \
	"OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "   \
	"Version/17.5 Mobile/15E148 Safari/604.1"

static const struct misp_service qrcode_server = {
    .name = "The web server",
    .failures = MISP_FAILURES({MISP_OTHERWISE, "Fetch Error"}),
};

/* The whole sentence of the SDK, behind the words of the Python module for an
 * address that nobody may have asked for. */
static bool qrcode_refused(struct misp_query *query)
{
	const char *why = misp_failure(query);
	if (!why || !strstr(why, "not on the public Internet"))
		return false;
	why = misp_text(query, "%s", why + strlen("Fetch Error: "));
	misp_forget(query);
	misp_fail(query, "Security Block (SSRF Protection): %s", why);
	return false;
}

/* Outside the cage: has the picture behind a URL be the query's file. */
static bool qrcode_prepare(struct misp_query *query)
{
	const char *url = misp_value(query, "url", "link");
	if (!url)
		return true;
	if (!strstr(url, "://"))
		url = misp_text(query, "https://%s", url);
	struct misp_http *http = misp_http(query, &qrcode_server);
	misp_http_url(http, url);
	misp_http_header(http, "User-Agent", PHONE);
	misp_http_limit(http, FETCH_MILLISECONDS);
	const struct misp_reply *reply = misp_http_fetch(http);
	if (!reply)
		return qrcode_refused(query);
	if (reply->size > FETCHED_MAX) {
		misp_fail(query, "Image too large (DoS protection).");
		return false;
	}
	return misp_set_file(query, reply->bytes, reply->size);
}

/* The address in "bitcoin:ADDRESS?amount=…", or NULL. */
static const char *qrcode_bitcoin(struct misp_query *query, const char *text)
{
	static const char scheme[] = "bitcoin:";
	if (strncasecmp(text, scheme, strlen(scheme)) != 0)
		return NULL;
	text += strlen(scheme);
	size_t length = strcspn(text, ":?");
	/* An address may be left out, when another way to pay follows. */
	char *address =
	    length ? misp_text(query, "%.*s", (int)length, text) : NULL;
	/* Capitals make a smaller code, and are the same address. */
	if (address && strncmp(address, "BC1", 3) == 0)
		for (char *letter = address; *letter; letter++)
			*letter = (char)tolower((unsigned char)*letter);
	return address;
}

static bool qrcode_has_url(const char *text)
{
	return strcasestr(text, "http://") || strcasestr(text, "https://") ||
	       strcasestr(text, "ftp://");
}

static void qrcode_row(struct misp_query *query, json_t *rows, const char *text,
		       const char *name)
{
	const char *bitcoin = qrcode_bitcoin(query, text);
	if (bitcoin)
		misp_comment(misp_row(rows, MISP_TYPES("btc"), bitcoin),
			     "BTC found in %s", name);
	else
		misp_comment(misp_row(rows,
				      qrcode_has_url(text) ? MISP_TYPES("url")
							   : MISP_TYPES("text"),
				      text),
			     "Decoded from %s", name);
}

/* The file of an attachment, or what was fetched; NULL after misp_fail. */
static PIX *qrcode_picture(struct misp_query *query, bool fetched)
{
	static const char not_image[] = "Not a valid image file.";
	size_t size = 0;
	const unsigned char *bytes = misp_file(query, &size);
	if (bytes)
		return image_read(query, bytes, size, not_image);
	misp_forget(query);
	return misp_fail(query, "%s",
			 fetched ? not_image
				 : "Attachment error: empty or invalid data.");
}

static json_t *qrcode_query(struct misp_query *query)
{
	const char *url = misp_value(query, "url", "link");
	const char *name = url ? url : misp_value(query, "attachment");
	if (!name)
		return misp_fail(query, "Unsupported input. Provide an "
					"attachment or a URL.");
	PIX *picture = qrcode_picture(query, url);
	json_t *texts = picture ? qrcode_texts(query, picture) : NULL;
	if (!texts)
		return NULL;
	json_t *rows = misp_rows();
	size_t i;
	const json_t *text;
	json_array_foreach (texts, i, text) {
		qrcode_row(query, rows, json_string_value(text), name);
	}
	if (json_array_size(rows) == 0)
		misp_fail(query, "No QR code found in image.");
	return misp_finish(query, rows);
}

MISP_MODULE(
    qrcode, .types = MISP_EXPANSION | MISP_HOVER, .query = qrcode_query,
    .prepare = qrcode_prepare, .title = "QR Code Decode", .version = "0.3",
    .author = "MISP modules FastCGI server",
    .description = "Reads the QR codes in a picture, of a file or behind a "
		   "URL.",
    .features = "Every code in the picture gives a row; bar codes are read "
		"too. A picture on the web is fetched as a phone would: at "
		"most 10 MiB, from the public Internet only.",
    .input_text = "An attachment that is a picture, or the URL of one.",
    .output_text = "The URLs, Bitcoin addresses or texts in the codes.",
    .requirements = MISP_LIST("zbar", "leptonica"),
    .input = MISP_LIST("attachment", "url", "link"),
    .output = MISP_LIST("url", "btc", "text"), .any_host = true, .caged = true,
    .reads = MISP_LIST(READS_GCONV));
