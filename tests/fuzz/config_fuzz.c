/*
 * config_fuzz.c: whatever a configuration file holds, reading it ends, with
 * messages that are text, and leaves nothing behind.
 */
#include "config.h"

#include "../unit/fake_registry.h"

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>
#include <unistr.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_messages(char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (u8_check((const uint8_t *)list[i], strlen(list[i])))
			abort();
}

static void read_file(const char *path)
{
	const char *const files[] = {path, NULL};
	struct registry registry = {0};
	struct config config;
	int result;

	fake_registry(&registry);
	if (config_init(&config) < 0)
		abort();
	config_read_server(&config, files);
	result = config_read(&config, files, &registry);
	if ((result == 0) != (config.error_count == 0))
		abort();
	if (config.workers < 1 || config.workers > 1024)
		abort();
	check_messages(config.errors, config.error_count);
	check_messages(config.notes, config.note_count);
	config_free(&config);
	registry_free(&registry);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[32];
	int fd = memfd_create("config", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	read_file(path);
	close(fd);
	return 0;
}
