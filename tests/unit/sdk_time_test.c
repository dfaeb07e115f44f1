/*
 * sdk_time_test.c: times as numbers and as services write them, against what
 * MISP is told.
 */
#include "query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void check(const char *found, const char *expected, const char *text)
{
	if (!found != !expected || (found && strcmp(found, expected) != 0))
		fail_msg("%s: %s", text, found ? found : "nothing");
}

static void numbers(void **state)
{
	(void)state;
	static const struct {
		int64_t seconds;
		const char *expected;
	} cases[] = {
	    {0, "1970-01-01T00:00:00+00:00"},
	    {-1, "1969-12-31T23:59:59+00:00"},
	    {951782399, "2000-02-28T23:59:59+00:00"},
	    {951782400, "2000-02-29T00:00:00+00:00"},
	    {1709251199, "2024-02-29T23:59:59+00:00"},
	    {1735689599, "2024-12-31T23:59:59+00:00"},
	    {4107542400, "2100-03-01T00:00:00+00:00"},
	    {-62135596800, "0001-01-01T00:00:00+00:00"},
	    {-62135596801, NULL},
	    {253402300799, "9999-12-31T23:59:59+00:00"},
	    {253402300800, NULL},
	    {INT64_MAX, NULL},
	    {INT64_MIN, NULL},
	};
	struct misp_query query = {0};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		check(misp_time(&query, cases[i].seconds), cases[i].expected,
		      cases[i].expected ? cases[i].expected : "too far");
	misp_query_end(&query);
}

static const struct {
	const char *text;
	const char *expected;
} texts[] = {
    /* ISO 8601 and its relatives */
    {"2024-01-31", "2024-01-31T00:00:00"},
    {" 2024-01-31\r\n", "2024-01-31T00:00:00"},
    {"2024-02-29", "2024-02-29T00:00:00"},
    {"2024-01-31T23:59:59", "2024-01-31T23:59:59"},
    {"2024-01-31t23:59:59z", "2024-01-31T23:59:59+00:00"},
    {"2024-01-31 23:59:59 UTC", "2024-01-31T23:59:59+00:00"},
    {"2024-01-31T23", "2024-01-31T23:00:00"},
    {"2024-01-31T23:59Z", "2024-01-31T23:59:00+00:00"},
    {"2024-01-31T23:59:59-0330", "2024-01-31T23:59:59-03:30"},
    {"2024-01-31T23:59:59+02", "2024-01-31T23:59:59+02:00"},
    {"2024-01-31 23:59:59 +02:00", "2024-01-31T23:59:59+02:00"},
    {"2024-01-31T23:59:59.5", "2024-01-31T23:59:59.500000"},
    {"2024-01-31 23:59:59,123", "2024-01-31T23:59:59.123000"},
    {"2024-01-31T23:59:59.123456789Z", "2024-01-31T23:59:59.123456+00:00"},
    {"2024-01-31T23:59:59.000Z", "2024-01-31T23:59:59+00:00"},
    {"20240131", "2024-01-31T00:00:00"},
    {"20240131T235959Z", "2024-01-31T23:59:59+00:00"},
    {"20240131235959Z", "2024-01-31T23:59:59+00:00"},
    {"202401312359", "2024-01-31T23:59:00"},
    /* seconds since 1970 */
    {"1706745599", "2024-01-31T23:59:59+00:00"},
    {"100000000", "1973-03-03T09:46:40+00:00"},
    {"99999999999", "5138-11-16T09:46:39+00:00"},
    {"1706745599000", NULL},
    /* RFC 5322, HTTP, ctime, OpenSSL, JavaScript */
    {"Wed, 31 Jan 2024 23:59:59 -0800", "2024-01-31T23:59:59-08:00"},
    {"Wed, 31 Jan 2024 23:59:59 +0000 (UTC)", "2024-01-31T23:59:59+00:00"},
    {"Wednesday, 31-Jan-24 23:59:59 GMT", "2024-01-31T23:59:59+00:00"},
    {"Sun Nov  6 08:49:37 1994", "1994-11-06T08:49:37"},
    {"Sun, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37+00:00"},
    {"Wed Jan 31 23:59:59 UTC 2024", "2024-01-31T23:59:59+00:00"},
    {"Jan  1 00:00:00 2024 GMT", "2024-01-01T00:00:00+00:00"},
    {"Thu Feb 29 2024 13:00:00 GMT+0100 (Central European Standard Time)",
     "2024-02-29T13:00:00+01:00"},
    {"2024-01-31 23:59:59 UTC+2", "2024-01-31T23:59:59+02:00"},
    /* a zone that is not known here */
    {"2024-01-31 23:59:59 CEST", "2024-01-31T23:59:59"},
    {"2024-01-31 23:59:59 Berlin", NULL},
    {"2024-01-31 23:59:59 ABCDEF", NULL},
    {"2024-01-31 23:59:59 AB", NULL},
    /* as people write */
    {"January 31st, 2024", "2024-01-31T00:00:00"},
    {"31-Jan-2024", "2024-01-31T00:00:00"},
    {"2024-JAN-31", "2024-01-31T00:00:00"},
    {"Sept 3, 2024", "2024-09-03T00:00:00"},
    {"31.01.2024", "2024-01-31T00:00:00"},
    {"13/02/2024", "2024-02-13T00:00:00"},
    {"01/02/2024", "2024-01-02T00:00:00"},
    {"2024/1/3 1:02", "2024-01-03T01:02:00"},
    {"2024. 01. 31.", "2024-01-31T00:00:00"},
    {"1/2/2024 12:02:03 AM", "2024-01-02T00:02:03"},
    {"1/2/2024 1:02:03 pm", "2024-01-02T13:02:03"},
    {"01/31/68", "2068-01-31T00:00:00"},
    {"01/31/69", "1969-01-31T00:00:00"},
    /* none */
    {"", NULL},
    {"never", NULL},
    {"2024", NULL},
    {"2024-01", NULL},
    {"Jan 2024", NULL},
    {"Jan Feb 31 2024", NULL},
    {"23:59:59", NULL},
    {"Wed", NULL},
    {"1.2.3.4", NULL},
    {"2023-02-29", NULL},
    {"1900-02-29", NULL},
    {"2024-13-01", NULL},
    {"2024-00-01", NULL},
    {"2024-01-00", NULL},
    {"0000-01-01", NULL},
    {"2024-04-31", NULL},
    {"2024-01-31T", NULL},
    {"T23:59:59", NULL},
    {"2024-01-31T24:00:00", NULL},
    {"2024-01-31T23:60:00", NULL},
    {"2024-01-31T23:59:60", NULL},
    {"2024-01-31T23:59:599", NULL},
    {"2024-01-31T23:59:59:59", NULL},
    {"2024-01-31T23:59:59+24:00", NULL},
    {"2024-01-31T23:59:59+01:60", NULL},
    {"2024-01-31T23:59:59+", NULL},
    {"2024-01-31T23:59:59+01+01", NULL},
    {"2024-01-31T23:59:59 10:00", NULL},
    {"2024-01-31T23:59:59 (UTC)", NULL},
    {"2024-01-31T23:59:59Z (", NULL},
    {"2024-01-31 23:59 PM", NULL},
    {"2024-01-31 PM", NULL},
    {"2024-01-31 UTC", NULL},
    {"2024-01-31 01", NULL},
    {"31012024", NULL},
    {"2024-01-31\xff", NULL},
    {"999999999999999999999999", NULL},
};

static void written(void **state)
{
	(void)state;
	struct misp_query query = {0};
	assert_null(misp_time_of(&query, NULL));
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		check(misp_time_of(&query, texts[i].text), texts[i].expected,
		      texts[i].text);
	misp_query_end(&query);
}

/* What we say is read as the same, and another zone here changes nothing. */
static void the_same_again(void **state)
{
	(void)state;
	struct misp_query query = {0};
	setenv("TZ", "America/New_York", 1);
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		const char *once = misp_time_of(&query, texts[i].text);
		check(misp_time_of(&query, once), texts[i].expected,
		      texts[i].text);
	}
	unsetenv("TZ");
	misp_query_end(&query);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(numbers),
	    cmocka_unit_test(written),
	    cmocka_unit_test(the_same_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
