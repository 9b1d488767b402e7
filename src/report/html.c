#include "report/html.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <string.h>

static const char replacement[] = "\xEF\xBF\xBD", ellipsis[] = "\xE2\x80\xA6";

static const char *escape_of(unsigned char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return c == 0x7F || (c < ' ' && c != '\n' && c != '\t') ? replacement : NULL;
    }
}

/* Writes one character; returns the bytes that it took. */
static size_t put_character(FILE *out, const char *text)
{
    size_t count = utf8_bytes(text);
    const char *escape = count == 0 ? replacement : escape_of((unsigned char)*text);
    if (escape != NULL)
        fputs(escape, out);
    else
        fwrite(text, 1, count, out);
    return count == 0 ? 1 : count;
}

void html_text(FILE *out, const char *text)
{
    while (*text != '\0')
        text += put_character(out, text);
}

void html_short(FILE *out, const char *text, size_t most)
{
    size_t length = 0;
    for (const char *at = text; *at != '\0'; length++) {
        size_t bytes = utf8_bytes(at);
        at += bytes == 0 ? 1 : bytes;
    }
    for (size_t k = 0; *text != '\0' && (length <= most || k + 1 < most); k++)
        text += put_character(out, text);
    if (*text != '\0')
        fputs(ellipsis, out);
}

void html_print(FILE *out, const char *format, ...)
{
    char text[1000];
    va_list values;
    va_start(values, format);
    int length = vsnprintf(text, sizeof text, format, values);
    va_end(values);
    html_text(out, text);
    if (length >= (int)sizeof text)
        fputs(ellipsis, out);
}

void html_json(FILE *out, const char *text)
{
    while (*text != '\0') {
        size_t count = utf8_bytes(text);
        if (count == 0)
            fputs("\\ufffd", out);
        else if (count == 1 && (strchr("\"\\<>&'", *text) != NULL || *text < ' ' || *text == 0x7F))
            fprintf(out, "\\u%04x", (unsigned)*text);
        else
            fwrite(text, 1, count, out);
        text += count == 0 ? 1 : count;
    }
}
