/* Bytes as text, for `data:` addresses. */
#ifndef ARETE_REPORT_BASE64_H
#define ARETE_REPORT_BASE64_H

#include <stddef.h>
#include <stdio.h>

void base64_write(FILE *out, const unsigned char *bytes, size_t count);

#endif
