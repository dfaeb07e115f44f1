/* bad_violations: a module that misbehaves: results in the standard format
 * of which a part is wrong. The right part is to arrive. */
#include "misp-module.h"

static json_t *bad_violations_query(struct misp_query *query)
{
	json_t *results = misp_standard();
	json_t *object = misp_add_object(results, "url");
	json_t *relation;

	(void)query;
	misp_object_add(object, "host", "kept.example");
	misp_set(misp_add_attribute(results, "domain", "uuid.example"), "uuid",
		 json_string("not-a-uuid"));
	misp_set(misp_add_attribute(results, "domain", "type.example"), "type",
		 json_string("no-such-type"));
	misp_set(misp_add_attribute(results, "domain", "x"), "value",
		 json_pack("{s:s}", "an", "object"));
	misp_add_attribute(results, "domain", "kept.example");

	relation = misp_object_add(object, "domain", "relation.example");
	misp_set(relation, "object_relation", json_string("no-such-relation"));
	return results;
}

MISP_MODULE(bad_violations, .types = MISP_EXPANSION, .format = MISP_STANDARD,
	    .description = "Misbehaves", .input = MISP_LIST("text"),
	    .output = MISP_LIST("domain"), .query = bad_violations_query);
