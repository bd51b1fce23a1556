/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * date.c - dates as HTTP writes them.
 *
 * Days are counted in years that begin in March, so that the leap day is the
 * last of its year; 400 such years have 146 097 days.
 */
#include "lions/web/date.h"

#include <string.h>

#include "lions/web/text.h"

enum {
    DAY_S = 86400,
    ERA_DAYS = 146097,   /* days in 400 years */
    EPOCH_DAYS = 719468, /* from 0000-03-01 to 1970-01-01 */
    EPOCH_WEEKDAY = 4,   /* 1970-01-01 was a Thursday */
};

static const char day_names[] = "SunMonTueWedThuFriSat";
static const char month_names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
static const uint8_t month_days[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31,
    30, 31 };

/* A broken-down date; month counts from 0, day from 1. */
struct civil {
    uint32_t year;
    uint32_t month;
    uint32_t day;
    uint32_t second; /* of the day */
};

static uint64_t days_from_civil(const struct civil *c)
{
    uint32_t month = (c->month + 10) % 12; /* from March */
    uint32_t year = c->year - (c->month < 2 ? 1 : 0);
    uint32_t era = year / 400;
    uint32_t of_era = year % 400;
    uint32_t of_year = (153 * month + 2) / 5 + c->day - 1;

    return (uint64_t)era * ERA_DAYS + of_era * 365 + of_era / 4 - of_era / 100 +
           of_year - EPOCH_DAYS;
}

static struct civil civil_from_seconds(uint64_t seconds)
{
    uint64_t days = seconds / DAY_S + EPOCH_DAYS;
    uint32_t era = (uint32_t)(days / ERA_DAYS);
    uint32_t of_era = (uint32_t)(days % ERA_DAYS);
    uint32_t year =
        (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    uint32_t of_year = of_era - (365 * year + year / 4 - year / 100);
    uint32_t month = (5 * of_year + 2) / 153; /* from March */
    struct civil c = {
        .month = (month + 2) % 12,
        .day = of_year - (153 * month + 2) / 5 + 1,
        .second = (uint32_t)(seconds % DAY_S),
    };

    c.year = era * 400 + year + (c.month < 2 ? 1 : 0);
    return c;
}

void web_date_write(uint64_t seconds, char *out)
{
    struct civil c = civil_from_seconds(seconds);
    struct web_text t = web_text_over(out, WEB_DATE_LEN);
    size_t weekday = (size_t)((seconds / DAY_S + EPOCH_WEEKDAY) % 7);

    web_text_bytes(&t, &day_names[weekday * 3], 3);
    web_text_put(&t, ", ");
    web_text_u64(&t, c.day, 2);
    web_text_put(&t, " ");
    web_text_bytes(&t, &month_names[c.month * 3], 3);
    web_text_put(&t, " ");
    web_text_u64(&t, c.year, 4);
    web_text_put(&t, " ");
    web_text_u64(&t, c.second / 3600, 2);
    web_text_put(&t, ":");
    web_text_u64(&t, c.second / 60 % 60, 2);
    web_text_put(&t, ":");
    web_text_u64(&t, c.second % 60, 2);
    web_text_put(&t, " GMT");
}

/* Reads exactly `count` digits (a space may stand for the first). */
static bool read_number(
    const char *text, unsigned count, bool may_pad, uint32_t *out)
{
    uint32_t value = 0;

    for (unsigned i = 0; i < count; i++) {
        if (i == 0 && may_pad && text[0] == ' ') {
            continue;
        }
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
        value = value * 10 + (uint32_t)(text[i] - '0');
    }
    *out = value;
    return true;
}

static bool read_month(const char *text, uint32_t *out)
{
    for (uint32_t i = 0; i < 12; i++) {
        if (memcmp(text, &month_names[i * 3], 3) == 0) {
            *out = i;
            return true;
        }
    }
    return false;
}

/* "08:49:37"; a leap second is taken for the one before it. */
static bool read_time(const char *text, uint32_t *out)
{
    uint32_t hour;
    uint32_t minute;
    uint32_t second;

    if (text[2] != ':' || text[5] != ':' ||
        !read_number(text, 2, false, &hour) ||
        !read_number(text + 3, 2, false, &minute) ||
        !read_number(text + 6, 2, false, &second)) {
        return false;
    }
    if (hour > 23 || minute > 59 || second > 60) {
        return false;
    }
    *out = hour * 3600 + minute * 60 + (second == 60 ? 59 : second);
    return true;
}

/* "Sun, 06 Nov 1994 08:49:37 GMT" */
static bool read_fixed(const char *text, size_t len, struct civil *c)
{
    return len == WEB_DATE_LEN && memcmp(text + 3, ", ", 2) == 0 &&
           read_number(text + 5, 2, false, &c->day) && text[7] == ' ' &&
           read_month(text + 8, &c->month) && text[11] == ' ' &&
           read_number(text + 12, 4, false, &c->year) && text[16] == ' ' &&
           read_time(text + 17, &c->second) &&
           memcmp(text + 25, " GMT", 4) == 0;
}

/* "Sunday, 06-Nov-94 08:49:37 GMT": two digits of the year, 1970..2069. */
static bool read_rfc850(const char *text, size_t len, struct civil *c)
{
    const char *comma = memchr(text, ',', len);
    const char *rest = comma;

    if (comma == NULL || len - (size_t)(comma - text) != 24) {
        return false;
    }
    if (memcmp(rest, ", ", 2) != 0 ||
        !read_number(rest + 2, 2, false, &c->day) || rest[4] != '-' ||
        !read_month(rest + 5, &c->month) || rest[8] != '-' ||
        !read_number(rest + 9, 2, false, &c->year) || rest[11] != ' ' ||
        !read_time(rest + 12, &c->second) ||
        memcmp(rest + 20, " GMT", 4) != 0) {
        return false;
    }
    c->year += c->year < 70 ? 2000 : 1900;
    return true;
}

/* "Sun Nov  6 08:49:37 1994" */
static bool read_asctime(const char *text, size_t len, struct civil *c)
{
    return len == 24 && text[3] == ' ' && read_month(text + 4, &c->month) &&
           text[7] == ' ' && read_number(text + 8, 2, true, &c->day) &&
           text[10] == ' ' && read_time(text + 11, &c->second) &&
           text[19] == ' ' && read_number(text + 20, 4, false, &c->year);
}

static bool is_leap(uint32_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

bool web_date_read(const char *text, size_t len, uint64_t *seconds)
{
    struct civil c = { 0 };

    if (!read_fixed(text, len, &c) && !read_rfc850(text, len, &c) &&
        !read_asctime(text, len, &c)) {
        return false;
    }

    uint32_t days = month_days[c.month];
    if (c.month == 1 && is_leap(c.year)) {
        days++;
    }
    if (c.year < 1970 || c.day < 1 || c.day > days) {
        return false;
    }
    *seconds = days_from_civil(&c) * DAY_S + c.second;
    return true;
}
