/*
 * config_fixture.h: a configuration and a registry, for tests that read files
 * in a directory of their own.
 */
#ifndef UNIT_CONFIG_FIXTURE_H
#define UNIT_CONFIG_FIXTURE_H

#include "config.h"

#include "fake_registry.h"

#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

struct fixture {
	char directory[32];
	struct config config;
	struct registry registry;
};

static inline int enter(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	if (!fixture)
		return -1;
	strncpy(fixture->directory, "/tmp/unit_test.XXXXXX",
		sizeof(fixture->directory) - 1);
	*state = fixture;
	fake_registry(&fixture->registry);
	registry_sort(&fixture->registry);
	return mkdtemp(fixture->directory) && chdir(fixture->directory) == 0 &&
		       config_init(&fixture->config) == 0
		   ? 0
		   : -1;
}

static inline int remove_one(const char *path, const struct stat *status,
			     int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path);
}

static inline int leave(void **state)
{
	struct fixture *fixture = *state;

	config_free(&fixture->config);
	registry_free(&fixture->registry);
	nftw(fixture->directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(fixture);
	return chdir("/");
}

static inline void write_file(const char *path, const char *text, mode_t mode)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fputs(text, file) < 0, 0);
	fclose(file);
	assert_int_equal(chmod(path, mode), 0);
}

#endif
