/*
 * time.c: dates and times, however services write them, in the one way that
 * MISP reads. No locale and no time zone of this machine has a say.
 */
#include "query.h"

#include <stdlib.h>
#include <string.h>

#define DIGITS "0123456789"
#define YEAR_MAX 9999
#define TIME_MIN (-62135596800LL) /* 0001-01-01T00:00:00 */
#define TIME_MAX 253402300799LL   /* 9999-12-31T23:59:59 */
#define DAY_SECONDS 86400
#define ERA_YEARS 400 /* after which the calendar repeats */
#define ERA_DAYS 146097
#define CENTURY_SINCE 69 /* of two digits, as POSIX has it: 1969 to 2068 */
#define MICRO_DIGITS 6
#define ZONE_NAME_MAX 5
/* Fewer digits are a date: 20240131. */
#define SECONDS_DIGITS_MIN 9
#define SECONDS_DIGITS_MAX 11

struct moment {
	int year;
	int month;
	int day;
	int hour;
	int minute;
	int second;
	int micro;
	bool has_zone;
	int offset; /* minutes east of Greenwich */
};

/* A text that is being read. */
struct reading {
	const char *at;
	struct moment when;
	struct {
		int value;
		size_t digits;
	} numbers[3]; /* of the date, in their order */
	size_t count;
	bool has_time;
	bool wants_time; /* a T stood there */
	bool has_offset;
};

static int year_days(int year)
{
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % ERA_YEARS == 0;
	return leap ? 366 : 365;
}

static int month_days(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30,
				   31, 31, 30, 31, 30, 31};
	bool leap_day = month == 2 && year_days(year) == 366;
	return days[month - 1] + leap_day;
}

/* ---- Writing ---- */

static const char *moment_text(struct misp_query *query,
			       const struct moment *when)
{
	char fraction[16] = "";
	char zone[16] = "";
	int offset = abs(when->offset);
	if (when->micro)
		snprintf(fraction, sizeof(fraction), ".%06d", when->micro);
	if (when->has_zone)
		snprintf(zone, sizeof(zone), "%c%02d:%02d",
			 when->offset < 0 ? '-' : '+', offset / 60,
			 offset % 60);
	return misp_text(query, "%04d-%02d-%02dT%02d:%02d:%02d%s%s", when->year,
			 when->month, when->day, when->hour, when->minute,
			 when->second, fraction, zone);
}

const char *misp_time(struct misp_query *query, int64_t seconds)
{
	if (seconds < TIME_MIN || seconds > TIME_MAX)
		return NULL;
	int days = (int)((seconds - TIME_MIN) / DAY_SECONDS);
	int rest = (int)((seconds - TIME_MIN) % DAY_SECONDS);
	struct moment when = {
	    .year = 1 + days / ERA_DAYS * ERA_YEARS,
	    .month = 1,
	    .hour = rest / 3600,
	    .minute = rest / 60 % 60,
	    .second = rest % 60,
	    .has_zone = true,
	};
	days %= ERA_DAYS;
	for (; days >= year_days(when.year); when.year++)
		days -= year_days(when.year);
	for (; days >= month_days(when.year, when.month); when.month++)
		days -= month_days(when.year, when.month);
	when.day = days + 1;
	return moment_text(query, &when);
}

/* ---- Reading ---- */

static bool is_digit(char character)
{
	return character >= '0' && character <= '9';
}

static int lower(int character)
{
	bool upper = character >= 'A' && character <= 'Z';
	return upper ? character + ('a' - 'A') : character;
}

static bool is_letter(char character)
{
	return lower(character) >= 'a' && lower(character) <= 'z';
}

/* The next digits as a number. */
static int take_digits(struct reading *reading, size_t digits)
{
	int value = 0;
	for (; digits > 0; digits--)
		value = value * 10 + (*reading->at++ - '0');
	return value;
}

/* Two more digits, behind a colon or not. */
static bool take_pair(struct reading *reading, bool colon, int *value)
{
	const char *pair = reading->at + colon;
	if ((colon && *reading->at != ':') || !is_digit(pair[0]) ||
	    !is_digit(pair[1]))
		return false;
	reading->at = pair;
	*value = take_digits(reading, 2);
	return true;
}

/* Of a second; what is smaller than a microsecond is left out. */
static void take_fraction(struct reading *reading)
{
	const char *at = reading->at;
	if ((*at != '.' && *at != ',') || !is_digit(at[1]))
		return;
	size_t digits = strspn(++at, DIGITS);
	for (size_t i = 0; i < MICRO_DIGITS; i++)
		reading->when.micro =
		    reading->when.micro * 10 + (i < digits ? at[i] - '0' : 0);
	reading->at = at + digits;
}

/* 23:59[:59[.9]], or the same without colons. */
static bool take_time(struct reading *reading)
{
	struct moment *when = &reading->when;
	size_t digits = strspn(reading->at, DIGITS);
	bool colon = reading->at[digits] == ':';
	if (reading->has_time ||
	    (colon ? digits > 2 : digits % 2 != 0 || digits > 6))
		return false;
	when->hour = take_digits(reading, colon ? digits : 2);
	if (take_pair(reading, colon, &when->minute) &&
	    take_pair(reading, colon, &when->second))
		take_fraction(reading);
	reading->has_time = true;
	reading->wants_time = false;
	return !is_digit(*reading->at) && *reading->at != ':';
}

static bool take_date_number(struct reading *reading, size_t digits)
{
	if (reading->count == 3)
		return false;
	reading->numbers[reading->count].digits = digits;
	reading->numbers[reading->count++].value = take_digits(reading, digits);
	return true;
}

/* 20240131, 202401312359 or 20240131235959. */
static bool take_compact(struct reading *reading, size_t digits)
{
	struct moment *when = &reading->when;
	if (reading->count > 0 || when->month || reading->has_time)
		return false;
	take_date_number(reading, 4);
	take_date_number(reading, 2);
	take_date_number(reading, 2);
	if (digits == 8)
		return true;
	when->hour = take_digits(reading, 2);
	when->minute = take_digits(reading, 2);
	if (take_pair(reading, false, &when->second))
		take_fraction(reading);
	reading->has_time = true;
	return true;
}

static bool take_number(struct reading *reading)
{
	size_t digits = strspn(reading->at, DIGITS);
	if (reading->wants_time || reading->at[digits] == ':')
		return take_time(reading);
	if (digits == 8 || digits == 12 || digits == 14)
		return take_compact(reading, digits);
	return (digits <= 2 || digits == 4) &&
	       take_date_number(reading, digits);
}

/* +1, +01, +0100 or +01:00 behind a time. */
static bool take_offset(struct reading *reading)
{
	struct moment *when = &reading->when;
	int sign = *reading->at++ == '-' ? -1 : 1;
	size_t digits = strspn(reading->at, DIGITS);
	int minutes = 0;
	if (reading->has_offset || digits == 0 || digits == 3 || digits > 4)
		return false;
	int hours = take_digits(reading, digits == 4 ? 2 : digits);
	take_pair(reading, *reading->at == ':', &minutes);
	when->offset = sign * (hours * 60 + minutes);
	when->has_zone = reading->has_offset = true;
	return hours < 24 && minutes < 60 && !is_digit(*reading->at);
}

static bool take_month(struct reading *reading, int month)
{
	if (reading->when.month)
		return false;
	reading->when.month = month;
	return true;
}

static bool take_utc(struct reading *reading, int offset)
{
	if (!reading->has_time || reading->has_offset)
		return false;
	reading->when.has_zone = true;
	reading->when.offset = offset;
	return true;
}

static bool take_half_day(struct reading *reading, int hours)
{
	struct moment *when = &reading->when;
	if (!reading->has_time || when->hour > 12)
		return false;
	when->hour = when->hour % 12 + hours;
	return true;
}

static bool take_mark(struct reading *reading, int unused)
{
	(void)unused;
	reading->wants_time = reading->count == 3 && is_digit(*reading->at);
	return reading->wants_time;
}

static bool take_nothing(struct reading *reading, int unused)
{
	(void)reading;
	(void)unused;
	return true;
}

/* Words, of which the first letters (so many at least) are enough. */
static const struct {
	const char *name;
	size_t shortest;
	bool (*take)(struct reading *reading, int value);
	int value;
} words[] = {
    {"january", 3, take_month, 1},
    {"february", 3, take_month, 2},
    {"march", 3, take_month, 3},
    {"april", 3, take_month, 4},
    {"may", 3, take_month, 5},
    {"june", 3, take_month, 6},
    {"july", 3, take_month, 7},
    {"august", 3, take_month, 8},
    {"september", 3, take_month, 9},
    {"october", 3, take_month, 10},
    {"november", 3, take_month, 11},
    {"december", 3, take_month, 12},
    {"monday", 3, take_nothing, 0},
    {"tuesday", 3, take_nothing, 0},
    {"wednesday", 3, take_nothing, 0},
    {"thursday", 3, take_nothing, 0},
    {"friday", 3, take_nothing, 0},
    {"saturday", 3, take_nothing, 0},
    {"sunday", 3, take_nothing, 0},
    {"t", 1, take_mark, 0},
    {"z", 1, take_utc, 0},
    {"utc", 2, take_utc, 0},
    {"gmt", 3, take_utc, 0},
    {"am", 2, take_half_day, 0},
    {"pm", 2, take_half_day, 12},
    {"st", 2, take_nothing, 0},
    {"nd", 2, take_nothing, 0},
    {"rd", 2, take_nothing, 0},
    {"th", 2, take_nothing, 0},
    {"at", 2, take_nothing, 0},
    {"of", 2, take_nothing, 0},
};

/* A zone that is none of ours: what it stands for depends on the country, so
 * it is left out, as Python's dateutil does. */
static bool is_zone_name(const char *word, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (word[i] < 'A' || word[i] > 'Z')
			return false;
	return length >= 3 && length <= ZONE_NAME_MAX;
}

static bool begins(const char *name, const char *word, size_t length)
{
	size_t same = 0;
	while (same < length && name[same] == lower(word[same]))
		same++;
	return same == length;
}

static bool take_word(struct reading *reading)
{
	const char *word = reading->at;
	size_t length = 0;
	while (is_letter(word[length]))
		length++;
	reading->at += length;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (length >= words[i].shortest &&
		    begins(words[i].name, word, length))
			return words[i].take(reading, words[i].value);
	return reading->has_time && is_zone_name(word, length);
}

/* The zone's name once more, behind its offset: "+0000 (UTC)". */
static bool take_remark(struct reading *reading)
{
	const char *end =
	    reading->when.has_zone ? strchr(reading->at, ')') : NULL;
	reading->at = end ? end + 1 : reading->at;
	return end;
}

static bool take_next(struct reading *reading)
{
	char next = *reading->at;
	if (is_digit(next))
		return take_number(reading);
	if (is_letter(next))
		return take_word(reading);
	if (reading->has_time && (next == '+' || next == '-'))
		return take_offset(reading);
	if (reading->has_time && next == '(')
		return take_remark(reading);
	reading->at++;
	return strchr(reading->has_time ? " \t\r\n," : " \t\r\n,./-", next);
}

/* Whether a number of the date can only be its year. */
static bool is_year(const struct reading *reading, size_t index)
{
	return reading->numbers[index].digits > 2 ||
	       reading->numbers[index].value > 31;
}

/* Says which number is the year, month and day. Americans are many: the month
 * is first where it can be. */
static bool date_resolve(struct reading *reading)
{
	struct moment *when = &reading->when;
	bool named = when->month;
	if (reading->count != (named ? 2 : 3))
		return false;
	size_t last = reading->count - 1;
	size_t year = is_year(reading, 0) ? 0 : last;
	size_t day = year == 0 ? last : 0;
	if (!named && year != 0 && reading->numbers[0].value <= 12)
		day = 1;
	if (!named)
		when->month = reading->numbers[3 - year - day].value;
	when->day = reading->numbers[day].value;
	when->year = reading->numbers[year].value;
	if (reading->numbers[year].digits <= 2)
		when->year += when->year < CENTURY_SINCE ? 2000 : 1900;
	return true;
}

static bool moment_exists(const struct moment *when)
{
	return when->year >= 1 && when->year <= YEAR_MAX && when->month >= 1 &&
	       when->month <= 12 && when->day >= 1 &&
	       when->day <= month_days(when->year, when->month) &&
	       when->hour < 24 && when->minute < 60 && when->second < 60;
}

const char *misp_time_of(struct misp_query *query, const char *text)
{
	if (!text)
		return NULL;
	text += strspn(text, " \t\r\n");
	size_t digits = strspn(text, DIGITS);
	if (digits >= SECONDS_DIGITS_MIN && digits <= SECONDS_DIGITS_MAX &&
	    text[digits + strspn(text + digits, " \t\r\n")] == '\0')
		return misp_time(query, strtoll(text, NULL, 10));
	struct reading reading = {.at = text};
	while (*reading.at)
		if (!take_next(&reading))
			return NULL;
	if (!date_resolve(&reading) || !moment_exists(&reading.when))
		return NULL;
	return moment_text(query, &reading.when);
}
