/*
 * vmray_verdict.c: severities and scores, in the words of later versions.
 */
#include "vmray_parts.h"

#include <ctype.h>
#include <string.h>

static const struct {
	const char *severity;
	const char *verdict;
} words[] = {
    {"blacklisted", "malicious"}, {"not_available", "n/a"},
    {"not_suspicious", "clean"},  {"unknown", "n/a"},
    {"whitelisted", "clean"},
};

static const struct {
	json_int_t most;
	const char *verdict;
} scores[] = {{24, "clean"}, {74, "suspicious"}, {100, "malicious"}};

static const char *verdict_of_score(json_int_t score)
{
	for (size_t i = 0; score >= 0 && i < sizeof(scores) / sizeof(*scores);
	     i++)
		if (score <= scores[i].most)
			return scores[i].verdict;
	return "n/a";
}

const char *vmray_verdict_1(struct vmray *vmray, const json_t *severity)
{
	const char *text = json_string_value(severity);
	char *lower = text ? misp_text(vmray->query, "%s", text) : NULL;
	if (json_is_integer(severity))
		return verdict_of_score(json_integer_value(severity));
	for (char *at = lower; at && *at; at++)
		*at = (char)tolower((unsigned char)*at);
	for (size_t i = 0; lower && i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(words[i].severity, lower) == 0)
			return words[i].verdict;
	return lower;
}
