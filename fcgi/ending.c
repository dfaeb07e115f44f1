/*
 * ending.c: what is written about a query outside the usual reply; see
 * ending.h.
 */
#include "ending.h"

#include "frame.h"

#include <string.h>

/* What each end says of the module, or of a worker before it is known. */
static const struct {
	const char *text;
	enum counter counter;
} ends[] = {
    [END_CRASH] = {" crashed on this query. The server goes on; its log has "
		   "the details.",
		   COUNT_CRASHES},
    [END_MEMORY] = {" ran out of memory on this query. The server goes on.",
		    COUNT_CRASHES},
    [END_DEADLINE] = {" took longer than this query's time limit and was "
		      "stopped.",
		      COUNT_TIMEOUTS},
    [END_EXIT] = {" ended the server process instead of answering. The server "
		  "goes on.",
		  COUNT_CRASHES},
    [END_CANCELLED] = {"", COUNT_CANCELLATIONS},
};

enum counter ending_counter(enum slot_end end)
{
	return ends[end].counter;
}

struct buffer {
	char *bytes;
	size_t used;
};

static void buffer_add(struct buffer *buffer, const char *text)
{
	size_t size = strlen(text);

	if (size > ENDING_SIZE - FRAME_END_SIZE - buffer->used)
		return;
	memcpy(buffer->bytes + buffer->used, text, size);
	buffer->used += size;
}

static void add_body(struct buffer *buffer, const struct ending *ending,
		     enum slot_end end)
{
	buffer_add(buffer, "{\"error\": \"");
	buffer_add(buffer, ending->module[0] ? "The module " : "A worker");
	buffer_add(buffer, ending->module);
	buffer_add(buffer, ends[end].text);
	buffer_add(buffer, "\", \"results\": []}\n");
}

static void add_head(struct buffer *buffer, const struct ending *ending)
{
	if (ending->head_sent)
		return;
	buffer_add(buffer, "Status: 200 OK\r\n"
			   "Content-Type: application/json\r\n"
			   "X-Request-Id: ");
	buffer_add(buffer, ending->id);
	buffer_add(buffer, "\r\nX-Content-Type-Options: nosniff"
			   "\r\nCache-Control: no-store\r\n\r\n");
}

static void set_frame(struct buffer *buffer, const struct ending *ending)
{
	frame_stdout((unsigned char *)buffer->bytes, ending->request_id,
		     buffer->used - FRAME_HEADER_SIZE);
}

size_t ending_reply(const struct ending *ending, enum slot_end end,
		    char bytes[ENDING_SIZE])
{
	struct buffer buffer = {bytes, 0};

	if (ending->plain) {
		add_body(&buffer, ending, end);
		return buffer.used;
	}
	buffer.used = FRAME_HEADER_SIZE;
	add_head(&buffer, ending);
	add_body(&buffer, ending, end);
	set_frame(&buffer, ending);
	/* buffer_add has left room for it. */
	frame_end((unsigned char *)bytes + buffer.used, ending->request_id);
	return buffer.used + FRAME_END_SIZE;
}

size_t ending_sign_of_life(const struct ending *ending, char bytes[ENDING_SIZE])
{
	struct buffer buffer = {bytes, FRAME_HEADER_SIZE};

	add_head(&buffer, ending);
	buffer_add(&buffer, "\n");
	set_frame(&buffer, ending);
	return buffer.used;
}
