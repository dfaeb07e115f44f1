/*
 * big_numbers.h: JSON with numbers that no integer type holds, such as the
 * serial number of a certificate.
 */
#ifndef MODULES_BIG_NUMBERS_H
#define MODULES_BIG_NUMBERS_H

#include "misp-module.h"

/* As misp_reply_json; whole numbers of more than 18 digits become strings. */
json_t *big_numbers_json(struct misp_query *query,
			 const struct misp_reply *reply);

#endif
