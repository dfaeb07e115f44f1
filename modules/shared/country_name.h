/*
 * country_name.h: the name of a country by its ISO 3166 code.
 */
#ifndef MODULES_COUNTRY_NAME_H
#define MODULES_COUNTRY_NAME_H

#include <stddef.h>
#include <strings.h>

/* The code itself where it is none that is known. */
static inline const char *country_name(const char *code)
{
	static const struct {
		const char *code;
		const char *name;
	} countries[] = {
#define COUNTRY(domain, name) {domain, name},
#define IDN(domain, typed, name)
#include "countrycode.def"
	};
	for (size_t i = 0; i < sizeof(countries) / sizeof(*countries); i++)
		if (strcasecmp(countries[i].code, code) == 0)
			return countries[i].name;
	return code;
}

#endif
