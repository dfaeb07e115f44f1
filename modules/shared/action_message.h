/*
 * action_message.h: the message that an action of a workflow sends.
 */
#ifndef MODULES_ACTION_MESSAGE_H
#define MODULES_ACTION_MESSAGE_H

#include "misp-module.h"

#define ACTION_MESSAGE_PARAMETER                                              \
	{                                                                     \
		.name = "message_template", .type = "large_string",           \
		.description =                                                \
		    "The template to be used to generate the message to "     \
		    "be posted",                                              \
		.value = "The **template** will be rendered using *Jinja2*!", \
		.jinja_supported = true                                       \
	}

/* A parameter that has to be there; NULL after misp_fail. */
const char *action_parameter(struct misp_query *query, const char *name);

/*
 * What the template says of the data that the workflow hands over, or the data
 * itself where there is no template; borrowed. NULL after misp_fail.
 *
 * MISP fills the template in before it runs the action, so that what comes here
 * is mostly text already, with pieces of the event in it. Those are no
 * template: text with such a piece is left as it is.
 */
const char *action_message(struct misp_query *query);

#endif
