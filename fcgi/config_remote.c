/*
 * config_remote.c: the settings of other module servers, remote NAME { … },
 * and of the Python modules, python { … }, which are a remote as well.
 */
#include "config_parts.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define NAME_MAX_BYTES 63
#define MOST_WORDS 1000

#define COUNT(table) (sizeof(table) / sizeof(*(table)))

/* ---- What becomes of a value ---- */

/* Adds a copy of value to a list. */
static void add_word(struct reader *reader, struct words *words,
		     const char *value)
{
	char **longer =
	    reallocarray(words->items, words->count + 1, sizeof(*longer));
	char *copy = strdup(value);

	if (longer)
		words->items = longer;
	if (!longer || !copy) {
		reader->no_memory = true;
		free(copy);
		return;
	}
	longer[words->count++] = copy;
}

/* One of the values of a list; a file that is read again says nothing new. */
static void set_word(struct reader *reader, const struct option *option,
		     const char *value, int line)
{
	struct words *words = option->target;

	if (!*value || words_have(words, value))
		return;
	if (words->count == (size_t)option->most)
		reader_error(reader, line, "%s has more than %ld values",
			     option->name, option->most);
	else
		add_word(reader, words, value);
}

static void set_url(struct reader *reader, const struct option *option,
		    const char *value, int line)
{
	const char *checked = NULL;
	struct option as_text = *option;

	as_text.target = &checked;
	set_endpoint(reader, &as_text, value, line);
	if (checked)
		set_word(reader, option, checked, line);
	free((char *)checked);
}

static void set_prefer(struct reader *reader, const struct option *option,
		       const char *value, int line)
{
	bool *prefer = option->target;

	*prefer = strcmp(value, "remote") == 0;
	if (*value && !*prefer && strcmp(value, "local") != 0)
		reader_error(reader, line, "%s must be local or remote",
			     option->name);
}

static void set_text(struct reader *reader, const struct option *option,
		     const char *value, int line)
{
	char **target = option->target;
	const char *text = *target;

	(void)line;
	if (!*value && option->text)
		value = option->text;
	if (option_replace_text(reader, &text, value))
		*target = (char *)text;
}

/* ---- Which there are ---- */

/* Those that both sections have: their places are in a struct remote. */
static const struct option common[] = {
    {.name = (char *)"modules",
     .set = set_word,
     .place = offsetof(struct remote, modules),
     .most = MOST_WORDS,
     .is_list = true},
    {.name = (char *)"prefer",
     .set = set_prefer,
     .place = offsetof(struct remote, prefer)},
    {.name = (char *)"timeout",
     .set = set_number,
     .place = offsetof(struct remote, timeout),
     .most = 3600},
    {.name = (char *)"max_workers",
     .set = set_number,
     .place = offsetof(struct remote, max_workers),
     .most = 1024},
};

static const struct option of_remotes[] = {
    {.name = (char *)"url",
     .set = set_url,
     .place = offsetof(struct remote, urls),
     .most = REMOTE_URLS,
     .is_list = true},
    {.name = (char *)"ca_file",
     .set = set_ca_file,
     .place = offsetof(struct remote, ca_file)},
    {.name = (char *)"user",
     .set = set_line,
     .place = offsetof(struct remote, user)},
    {.name = (char *)"password",
     .set = set_line,
     .place = offsetof(struct remote, password),
     .is_secret = true},
    {.name = (char *)"proxy",
     .set = set_module_proxy,
     .place = offsetof(struct remote, proxy)},
};

int remote_options_add(struct reader *reader)
{
	struct config *config = reader->config;
	char *python = (char *)&config->remotes[REMOTE_PYTHON];
	const struct option of_python[] = {
	    {.name = (char *)"interpreter",
	     .set = set_text,
	     .target = &config->python.interpreter,
	     .text = CONFIG_INTERPRETER},
	    {.name = (char *)"workers",
	     .set = set_number,
	     .target = &config->python.workers,
	     .least = 1,
	     .most = 256,
	     .number = CONFIG_PYTHON_WORKERS},
	    {.name = (char *)"path",
	     .set = set_word,
	     .target = &config->python.path,
	     .most = MOST_WORDS,
	     .is_list = true},
	};
	struct option shared[COUNT(common)];

	for (size_t i = 0; i < COUNT(common); i++) {
		shared[i] = common[i];
		shared[i].target = python + common[i].place;
	}
	if (options_add(reader, SECTION_PYTHON, of_python, COUNT(of_python)) <
		0 ||
	    options_add(reader, SECTION_PYTHON, shared, COUNT(shared)) < 0 ||
	    options_add(reader, SECTION_REMOTE, common, COUNT(common)) < 0)
		return -1;
	return options_add(reader, SECTION_REMOTE, of_remotes,
			   COUNT(of_remotes));
}

/* ---- Remotes ---- */

/* It becomes the name of a file, and a label in /metrics. */
static bool name_is_good(const char *name)
{
	size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz"
				     "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "0123456789_-");

	return length > 0 && length <= NAME_MAX_BYTES && !name[length];
}

struct remote *remote_named(struct reader *reader, const char *name, int line)
{
	struct remote *remotes = reader->config->remotes;
	size_t i = REMOTE_PYTHON + 1;

	if (!name || !name_is_good(name)) {
		reader_error(reader, line,
			     "the name of a remote consists of letters, "
			     "digits, _ and -, %d at most",
			     NAME_MAX_BYTES);
		return NULL;
	}
	while (i < REMOTES && remotes[i].name &&
	       strcmp(remotes[i].name, name) != 0)
		i++;
	if (i == REMOTES) {
		reader_error(reader, line, "there are more than %d remotes",
			     REMOTES - REMOTE_PYTHON - 1);
		return NULL;
	}
	if (!remotes[i].name)
		remotes[i].name = strdup(name);
	if (!remotes[i].name) {
		reader->no_memory = true;
		return NULL;
	}
	return &remotes[i];
}

/* How its server is talked to: as the modules talk to theirs, but for what
 * the section says. A list or an answer may be as long as a query. */
static void set_net(struct remote *remote, const struct config *config)
{
	remote->net = config->net;
	if (remote->net.max_response < config->max_request)
		remote->net.max_response = config->max_request;
	if (remote->ca_file)
		remote->net.ca_file = remote->ca_file;
	if (remote->proxy) {
		remote->net.proxy = remote->proxy;
		remote->net.no_proxy = NULL;
	}
}

void remotes_check(struct reader *reader)
{
	struct config *config = reader->config;

	for (size_t i = 0; i < REMOTES; i++) {
		struct remote *remote = &config->remotes[i];

		if (!remote_is_there(remote))
			continue;
		/* One that was refused has an error of its own. */
		if (i != REMOTE_PYTHON && !remote->urls.count &&
		    !config->error_count)
			reader_error(reader, 0, "the remote %s has no url",
				     remote->name);
		if (remote->password && !remote->user)
			reader_error(reader, 0,
				     "the remote %s has a password and no "
				     "user",
				     remote->name);
		/* What is hung must not hold all there is. */
		if (!remote->max_workers)
			remote->max_workers = (config->workers + 1) / 2;
		set_net(remote, config);
	}
}

static void words_free(struct words *words)
{
	for (size_t i = 0; i < words->count; i++)
		free(words->items[i]);
	free(words->items);
	*words = (struct words){0};
}

void remotes_free(struct config *config)
{
	for (size_t i = 0; i < REMOTES; i++) {
		struct remote *remote = &config->remotes[i];

		free(remote->name);
		words_free(&remote->urls);
		words_free(&remote->modules);
		free((char *)remote->ca_file);
		free((char *)remote->user);
		free((char *)remote->password);
		free((char *)remote->proxy);
	}
	free(config->python.interpreter);
	words_free(&config->python.path);
}
