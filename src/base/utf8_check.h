/* Text of input files that goes into what arete writes: campaigns and tables are UTF-8. */
#ifndef ARETE_BASE_UTF8_CHECK_H
#define ARETE_BASE_UTF8_CHECK_H

#include "base/error.h"

#include <stddef.h>

/* EXIT_CODE_BAD_INPUT where `text`, which stands in that line of the file `path`, is no UTF-8. what: "label
 * 7", for the message. */
int utf8_check(const char *text, const char *path, size_t line, const char *what, struct error *err);

#endif
