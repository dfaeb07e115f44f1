/*
 * metrics.c: /metrics; see metrics.h.
 */
#include "metrics.h"

#include "misp-text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const struct {
	const char *name, *help;
} counters[COUNTER_COUNT] = {
    [COUNT_QUERIES] = {"queries", "Queries that reached the module."},
    [COUNT_ERRORS] = {"errors", "Queries answered with an error."},
    [COUNT_TIMEOUTS] = {"timeouts", "Queries stopped at their deadline."},
    [COUNT_CRASHES] = {"crashes", "Queries in which the module crashed, ran "
				  "out of memory or called exit()."},
    [COUNT_CANCELLATIONS] = {"cancellations",
			     "Queries whose client went away."},
    [COUNT_VIOLATIONS] = {"violations",
			  "Pieces of results that MISP would not take."},
    [COUNT_CAGE_FAILURES] = {"cage_failures",
			     "Queries whose file made the parser crash, reach "
			     "a limit or try what it may not do."},
};

static void metric_head(FILE *out, const char *name, const char *type,
			const char *help)
{
	fprintf(out, "# HELP misp_modules_%s %s\n# TYPE misp_modules_%s %s\n",
		name, help, name, type);
}

/* Only what is on is shown; the board has a row for every module. */
static bool row_shown(struct server *server, size_t index)
{
	return server->registry.modules[index].enabled;
}

static void metrics_counters(FILE *out, struct server *server)
{
	char name[64];

	for (size_t c = 0; c < COUNTER_COUNT; c++) {
		snprintf(name, sizeof(name), "%s_total", counters[c].name);
		metric_head(out, name, "counter", counters[c].help);
		for (size_t i = 0; i < server->registry.count; i++) {
			struct row *row = board_row(server->board, i);

			if (row_shown(server, i))
				fprintf(out,
					"misp_modules_%s{module=\"%s\"} "
					"%" PRIu64 "\n",
					name, row->name,
					(uint64_t)row->counts[c]);
		}
	}
}

static void row_histogram(FILE *out, const struct row *row)
{
	const char *metric = "misp_modules_query_seconds";
	uint64_t below = 0;

	for (size_t b = 0; b < BOARD_BUCKETS; b++) {
		below += row->buckets[b];
		fprintf(out, "%s_bucket{module=\"%s\",le=\"%g\"} %" PRIu64 "\n",
			metric, row->name, board_bucket_ms[b] / 1000.0, below);
	}
	below += row->buckets[BOARD_BUCKETS];
	fprintf(out, "%s_bucket{module=\"%s\",le=\"+Inf\"} %" PRIu64 "\n",
		metric, row->name, below);
	fprintf(out, "%s_sum{module=\"%s\"} %.6f\n", metric, row->name,
		(double)row->microseconds / 1e6);
	fprintf(out, "%s_count{module=\"%s\"} %" PRIu64 "\n", metric, row->name,
		below);
}

static void metrics_latency(FILE *out, struct server *server)
{
	metric_head(out, "query_seconds", "histogram",
		    "How long queries took that came to their own end.");
	for (size_t i = 0; i < server->registry.count; i++) {
		if (row_shown(server, i))
			row_histogram(out, board_row(server->board, i));
	}
}

static void metrics_server(FILE *out, struct server *server,
			   const struct slot *asker)
{
	struct board_load load = board_load(server->board, asker);

	metric_head(out, "workers", "gauge", "Workers by what they do.");
	fprintf(out, "misp_modules_workers{state=\"idle\"} %zu\n", load.idle);
	fprintf(out, "misp_modules_workers{state=\"busy\"} %zu\n", load.busy);
	metric_head(out, "worker_respawns_total", "counter",
		    "Workers started in the place of one that ended.");
	fprintf(out, "misp_modules_worker_respawns_total %" PRIu64 "\n",
		(uint64_t)server->board->respawns);
	metric_head(out, "module_load_failures", "gauge",
		    "Files in the module directory that could not be loaded.");
	fprintf(out, "misp_modules_module_load_failures %zu\n",
		server->registry.failure_count);
}

static void metrics_remotes(FILE *out, struct server *server)
{
	metric_head(out, "remote_up", "gauge",
		    "Whether a module server, or the program of the Python "
		    "modules, answers.");
	for (int i = 0; i < REMOTES; i++)
		if (remote_is_served(server, i))
			fprintf(out,
				"misp_modules_remote_up{remote=\"%s\"} %d\n",
				server->config.remotes[i].name,
				!server->board->remotes[i].down);
	metric_head(out, "remote_queries", "gauge",
		    "Queries that are with it now.");
	for (int i = 0; i < REMOTES; i++)
		if (remote_is_served(server, i))
			fprintf(out,
				"misp_modules_remote_queries{remote=\"%s\"} "
				"%zu\n",
				server->config.remotes[i].name,
				board_places_taken(server->board, i));
}

char *metrics_render(struct server *server, const struct slot *asker,
		     size_t *size)
{
	char *text = NULL;
	FILE *out = misp_text_file(NULL, &text, size);

	if (!out)
		return NULL;
	metrics_server(out, server, asker);
	metrics_remotes(out, server);
	metrics_counters(out, server);
	metrics_latency(out, server);
	/* fclose says whether all of it found memory. */
	if (fclose(out) != 0) {
		free(text);
		return NULL;
	}
	return text;
}
