/*
 * listener.c: the socket that the web server connects to; see listener.h.
 */
#include "listener.h"

#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

bool listener_is(int fd)
{
	int listening = 0;
	socklen_t size = sizeof(listening);

	return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) ==
		   0 &&
	       listening;
}

int listener_inherit(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0 ||
	    fcntl(fd, F_SETFD, FD_CLOEXEC) != 0) {
		log_message(LOG_LEVEL_ERROR, "cannot use the socket: %s",
			    strerror(errno));
		return -1;
	}
	return fd;
}

static int listener_address(struct sockaddr_un *address, const char *path)
{
	*address = (struct sockaddr_un){.sun_family = AF_UNIX};
	if (strlen(path) >= sizeof(address->sun_path)) {
		log_message(LOG_LEVEL_ERROR,
			    "the path of the socket is too long (%zu "
			    "characters at most): %s",
			    sizeof(address->sun_path) - 1, path);
		return -1;
	}
	memcpy(address->sun_path, path, strlen(path) + 1);
	return 0;
}

/* Whether a server listens there now. */
static bool address_is_live(const struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool live;

	if (fd < 0)
		return false;
	live = connect(fd, (const struct sockaddr *)address,
		       sizeof(*address)) == 0;
	close(fd);
	return live;
}

static int listener_clear(const struct sockaddr_un *address)
{
	const char *path = address->sun_path;
	struct stat status;

	if (lstat(path, &status) != 0)
		return 0;
	if (!S_ISSOCK(status.st_mode)) {
		log_message(LOG_LEVEL_ERROR,
			    "%s is there already and is no socket", path);
		return -1;
	}
	if (address_is_live(address)) {
		log_message(LOG_LEVEL_ERROR,
			    "another server listens on %s already", path);
		return -1;
	}
	return unlink(path);
}

int listener_open(const char *path)
{
	struct sockaddr_un address;
	mode_t mask;
	int fd = -1, bound;

	if (listener_address(&address, path) != 0 ||
	    listener_clear(&address) != 0)
		return -1;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		goto failed;
	mask = umask(0117);
	bound = bind(fd, (const struct sockaddr *)&address, sizeof(address));
	umask(mask);
	if (bound != 0 || listen(fd, SOMAXCONN) != 0)
		goto failed;
	return fd;

failed:
	log_message(LOG_LEVEL_ERROR, "cannot listen on %s: %s", path,
		    strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

/* The path a listener is bound to; "" when there is none. */
static void listener_path(int fd, struct sockaddr_un *address)
{
	socklen_t size = sizeof(*address);

	*address = (struct sockaddr_un){0};
	if (getsockname(fd, (struct sockaddr *)address, &size) != 0 ||
	    address->sun_family != AF_UNIX)
		address->sun_path[0] = '\0';
}

void listener_remove(int fd)
{
	struct sockaddr_un address;

	listener_path(fd, &address);
	if (address.sun_path[0])
		unlink(address.sun_path);
}

bool listener_is_at(int fd, const char *path)
{
	struct sockaddr_un address;

	listener_path(fd, &address);
	return strcmp(address.sun_path, path) == 0;
}
