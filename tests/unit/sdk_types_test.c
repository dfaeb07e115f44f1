/*
 * sdk_types_test.c: what is known of MISP's types, categories and objects.
 */
#include "types.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct misp_type table[] = {
#define TYPE(name, category, to_ids) {name, category, to_ids},
#define CATEGORY(name)
#include "types.def"
#undef TYPE
#undef CATEGORY
};

#define TYPE_COUNT (sizeof(table) / sizeof(*table))

static void every_type_is_found(void **state)
{
	(void)state;
	assert_int_equal(TYPE_COUNT, 194);
	for (size_t i = 0; i < TYPE_COUNT; i++) {
		const struct misp_type *found = misp_type_find(table[i].name);
		assert_non_null(found);
		assert_string_equal(found->category, table[i].category);
		assert_int_equal(found->to_ids, table[i].to_ids);
		assert_true(misp_category_known(table[i].category));
		assert_true(misp_row_type_known(table[i].name));
	}
}

/* The search halves the table, so it has to be in order. */
static void types_are_sorted(void **state)
{
	(void)state;
	for (size_t i = 1; i < TYPE_COUNT; i++)
		assert_true(strcmp(table[i - 1].name, table[i].name) < 0);
}

static void types_as_misp_has_them(void **state)
{
	(void)state;
	const struct misp_type *type = misp_type_find("md5");
	assert_string_equal(type->category, "Payload delivery");
	assert_true(type->to_ids);
	type = misp_type_find("text");
	assert_string_equal(type->category, "Other");
	assert_false(type->to_ids);
}

static void unknown_is_not_found(void **state)
{
	(void)state;
	assert_null(misp_type_find(""));
	assert_null(misp_type_find("MD5"));
	assert_null(misp_type_find("zzz"));
	assert_null(misp_type_find(NULL));
	assert_null(misp_type_find("freetext"));
	assert_true(misp_row_type_known("freetext"));
	assert_false(misp_row_type_known("free"));
	assert_false(misp_row_type_known(NULL));
	assert_false(misp_category_known("other"));
	assert_false(misp_category_known(NULL));
	assert_null(misp_template_find("URL"));
	assert_null(misp_template_find(NULL));
	assert_null(misp_relation_find(NULL, "url"));
	assert_null(misp_relation_find(misp_template_find("url"), "uri"));
	assert_null(misp_relation_find(misp_template_find("url"), NULL));
}

static void url_object(void **state)
{
	(void)state;
	const struct misp_template *url = misp_template_find("url");
	assert_string_equal(url->uuid, "60efb77b-40b5-4c46-871b-ed1ed999fce5");
	assert_int_equal(url->version, 10);
	assert_string_equal(url->meta_category, "network");
	const struct misp_relation *host = misp_relation_find(url, "host");
	assert_string_equal(host->type, "hostname");
	assert_true(host->to_ids);
	assert_false(host->disable_correlation);
	assert_true(misp_relation_find(url, "port")->disable_correlation);
	size_t count = 0;
	while (url->relations[count].name)
		assert_non_null(misp_type_find(url->relations[count++].type));
	assert_int_equal(count, 17);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_type_is_found),
	    cmocka_unit_test(types_are_sorted),
	    cmocka_unit_test(types_as_misp_has_them),
	    cmocka_unit_test(unknown_is_not_found),
	    cmocka_unit_test(url_object),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
