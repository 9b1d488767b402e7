#include "config/yaml_braces.h"

#include "base/memory.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

enum { HIDDEN_BYTES = 3 };

static const char HIDDEN_OPEN[] = "\xEE\x80\x80";  /* U+E000 in UTF-8 */
static const char HIDDEN_CLOSE[] = "\xEE\x80\x81"; /* U+E001 */

/* How many bytes there are from the { at `text` to its }, both included; 0 if these may be braces of YAML. */
static size_t range_bytes(const char *text, bool after_name)
{
    size_t inside = strcspn(text + 1, "{}[],\"' \t\r\n");
    if (text[1 + inside] != '}' || inside == 0)
        return 0;
    bool range = isdigit((unsigned char)text[1]) && memmem(text + 1, inside, "..", 2) != NULL;
    return range || after_name ? inside + 2 : 0;
}

static bool ends_name(char byte)
{
    return isalnum((unsigned char)byte) || (byte != '\0' && strchr("_-./", byte) != NULL);
}

char *yaml_braces_hide(const char *text, size_t *length, struct error *err)
{
    char *hidden = memory_zeroed(*length + 1, HIDDEN_BYTES, "the study file", err);
    if (hidden == NULL)
        return NULL;
    char *to = hidden;
    const char *close = NULL;
    for (const char *from = text; from < text + *length; from++) {
        size_t range = *from == '{' ? range_bytes(from, from > text && ends_name(from[-1])) : 0;
        if (range > 0) {
            close = from + range - 1;
            memcpy(to, HIDDEN_OPEN, HIDDEN_BYTES);
            to += HIDDEN_BYTES;
        } else if (from == close) {
            memcpy(to, HIDDEN_CLOSE, HIDDEN_BYTES);
            to += HIDDEN_BYTES;
        } else {
            *to++ = *from;
        }
    }
    *to = '\0';
    *length = (size_t)(to - hidden);
    return hidden;
}

void yaml_braces_restore(char *text)
{
    char *to = text;
    for (const char *from = text; *from != '\0';) {
        bool open = strncmp(from, HIDDEN_OPEN, HIDDEN_BYTES) == 0;
        if (open || strncmp(from, HIDDEN_CLOSE, HIDDEN_BYTES) == 0) {
            *to++ = open ? '{' : '}';
            from += HIDDEN_BYTES;
        } else {
            *to++ = *from++;
        }
    }
    *to = '\0';
}
