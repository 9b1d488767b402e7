/* The bytes of a study file. */
#ifndef ARETE_CONFIG_STUDY_FILE_H
#define ARETE_CONFIG_STUDY_FILE_H

#include "base/error.h"

#include <stddef.h>

/* The whole file, with a zero byte behind it; the caller frees it. Refused: what cannot be read, more than a
 * megabyte, a zero byte. NULL and an error then. */
char *study_file_read(const char *path, size_t *length, struct error *err);

#endif
