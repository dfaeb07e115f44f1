/*
 * tls_certificate_check.c: the certificate that a domain's web server shows.
 *
 * pkg-config: libcrypto (libssl-dev)
 */
#include "named_type.h"

#include <openssl/bn.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

#define NAMES_MAX 50
#define DAY_SECONDS 86400
#define SOON_DAYS 30
#define PORT_MAX 65535
#define TIMEOUT 5000 /* milliseconds */

/* How the words of a failure become those that clients of this module know. */
static const struct tls_failure {
	const char *sign; /* a part of our words */
	const char *words;
	bool whole; /* nothing follows them */
} tls_failures[] = {
    {"is not trusted: ", "Certificate verification failed: ", false},
    {"cannot agree on TLS", "SSL error: cannot agree on TLS", true},
    {" in time", "Connection timed out", true},
    {"Connection refused", "Connection refused (port closed)", true},
};

static void tls_certificate_release(void *certificate)
{
	X509_free(certificate);
}

static void tls_text_release(void *text)
{
	OPENSSL_free(text);
}

static void tls_names_release(void *names)
{
	GENERAL_NAMES_free(names);
}

static X509 *tls_parse(struct misp_query *query, const char *pem)
{
	BIO *bytes = BIO_new_mem_buf(pem, -1);
	X509 *certificate =
	    bytes ? PEM_read_bio_X509(bytes, NULL, NULL, NULL) : NULL;
	BIO_free(bytes);
	if (!certificate)
		return misp_fail(query, "the certificate cannot be read");
	return misp_defer(query, certificate, tls_certificate_release);
}

/* The last of a name's parts of one kind; NULL if it has none. */
static const char *tls_part(struct misp_query *query, const X509_NAME *name,
			    int nid)
{
	unsigned char *text = NULL;
	int last = -1;
	int next = X509_NAME_get_index_by_NID(name, nid, -1);
	for (; next >= 0; next = X509_NAME_get_index_by_NID(name, nid, last))
		last = next;
	if (last < 0)
		return NULL;
	const X509_NAME_ENTRY *entry = X509_NAME_get_entry(name, last);
	if (ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(entry)) < 0)
		return NULL;
	return misp_defer(query, text, tls_text_release);
}

static void tls_add_serial(struct misp_query *query, json_t *object,
			   const X509 *certificate)
{
	BIGNUM *number =
	    ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), NULL);
	char *digits = number ? BN_bn2hex(number) : NULL;
	BN_free(number);
	misp_object_add(object, "serial-number",
			misp_defer(query, digits, tls_text_release));
}

static void tls_add_names(struct misp_query *query, json_t *object,
			  const X509 *certificate)
{
	const X509_NAME *subject = X509_get_subject_name(certificate);
	const X509_NAME *issuer = X509_get_issuer_name(certificate);
	const char *owner = tls_part(query, subject, NID_commonName);
	const char *name = tls_part(query, issuer, NID_commonName);
	const char *firm = tls_part(query, issuer, NID_organizationName);
	if (firm)
		name = misp_text(query, "%s (%s)", firm, name ? name : "");
	misp_object_add(object, "issuer", name);
	misp_object_add(object, "subject", owner ? owner : "N/A");
}

static void tls_add_hosts(struct misp_query *query, json_t *object,
			  const X509 *certificate)
{
	GENERAL_NAMES *names = misp_defer(
	    query,
	    X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL),
	    tls_names_release);
	int count = 0;
	for (int i = 0; names && i < sk_GENERAL_NAME_num(names); i++) {
		int type = GEN_OTHERNAME;
		const ASN1_STRING *host = GENERAL_NAME_get0_value(
		    sk_GENERAL_NAME_value(names, i), &type);
		if (type == GEN_DNS && count++ < NAMES_MAX)
			misp_object_add(
			    object, "dns_names",
			    misp_text(
				query, "%.*s", ASN1_STRING_length(host),
				(const char *)ASN1_STRING_get0_data(host)));
	}
}

/* Seconds since 1970; 0 for what is no time. */
static time_t tls_seconds(const ASN1_TIME *time)
{
	struct tm broken = {0};
	return ASN1_TIME_to_tm(time, &broken) == 1 ? timegm(&broken) : 0;
}

static void tls_add_validity(struct misp_query *query, json_t *object,
			     const X509 *certificate)
{
	time_t start = tls_seconds(X509_get0_notBefore(certificate));
	time_t end = tls_seconds(X509_get0_notAfter(certificate));
	long days = (long)((end - time(NULL)) / DAY_SECONDS);
	misp_object_add(object, "validity-not-before", misp_time(query, start));
	misp_object_add(object, "validity-not-after", misp_time(query, end));
	json_t *status = misp_object_add(
	    object, "text",
	    misp_text(query,
		      days < SOON_DAYS ? "EXPIRING SOON (%ld days left)"
				       : "VALID (%ld days remaining)",
		      days));
	misp_set(status, "disable_correlation", json_true());
}

/* What the module says of a certificate. */
static void tls_add(struct misp_query *query, json_t *results, const char *pem,
		    const char *uuid)
{
	const X509 *certificate = tls_parse(query, pem);
	if (!certificate)
		return;
	json_t *object = misp_add_object(results, "x509");
	tls_add_serial(query, object, certificate);
	tls_add_names(query, object, certificate);
	misp_object_add(
	    object, "version",
	    misp_text(query, "%ld", X509_get_version(certificate) + 1));
	tls_add_validity(query, object, certificate);
	tls_add_hosts(query, object, certificate);
	misp_reference(object, uuid, "related-to");
}

/* Why there is no certificate, in the words of clients. */
static const char *tls_reason(struct misp_query *query, const char *domain)
{
	const char *ours = misp_failure(query);
	size_t length = strlen(domain);
	const size_t count = sizeof(tls_failures) / sizeof(*tls_failures);
	if (ours && strncmp(ours, domain, length) == 0 &&
	    strncmp(ours + length, ": ", 2) == 0)
		ours += length + 2;
	for (size_t i = 0; ours && i < count; i++) {
		const struct tls_failure *failure = &tls_failures[i];
		const char *sign = strstr(ours, failure->sign);
		if (sign)
			return misp_text(
			    query, "%s%s", failure->words,
			    failure->whole ? "" : sign + strlen(failure->sign));
	}
	return misp_text(query, "%s", ours ? ours : "not enough memory");
}

static json_t *tls_query(struct misp_query *query)
{
	const struct misp_attribute *attribute = named_type_attribute(query);
	if (!attribute)
		return NULL;
	const char *domain = attribute->value;
	long port = misp_setting_number(query, "port", 0);
	if (port < 1 || port > PORT_MAX)
		return misp_fail(query, "The setting port is no number of a "
					"port");
	json_t *results = misp_standard();
	misp_add_own(results, attribute);
	const char *pem =
	    misp_certificate(query, domain, port,
			     misp_setting_seconds(query, "timeout", TIMEOUT));
	if (pem)
		tls_add(query, results, pem, attribute->uuid);
	if (misp_failure(query)) {
		const char *reason = tls_reason(query, domain);
		misp_forget(query);
		json_t *error = misp_add_attribute(
		    results, "text",
		    misp_text(query, "TLS error for %s: %s", domain, reason));
		misp_comment(error, "TLS Certificate Check - error");
	}
	return results;
}

MISP_MODULE(
    tls_certificate_check, .types = MISP_EXPANSION | MISP_HOVER,
    .format = MISP_STANDARD, .query = tls_query,
    .title = "TLS Certificate Check", .version = "0.2",
    .author = "MISP modules FastCGI server",
    .description = "Connects to a domain's web server and reads its "
		   "certificate.",
    .features = "A certificate that is not trusted, and a server that does "
		"not answer, become an attribute that says so.",
    .input_text = "A domain or host name.", .output_text = "An x509 object.",
    .references = MISP_LIST("https://www.rfc-editor.org/rfc/rfc5280"),
    .requirements = MISP_LIST("OpenSSL"),
    .input = MISP_LIST("domain", "hostname"),
    .settings = MISP_SETTINGS({"port", "Port to connect to", "443"},
			      {"timeout", "Seconds to wait", "5"}),
    .any_host = true);
