#include "base/shell.h"

#include "base/memory.h"

#include <string.h>

static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=.,:/@%";
static const char quote[] = "'\\''"; /* ends the quotes, a quote by itself, begins them again */

char *shell_word(const char *text, struct error *err)
{
    if (*text != '\0' && text[strspn(text, plain)] == '\0')
        return memory_string(text, err);
    char *word = memory_zeroed(strlen(text) * strlen(quote) + 3, 1, "a command", err);
    if (word == NULL)
        return NULL;
    char *end = word;
    *end++ = '\'';
    for (; *text != '\0'; text++)
        end = *text == '\'' ? stpcpy(end, quote) : (*end = *text, end + 1);
    *end = '\'';
    return word;
}
