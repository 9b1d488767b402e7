#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int error_set(struct error *err, int code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(err->message, sizeof err->message, format, arguments);
    va_end(arguments);
    err->code = code;
    return code;
}

int error_add_line(struct error *err, int code, const char *format, ...)
{
    size_t kept = err->code == 0 ? 0 : strlen(err->message), used = kept;
    if (used > 0 && used + 1 < sizeof err->message)
        err->message[used++] = '\n';
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(err->message + used, sizeof err->message - used, format, arguments);
    va_end(arguments);
    if (kept > 0 && (length < 0 || used + (size_t)length >= sizeof err->message))
        err->message[kept] = '\0'; /* no half lines */
    err->code = code;
    return code;
}

void error_append(struct error *err, const char *format, ...)
{
    size_t used = strlen(err->message);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(err->message + used, sizeof err->message - used, format, arguments);
    va_end(arguments);
}
