/* The bytes of a YAML file: a study, a simulation, a parcellation. */
#ifndef ARETE_CONFIG_DOCUMENT_FILE_H
#define ARETE_CONFIG_DOCUMENT_FILE_H

#include "base/error.h"

#include <stddef.h>

/* The whole file, with a zero byte behind it; the caller frees it. Refused: what cannot be read, more than a
 * megabyte, a zero byte. NULL and an error then, which says what was expected ("a study file"). */
char *document_file_read(const char *path, const char *expected, size_t *length, struct error *err);

#endif
