/* Text inside HTML and SVG. Whatever a study names, its targets, people and files, goes through here. */
#ifndef ARETE_REPORT_HTML_H
#define ARETE_REPORT_HTML_H

#include <stddef.h>
#include <stdio.h>

/* A text in an element or in an attribute with double quotes: what HTML reads as its own is escaped, what is
 * no UTF-8 and no character of a text becomes U+FFFD. */
void html_text(FILE *out, const char *text);
/* Its first characters, with an ellipsis where some are left out. */
void html_short(FILE *out, const char *text, size_t most);

/* Formatted and escaped: 1,000 bytes, what is longer ends in an ellipsis. */
void html_print(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A text inside JavaScript's or JSON's double quotes, in a <script>: nothing in it can end either. */
void html_json(FILE *out, const char *text);

#endif
