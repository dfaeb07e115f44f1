/*
 * virustotal.h: what VirusTotal knows of an indicator, as MISP objects.
 */
#ifndef MODULES_VIRUSTOTAL_H
#define MODULES_VIRUSTOTAL_H

#include "virustotal_api.h"

/* The whole query of a module. */
json_t *virustotal_query(struct misp_query *query,
			 const struct virustotal_client *client);

#endif
