/*
 * template_numbers.c: the filters of templates that work on numbers, and
 * format.
 */
#include "template_parts.h"

#include "python_text.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define WIDTH_MOST 200

/* What a text is as a number; false when it is none. */
static bool read_number(struct template_run *run, const json_t *value,
			double *number)
{
	const char *text = json_string_value(value);
	char *end = NULL;
	*number = template_number(value);
	if (!text)
		return template_is_number(value);
	*number = 0;
	if (!template_work(run, json_string_length(value)))
		return false;
	*number = strtod(text, &end);
	while (isspace((unsigned char)*end))
		end++;
	return end != text && !*end && isfinite(*number);
}

static json_t *filter_int(struct template_run *run, json_t *value,
			  const struct template_arguments *arguments)
{
	double number = 0;
	if (json_is_integer(value))
		return value;
	if (!read_number(run, value, &number) || fabs(number) > 9e15)
		return template_keep(run, json_integer(template_number_argument(
					      arguments, 0, "default", 0)));
	return template_keep(run, json_integer((json_int_t)number));
}

static json_t *filter_float(struct template_run *run, json_t *value,
			    const struct template_arguments *arguments)
{
	double number = 0;
	const json_t *otherwise = template_argument(arguments, 0, "default");
	if (!read_number(run, value, &number))
		number = json_number_value(otherwise);
	return template_keep(run, json_real(number));
}

static json_t *filter_abs(struct template_run *run, json_t *value,
			  const struct template_arguments *arguments)
{
	(void)arguments;
	if (!json_is_number(value))
		return template_fail(run, "abs wants a number");
	return json_number_value(value) < 0
		   ? template_binary(run, "-",
				     template_keep(run, json_integer(0)), value)
		   : value;
}

static json_t *filter_round(struct template_run *run, json_t *value,
			    const struct template_arguments *arguments)
{
	json_int_t digits =
	    template_number_argument(arguments, 0, "precision", 0);
	const char *method =
	    template_text_argument(run, arguments, 1, "method", "common");
	double number = 0;
	if (!read_number(run, value, &number) || digits < -15 || digits > 15 ||
	    !method)
		return template_fail(run, "this cannot be rounded");
	if (json_is_integer(value) && digits >= 0 &&
	    strcmp(method, "common") == 0)
		return value;
	double factor = pow(10, (double)digits);
	double scaled = number * factor;
	if (strcmp(method, "ceil") == 0)
		scaled = ceil(scaled);
	else if (strcmp(method, "floor") == 0)
		scaled = floor(scaled);
	else
		scaled = rint(scaled); /* as Python: half to even */
	return template_keep(run, json_real(scaled / factor));
}

/* One "%s", "%-10s", "%.2f", … of a format. Returns where it ends. */
static const char *write_formatted(struct template_run *run, FILE *out,
				   const char *at, json_t *value)
{
	const char *text = template_text(run, value);
	bool left = *at == '-', zeros = *at == '0';
	char *end = NULL;
	long width = strtol(at + strspn(at, "-0+ #"), &end, 10);
	long places = *end == '.' ? strtol(end + 1, &end, 10) : -1;
	double number = 0;
	read_number(run, value, &number);
	if (width < 0 || width > WIDTH_MOST || places > WIDTH_MOST || !text)
		return template_fail(run, "format cannot do this");
	int wide = (int)(left ? -width : width);
	if (*end == 's' && places < 0)
		fprintf(out, "%*s", wide, text);
	else if (*end == 's')
		fprintf(out, "%*.*s", wide, (int)places, text);
	else if (*end == 'd')
		fprintf(out, zeros ? "%0*.0f" : "%*.0f", wide, trunc(number));
	else if (*end == 'f')
		fprintf(out, zeros ? "%0*.*f" : "%*.*f", wide, (int)places,
			number);
	else if (*end == 'r' && value)
		python_repr(out, value, ftell(out) + TEMPLATE_OUTPUT_MOST);
	else
		template_fail(run, "format knows %%s, %%d, %%f and %%r only");
	return end + (*end != '\0');
}

static json_t *filter_format(struct template_run *run, json_t *value,
			     const struct template_arguments *arguments)
{
	const char *at = template_text(run, value);
	char *made = NULL;
	size_t size = 0, next = 0;
	FILE *out = at ? misp_text_file(run->query, &made, &size) : NULL;
	if (!out)
		return NULL;
	while (at && *at && !template_failed(run)) {
		if (*at != '%' || at[1] == '%') {
			at += *at == '%';
			fputc(*at++, out);
		} else if (next < arguments->count) {
			at = write_formatted(run, out, at + 1,
					     arguments->values[next++]);
		} else {
			template_fail(run, "format has too few values");
		}
	}
	return template_written(run, out, &made);
}

const struct template_filter_entry template_number_filters[] = {
    {"abs", filter_abs}, {"float", filter_float}, {"format", filter_format},
    {"int", filter_int}, {"round", filter_round}, {0},
};
