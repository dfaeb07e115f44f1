/*
 * goaml.c: see goaml.h.
 */
#include "goaml.h"

#include <string.h>

#define ACCOUNT "bank-account"
#define PERSON "person"
#define ENTITY "legal-entity"
#define PLACE "geolocation"

static const struct goaml_field goaml_fields[] = {
    {GOAML_TRANSACTION, "transaction-number", "transactionnumber"},
    {GOAML_TRANSACTION, "location", "transaction_location"},
    {GOAML_TRANSACTION, "text", "transaction_description"},
    {GOAML_TRANSACTION, "date", "date_transaction", GOAML_MOMENT},
    {GOAML_TRANSACTION, "teller", "teller"},
    {GOAML_TRANSACTION, "authorized", "authorized"},
    {GOAML_TRANSACTION, "date-posting", "date_posting", GOAML_MOMENT},
    {GOAML_TRANSACTION, "transmode-code", "transmode_code"},
    {GOAML_TRANSACTION, "transmode-comment", "transmode_comment"},
    {GOAML_TRANSACTION, "amount", "amount_local"},
    {GOAML_TRANSACTION, "from-funds-code", "from_funds_code", GOAML_WORD,
     "from"},
    {GOAML_TRANSACTION, "from-country", "from_country", GOAML_TEXT, "from"},
    {GOAML_TRANSACTION, "to-funds-code", "to_funds_code", GOAML_WORD, "to"},
    {GOAML_TRANSACTION, "to-country", "to_country", GOAML_TEXT, "to"},

    {ACCOUNT, "institution-name", "institution_name"},
    {ACCOUNT, "institution-code", "institution_code"},
    {ACCOUNT, "swift", "swift"},
    {ACCOUNT, "non-banking-institution", "non_bank_institution"},
    {ACCOUNT, "branch", "branch"},
    {ACCOUNT, "account", "account"},
    {ACCOUNT, "currency-code", "currency_code"},
    {ACCOUNT, "account-name", "account_name"},
    {ACCOUNT, "iban", "iban"},
    {ACCOUNT, "client-number", "client_number"},
    {ACCOUNT, "personal-account-type", "personal_account_type", GOAML_CODE},
    {ACCOUNT, "opened", "opened", GOAML_MOMENT},
    {ACCOUNT, "closed", "closed", GOAML_MOMENT},
    {ACCOUNT, "balance", "balance"},
    {ACCOUNT, "date-balance", "date_balance", GOAML_MOMENT},
    {ACCOUNT, "status-code", "status_code", GOAML_CODE},
    {ACCOUNT, "beneficiary", "beneficiary"},
    {ACCOUNT, "beneficiary-comment", "beneficiary_comment"},
    {ACCOUNT, "comments", "comments"},

    {PERSON, "gender", "gender"},
    {PERSON, "title", "title"},
    {PERSON, "first-name", "first_name"},
    {PERSON, "middle-name", "middle_name"},
    {PERSON, "last-name", "last_name"},
    {PERSON, "date-of-birth", "birthdate", GOAML_MOMENT},
    {PERSON, "place-of-birth", "birth_place"},
    {PERSON, "mothers-name", "mothers_name"},
    {PERSON, "alias", "alias"},
    {PERSON, "social-security-number", "ssn"},
    {PERSON, "passport-number", "passport_number"},
    {PERSON, "passport-country", "passport_country"},
    {PERSON, "identity-card-number", "id_number"},
    {PERSON, "nationality", "nationality1"},
    {PERSON, "text", "comments"},

    {ENTITY, "name", "name"},
    {ENTITY, "commercial-name", "commercial_name"},
    {ENTITY, "legal-form", "incorporation_legal_form"},
    {ENTITY, "registration-number", "incorporation_number"},
    {ENTITY, "business", "business"},
    {ENTITY, "phone-number", "phone"},

    {PLACE, "address", "address"},
    {PLACE, "city", "city"},
    {PLACE, "zipcode", "zip"},
    {PLACE, "country", "country_code"},
    {PLACE, "region", "state"},
};

/* Whoever is at one side of a transaction. */
#define PARTY(side, relation)                                             \
	{GOAML_TRANSACTION, "t_" relation, side "_account",               \
	 ACCOUNT,           relation,      side},                         \
	    {GOAML_TRANSACTION, "t_" relation, side "_person", PERSON,    \
	     relation,          side},                                    \
	{                                                                 \
		GOAML_TRANSACTION, "t_" relation, side "_entity", ENTITY, \
		    relation, side                                        \
	}

static const struct goaml_part goaml_parts[] = {
    {GOAML_REPORT, NULL, "reporting_person", PERSON},
    {GOAML_REPORT, NULL, "location", PLACE},
    {GOAML_REPORT, NULL, "transaction", GOAML_TRANSACTION},
    PARTY("from", "from"),
    PARTY("from", "from_my_client"),
    PARTY("to", "to"),
    PARTY("to", "to_my_client"),
    {ACCOUNT, "signatory", "t_person", PERSON, "signatory"},
    {ACCOUNT, NULL, "t_entity", ENTITY, "entity"},
    {GOAML_TRANSACTION, "addresses", "address", PLACE, "address"},
    {ACCOUNT, "addresses", "address", PLACE, "address"},
    {PERSON, "addresses", "address", PLACE, "address"},
    {ENTITY, "addresses", "address", PLACE, "address"},
};

#define FIELD_COUNT (sizeof(goaml_fields) / sizeof(*goaml_fields))
#define PART_COUNT (sizeof(goaml_parts) / sizeof(*goaml_parts))

/* Both of them may be NULL. */
static bool goaml_same(const char *one, const char *other)
{
	return one && other ? strcmp(one, other) == 0 : one == other;
}

const struct goaml_field *goaml_field_of_relation(const char *object,
						  const char *relation)
{
	for (size_t i = 0; i < FIELD_COUNT; i++)
		if (goaml_same(goaml_fields[i].object, object) &&
		    goaml_same(goaml_fields[i].relation, relation))
			return &goaml_fields[i];
	return NULL;
}

const struct goaml_field *goaml_field_of_element(const char *object,
						 const char *side,
						 const char *element)
{
	for (size_t i = 0; i < FIELD_COUNT; i++)
		if (goaml_same(goaml_fields[i].object, object) &&
		    goaml_same(goaml_fields[i].side, side) &&
		    goaml_same(goaml_fields[i].element, element))
			return &goaml_fields[i];
	return NULL;
}

const struct goaml_part *goaml_part_of_reference(const char *parent,
						 const char *object,
						 const char *relation)
{
	for (size_t i = 0; i < PART_COUNT; i++) {
		const struct goaml_part *part = &goaml_parts[i];
		if (goaml_same(part->parent, parent) &&
		    goaml_same(part->object, object) && part->relation &&
		    (!part->side || goaml_same(part->relation, relation)))
			return part;
	}
	return NULL;
}

const struct goaml_part *goaml_part_of_element(const char *parent,
					       const char *wrapper,
					       const char *element)
{
	for (size_t i = 0; i < PART_COUNT; i++)
		if (goaml_same(goaml_parts[i].parent, parent) &&
		    goaml_same(goaml_parts[i].wrapper, wrapper) &&
		    goaml_same(goaml_parts[i].element, element))
			return &goaml_parts[i];
	return NULL;
}

const char *goaml_wrapper(const char *parent, const char *element,
			  const char **name)
{
	for (size_t i = 0; i < PART_COUNT; i++) {
		const struct goaml_part *part = &goaml_parts[i];
		if (!part->wrapper || !goaml_same(part->parent, parent) ||
		    !goaml_same(part->wrapper, element))
			continue;
		*name = part->wrapper;
		return part->side ? part->side : "";
	}
	return NULL;
}
