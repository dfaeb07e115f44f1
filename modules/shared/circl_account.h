/*
 * circl_account.h: the account that CIRCL's passive DNS and passive SSL ask
 * for.
 */
#ifndef MODULES_CIRCL_ACCOUNT_H
#define MODULES_CIRCL_ACCOUNT_H

#include "misp-module.h"

#define CIRCL_REFUSED                                                    \
	"There is an authentication error, please make sure you supply " \
	"correct credentials."

#define CIRCL_FAILURES                                            \
	MISP_FAILURES({401, CIRCL_REFUSED}, {403, CIRCL_REFUSED}, \
		      {404, "Not found"})

#define CIRCL_SETTINGS                                                   \
	MISP_SETTINGS({"username", "Name of an account of CIRCL", NULL}, \
		      {"password", "Password of that account", NULL})

/* Has the request say who asks; false after misp_fail. service is its name
 * in messages. */
static inline bool circl_account(struct misp_query *query,
				 struct misp_http *http, const char *service)
{
	const char *user = misp_setting(query, "username");
	const char *password = misp_setting(query, "password");
	if (user && password) {
		misp_http_basic(http, user, password);
		return true;
	}
	if (!user && !password && !misp_has_config(query))
		misp_fail(query, "%s authentication is missing.", service);
	else
		misp_fail(query,
			  "%s authentication is incomplete, please provide "
			  "your username and password.",
			  service);
	return false;
}

#endif
