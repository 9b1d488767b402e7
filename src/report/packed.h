/* Large data inside the page: packed as gzip does, in base64. A script unpacks it. */
#ifndef ARETE_REPORT_PACKED_H
#define ARETE_REPORT_PACKED_H

#include "base/error.h"

#include <stddef.h>
#include <stdio.h>

int packed_write(FILE *out, const void *bytes, size_t count, struct error *err);

#endif
