/*
 * bare.c: the least a libfcgi responder can do: the same small answer to every
 * request, from as many processes. What ours is measured against.
 */
#include <fcgiapp.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int serve(void)
{
	FCGX_Request request;
	char body[65536];

	FCGX_Init();
	FCGX_InitRequest(&request, 0, 0);
	while (FCGX_Accept_r(&request) == 0) {
		while (FCGX_GetStr(body, sizeof(body), request.in) > 0)
			;
		FCGX_PutS("Content-Type: application/json\r\n\r\n"
			  "{\"results\":[{\"types\":[\"text\"],"
			  "\"values\":[\"Luxembourg\"]}]}",
			  request.out);
		FCGX_Finish_r(&request);
	}
	return EXIT_SUCCESS;
}

/* The listening socket on fd 0; the number of processes as the argument. */
int main(int argc, char **argv)
{
	long processes = argc > 1 ? strtol(argv[1], NULL, 10) : 1;

	for (long i = 0; i < processes; i++) {
		if (fork() == 0)
			return serve();
	}
	while (wait(NULL) > 0)
		;
	return EXIT_SUCCESS;
}
