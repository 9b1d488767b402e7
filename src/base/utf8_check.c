#include "base/utf8_check.h"

#include "base/utf8.h"

#include <stdio.h>

enum { SHOWN_BYTES = 64 };

int utf8_check(const char *text, const char *path, size_t line, const char *what, struct error *err)
{
    char shown[SHOWN_BYTES];
    const char *other = utf8_find_other(text);
    if (other == NULL)
        return 0;
    snprintf(shown, sizeof shown, "%s", text);
    utf8_mend(shown);
    return error_set(err, EXIT_CODE_BAD_INPUT,
                     "%s:%zu: %s: \"%s\" found, which is no UTF-8 (byte %02X); expected UTF-8, as iconv -f "
                     "windows-1252 -t utf-8 makes of Latin-1",
                     path, line, what, shown, (unsigned)(unsigned char)*other);
}
