/* Writing a text packed by gzip, line by line as any other file. */
#ifndef ARETE_BASE_PACKED_FILE_H
#define ARETE_BASE_PACKED_FILE_H

#include "base/error.h"
#include "base/replace.h"

#include <stdio.h>

/* What is written to the file that is returned goes into `replace`, packed; the bytes depend on the text
 * alone. To be closed before the replacement is finished. NULL and an error if that cannot be. */
FILE *packed_file_open(const struct replace *replace, struct error *err);

/* Closes it; a write that failed before is seen here. */
int packed_file_close(FILE *file, const struct replace *replace, struct error *err);

#endif
