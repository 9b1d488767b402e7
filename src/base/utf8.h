/* Characters of a text that may be a stranger's. */
#ifndef ARETE_BASE_UTF8_H
#define ARETE_BASE_UTF8_H

#include <stddef.h>

/* Bytes of the UTF-8 character that `text` begins with; 0: it is none. */
size_t utf8_bytes(const char *text);

/* The same of a character that is shown: 0 also for what a terminal or another program takes for an order or
 * the end of a line (control characters, U+0080 to U+009F, U+2028, U+2029), and for the end of the text. */
size_t utf8_shown_bytes(const char *text);

/* Where the first byte stands that belongs to no UTF-8 character; NULL: there is none. Quick where all is
 * ASCII. */
const char *utf8_find_other(const char *text);

/* Puts '?' in place of each such byte, as of a character that was cut. */
void utf8_mend(char *text);

#endif
