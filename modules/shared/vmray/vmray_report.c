/*
 * vmray_report.c: the two ways in which VMRay writes a summary, and what is in
 * it beside the artifacts.
 */
#include "mitre_tag.h"
#include "vmray_parts.h"

#include <string.h>

/* A summary may list every file that a system has. */
#define ENTRIES_MAX 100000
#define TEXT_MAX ((size_t)64 << 20)

struct vmray_format {
	const char *mark; /* only this format has the member */
	const char *rule;
	const char *rule_static; /* what rule is when nothing was run */
	const char *machine;
	const char *sample_type;
	const char *identifiers;
	const char *identifier_score;
	const char *techniques;
	const char *(*verdict)(struct vmray *vmray);
	bool sample_verdict; /* it is one on the sample as well */
	void (*artifacts)(struct vmray *vmray);
};

static const char *verdict_1(struct vmray *vmray)
{
	return vmray_verdict_1(vmray, misp_at(vmray->summary, "vti.vti_score"));
}

static const char *verdict_2(struct vmray *vmray)
{
	const char *verdict = misp_text_at(vmray->query, vmray->summary,
					   "analysis_metadata.verdict");
	return !verdict || strcmp(verdict, "not_available") == 0 ? "n/a"
								 : verdict;
}

static const struct vmray_format formats[] = {
    {
	.mark = "analysis_details",
	.rule = "vti.vti_rule_type",
	.rule_static = "Static",
	.machine = "vm_and_analyzer_details.vm_name",
	.sample_type = "sample_details.sample_type",
	.identifiers = "vti.vti_rule_matches",
	.identifier_score = "rule_score",
	.techniques = "mitre_attack.techniques",
	.verdict = verdict_1,
	.artifacts = vmray_artifacts_1,
    },
    {
	.mark = "analysis_metadata",
	.rule = "vti.score_type",
	.rule_static = "static",
	.machine = "virtual_machine.description",
	.sample_type = "analysis_metadata.sample_type",
	.identifiers = "vti.matches",
	.identifier_score = "analysis_score",
	.techniques = "mitre_attack.v4.techniques",
	.verdict = verdict_2,
	.sample_verdict = true,
	.artifacts = vmray_artifacts_2,
    },
};

/* ---- A summary ---- */

bool vmray_begin(struct vmray *vmray, struct misp_query *query, json_t *results,
		 const struct vmray_options *options)
{
	*vmray = (struct vmray){
	    .query = query,
	    .results = results,
	    .options = *options,
	    .artifacts = misp_keep(query, json_object()),
	    .identifiers = misp_keep(query, json_object()),
	    .techniques = misp_keep(query, json_object()),
	    .visited = misp_keep(query, json_object()),
	    .left = ENTRIES_MAX,
	    .left_bytes = TEXT_MAX,
	};
	return results && vmray->artifacts && vmray->identifiers &&
	       vmray->techniques && vmray->visited;
}

static const struct vmray_format *format_of(const json_t *summary)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++)
		if (misp_at(summary, formats[i].mark))
			return &formats[i];
	return NULL;
}

/* Calls take for each entry of a list, or member of an object, that is a JSON
 * object; name is the member's, else NULL. */
static void each(struct vmray *vmray, const json_t *list,
		 void (*take)(struct vmray *vmray, const char *name,
			      const json_t *entry))
{
	const char *name;
	size_t i;
	json_t *entry;
	json_array_foreach (list, i, entry)
		if (json_is_object(entry))
			take(vmray, NULL, entry);
	json_object_foreach ((json_t *)list, name, entry) {
		if (json_is_object(entry))
			take(vmray, name, entry);
	}
}

/* "Persistence: Installs a startup script. Adds … to the registry" */
static void identifier_note(struct vmray *vmray, const char *name,
			    const json_t *identifier)
{
	struct misp_query *query = vmray->query;
	/* One more than there is room for shows that they are cut. */
	if (json_object_size(vmray->identifiers) > vmray->left)
		return;
	const char *category = misp_text_at(query, identifier, "category_desc");
	const char *operation =
	    misp_text_at(query, identifier, "operation_desc");
	const char *technique =
	    misp_text_at(query, identifier, "technique_desc");
	json_t *score = misp_at(identifier, vmray->format->identifier_score);
	const char *text =
	    misp_text(query, "%s: %s. %s", category ? category : "",
		      operation ? operation : "", technique ? technique : "");
	(void)name;
	if (category || operation || technique)
		json_object_set_new(vmray->identifiers, text,
				    score ? json_incref(score) : json_null());
}

/* The key of the second format's members is "technique_T1060". */
static void technique_note(struct vmray *vmray, const char *name,
			   const json_t *technique)
{
	static const char before[] = "technique_";
	struct misp_query *query = vmray->query;
	const char *id = misp_text_at(query, technique, "id");
	const char *description = misp_text_at(query, technique, "description");
	if (name)
		id = strncmp(name, before, strlen(before)) == 0
			 ? name + strlen(before)
			 : name;
	const char *tag = mitre_tag(query, description, id);
	if (tag && vmray_room(vmray, description))
		json_object_set_new(vmray->techniques, tag, json_true());
}

static void report_add(struct vmray *vmray)
{
	struct misp_query *query = vmray->query;
	const char *verdict = vmray->format->verdict(vmray);
	const char *machine =
	    misp_text_at(query, vmray->summary, vmray->format->machine);
	const char *type =
	    misp_text_at(query, vmray->summary, vmray->format->sample_type);
	vmray->object = misp_add_object(vmray->results, "sandbox-report");
	vmray_object_add(vmray, vmray->object, "on-premise-sandbox", "vmray");
	vmray_tag(vmray,
		  vmray_object_add(vmray, vmray->object, "score", verdict),
		  "verdict", verdict);
	if (machine && type)
		machine = misp_text(query, "%s | %s", machine, type);
	vmray_object_add(vmray, vmray->object, "sandbox-type",
			 machine ? machine : type);
	vmray_object_add(
	    vmray, vmray->object, "results",
	    vmray_joined(vmray, "Classifications",
			 misp_at(vmray->summary, "classifications")));
}

json_t *vmray_add(struct vmray *vmray, const json_t *summary)
{
	const struct vmray_format *format = format_of(summary);
	vmray->summary = summary;
	vmray->format = format;
	if (!format)
		return misp_fail(vmray->query,
				 "Uploaded file is not a summary.json");
	const char *rule = misp_text_at(vmray->query, summary, format->rule);
	if (rule && strcmp(rule, format->rule_static) == 0)
		return NULL;
	report_add(vmray);
	if (vmray->options.vti)
		each(vmray, misp_at(summary, format->identifiers),
		     identifier_note);
	format->artifacts(vmray);
	each(vmray, misp_at(summary, format->techniques), technique_note);
	return vmray->object;
}

const char *vmray_verdict(const struct vmray *vmray)
{
	return vmray->format && vmray->format->sample_verdict
		   ? vmray->format->verdict((struct vmray *)vmray)
		   : NULL;
}

/* ---- What is common to all ---- */

static void identifiers_add(struct vmray *vmray)
{
	static const char *const scores[] = {"-1",  NULL,  "1/5", "2/5",
					     "3/5", "4/5", "5/5"};
	const size_t count = sizeof(scores) / sizeof(*scores);
	const char *text;
	json_t *score;
	json_t *object = misp_add_object(vmray->results, "sb-signature");
	misp_object_add(object, "software", "VMRay Platform");
	json_object_foreach (vmray->identifiers, text, score) {
		json_int_t value = json_integer_value(score);
		bool known = json_is_integer(score) && value >= -1 &&
			     value + 1 < (json_int_t)count;
		vmray_tag(
		    vmray, vmray_object_add(vmray, object, "signature", text),
		    "vti_analysis_score", known ? scores[value + 1] : NULL);
	}
}

void vmray_end(struct vmray *vmray, const char *verdict)
{
	const char *tag;
	json_t *unused;
	identifiers_add(vmray);
	vmray_objects(vmray);
	json_object_foreach (vmray->techniques, tag, unused) {
		misp_add_tag(vmray->results, tag, NULL);
	}
	vmray_tag(vmray, vmray->results, "verdict", verdict);
}
