/*
 * mass_eql_export.c: queries in Endgame's Event Query Language for all file
 * names and IP addresses of an event.
 */
#include "eql.h"

/* Adds a condition to those of its kind of event. Objects keep their order
 * and know what they have. */
static void mass_eql_add(struct misp_query *query, json_t *kinds,
			 const struct eql_field *field, const char *value)
{
	const char *condition = eql_condition(query, field, value);
	if (!json_object_get(kinds, field->event))
		json_object_set_new(kinds, field->event, json_object());
	if (condition)
		json_object_set_new(json_object_get(kinds, field->event),
				    condition, json_null());
	else
		misp_fail(query, "There is not enough memory.");
}

static void mass_eql_write(FILE *out, json_t *kinds)
{
	const char *kind, *condition;
	json_t *conditions, *unused;
	const char *end = "";
	json_object_foreach (kinds, kind, conditions) {
		fprintf(out, "%s%s where\n", end, kind);
		const char * or = "";
		json_object_foreach (conditions, condition, unused) {
			fprintf(out, "%s\t%s", or, condition);
			or = " or\n";
		}
		end = "\n";
	}
}

static json_t *mass_eql_query(struct misp_query *query)
{
	struct misp_export_file *file = misp_export_open(query);
	json_t *kinds = misp_keep(query, json_object());
	struct misp_walk walk = {0};
	while (file && misp_walk(query, &walk)) {
		const struct eql_field *field = eql_field_of(walk.type);
		if (field)
			mass_eql_add(query, kinds, field, walk.value);
	}
	if (file)
		mass_eql_write(file->out, kinds);
	return misp_export_close(query, file);
}

MISP_MODULE(mass_eql_export, .types = MISP_EXPORT, .query = mass_eql_query,
	    .title = "EQL Query Export", .version = "1.0",
	    .author = "MISP modules FastCGI server",
	    .description = "Exports the file names and IP addresses of an "
			   "event as queries in Endgame's Event Query "
			   "Language.",
	    .logo = "eql.png",
	    .features = "One query for events of the network and one for those "
			"of files, each finds any of the values. Attributes of "
			"objects are left out.",
	    .input_text = "Events with their attributes.",
	    .output_text = "A text file with one or two EQL queries.",
	    .references = MISP_LIST("https://eql.readthedocs.io/en/latest/"),
	    .file_extension = "txt", .response_type = "application/txt");
