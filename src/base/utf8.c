#include "base/utf8.h"

#include <stdint.h>
#include <string.h>

/* The character; *bytes 0: it is none. */
static uint32_t decode(const unsigned char *text, size_t *bytes)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t count = text[0] < 0x80             ? 1
                   : (text[0] & 0xE0) == 0xC0 ? 2
                   : (text[0] & 0xF0) == 0xE0 ? 3
                   : (text[0] & 0xF8) == 0xF0 ? 4
                                              : 0;
    *bytes = count;
    if (count < 2)
        return text[0];
    uint32_t code = text[0] & (0xFFU >> (count + 1));
    for (size_t k = 1; k < count; k++) {
        if ((text[k] & 0xC0) != 0x80) {
            *bytes = 0;
            return 0;
        }
        code = code << 6 | (text[k] & 0x3FU);
    }
    if (code < least[count] || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000))
        *bytes = 0;
    return code;
}

size_t utf8_bytes(const char *text)
{
    size_t bytes;
    decode((const unsigned char *)text, &bytes);
    return bytes;
}

size_t utf8_shown_bytes(const char *text)
{
    size_t bytes;
    uint32_t code = decode((const unsigned char *)text, &bytes);
    return code < ' ' || (code >= 0x7F && code < 0xA0) || code == 0x2028 || code == 0x2029 ? 0 : bytes;
}

const char *utf8_find_other(const char *text)
{
    const uint64_t high = 0x8080808080808080U;
    for (const char *end = text + strlen(text); text < end;) {
        uint64_t word = high;
        if (end - text >= (ptrdiff_t)sizeof word)
            memcpy(&word, text, sizeof word);
        size_t bytes = (word & high) == 0 ? sizeof word : (unsigned char)*text < 0x80 ? 1 : utf8_bytes(text);
        if (bytes == 0)
            return text;
        text += bytes;
    }
    return NULL;
}

void utf8_mend(char *text)
{
    const char *other;
    for (char *rest = text; (other = utf8_find_other(rest)) != NULL;) {
        rest += other - rest;
        *rest++ = '?';
    }
}
