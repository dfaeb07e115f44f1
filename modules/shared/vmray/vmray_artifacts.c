/*
 * vmray_artifacts.c: reads the artifacts of a summary, each once.
 */
#include "vmray_parts.h"

#include <string.h>

/* What an artifact is known by: one without any of it is like no other. */
static const char *const identities[VMRAY_KINDS][2] = {
    [VMRAY_DOMAIN] = {"domain"}, [VMRAY_EMAIL] = {"from", "subject"},
    [VMRAY_FILE] = {"sha256"},   [VMRAY_IP] = {"ip"},
    [VMRAY_MUTEX] = {"name"},    [VMRAY_PROCESS] = {"name", "command-line"},
    [VMRAY_REGISTRY] = {"key"},  [VMRAY_URL] = {"url", "domain"},
};

/* One artifact that is being read. */
struct reading {
	struct vmray *vmray;
	const struct vmray_source *source;
	const json_t *entry; /* as the summary has it */
	bool references;     /* it has some: the second format */
};

/* What a reference leads to; NULL when it leads nowhere. */
static const json_t *resolve(const struct vmray *vmray, const json_t *reference)
{
	const char *type = json_string_value(misp_at(reference, "_type"));
	const char *source = json_string_value(misp_at(reference, "source"));
	if (!type || strcmp(type, "reference") != 0 || !source ||
	    strcmp(source, "logs/summary_v2.json") != 0)
		return NULL;
	const json_t *at = vmray->summary;
	size_t i;
	json_t *step;
	json_array_foreach (misp_at(reference, "path"), i, step) {
		at = json_is_integer(step)
			 ? json_array_get(at, (size_t)json_integer_value(step))
			 : json_object_get(at, json_string_value(step));
		if (!at)
			break;
	}
	return i > 0 && json_is_object(at) ? at : NULL;
}

/* ---- Parts of an artifact ---- */

static void set_add(const struct reading *reading, json_t *set,
		    const json_t *entry, const char *behind)
{
	struct vmray *vmray = reading->vmray;
	if (behind)
		entry = misp_at(resolve(vmray, entry), behind);
	const char *text = misp_text_at(vmray->query, entry, "");
	if (text && vmray_room(vmray, text))
		json_object_set_new(set, text, json_true());
}

/* Adds what a member has, a list or a single one, to a set of the artifact. */
static void set_fill(const struct reading *reading, json_t *artifact,
		     const char *name, const char *member, const char *behind)
{
	const json_t *list = misp_at(reading->entry, member);
	json_t *set = json_object_get(artifact, name);
	size_t i;
	json_t *entry;
	if (!json_is_array(list))
		set_add(reading, set, list, behind);
	json_array_foreach (list, i, entry) {
		if (reading->vmray->left == 0)
			break;
		set_add(reading, set, entry, behind);
	}
}

/* Neither missing nor empty nor zero. */
static bool is_set(const json_t *value)
{
	return json_string_length(value) > 0 || json_number_value(value) != 0;
}

static void values_note(const struct reading *reading, json_t *values,
			const json_t *entry, const struct vmray_value *wanted)
{
	for (; wanted->path; wanted++) {
		json_t *value = misp_at(entry, wanted->path);
		if (wanted->behind)
			value = misp_at(resolve(reading->vmray, value),
					wanted->behind);
		if (is_set(value))
			json_object_set(values, wanted->relation, value);
	}
}

static const char *identity(const struct reading *reading, const json_t *values)
{
	struct vmray *vmray = reading->vmray;
	enum vmray_kind kind = reading->source->kind;
	const char *parts[2] = {NULL, NULL};
	for (size_t i = 0; i < 2; i++)
		parts[i] = identities[kind][i]
			       ? misp_text_at(vmray->query, values,
					      identities[kind][i])
			       : NULL;
	if (!parts[0] && !parts[1])
		return misp_text(vmray->query, "%zu",
				 json_object_size(vmray->artifacts));
	return misp_text(vmray->query, "%d\n%s\n%s", (int)kind,
			 parts[0] ? parts[0] : "", parts[1] ? parts[1] : "");
}

/* ---- Artifacts ---- */

static bool is_ioc(const struct reading *reading)
{
	return json_is_true(
	    misp_at(reading->entry, reading->references ? "is_ioc" : "ioc"));
}

static const char *verdict(const struct reading *reading)
{
	if (reading->references)
		return json_string_value(misp_at(reading->entry, "verdict"));
	return vmray_verdict_1(reading->vmray,
			       misp_at(reading->entry, "severity"));
}

/* The artifact with these values (stolen): the one that is there already, or a
 * new one. Borrowed. */
static json_t *artifact_of(const struct reading *reading, json_t *values)
{
	struct vmray *vmray = reading->vmray;
	const char *key = identity(reading, values);
	json_t *artifact = key ? json_object_get(vmray->artifacts, key) : NULL;
	if (artifact || !key) {
		json_decref(values);
		return artifact;
	}
	artifact = json_pack("{s:i, s:b, s:s*, s:o, s:{}, s:{}, s:{}}", "kind",
			     (int)reading->source->kind, "ioc", is_ioc(reading),
			     "verdict", verdict(reading), "values", values,
			     "several", "operations", "classifications");
	return json_object_set_new(vmray->artifacts, key, artifact) == 0
		   ? artifact
		   : NULL;
}

/* hash is an entry of the source's each, or NULL. */
static void artifact_note(const struct reading *reading, const json_t *hash)
{
	const struct vmray_source *source = reading->source;
	json_t *values = json_object();
	if (!vmray_room(reading->vmray, NULL)) {
		json_decref(values);
		return;
	}
	values_note(reading, values, reading->entry, source->values);
	values_note(reading, values, hash, source->each_values);
	json_t *artifact = artifact_of(reading, values);
	for (size_t i = 0; i < 2 && source->several[i]; i++)
		set_fill(reading, artifact, "several", source->several[i],
			 source->behind);
	set_fill(reading, artifact, "operations", "operations", NULL);
	set_fill(reading, artifact, "classifications", "classifications", NULL);
}

static bool is_empty(const json_t *json)
{
	return !json || (json_is_array(json) && json_array_size(json) == 0);
}

/* Whether it is the first time that an entry is read so: many references may
 * lead to one that is long. */
static bool is_new(const struct reading *reading)
{
	struct vmray *vmray = reading->vmray;
	char key[64];
	snprintf(key, sizeof(key), "%d %p", (int)reading->source->kind,
		 (const void *)reading->entry);
	if (json_object_get(vmray->visited, key))
		return false;
	return json_object_set_new(vmray->visited, key, json_true()) == 0;
}

static void entry_read(const struct reading *reading)
{
	const struct vmray_source *source = reading->source;
	const struct vmray_options *options = &reading->vmray->options;
	const json_t *list = NULL;
	size_t i;
	json_t *hash;
	if (!json_is_object(reading->entry) ||
	    (source->needs && is_empty(misp_at(reading->entry, source->needs))))
		return;
	if (!options->artifacts && !(options->iocs && is_ioc(reading)))
		return;
	if (!is_new(reading))
		return;
	if (!source->each)
		artifact_note(reading, NULL);
	else
		list = misp_at(reading->entry, source->each);
	json_array_foreach (list, i, hash) {
		if (reading->vmray->left == 0)
			break;
		artifact_note(reading, hash);
	}
}

static void read_all(struct vmray *vmray, const struct vmray_source *source,
		     bool references)
{
	const json_t *artifacts = misp_at(vmray->summary, "artifacts");
	for (; source->list; source++) {
		const json_t *list = misp_at(artifacts, source->list);
		size_t i;
		json_t *entry;
		json_array_foreach (list, i, entry) {
			const struct reading reading = {
			    vmray, source,
			    references ? resolve(vmray, entry) : entry,
			    references};
			if (vmray->left == 0)
				return;
			entry_read(&reading);
		}
	}
}

void vmray_artifacts_1(struct vmray *vmray)
{
	read_all(vmray, vmray_sources_1, false);
}

void vmray_artifacts_2(struct vmray *vmray)
{
	read_all(vmray, vmray_sources_2, true);
}
