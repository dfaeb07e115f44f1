/*
 * remote_ask.h: hands a query on to the remote whose module is asked.
 */
#ifndef FCGI_REMOTE_ASK_H
#define FCGI_REMOTE_ASK_H

#include "server.h"

/*
 * Asks the module's remote, at one of its URLs that is up. What it answers is
 * JSON, and lives as long as the query; NULL after misp_fail when there is
 * none, or when it is an error. The request's "config" gains the settings that
 * the configuration file has for it.
 */
const struct misp_reply *remote_ask(struct server *server,
				    const struct module *module,
				    struct misp_query *query);

#endif
