/*
 * goamlimport.c: the transactions of a goAML report, with those who take part.
 *
 * pkg-config: libxml-2.0 (libxml2-dev)
 */
#include "misp-module.h"

#include "goaml/goaml_read.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <limits.h>
#include <string.h>

#define UNREADABLE "Impossible to read XML data"

struct goaml_import {
	struct misp_query *query;
	struct goaml_reader *reader;
	xmlParserCtxt *parser;
};

/* Once there is something to say, the rest of the file is not read. */
static void goaml_check(struct goaml_import *import)
{
	if (misp_failure(import->query))
		xmlStopParser(import->parser);
}

static void goaml_on_start(void *context, const xmlChar *name,
			   const xmlChar *prefix, const xmlChar *space,
			   int spaces, const xmlChar **declared, int attributes,
			   int defaulted, const xmlChar **values)
{
	struct goaml_import *import = context;
	(void)prefix, (void)space, (void)spaces, (void)declared;
	(void)attributes, (void)defaulted, (void)values;
	goaml_read_start(import->reader, (const char *)name);
	goaml_check(import);
}

static void goaml_on_end(void *context, const xmlChar *name,
			 const xmlChar *prefix, const xmlChar *space)
{
	struct goaml_import *import = context;
	(void)name, (void)prefix, (void)space;
	goaml_read_end(import->reader);
	goaml_check(import);
}

static void goaml_on_text(void *context, const xmlChar *text, int length)
{
	struct goaml_import *import = context;
	goaml_read_text(import->reader, (const char *)text, (size_t)length);
	goaml_check(import);
}

/* No report has one, and bombs are made of them: nothing of it is read. */
static void goaml_on_doctype(void *context, const xmlChar *name,
			     const xmlChar *public_id, const xmlChar *system_id)
{
	struct goaml_import *import = context;
	(void)name, (void)public_id, (void)system_id;
	misp_fail(import->query,
		  UNREADABLE ": it has a document type definition");
	goaml_check(import);
}

static void goaml_on_error(void *context, xmlError *error)
{
	struct goaml_import *import = context;
	const char *message = error->message ? error->message : "";
	if (error->level == XML_ERR_FATAL)
		misp_fail(import->query, UNREADABLE ": line %d: %.*s",
			  error->line, (int)strcspn(message, "\r\n"), message);
}

static void goaml_free_parser(void *parser)
{
	xmlFreeParserCtxt(parser);
}

/* Nothing is built but what the functions above build, and there is none that
 * would fetch anything. false after misp_fail. */
static bool goaml_parse(struct goaml_import *import, const unsigned char *file,
			size_t size)
{
	static const xmlSAXHandler handlers = {
	    .initialized = XML_SAX2_MAGIC,
	    .internalSubset = goaml_on_doctype,
	    .startElementNs = goaml_on_start,
	    .endElementNs = goaml_on_end,
	    .characters = goaml_on_text,
	    .ignorableWhitespace = goaml_on_text,
	    .cdataBlock = goaml_on_text,
	    .serror = goaml_on_error};
	if (size <= INT_MAX)
		import->parser = misp_defer(
		    import->query,
		    xmlCreateMemoryParserCtxt((const char *)file, (int)size),
		    goaml_free_parser);
	if (!import->parser) {
		misp_fail(import->query, "Not enough memory");
		return false;
	}
	xmlCtxtUseOptions(import->parser, XML_PARSE_NONET);
	*import->parser->sax = handlers;
	import->parser->userData = import;
	if (xmlParseDocument(import->parser) != 0)
		misp_fail(import->query, UNREADABLE);
	return !misp_failure(import->query);
}

static json_t *goamlimport_query(struct misp_query *query)
{
	if (json_string_length(json_object_get(misp_request(query), "data")) ==
	    0)
		return misp_fail(query, "Unsupported attributes type");
	size_t size = 0;
	const unsigned char *file = misp_file(query, &size);
	json_t *results = misp_standard();
	struct goaml_import import = {.query = query,
				      .reader = goaml_reader(query, results)};
	if (file && import.reader && goaml_parse(&import, file, size) &&
	    json_array_size(json_object_get(results, "Object")) == 0)
		misp_fail(query, "There is no transaction, person or place in "
				 "this report.");
	return misp_finish(query, results);
}

MISP_MODULE(
    goamlimport, .types = MISP_IMPORT, .format = MISP_STANDARD,
    .query = goamlimport_query, .title = "goAML Import", .version = "1.0",
    .author = "MISP modules FastCGI server",
    .description = "Imports the financial transactions of a goAML report as "
		   "objects.",
    .logo = "goAML.jpg",
    .features =
	"Transactions, the bank accounts, persons and legal entities on both "
	"sides of them, signatories, addresses, and who reports. They refer "
	"to one another, so that the goAML export can make the same report of "
	"them.",
    .input_text = "A goAML report, in XML.",
    .output_text = "Objects: transaction, bank-account, person, legal-entity "
		   "and geolocation, with their references.",
    .references = MISP_LIST("https://goaml.unodc.org/"),
    .requirements = MISP_LIST("libxml2"), .caged = true,
    .reads = MISP_LIST(NULL), .input_source = MISP_LIST("file"));
