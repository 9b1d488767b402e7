#include "input/tables/problems.h"

#include <stdarg.h>
#include <stdio.h>

enum { LINE_BYTES = 700 }; /* ten of them fit in an error */

void problems_add(struct problems *problems, struct error *err, const char *format, ...)
{
    if (problems->count++ >= PROBLEMS_LISTED)
        return;
    char line[LINE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    error_add_line(err, EXIT_CODE_BAD_INPUT, "%s", line);
}

int problems_end(const struct problems *problems, struct error *err)
{
    if (problems->count > PROBLEMS_LISTED)
        error_add_line(err, EXIT_CODE_BAD_INPUT, "... and %zu more", problems->count - PROBLEMS_LISTED);
    return problems->count > 0 ? EXIT_CODE_BAD_INPUT : 0;
}
