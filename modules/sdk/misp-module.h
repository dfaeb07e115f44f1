/*
 * misp-module.h: all that the author of a MISP module sees.
 *
 * A module is one C file with one descriptor, made by MISP_MODULE at its end,
 * and one function that answers a query:
 *
 *	json_t *NAME_query(struct misp_query *query);
 *
 * It returns the results (a new reference), or NULL after misp_fail() has
 * said in words an analyst understands why there are none.
 *
 * Three rules hold for every function below:
 *  - Strings and JSON that a getter returns are borrowed: they live as long as
 *    the query and are not freed.
 *  - A json_t * handed to a builder is stolen by it, even when it fails.
 *  - Builders accept NULL and pass it on, so memory is checked for once, at
 *    the end: return what you have built, NULL included.
 */
#ifndef MISP_MODULE_H
#define MISP_MODULE_H

#include <jansson.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Raised whenever the layout of a descriptor changes. */
#define MISP_MODULE_ABI 3

#define MISP_API __attribute__((visibility("default")))
#define MISP_PRINTF(f, a) __attribute__((format(printf, f, a)))

/* A list of strings that ends with NULL; a list of structs that ends empty. */
#define MISP_LIST(...) ((const char *const[]){__VA_ARGS__, NULL})
#define MISP_TYPES(...) MISP_LIST(__VA_ARGS__)
#define MISP_SETTINGS(...) ((const struct misp_setting[]){__VA_ARGS__, {0}})
#define MISP_OPTIONS(...) ((const struct misp_option[]){__VA_ARGS__, {0}})
#define MISP_CHOICES(...) ((const struct misp_choice[]){__VA_ARGS__, {0}})
#define MISP_PARAMETERS(...) ((const struct misp_parameter[]){__VA_ARGS__, {0}})
#define MISP_FAILURES(...) ((const struct misp_failure[]){__VA_ARGS__, {0}})
#define MISP_MAPPINGS(...) ((const struct misp_mapping[]){__VA_ARGS__, {0}})
#define MISP_SERVICES(...) \
	((const struct misp_service *const[]){__VA_ARGS__, NULL})

/* What a module is to MISP; an expansion that hovers has both flags. */
enum misp_module_type {
	MISP_EXPANSION = 1,
	MISP_HOVER = 2,
	MISP_IMPORT = 4,
	MISP_EXPORT = 8,
	MISP_ACTION = 16,
};

/* The two forms of an answer (MISP's "misp_standard", and rows). */
enum misp_format { MISP_SIMPLE, MISP_STANDARD };

/* Something the administrator sets: an API key, a server's address. */
struct misp_setting {
	const char *name;
	const char *description;
	const char *value; /* what holds if nobody sets it, or NULL */
};

/* One entry of a user option of type MISP_SELECT. */
struct misp_choice {
	const char *value;
	const char *label;
};

enum misp_option_type {
	MISP_STRING,
	MISP_INTEGER,
	MISP_BOOLEAN,
	MISP_IP,
	MISP_SELECT,
};

/* Something the user is asked for on the import page (MISP's userConfig). */
struct misp_option {
	const char *name;
	enum misp_option_type type;
	const char *message;
	const char *error_message;
	const char *regex;
	bool optional; /* a String that may stay empty */
	bool checked;  /* a Boolean that is ticked at first */
	const struct misp_choice *choices;
};

/* A parameter of an action in MISP's workflow editor. */
struct misp_parameter {
	const char *name;
	const char *type; /* "string", "large_string" or "hash_path" */
	const char *description;
	const char *value;
	bool jinja_supported;
};

/* What a service's refusal means to the analyst. */
struct misp_failure {
	int status; /* of HTTP, or MISP_OTHERWISE */
	const char *message;
};

/* In a list of failures: whatever else goes wrong, an unreachable service and
 * a rubbish reply included. The message begins with this text, what happened
 * follows: "API not accessible: hashlookup answered 503 (…)". */
#define MISP_OTHERWISE (-1)

/*
 * A service that a module asks over HTTP. Naming it in the descriptor declares
 * its host; the administrator's Plugin setting "endpoint" of the module
 * replaces the URL of the first.
 */
struct misp_service {
	const char *name; /* for messages: "VirusTotal" */
	const char *url;  /* "https://www.virustotal.com/api/v3" */
	/* A setting of the module that holds another URL, or NULL. */
	const char *url_setting;
	const struct misp_failure *failures; /* or NULL */
};

struct misp_query;

/* The descriptor. What is not set is empty, false or absent in /modules. */
struct misp_module {
	uint32_t abi;
	uint32_t size; /* of this struct: a second check of the layout */
	const char *name;
	unsigned types; /* enum misp_module_type, or-ed */
	enum misp_format format;
	json_t *(*query)(struct misp_query *query);

	/* Shown to people. */
	const char *title; /* its name in words */
	const char *version;
	const char *author;
	const char *description;
	const char *logo;
	const char *features;
	const char *input_text;
	const char *output_text;
	const char *const *requirements;
	const char *const *references;

	/* Expansion and hover: attribute types taken and given. With
	 * MISP_STANDARD, input may also name objects. */
	const char *const *input;
	const char *const *output;

	const struct misp_setting *settings;

	/* Whom it talks to: the services, further hosts ("rdap.example"; one
	 * that begins with a dot: all below it), or any host there is. A host
	 * that is none of these is refused, and under any_host each address
	 * that is not on the public Internet. */
	const struct misp_service *const *services;
	const char *const *hosts;
	bool any_host;

	/*
	 * It parses bytes that strangers made: its handler runs in a cage, a
	 * process of its own for each query, that has no network, starts no
	 * program, writes no file and has little memory. There it may read the
	 * files and folders of this list (what is missing is left out) and
	 * nothing else.
	 */
	bool caged;
	const char *const *reads;
	/*
	 * Caged, and what it parses is to be fetched: this is called before,
	 * outside the cage. It takes the bytes over the network and, without
	 * looking into them, makes them the query's file (misp_set_file).
	 * False after misp_fail.
	 */
	bool (*prepare)(struct misp_query *query);

	/* Import: what the user fills in, and where the data comes from
	 * ("file", "paste"; an empty list: no data). */
	const struct misp_option *options;
	const char *const *input_source;

	/* Export. */
	const char *response_type;
	const char *file_extension;
	bool require_standard_format; /* events as MISP JSON */

	/* Action. */
	const struct misp_parameter *parameters;
	bool blocking;
	bool support_filters;
	bool expect_misp_core_format;
};

/*
 * Defines the module's descriptor, its only symbol that is not static:
 *
 *	MISP_MODULE(dns, .types = MISP_EXPANSION | MISP_HOVER, …);
 */
#define MISP_MODULE(module, ...)                              \
	extern MISP_API const struct misp_module misp_module; \
	const struct misp_module misp_module = {              \
	    .abi = MISP_MODULE_ABI,                           \
	    .size = sizeof(struct misp_module),               \
	    .name = #module,                                  \
	    __VA_ARGS__}

/* ---- What MISP knows ---- */

/*
 * The category of an attribute of this type: the one that is wanted, in letters
 * of either case, if MISP allows it for the type, else (and for NULL) the
 * one that MISP assumes. NULL when MISP has no such type.
 */
MISP_API const char *misp_category_for(const char *type, const char *wanted);

/* ---- What was asked ---- */

/*
 * The first value the query carries among these attribute types, in this
 * order, as sent in the simple format ("domain": "example.org"). An attribute
 * in the standard format counts as well. NULL if there is none.
 */
#define misp_value(query, ...) misp_value_of(query, MISP_LIST(__VA_ARGS__))
MISP_API const char *misp_value_of(struct misp_query *query,
				   const char *const *types);

/* As misp_value over the descriptor's whole input; *type says which it was. */
MISP_API const char *misp_input(struct misp_query *query, const char **type);

/* Part number index (from 0) of a composite value such as "domain|ip"; the
 * last part keeps any further '|'. NULL if there is no such part. */
MISP_API const char *misp_part(struct misp_query *query, const char *value,
			       unsigned index);

/* An attribute in the standard format. Members are borrowed, never NULL
 * where misp_attribute has returned it, but for json's other members. */
struct misp_attribute {
	const char *type;
	const char *value;
	const char *uuid;
	json_t *json; /* the whole of it */
};

/*
 * The attribute of a query in the standard format. NULL, with the message
 * the Python modules give, when there is none or it lacks its type, its value
 * or a valid uuid.
 */
MISP_API const struct misp_attribute *misp_attribute(struct misp_query *query);

/* As misp_attribute, of a type that the descriptor's input names; NULL after
 * misp_fail with the message unsupported when it is of another. */
MISP_API const struct misp_attribute *
misp_attribute_or(struct misp_query *query, const char *unsupported);

/* Whether the descriptor's input names this attribute type. */
MISP_API bool misp_accepts(const struct misp_query *query, const char *type);

/*
 * A setting: from the request if it is not empty and the file does not lock
 * it, else from the configuration file, else the descriptor's value. NULL
 * when it is empty everywhere.
 */
MISP_API const char *misp_setting(struct misp_query *query, const char *name);

/* The same; NULL after misp_fail with the message when it is empty. */
MISP_API const char *misp_setting_or(struct misp_query *query, const char *name,
				     const char *message);

/* "1", "true", "yes", "on", "y", "t" (any case) are true; unset is fallback. */
MISP_API bool misp_setting_true(struct misp_query *query, const char *name,
				bool fallback);

/* A whole number; fallback when unset or no number. */
MISP_API long misp_setting_number(struct misp_query *query, const char *name,
				  long fallback);

/* A time in seconds, with or without a fraction, as milliseconds; fallback
 * (milliseconds) when unset, no number, not above 0 or more than an hour. */
MISP_API long misp_setting_seconds(struct misp_query *query, const char *name,
				   long fallback);

/* Whether the request has a "config" with anything in it, which some modules
 * have a message of their own about. */
MISP_API bool misp_has_config(struct misp_query *query);

/* What the user chose for an option of an import; NULL when left empty. */
MISP_API const char *misp_option(struct misp_query *query, const char *name);

/* A Boolean option; the descriptor's checked when the user said nothing. */
MISP_API bool misp_option_true(struct misp_query *query, const char *name);

/*
 * The bytes of the file or paste that came with the query, decoded, with a
 * NUL behind them; *size is their number. NULL after misp_fail when there is
 * none or it is not base64. Decoded once, kept until the query ends.
 */
MISP_API const unsigned char *misp_file(struct misp_query *query, size_t *size);

/* Makes a copy of these bytes what misp_file returns. False after misp_fail. */
MISP_API bool misp_set_file(struct misp_query *query, const void *bytes,
			    size_t size);

/* The name of that file, or NULL. */
MISP_API const char *misp_filename(struct misp_query *query);

/* A parameter of an action, as text; NULL when empty. */
MISP_API const char *misp_parameter(struct misp_query *query, const char *name);

/* The whole body of the query, for what has no getter here. */
MISP_API json_t *misp_request(struct misp_query *query);

/* Milliseconds until the query's deadline, at least 0. */
MISP_API long misp_remaining(const struct misp_query *query);

/* ---- Failing, and memory ---- */

/*
 * Says why there are no results, for an analyst to read, and returns NULL, so
 * that a failure is one line: return misp_fail(query, "NXDOMAIN");
 * The first message stays: what failed deepest knows best.
 */
MISP_API void *misp_fail(struct misp_query *query, const char *format, ...)
    MISP_PRINTF(2, 3);

/* What misp_fail was told; NULL when nothing. */
MISP_API const char *misp_failure(const struct misp_query *query);

/* Takes the failure back: what failed was worth a try only. */
MISP_API void misp_forget(struct misp_query *query);

/* A formatted string that lives until the query ends; NULL without memory. */
MISP_API char *misp_text(struct misp_query *query, const char *format, ...)
    MISP_PRINTF(2, 3);

/* Makes a text that misp_append or misp_text gave (or NULL) longer by part,
 * with between before it unless the text was NULL. The text is another one
 * after that: only *text points to it. A NULL part adds nothing; without memory
 * *text becomes NULL. */
MISP_API void misp_append(struct misp_query *query, const char **text,
			  const char *between, const char *part);

/* size zeroed bytes that live until the query ends; NULL without memory. */
MISP_API void *misp_alloc(struct misp_query *query, size_t size);

/*
 * Has release(pointer) called when the query ends, in reverse order, whatever
 * becomes of it. Returns pointer; when it cannot be noted, or pointer is
 * NULL, releases at once and returns NULL.
 */
MISP_API void *misp_defer(struct misp_query *query, void *pointer,
			  void (*release)(void *pointer));

/* The same for JSON, which is stolen; returns it, borrowed. */
MISP_API json_t *misp_keep(struct misp_query *query, json_t *json);

/* ---- Results in the simple format ---- */

/* An empty list of rows. */
MISP_API json_t *misp_rows(void);

/*
 * Adds a row: value, offered to MISP as one of types. Returns the row,
 * borrowed, for the functions below.
 */
MISP_API json_t *misp_row(json_t *rows, const char *const *types,
			  const char *value);
MISP_API void misp_row_value(json_t *row, const char *value); /* one more */
MISP_API void misp_row_category(json_t *row, const char *category);
MISP_API void misp_row_tag(json_t *row, const char *name);

/*
 * Hands over the rows there are so far, and empties the list: a hundred
 * thousand of them need no memory at the same time. The handler then returns
 * the list with what is left, or fails.
 */
MISP_API void misp_hand_over(struct misp_query *query, json_t *rows);

/* ---- Results in the standard format ---- */

/* Empty results: attributes, objects, tags and event reports can be added. */
MISP_API json_t *misp_standard(void);

/* Adds the query's own attribute, so that objects can refer to it and it can
 * be tagged; borrowed. It is as it came, but without its file, its timestamp
 * and what MISP sends along (sightings, galaxies, …). NULL for a type that is
 * not known here. */
MISP_API json_t *misp_add_own(json_t *results,
			      const struct misp_attribute *attribute);

/* Adds an attribute with a new uuid; borrowed. */
MISP_API json_t *misp_add_attribute(json_t *results, const char *type,
				    const char *value);

/* Adds an empty object of a template by its official name ("url"), with a
 * new uuid; borrowed. NULL for a template that is not known here. */
MISP_API json_t *misp_add_object(json_t *results, const char *name);

/*
 * Adds an attribute to an object. Type, category, to_ids and correlation
 * come from the template. A NULL or empty value adds nothing; neither does a
 * relation that the template does not have. Returns the attribute, borrowed.
 */
MISP_API json_t *misp_object_add(json_t *object, const char *relation,
				 const char *value);

/* The same for a value that is JSON: a string, number or boolean. A whole
 * number becomes text. Steals. */
MISP_API json_t *misp_object_add_json(json_t *object, const char *relation,
				      json_t *value);

/* A reference from an object to the uuid of an attribute or object;
 * borrowed. */
MISP_API json_t *misp_reference(json_t *object, const char *referenced_uuid,
				const char *relationship_type);

/* The uuid of an attribute, object or report built here. */
MISP_API const char *misp_uuid(const json_t *element);

/* Adds an event report, Markdown; borrowed. */
MISP_API json_t *misp_add_report(json_t *results, const char *name,
				 const char *content);

/* Adds a tag to the results themselves; colour ("#ff0000") may be NULL. */
MISP_API void misp_add_tag(json_t *results, const char *name,
			   const char *colour);

/* Adds a tag to an attribute. */
MISP_API void misp_tag(json_t *attribute, const char *name, const char *colour);

/* ---- For rows, attributes, objects and references alike ---- */

MISP_API void misp_comment(json_t *element, const char *format, ...)
    MISP_PRINTF(2, 3);
MISP_API void misp_to_ids(json_t *element, bool to_ids);

/* Sets any other member of a row, attribute or object. Steals value. */
MISP_API void misp_set(json_t *element, const char *member, json_t *value);

/* Attaches a file's bytes ("data", base64). */
MISP_API void misp_attach(json_t *element, const void *bytes, size_t size);

/* ---- Other answers ---- */

/* The results, unless misp_fail was called meanwhile: then they are released
 * and NULL is returned. Steals results. */
MISP_API json_t *misp_finish(const struct misp_query *query, json_t *results);

/* An action's answer: whether it was done. */
MISP_API json_t *misp_done(bool done);

/* ---- JSON ---- */

/* Parses JSON: a new reference, as a builder's. NULL after misp_fail with the
 * parser's message and position. */
MISP_API json_t *misp_parse_json(struct misp_query *query, const void *bytes,
				 size_t size);

/* An entry of a list that is handed out while the JSON around it is read. */
struct misp_item {
	const char *list;     /* the list's name */
	size_t index;         /* from 0 */
	json_t *value;        /* borrowed, for the call */
	const json_t *holder; /* the object that has the list, and all that */
	const json_t *root;   /* was kept, each as far as it has been read */
};

/*
 * The same for files too large to be kept: of lists that are the members names
 * of some object, each entry goes to take() and is forgotten; the list stays
 * empty. When take returns false (after misp_fail) no more is read.
 */
MISP_API json_t *
misp_parse_json_items(struct misp_query *query, const void *bytes, size_t size,
		      const char *const *names,
		      bool (*take)(void *context, const struct misp_item *item),
		      void *context);

/* Text of any bytes, and text that is written piece by piece. */
#include "misp-text.h"

/* Reading JSON, and making attributes of it by tables. */
#include "misp-map.h"

/* The events of an export, and the file it makes of them. */
#include "misp-export.h"

/* HTTP, DNS and other protocols. */
#include "misp-net.h"

#endif
