/*
 * vmray_objects.c: an object of MISP for each artifact.
 */
#include "vmray_parts.h"

#include <string.h>

/* Whether an attribute is for detection. */
enum ids {
	AS_TEMPLATE,
	NEVER,
	IF_IOC,
};

struct relation {
	const char *name;
	enum ids ids;
	const char *comment;  /* the set that is its comment, or NULL */
	bool tagged;          /* with the verdict */
	const char *category; /* NULL: the template's */
};

#define ANALYSIS "External analysis"
#define OPERATIONS "operations"
#define CLASSIFICATIONS "classifications"

/* Each attribute of an object; the last one is of those that there may be
 * several of. A table ends empty. */
static const struct {
	const char *object;
	struct relation values[7];
	struct relation several;
} kinds[VMRAY_KINDS] = {
    [VMRAY_DOMAIN] = {"domain-ip",
		      {{"domain", IF_IOC, CLASSIFICATIONS, true}},
		      {"ip", IF_IOC}},
    [VMRAY_EMAIL] = {"email",
		     {{"from", IF_IOC, CLASSIFICATIONS, true},
		      {"subject", NEVER}},
		     {"to", NEVER}},
    [VMRAY_FILE] = {"file",
		    {{"size-in-bytes", AS_TEMPLATE},
		     {"md5", IF_IOC, CLASSIFICATIONS, true},
		     {"sha1", IF_IOC, CLASSIFICATIONS, true},
		     {"sha256", IF_IOC, CLASSIFICATIONS, true},
		     {"ssdeep", IF_IOC, CLASSIFICATIONS, true},
		     {"mimetype", NEVER}},
		    {"filename", AS_TEMPLATE, OPERATIONS}},
    [VMRAY_IP] = {"ip-port", {{"ip", IF_IOC, CLASSIFICATIONS, true}}},
    [VMRAY_MUTEX] = {"mutex",
		     {{"name", NEVER, CLASSIFICATIONS, true, ANALYSIS}}},
    [VMRAY_PROCESS] = {"process",
		       {{"pid", AS_TEMPLATE, NULL, false, ANALYSIS},
			{"parent-pid", AS_TEMPLATE, NULL, false, ANALYSIS},
			{"name", AS_TEMPLATE, CLASSIFICATIONS, true, ANALYSIS},
			{"command-line", AS_TEMPLATE, NULL, true}}},
    [VMRAY_REGISTRY] = {"registry-key", {{"key", IF_IOC, OPERATIONS, true}}},
    [VMRAY_URL] = {"url",
		   {{"url", NEVER, OPERATIONS, true, ANALYSIS},
		    {"domain", NEVER, NULL, false, ANALYSIS}},
		   {"ip", NEVER, NULL, false, ANALYSIS}},
};

static const char *title_of(const char *set)
{
	return strcmp(set, OPERATIONS) == 0 ? "Operations" : "Classifications";
}

static const char *comment_of(struct vmray *vmray, const json_t *artifact,
			      const char *set)
{
	return set ? vmray_joined(vmray, title_of(set),
				  json_object_get(artifact, set))
		   : NULL;
}

/* comment may be NULL. */
static void add(struct vmray *vmray, json_t *object, const json_t *artifact,
		const struct relation *relation, const char *value,
		const char *comment)
{
	bool ioc = json_is_true(json_object_get(artifact, "ioc"));
	const char *verdict =
	    json_string_value(json_object_get(artifact, "verdict"));
	json_t *attribute =
	    vmray_object_add(vmray, object, relation->name, value);
	if (!attribute)
		return;
	if (relation->ids != AS_TEMPLATE)
		misp_to_ids(attribute, relation->ids == IF_IOC && ioc);
	if (relation->category)
		misp_set(attribute, "category",
			 json_string(relation->category));
	if (comment)
		misp_comment(attribute, "%s", comment);
	if (!relation->tagged)
		return;
	vmray_tag(vmray, attribute, "artifact", ioc ? "IOC" : NULL);
	vmray_tag(vmray, attribute, "verdict", verdict);
}

/* A set of the names that an object has already. */
static void filename_add(struct vmray *vmray, json_t *object,
			 const json_t *artifact, const struct relation *named,
			 const char *filename, const char *comment,
			 json_t *names)
{
	const char *path = vmray_path(vmray->query, filename);
	const char *name = path ? vmray_path_name(path) : NULL;
	const char *masked =
	    path ? vmray_path_masked(vmray->query, path) : NULL;
	if (name && !json_object_get(names, name)) {
		json_object_set_new(names, name, json_true());
		add(vmray, object, artifact, named, name, comment);
	}
	/* A name never has what every path has in it. */
	const char *key =
	    masked ? misp_text(vmray->query, "\\%s", masked) : NULL;
	if (key && !json_object_get(names, key)) {
		json_object_set_new(names, key, json_true());
		vmray_object_add(vmray, object, "fullpath", masked);
	}
}

static void several_add(struct vmray *vmray, json_t *object,
			const json_t *artifact, const struct relation *relation)
{
	const char *comment = comment_of(vmray, artifact, relation->comment);
	json_t *names = json_object(), *unused;
	const char *value;
	json_object_foreach (json_object_get(artifact, "several"), value,
			     unused) {
		if (strcmp(relation->name, "filename") == 0)
			filename_add(vmray, object, artifact, relation, value,
				     comment, names);
		else
			add(vmray, object, artifact, relation, value, comment);
	}
	json_decref(names);
}

static void object_add(struct vmray *vmray, enum vmray_kind kind,
		       const json_t *artifact)
{
	const json_t *values = json_object_get(artifact, "values");
	const struct relation *relation = kinds[kind].values;
	if (json_object_size(values) == 0 || !vmray_room(vmray, NULL))
		return;
	json_t *object = misp_add_object(vmray->results, kinds[kind].object);
	for (; relation->name; relation++)
		add(vmray, object, artifact, relation,
		    misp_text_at(vmray->query, values, relation->name),
		    comment_of(vmray, artifact, relation->comment));
	if (kinds[kind].several.name)
		several_add(vmray, object, artifact, &kinds[kind].several);
	if (kind == VMRAY_MUTEX)
		vmray_object_add(vmray, object, "description",
				 comment_of(vmray, artifact, OPERATIONS));
}

void vmray_objects(struct vmray *vmray)
{
	const char *key;
	json_t *artifact;
	json_object_foreach (vmray->artifacts, key, artifact) {
		json_int_t kind =
		    json_integer_value(json_object_get(artifact, "kind"));
		object_add(vmray, (enum vmray_kind)kind, artifact);
	}
}
