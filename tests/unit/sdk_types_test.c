/*
 * sdk_types_test.c: what is known of MISP's types, categories and objects.
 */
#include "types.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <uuid/uuid.h>

#include <cmocka.h>

static const struct misp_type table[] = {
#define TYPE(name, category, to_ids) {name, category, to_ids},
#define CATEGORY(name)
#include "types.def"
#undef TYPE
#undef CATEGORY
};

#define TYPE_COUNT (sizeof(table) / sizeof(*table))

static const char *const templates[] = {
#define TEMPLATE(name, ...) name,
#include "objects/all.def"
#undef TEMPLATE
};

#define TEMPLATE_COUNT (sizeof(templates) / sizeof(*templates))

/* A description is one short sentence. */
#define DESCRIPTION_MAX 110

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

static void check_relations(const struct misp_relation *relations)
{
	assert_non_null(relations->name);
	for (size_t i = 0; relations[i].name; i++) {
		if (i > 0)
			assert_true(strcmp(relations[i - 1].name,
					   relations[i].name) < 0);
		assert_non_null(misp_type_find(relations[i].type));
		if (relations[i].category)
			assert_true(misp_category_known(relations[i].category));
	}
}

static void every_template_is_sound(void **state)
{
	(void)state;
	for (size_t i = 0; i < TEMPLATE_COUNT; i++) {
		const struct misp_template *found =
		    misp_template_find(templates[i]);
		uuid_t uuid;
		assert_non_null(found);
		assert_string_equal(found->name, templates[i]);
		assert_int_equal(uuid_parse(found->uuid, uuid), 0);
		assert_true(found->version > 0);
		assert_true(*found->meta_category);
		assert_in_range(strlen(found->description), 1, DESCRIPTION_MAX);
		check_relations(found->relations);
	}
}

static void no_two_templates_are_alike(void **state)
{
	(void)state;
	for (size_t i = 0; i < TEMPLATE_COUNT; i++) {
		const char *uuid = misp_template_find(templates[i])->uuid;
		for (size_t j = 0; j < i; j++) {
			const struct misp_template *other =
			    misp_template_find(templates[j]);
			assert_string_not_equal(other->name, templates[i]);
			assert_int_not_equal(strcasecmp(other->uuid, uuid), 0);
		}
	}
}

/* What a definition says counts for more than what its type has. */
static void relations_differ_from_their_types(void **state)
{
	(void)state;
	const struct misp_relation *relation =
	    misp_relation_find(misp_template_find("file"), "pattern-in-file");
	assert_string_equal(relation->category, "Artifacts dropped");
	assert_string_not_equal(misp_type_find(relation->type)->category,
				relation->category);
	relation =
	    misp_relation_find(misp_template_find("whois"), "nameserver");
	assert_true(misp_type_find(relation->type)->to_ids);
	assert_false(relation->to_ids);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_type_is_found),
	    cmocka_unit_test(types_are_sorted),
	    cmocka_unit_test(types_as_misp_has_them),
	    cmocka_unit_test(unknown_is_not_found),
	    cmocka_unit_test(url_object),
	    cmocka_unit_test(every_template_is_sound),
	    cmocka_unit_test(no_two_templates_are_alike),
	    cmocka_unit_test(relations_differ_from_their_types),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
