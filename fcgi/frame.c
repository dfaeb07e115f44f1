/*
 * frame.c: FastCGI records; see frame.h. Async-signal-safe.
 */
#include "frame.h"

#include <string.h>

enum { FRAME_VERSION = 1, FRAME_END_REQUEST = 3, FRAME_STDOUT = 6 };

static void frame_header(unsigned char *header, unsigned char type,
			 unsigned request_id, size_t size)
{
	header[0] = FRAME_VERSION;
	header[1] = type;
	header[2] = (unsigned char)(request_id >> 8);
	header[3] = (unsigned char)request_id;
	header[4] = (unsigned char)(size >> 8);
	header[5] = (unsigned char)size;
	header[6] = 0; /* padding */
	header[7] = 0;
}

void frame_stdout(unsigned char header[FRAME_HEADER_SIZE], unsigned request_id,
		  size_t size)
{
	frame_header(header, FRAME_STDOUT, request_id, size);
}

void frame_end(unsigned char end[FRAME_END_SIZE], unsigned request_id)
{
	memset(end, 0, FRAME_END_SIZE);
	frame_header(end, FRAME_STDOUT, request_id, 0);
	/* Content: application status 0, protocol status "complete". */
	frame_header(end + FRAME_HEADER_SIZE, FRAME_END_REQUEST, request_id, 8);
}
