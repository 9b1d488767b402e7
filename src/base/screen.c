#include "base/screen.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

int screen_columns(FILE *out)
{
    enum { USUAL_COLUMNS = 80 }; /* where a terminal does not say */
    struct winsize size = {0};
    if (isatty(fileno(out)) != 1)
        return 0;
    return ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : USUAL_COLUMNS;
}

/* How much of a text fits into `room` characters, up to the last blank; all of a word that does not. */
static size_t fitting(const char *text, size_t room)
{
    size_t length = strlen(text), fit = room;
    if (length <= room)
        return length;
    while (fit > 0 && text[fit] != ' ')
        fit--;
    return fit > 0 ? fit : strcspn(text, " ");
}

void screen_write(FILE *out, const char *text, size_t bytes)
{
    for (const char *at = text, *end = text + bytes; at < end;) {
        size_t shown = *at == '\n' ? 1 : utf8_shown_bytes(at);
        if (shown == 0 || shown > (size_t)(end - at)) {
            putc('?', out);
            at++;
            continue;
        }
        fwrite(at, 1, shown, out);
        at += shown;
    }
}

void screen_print(FILE *out, const char *format, ...)
{
    char *text = NULL;
    va_list values;
    va_start(values, format);
    int length = vasprintf(&text, format, values);
    va_end(values);
    if (length >= 0)
        screen_write(out, text, (size_t)length);
    free(length >= 0 ? text : NULL);
}

void screen_say(FILE *out, const char *prefix, const char *text)
{
    size_t columns = (size_t)screen_columns(out), indent = strlen(prefix) + 1;
    size_t room = columns == 0 ? strlen(text) : columns > 2 * indent ? columns - indent : indent;
    for (const char *before = prefix; *text != '\0'; before = "") {
        size_t length = fitting(text, room);
        fprintf(out, "%-*s", (int)indent, before);
        screen_write(out, text, length);
        putc('\n', out);
        text += length;
        text += strspn(text, " ");
    }
}
