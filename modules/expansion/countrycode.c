/*
 * countrycode.c: the country of a domain, told by its top-level domain.
 */
#include "misp-module.h"

#include <string.h>
#include <strings.h>

static const struct {
	const char *domain;
	const char *country;
} countrycode_domains[] = {
    {"com", "Commercial (Worldwide)"},  {"org", "Organisation (Worldwide)"},
    {"net", "Network (Worldwide)"},     {"int", "International (Worldwide)"},
    {"edu", "Education (Usually USA)"}, {"gov", "Government (USA)"},
#define COUNTRY(domain, name) {domain, name},
#define IDN(domain, typed, name) {domain, name}, {typed, name},
#include "countrycode.def"
};

#define DOMAIN_COUNT \
	(sizeof(countrycode_domains) / sizeof(*countrycode_domains))

static const char *countrycode_find(const char *domain, size_t length)
{
	for (size_t i = 0; i < DOMAIN_COUNT; i++) {
		const char *known = countrycode_domains[i].domain;
		if (strlen(known) == length &&
		    strncasecmp(known, domain, length) == 0)
			return countrycode_domains[i].country;
	}
	return "Unknown";
}

static json_t *countrycode_query(struct misp_query *query)
{
	const char *name = misp_value(query, "domain", "hostname");
	if (!name)
		return misp_fail(query, "Wrong input type, please choose in "
					"the following: hostname, domain");
	size_t length = strlen(name);
	/* The dot of the root, as in "example.org." */
	if (name[length - 1] == '.')
		length--;
	const char *dot = memrchr(name, '.', length);
	const char *last = dot ? dot + 1 : name;
	json_t *rows = misp_rows();
	misp_row(rows, MISP_TYPES("text"),
		 countrycode_find(last, length - (size_t)(last - name)));
	return rows;
}

MISP_MODULE(countrycode, .types = MISP_HOVER, .query = countrycode_query,
	    .title = "Country Code", .version = "1.0",
	    .author = "MISP modules FastCGI server",
	    .description = "Names the country that a domain or host name "
			   "belongs to by its top-level domain.",
	    .features = "Knows the two-letter domains of all countries, those "
			"in other scripts, and what the oldest generic domains "
			"stand for. Nothing is asked over the network.",
	    .input_text = "A host name or domain.",
	    .output_text = "The name of the country, as text.",
	    .input = MISP_LIST("hostname", "domain"),
	    .output = MISP_LIST("text"));
