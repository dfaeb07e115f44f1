/*
 * frame.h: FastCGI records (FastCGI specification 1.0, section 3.3). libfcgi
 * reads them; we write them ourselves because a reply must also be writable
 * from a signal handler, in one piece.
 */
#ifndef FCGI_FRAME_H
#define FCGI_FRAME_H

#include <stddef.h>

#define FRAME_HEADER_SIZE 8
/* A multiple of 8 that fits a record's length: no record needs padding. */
#define FRAME_CONTENT_MAX 65528
/* An empty STDOUT record, and END_REQUEST with its 8 bytes of content. */
#define FRAME_END_SIZE (FRAME_HEADER_SIZE + FRAME_HEADER_SIZE + 8)

/* Writes the header of a STDOUT record with size bytes of content. */
void frame_stdout(unsigned char header[FRAME_HEADER_SIZE], unsigned request_id,
		  size_t size);

/* Writes the records that end a request. */
void frame_end(unsigned char end[FRAME_END_SIZE], unsigned request_id);

#endif
