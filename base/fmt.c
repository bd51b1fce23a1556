/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One pass over the format: copy plain text, parse a conversion into a small
 * structure, fetch its argument, lay the digits or text out with padding.
 */
#include "base/fmt.h"

#include <stdbool.h>

enum length {
    LENGTH_INT,
    LENGTH_CHAR,
    LENGTH_SHORT,
    LENGTH_LONG, /* long, long long, size_t, intmax_t, ptrdiff_t: 64 bits */
};

/* One conversion, as written in the format. */
struct spec {
    bool left;
    bool zero;
    bool plus;
    bool space;
    bool alternate;
    bool upper;
    bool has_precision;
    uint32_t width;
    uint32_t precision;
    enum length length;
    char conversion;
};

struct sink {
    fmt_put *put;
    void *context;
    size_t count;
};

static void sink_char(struct sink *sink, char c)
{
    sink->put(sink->context, c);
    sink->count++;
}

static void sink_repeat(struct sink *sink, char c, size_t count)
{
    for (; count > 0; count--) {
        sink_char(sink, c);
    }
}

static void sink_text(struct sink *sink, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        sink_char(sink, text[i]);
    }
}

size_t fmt_number(char *out, uint64_t value, uint32_t base)
{
    char reversed[FMT_NUMBER_MAX];
    size_t len = 0;

    do {
        reversed[len++] = "0123456789abcdef"[value % base];
        value /= base;
    } while (value != 0);
    for (size_t i = 0; i < len; i++) {
        out[i] = reversed[len - 1 - i];
    }
    out[len] = '\0';
    return len;
}

static size_t padding(size_t wanted, size_t have)
{
    return wanted > have ? wanted - have : 0;
}

/* [spaces] prefix [zeros] digits [spaces] */
static void put_digits(struct sink *sink, const struct spec *spec,
    const char *prefix, const char *digits, size_t len)
{
    size_t prefix_len = 0;
    size_t zeros = spec->has_precision ? padding(spec->precision, len) : 0;

    while (prefix[prefix_len] != '\0') {
        prefix_len++;
    }
    if (spec->zero && !spec->left && !spec->has_precision) {
        zeros = padding(spec->width, len + prefix_len);
    }

    size_t blanks = padding(spec->width, len + prefix_len + zeros);

    if (!spec->left) {
        sink_repeat(sink, ' ', blanks);
    }
    sink_text(sink, prefix, prefix_len);
    sink_repeat(sink, '0', zeros);
    sink_text(sink, digits, len);
    if (spec->left) {
        sink_repeat(sink, ' ', blanks);
    }
}

static void put_unsigned(struct sink *sink, const struct spec *spec,
    const char *prefix, uint64_t value, uint32_t base)
{
    char digits[FMT_NUMBER_MAX];
    size_t len = fmt_number(digits, value, base);

    if (value == 0 && spec->has_precision && spec->precision == 0) {
        len = 0;
    }
    for (size_t i = 0; spec->upper && i < len; i++) {
        if (digits[i] >= 'a') {
            digits[i] = (char)(digits[i] - 'a' + 'A');
        }
    }
    put_digits(sink, spec, prefix, digits, len);
}

static void put_signed(
    struct sink *sink, const struct spec *spec, int64_t value)
{
    const char *prefix = spec->plus ? "+" : spec->space ? " " : "";
    uint64_t magnitude = (uint64_t)value;

    if (value < 0) {
        prefix = "-";
        magnitude = 0 - magnitude;
    }
    put_unsigned(sink, spec, prefix, magnitude, 10);
}

static void put_hex(struct sink *sink, const struct spec *spec, uint64_t value)
{
    const char *prefix = spec->upper ? "0X" : "0x";

    put_unsigned(
        sink, spec, spec->alternate && value != 0 ? prefix : "", value, 16);
}

static void put_string(
    struct sink *sink, const struct spec *spec, const char *text)
{
    size_t max = spec->has_precision ? spec->precision : SIZE_MAX;
    size_t len = 0;

    if (text == NULL) {
        text = "(null)";
    }
    while (len < max && text[len] != '\0') {
        len++;
    }
    if (!spec->left) {
        sink_repeat(sink, ' ', padding(spec->width, len));
    }
    sink_text(sink, text, len);
    if (spec->left) {
        sink_repeat(sink, ' ', padding(spec->width, len));
    }
}

/* va_list is an array type on some targets, hence the wrapper. */
struct args {
    va_list list;
};

static const char *parse_flags(const char *p, struct spec *spec)
{
    for (;; p++) {
        switch (*p) {
        case '-':
            spec->left = true;
            break;
        case '0':
            spec->zero = true;
            break;
        case '+':
            spec->plus = true;
            break;
        case ' ':
            spec->space = true;
            break;
        case '#':
            spec->alternate = true;
            break;
        default:
            return p;
        }
    }
}

#define FMT_WIDTH_MAX 4096u /* wider is a mistake; bounds the output */

static const char *parse_number(const char *p, uint32_t *out)
{
    uint32_t n = 0;

    for (; *p >= '0' && *p <= '9'; p++) {
        n = n * 10 + (uint32_t)(*p - '0');
        n = n > FMT_WIDTH_MAX ? FMT_WIDTH_MAX : n;
    }
    *out = n;
    return p;
}

static uint32_t bounded(int n)
{
    uint32_t u = n < 0 ? 0u - (uint32_t)n : (uint32_t)n;

    return u > FMT_WIDTH_MAX ? FMT_WIDTH_MAX : u;
}

static const char *parse_width(
    const char *p, struct spec *spec, struct args *args)
{
    if (*p != '*') {
        return parse_number(p, &spec->width);
    }

    int width = va_arg(args->list, int);

    spec->left = spec->left || width < 0;
    spec->width = bounded(width);
    return p + 1;
}

static const char *parse_precision(
    const char *p, struct spec *spec, struct args *args)
{
    if (*p != '.') {
        return p;
    }
    p++;
    spec->has_precision = true;
    if (*p != '*') {
        return parse_number(p, &spec->precision);
    }

    int precision = va_arg(args->list, int);

    spec->has_precision = precision >= 0;
    spec->precision = precision >= 0 ? (uint32_t)precision : 0;
    return p + 1;
}

static const char *parse_length(const char *p, struct spec *spec)
{
    if (*p == 'h') {
        spec->length = p[1] == 'h' ? LENGTH_CHAR : LENGTH_SHORT;
        return p + (p[1] == 'h' ? 2 : 1);
    }
    if (*p == 'l') {
        spec->length = LENGTH_LONG;
        return p + (p[1] == 'l' ? 2 : 1);
    }
    if (*p == 'z' || *p == 'j' || *p == 't') {
        spec->length = LENGTH_LONG;
        return p + 1;
    }
    return p;
}

static int64_t next_signed(const struct spec *spec, struct args *args)
{
    if (spec->length == LENGTH_LONG) {
        return va_arg(args->list, int64_t);
    }

    int value = va_arg(args->list, int);

    if (spec->length == LENGTH_CHAR) {
        return (signed char)value;
    }
    return spec->length == LENGTH_SHORT ? (int16_t)value : value;
}

static uint64_t next_unsigned(const struct spec *spec, struct args *args)
{
    if (spec->length == LENGTH_LONG) {
        return va_arg(args->list, uint64_t);
    }

    unsigned int value = va_arg(args->list, unsigned int);

    if (spec->length == LENGTH_CHAR) {
        return (uint8_t)value;
    }
    return spec->length == LENGTH_SHORT ? (uint16_t)value : value;
}

static void put_char(struct sink *sink, const struct spec *spec, char c)
{
    if (!spec->left) {
        sink_repeat(sink, ' ', padding(spec->width, 1));
    }
    sink_char(sink, c);
    if (spec->left) {
        sink_repeat(sink, ' ', padding(spec->width, 1));
    }
}

/* Returns whether the conversion is one of ours. */
static bool convert(struct sink *sink, struct spec *spec, struct args *args)
{
    switch (spec->conversion) {
    case 'd':
    case 'i':
        put_signed(sink, spec, next_signed(spec, args));
        return true;
    case 'u':
        put_unsigned(sink, spec, "", next_unsigned(spec, args), 10);
        return true;
    case 'o':
        put_unsigned(sink, spec, "", next_unsigned(spec, args), 8);
        return true;
    case 'X':
        spec->upper = true;
        put_hex(sink, spec, next_unsigned(spec, args));
        return true;
    case 'x':
        put_hex(sink, spec, next_unsigned(spec, args));
        return true;
    case 'p':
        put_unsigned(sink, spec, "0x",
            (uint64_t)(uintptr_t)va_arg(args->list, void *), 16);
        return true;
    case 'c':
        put_char(sink, spec, (char)va_arg(args->list, int));
        return true;
    case 's':
        put_string(sink, spec, va_arg(args->list, const char *));
        return true;
    case '%':
        sink_char(sink, '%');
        return true;
    default:
        return false;
    }
}

static const char *emit_one(
    struct sink *sink, const char *percent, struct args *args)
{
    struct spec spec = { .length = LENGTH_INT };
    const char *p = parse_flags(percent + 1, &spec);

    p = parse_width(p, &spec, args);
    p = parse_precision(p, &spec, args);
    p = parse_length(p, &spec);
    spec.conversion = *p;
    if (convert(sink, &spec, args)) {
        return p + 1;
    }
    sink_text(sink, percent, (size_t)(p - percent));
    return p;
}

size_t fmt_emit(fmt_put *put, void *context, const char *format, va_list args)
{
    struct sink sink = { .put = put, .context = context, .count = 0 };
    struct args copy;

    va_copy(copy.list, args);
    while (*format != '\0') {
        if (*format == '%') {
            format = emit_one(&sink, format, &copy);
        } else {
            sink_char(&sink, *format);
            format++;
        }
    }
    va_end(copy.list);
    return sink.count;
}

struct buffer {
    char *out;
    size_t room; /* characters that still fit, the NUL not counted */
};

static void buffer_put(void *context, char c)
{
    struct buffer *buffer = context;

    if (buffer->room > 0) {
        *buffer->out = c;
        buffer->out++;
        buffer->room--;
    }
}

size_t fmt_vprint(char *out, size_t size, const char *format, va_list args)
{
    struct buffer buffer = { .out = out, .room = size > 0 ? size - 1 : 0 };
    size_t len = fmt_emit(buffer_put, &buffer, format, args);

    if (size > 0) {
        *buffer.out = '\0';
    }
    return len;
}

size_t fmt_print(char *out, size_t size, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    size_t len = fmt_vprint(out, size, format, args);
    va_end(args);
    return len;
}
