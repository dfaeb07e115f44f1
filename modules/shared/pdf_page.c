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
#include <string.h>

/* Beyond all corners of a page. */
#define OUTSIDE 1e6

/* Ends a page, as it does in the text of pdftotext. */
#define PAGE_END "\n\n\f"

/* A gap between characters that is no part of a word, by their size. */
#define GAP 0.2

/* How far from each other lines of a text begin at least, and lie at most, by
 * the height of a line; and how much higher the second may be. */
#define NEXT_LINE 0.3
#define FAR 2.5
#define LARGER 1.05

/* Text, where each of its characters lies, and how large they are: a list of
 * PopplerTextAttributes. */
struct letters {
	char *text; /* or NULL */
	PopplerRectangle *boxes;
	guint count;
	GList *styles;
};

static void letters_free(struct letters *letters)
{
	g_free(letters->text);
	g_free(letters->boxes);
	poppler_page_free_text_attributes(letters->styles);
}

static struct letters letters_between(PopplerPage *page, double from, double to)
{
	PopplerRectangle all = {from, -OUTSIDE, to, OUTSIDE};
	struct letters letters = {0};
	letters.text =
	    poppler_page_get_selected_text(page, POPPLER_SELECTION_GLYPH, &all);
	poppler_page_get_text_layout_for_area(page, &all, &letters.boxes,
					      &letters.count);
	letters.styles = poppler_page_get_text_attributes_for_area(page, &all);
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

/* A line, what it takes of the page, and how large its first letter is. */
struct line {
	const char *from;
	const char *to;
	PopplerRectangle box;
	double size;
};

/* The size of a letter; *style is the one of a letter before, or of it. */
static double size_at(const GList **style, guint letter)
{
	while (*style &&
	       ((const PopplerTextAttributes *)(*style)->data)->end_index <
		   (gint)letter)
		*style = (*style)->next;
	return *style
		   ? ((const PopplerTextAttributes *)(*style)->data)->font_size
		   : 0;
}

static void line_widen(struct line *line, const PopplerRectangle *box)
{
	bool first = line->box.x2 <= line->box.x1;
	line->box.x1 = first ? box->x1 : fmin(line->box.x1, box->x1);
	line->box.y1 = first ? box->y1 : fmin(line->box.y1, box->y1);
	line->box.x2 = first ? box->x2 : fmax(line->box.x2, box->x2);
	line->box.y2 = first ? box->y2 : fmax(line->box.y2, box->y2);
}

/* The lines of the text; it also ends wherever a word does not go on. */
static GArray *lines_of(const struct letters *letters)
{
	GArray *lines = g_array_new(FALSE, FALSE, sizeof(struct line));
	const PopplerRectangle *box = letters->boxes, *before = NULL;
	const GList *style = letters->styles;
	struct line line = {.from = letters->text};
	for (const char *at = letters->text; *at; at = g_utf8_next_char(at)) {
		gunichar character = g_utf8_get_char(at);
		if (is_mark(character))
			continue;
		bool space = g_unichar_isspace(character);
		bool end = character == '\n';
		if (end || (!space && before && is_apart(before, box))) {
			line.to = at;
			g_array_append_val(lines, line);
			line = (struct line){.from = end ? at + 1 : at};
		}
		if (!space && line.size == 0)
			line.size =
			    size_at(&style, (guint)(box - letters->boxes));
		if (!space)
			line_widen(&line, box);
		before = space ? NULL : box;
		box++;
	}
	line.to = line.from + strlen(line.from);
	g_array_append_val(lines, line);
	return lines;
}

/* Whether a line goes on with the text of the one before: it begins below it,
 * not far away, and is not in larger letters. */
static bool goes_on(const struct line *line, const struct line *next)
{
	const PopplerRectangle *a = &line->box, *b = &next->box;
	return b->y1 > a->y1 + NEXT_LINE * line->size &&
	       b->y1 - a->y2 < FAR * line->size &&
	       next->size < LARGER * line->size;
}

/* Whether it is the next cell of a row. */
static bool lies_beside(const struct line *line, const struct line *next)
{
	const PopplerRectangle *a = &line->box, *b = &next->box;
	return b->y1 < a->y2 && a->y1 < b->y2 && b->x1 > a->x2;
}

/* Writes the lines as pdftotext does: with an empty one where another text
 * begins, and without the hyphen of a word that goes on. */
static void lines_add(const GArray *lines, struct long_text *text)
{
	for (guint i = 0; i < lines->len; i++) {
		const struct line *line = &g_array_index(lines, struct line, i);
		size_t size = (size_t)(line->to - line->from);
		bool last = i + 1 == lines->len;
		bool more = !last && goes_on(line, line + 1);
		bool hyphen = more && size > 0 && line->to[-1] == '-';
		long_text_add(text, line->from, hyphen ? size - 1 : size);
		if (more || (!last && lies_beside(line, line + 1)))
			long_text_put(text, hyphen ? "" : "\n");
		else
			long_text_put(text, last ? "" : "\n\n");
	}
}

void pdf_page_add(PopplerPage *page, struct long_text *text)
{
	struct letters letters = letters_of(page);
	bool some = letters.text && *letters.text;
	if (some && g_utf8_validate(letters.text, -1, NULL) &&
	    is_located(&letters)) {
		GArray *lines = lines_of(&letters);
		lines_add(lines, text);
		g_array_unref(lines);
	} else if (some)
		long_text_put(text, letters.text);
	long_text_put(text, some ? PAGE_END : "\f");
	letters_free(&letters);
}
