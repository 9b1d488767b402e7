/* Whether a file is one of a schema's: HDF5, its format, a version that can be read. */
#ifndef ARETE_CHECKPOINT_SCHEMA_FORMAT_H
#define ARETE_CHECKPOINT_SCHEMA_FORMAT_H

#include "base/error.h"
#include "checkpoint/layout/layout.h"
#include "checkpoint/schema.h"

#include <stdint.h>

/* Opens `path` as plain bytes (O_RDONLY or O_RDWR in `access`): *descriptor, to be closed, -1 on failure. It
 * is a file with HDF5's signature and of so many bytes: every stored length is held against that. What is
 * there but is no such file, and a path that names nothing, is EXIT_CODE_BAD_INPUT. */
int schema_format_open(int *descriptor, const struct schema *schema, const char *path, int access,
                       uint64_t *file_bytes, struct error *err);

/* *version is the file's, which this arete reads; any other says what to do. */
int schema_format_check(const struct layout *layout, const struct schema *schema, int32_t *version,
                        struct error *err);

#endif
