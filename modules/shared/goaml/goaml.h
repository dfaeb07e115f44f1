/*
 * goaml.h: what the elements of a goAML report, the format in which financial
 * transactions are reported to the authorities, are among MISP's objects.
 */
#ifndef MODULES_GOAML_H
#define MODULES_GOAML_H

#include "misp-module.h"

enum goaml_form {
	GOAML_TEXT,
	GOAML_CODE,   /* MISP has "A - Active", goAML only what is before " - "
		       */
	GOAML_WORD,   /* only what is before the first blank */
	GOAML_MOMENT, /* a date with a time, xs:dateTime */
};

/* An element that holds a value, and the relation of the object that it is. */
struct goaml_field {
	const char *object;
	const char *relation;
	const char *element;
	enum goaml_form form;
	/* The side of a transaction that the element stands in; NULL when it
	 * stands in the object's own element. */
	const char *side;
};

/* An element that holds another object, to which its parent refers. */
struct goaml_part {
	const char *parent;  /* an object, or GOAML_REPORT */
	const char *wrapper; /* the element around it, or NULL */
	const char *element;
	const char *object;
	const char *relation; /* of the reference; NULL: there is none */
	/* The side of the transaction that this is; NULL: it is no side, and
	 * then a reference by any other relation means the same. */
	const char *side;
};

#define GOAML_REPORT "report"
#define GOAML_TRANSACTION "transaction"

/* Those of one object in one element; NULL when it has no such value. */
const struct goaml_field *goaml_field_of_relation(const char *object,
						  const char *relation);
const struct goaml_field *goaml_field_of_element(const char *object,
						 const char *side,
						 const char *element);

/* The part that a reference from parent to object is; NULL when a report has
 * no place for it. */
const struct goaml_part *goaml_part_of_reference(const char *parent,
						 const char *object,
						 const char *relation);

/* The part that an element is; wrapper is the element around it, or NULL when
 * that is the parent's own. */
const struct goaml_part *goaml_part_of_element(const char *parent,
					       const char *wrapper,
					       const char *element);

/* The side that a wrapper is for, "" for no side; NULL when no part of this
 * parent has such a wrapper. *name is set to the wrapper's own name, which
 * lives for ever. */
const char *goaml_wrapper(const char *parent, const char *element,
			  const char **name);

#endif
