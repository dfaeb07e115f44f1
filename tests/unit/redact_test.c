/* redact_test.c: fcgi/redact.c. */
#include "redact.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

static void expect(void (*hide)(char *shown, const char *text,
				const char *secret),
		   const char *secret, const char *text, const char *expected)
{
	char shown[2048];

	snprintf(shown, sizeof(shown), "%s", text);
	hide(shown, text, secret);
	assert_string_equal(shown, expected);
}

static void test_as_it_is(void **state)
{
	(void)state;
	expect(redact, "s3cret", "s3cret, xs3crets3cret.",
	       "******, x************.");
	expect(redact, "s3cret", "S3cret s3cre t", "S3cret s3cre t");
	expect(redact, "s%22%2b", "a s%22%2b.", "a *******.");
	expect(redact, "abc", "abc", "abc");
	expect(redact, "", "abc", "abc");
	expect(redact, NULL, "abc", "abc");
}

static void test_escaped(void **state)
{
	(void)state;
	expect(redact, "a\"/\\+ %b", "?k=a%22%2F%5c%2B+%25b&",
	       "?k=******************&");
	expect(redact, "a\"/\\+ %b", "\"a\\\"\\/\\\\+ %b\"", "\"***********\"");
	expect(redact, "a<b>", "a\\u003cb\\u003E", "**************");
	expect(redact, "a<b>", "a\\u003db\\u003E a%3", "a\\u003db\\u003E a%3");
}

static void test_cut(void **state)
{
	(void)state;
	expect(redact, "s3cret", "it is s3cr", "it is ****");
	expect(redact, "s3cret", "it is s3c", "it is s3c");
	expect(redact, "s3cret now", "(\"it is s3cret\")",
	       "(\"it is ******\")");
	expect(redact, "s3c?ret", "it is s3c%3Fr%", "it is *******%");
}

static void test_base64(void **state)
{
	(void)state;
	/* u:s3cret, us:s3cret and use:s3cret */
	expect(redact, "s3cret", "Basic dTpzM2NyZXQ=.", "Basic dTp*******Q=.");
	expect(redact, "s3cret", "dXM6czNjcmV0", "dXM6********");
	expect(redact, "s3cret", "dXNlOnMzY3JldA==", "dXNlOn*******A==");
	expect(redact, "s3cret", "x/dTpzM2NyZXQ=", "x/dTp*******Q=");
	/* What is beside it is another text, or NULs. */
	expect(redact, "s3cret", "dTpzM2NyYXQ=", "dTpzM2NyYXQ=");
	expect(redact, "s3cret", "AAAAAHMzY3JldAA", "AAAAAH*******AA");
	/* s3?>cret, as URLs have it */
	expect(redact, "s3?>cret", "czM_PmNyZXQ", "**********Q");
	/* Cut. */
	expect(redact, "s3cret", "(\"Basic dXM6czNjc", "(\"Basic dXM6*****");
}

static void test_long_texts(void **state)
{
	char text[2000];

	(void)state;
	memset(text, 'A', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	expect(redact, "s3cret", text, text);
	expect(redact, text, "AAA AAAAA", "AAA *****");
}

static void test_users_in_urls(void **state)
{
	(void)state;
	expect(redact_user, "https://user:p%40ss%@host/x",
	       "user user:p@ss% p%40ss%25 of host/x",
	       "**** ****:***** ********* of host/x");
	expect(redact_user, "https://user@host", "user of host",
	       "**** of host");
	expect(redact_user, "https://host/x@host", "host x", "host x");
	expect(redact_user, "host", "host", "host");
	expect(redact_user, NULL, "host", "host");
}

static void test_one_begins_like_another(void **state)
{
	const char *text = "alice:alice!1, alice\"!1 and (\"alice!\")";
	char shown[64];

	(void)state;
	snprintf(shown, sizeof(shown), "%s", text);
	redact(shown, text, "alice");
	redact(shown, text, "alice!1");
	redact(shown, text, "alice\"!1");
	assert_string_equal(shown, "*****:*******, ******** and (\"******\")");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_as_it_is),
	    cmocka_unit_test(test_escaped),
	    cmocka_unit_test(test_cut),
	    cmocka_unit_test(test_base64),
	    cmocka_unit_test(test_long_texts),
	    cmocka_unit_test(test_users_in_urls),
	    cmocka_unit_test(test_one_begins_like_another),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
