/*
 * pdf_galaxies.c: see pdf_event.h. What the galaxies of an event, or of one of
 * its attributes, say about it.
 */
#include "pdf_event.h"

#include <string.h>

#define SYNONYMS_MAX 50

static const char *pdf_synonyms(struct misp_query *query, const json_t *cluster)
{
	const json_t *synonyms = misp_at(cluster, "meta.synonyms");
	size_t count = json_array_size(synonyms);
	const char *text = NULL;
	for (size_t i = 0; i < count && i < SYNONYMS_MAX; i++) {
		const char *name =
		    json_string_value(json_array_get(synonyms, i));
		if (name)
			misp_append(query, &text, " / ", name);
	}
	if (count > SYNONYMS_MAX)
		misp_append(
		    query, &text, " / ",
		    misp_text(query, "and %zu more", count - SYNONYMS_MAX));
	return text ? misp_text(query, "Synonyms: %s", text) : NULL;
}

static void pdf_cluster(const struct pdf_event *report, const json_t *cluster)
{
	struct misp_query *query = report->query;
	const char *value = misp_text_at(query, cluster, "value");
	const char *description = misp_text_at(query, cluster, "description");
	const char *synonyms = pdf_synonyms(query, cluster);
	/* Some clusters have no other description than their name. */
	bool same = value && description && strcmp(value, description) == 0;
	pdf_row(report->pdf,
		(const struct pdf_cell[PDF_COLUMNS]){
		    {0.04, PDF_SMALL, NULL},
		    {0.26, PDF_LABEL, value ? value : "No value specified."},
		    {0.7, PDF_BODY, same ? NULL : description}},
		synonyms == NULL);
	if (synonyms)
		pdf_row(report->pdf,
			(const struct pdf_cell[PDF_COLUMNS]){
			    {0.3, PDF_SMALL, NULL}, {0.7, PDF_SMALL, synonyms}},
			true);
}

void pdf_event_galaxies(const struct pdf_event *report, const json_t *galaxies)
{
	struct misp_query *query = report->query;
	size_t i, j;
	json_t *galaxy, *cluster;
	json_array_foreach (galaxies, i, galaxy) {
		const char *name = misp_text_at(query, galaxy, "name");
		const char *space = misp_text_at(query, galaxy, "namespace");
		const char *type = misp_text_at(query, galaxy, "type");
		const char *description =
		    misp_text_at(query, galaxy, "description");
		if (pdf_is_full(report->pdf))
			return;
		pdf_row(report->pdf,
			(const struct pdf_cell[PDF_COLUMNS]){
			    {0.3, PDF_LABEL,
			     misp_text(query, "Galaxy: %s",
				       name ? name : "unnamed")},
			    {0.7, PDF_SMALL,
			     misp_text(query, "%s%s%s", space ? space : "",
				       space && type ? ":" : "",
				       type ? type : "")}},
			false);
		if (description)
			pdf_row(report->pdf,
				(const struct pdf_cell[PDF_COLUMNS]){
				    {1, PDF_BODY, description}},
				true);
		json_array_foreach (json_object_get(galaxy, "GalaxyCluster"), j,
				    cluster) {
			pdf_cluster(report, cluster);
		}
	}
}
