/*
 * email_security_check.c: how a domain guards its mail: SPF, DMARC, DKIM and
 * MTA-STS, all asked over DNS at once.
 */
#include "named_type.h"

#include <string.h>

#define WAIT 2000 /* milliseconds for all of it */

/* Where the records are; DKIM's are at names of the sender's choice. */
enum { SPF, DMARC, MTA_STS, DKIM };
static const char *const prefixes[] = {
    [SPF] = "",
    [DMARC] = "_dmarc.",
    [MTA_STS] = "_mta-sts.",
    [DKIM] = "default._domainkey.",
    "google._domainkey.",
    "selector1._domainkey.",
    "selector2._domainkey.",
    "k1._domainkey.",
    "mandrill._domainkey.",
    "everlytickey1._domainkey.",
    "everlytickey2._domainkey.",
    "dkim._domainkey.",
    "s1._domainkey.",
    "s2._domainkey.",
    "mailo._domainkey.",
};
#define COUNT (sizeof(prefixes) / sizeof(*prefixes))

struct check {
	struct misp_query *query;
	json_t *object;
	struct misp_dns_question questions[COUNT];
	int score;
	bool unknown; /* a question without an answer may hide something */
};

static bool has_answer(const struct misp_dns_question *question)
{
	return question->status < MISP_DNS_TIMEOUT;
}

/* False after misp_fail: no name server could be asked. */
static bool ask(struct check *check, const char *domain)
{
	bool answered = false;
	for (size_t i = 0; i < COUNT; i++) {
		check->questions[i].type = MISP_DNS_TXT;
		check->questions[i].name =
		    misp_text(check->query, "%s%s", prefixes[i], domain);
		if (!check->questions[i].name)
			return false;
	}
	misp_dns_all(check->query, check->questions, COUNT,
		     misp_setting(check->query, "custom_resolver"), WAIT);
	for (size_t i = 0; i < COUNT; i++)
		answered |= has_answer(&check->questions[i]);
	if (!answered)
		misp_fail(check->query, "No name server answered about %s: %s",
			  domain, misp_dns_message(check->query));
	return answered;
}

/* The first record at a place that begins with a word; NULL if none does. */
static const char *record(const struct check *check, size_t place,
			  const char *word)
{
	size_t i;
	const json_t *answer;
	json_array_foreach (check->questions[place].answers, i, answer) {
		const char *text = json_string_value(answer);
		if (text && strncmp(text, word, strlen(word)) == 0)
			return text;
	}
	return NULL;
}

static void say(struct check *check, const char *comment, const char *text)
{
	json_t *attribute = misp_object_add(check->object, "text", text);
	misp_comment(attribute, "%s", comment);
	misp_set(attribute, "disable_correlation", json_true());
}

/* What to say of a place where nothing was found. */
static const char *nothing(struct check *check, size_t place)
{
	if (has_answer(&check->questions[place]))
		return "MISSING";
	check->unknown = true;
	return "UNKNOWN (no answer)";
}

static void check_record(struct check *check, size_t place, const char *word,
			 const char *name)
{
	const char *found = record(check, place, word);
	check->score += found != NULL;
	say(check, misp_text(check->query, "%s record", name),
	    misp_text(check->query, "%s: %s", name,
		      found ? found : nothing(check, place)));
}

static void check_dmarc(struct check *check)
{
	const char *found = record(check, DMARC, "v=DMARC1");
	const char *policy = "none";
	if (!found) {
		say(check, "DMARC record",
		    misp_text(check->query, "DMARC: %s",
			      nothing(check, DMARC)));
		return;
	}
	for (const char *part = found; part; part = strchr(part, ';')) {
		part += strspn(part, "; \t");
		if (strncmp(part, "p=", 2) == 0)
			policy =
			    misp_text(check->query, "%.*s",
				      (int)strcspn(part + 2, "; \t"), part + 2);
	}
	check->score++;
	if (policy && (strcmp(policy, "reject") == 0 ||
		       strcmp(policy, "quarantine") == 0))
		check->score++;
	say(check, "DMARC record and policy",
	    misp_text(check->query, "DMARC: %s — %s", policy ? policy : "none",
		      found));
}

/* Whether there is a key at a selector. */
static bool has_key(const struct misp_dns_question *question)
{
	size_t i;
	const json_t *answer;
	json_array_foreach (question->answers, i, answer) {
		const char *text = json_string_value(answer);
		if (text && (strstr(text, "DKIM1") || strstr(text, "k=") ||
			     strstr(text, "p=")))
			return true;
	}
	return false;
}

static void check_dkim(struct check *check)
{
	const char *names = NULL;
	int count = 0;
	bool all_answered = true;
	for (size_t i = DKIM; i < COUNT; i++) {
		all_answered &= has_answer(&check->questions[i]);
		if (!has_key(&check->questions[i]))
			continue;
		count++;
		misp_append(check->query, &names, ", ",
			    misp_text(check->query, "%.*s",
				      (int)strcspn(prefixes[i], "."),
				      prefixes[i]));
	}
	if (count == 0) {
		say(check, "DKIM check",
		    all_answered ? "DKIM: NOT FOUND (tested common selectors)"
				 : "DKIM: UNKNOWN (no answer for some of the "
				   "common selectors)");
		check->unknown |= !all_answered;
		return;
	}
	check->score++;
	say(check, "DKIM selectors found",
	    misp_text(check->query, "DKIM: FOUND (%d selector(s): %s)", count,
		      names ? names : ""));
}

static json_t *email_security_check_query(struct misp_query *query)
{
	struct check check = {.query = query};
	const struct misp_attribute *attribute = named_type_attribute(query);
	if (!attribute)
		return NULL;
	if (!ask(&check, attribute->value))
		return NULL;
	json_t *results = misp_standard();
	misp_add_own(results, attribute);
	check.object = misp_add_object(results, "domain-ip");
	misp_object_add(check.object, "domain", attribute->value);
	check_record(&check, SPF, "v=spf1", "SPF");
	check_dmarc(&check);
	check_dkim(&check);
	check_record(&check, MTA_STS, "v=STSv1", "MTA-STS");
	say(&check, "Overall email security posture score",
	    misp_text(query, "Email Security Score: %d/5%s", check.score,
		      check.unknown ? " (without what is unknown)" : ""));
	misp_reference(check.object, attribute->uuid, "related-to");
	return results;
}

MISP_MODULE(
    email_security_check, .types = MISP_EXPANSION | MISP_HOVER,
    .format = MISP_STANDARD, .query = email_security_check_query,
    .title = "Email Security Check", .version = "1",
    .author = "MISP modules FastCGI server",
    .description = "Looks up how a domain guards its mail: SPF, DMARC, DKIM "
		   "and MTA-STS.",
    .features = "DKIM keys are looked for at a dozen common selectors. The "
		"system's resolver is asked unless another one is named.",
    .input_text = "A domain or host name.",
    .output_text = "A domain-ip object with the records and a score.",
    .references = MISP_LIST("https://www.rfc-editor.org/rfc/rfc7208",
			    "https://www.rfc-editor.org/rfc/rfc7489"),
    .input = MISP_LIST("domain", "hostname"),
    .settings = MISP_SETTINGS({"custom_resolver",
			       "Resolver to ask: an address, or address:port",
			       NULL}));
