/*
 * python_ask.h: hands a query to the program of the Python modules.
 */
#ifndef FCGI_PYTHON_ASK_H
#define FCGI_PYTHON_ASK_H

#include "server.h"

/*
 * Sends the body (size bytes of JSON) and returns what comes back, which lives
 * as long as the query and may be no JSON; NULL after misp_fail. Whoever works
 * on it there ends when this process does, or when the time is up.
 */
const struct misp_reply *python_ask(const struct server *server,
				    struct misp_query *query, const char *body,
				    size_t size);

#endif
