/*
 * pdf_page.c: the text of a page of a PDF; see pdf_page.h.
 *
 * The library puts the cells of what it takes for a table side by side with
 * nothing between them: "192.0.2.1example.org". Where the characters lie on
 * the page tells that they are not of one word.
 *
 * pkg-config: poppler-glib (libpoppler-glib-dev)
 */
#include "pdf_page.h"

#include <math.h>

/* Beyond all corners of a page. */
#define OUTSIDE 1e6

/* Ends a page, as it does in the text of pdftotext. */
#define PAGE_END "\n\n\f"

/* A gap between characters that is no part of a word, by their size. */
#define GAP 0.2

/* Text, and where each of its characters lies. */
struct letters {
	char *text; /* or NULL */
	PopplerRectangle *boxes;
	guint count;
};

static void letters_free(struct letters *letters)
{
	g_free(letters->text);
	g_free(letters->boxes);
}

static struct letters letters_between(PopplerPage *page, double from, double to)
{
	PopplerRectangle all = {from, -OUTSIDE, to, OUTSIDE};
	struct letters letters = {0};
	letters.text =
	    poppler_page_get_selected_text(page, POPPLER_SELECTION_GLYPH, &all);
	poppler_page_get_text_layout_for_area(page, &all, &letters.boxes,
					      &letters.count);
	return letters;
}

/* Which corner a page is read from, the library does not tell; from the wrong
 * one some of the text is left out. */
static struct letters letters_of(PopplerPage *page)
{
	struct letters rightward = letters_between(page, -OUTSIDE, OUTSIDE);
	struct letters leftward = letters_between(page, OUTSIDE, -OUTSIDE);
	bool right = rightward.count >= leftward.count;
	letters_free(right ? &leftward : &rightward);
	return right ? rightward : leftward;
}

/* Marks of the direction of writing, which the library adds: they lie
 * nowhere. */
static bool is_mark(gunichar character)
{
	return character >= 0x202a && character <= 0x202c;
}

static bool is_located(const struct letters *letters)
{
	guint located = 0;
	for (const char *at = letters->text; *at; at = g_utf8_next_char(at))
		located += !is_mark(g_utf8_get_char(at));
	return located == letters->count;
}

static bool is_apart(const PopplerRectangle *a, const PopplerRectangle *b)
{
	double size = fmax(fmax(a->x2 - a->x1, a->y2 - a->y1),
			   fmax(b->x2 - b->x1, b->y2 - b->y1));
	double across = fmax(b->x1 - a->x2, a->x1 - b->x2);
	double down = fmax(b->y1 - a->y2, a->y1 - b->y2);
	return fmax(across, down) > GAP * size;
}

/* Adds the text with an end of the line wherever a word does not go on. */
static void letters_add(const struct letters *letters, struct long_text *text)
{
	const char *from = letters->text;
	const PopplerRectangle *box = letters->boxes, *before = NULL;
	for (const char *at = from; *at; at = g_utf8_next_char(at)) {
		gunichar character = g_utf8_get_char(at);
		if (is_mark(character))
			continue;
		bool space = g_unichar_isspace(character);
		if (!space && before && is_apart(before, box)) {
			long_text_add(text, from, (size_t)(at - from));
			long_text_put(text, "\n");
			from = at;
		}
		before = space ? NULL : box;
		box++;
	}
	long_text_put(text, from);
}

void pdf_page_add(PopplerPage *page, struct long_text *text)
{
	struct letters letters = letters_of(page);
	bool some = letters.text && *letters.text;
	if (some && g_utf8_validate(letters.text, -1, NULL) &&
	    is_located(&letters))
		letters_add(&letters, text);
	else if (some)
		long_text_put(text, letters.text);
	long_text_put(text, some ? PAGE_END : "\f");
	letters_free(&letters);
}
