/* Plain reads and writes at places in a file, and bytes that are on the disk when a function returns.
 *
 * `path` is for messages only, unless a function opens it. Interrupted and partial calls are gone on with. */
#ifndef ARETE_BASE_DURABLE_H
#define ARETE_BASE_DURABLE_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

int durable_write(int descriptor, const char *path, const void *bytes, size_t count, uint64_t offset,
                  struct error *err);
/* A file that ends too early is an error. */
int durable_read(int descriptor, const char *path, void *bytes, size_t count, uint64_t offset,
                 struct error *err);

/* Takes disk space for the first `bytes` bytes, so that later writes cannot find the disk full. Where the
 * file system cannot, the file stays as it is. */
int durable_allocate(int descriptor, const char *path, uint64_t bytes, struct error *err);

/* fsync; fdatasync; fsync of the folder in which `path` stands. */
int durable_sync(int descriptor, const char *path, struct error *err);
int durable_sync_data(int descriptor, const char *path, struct error *err);
int durable_sync_folder(const char *path, struct error *err);

/* The folder in which `path` stands, to be freed: "." for a bare name. NULL and an error without memory. */
char *durable_folder(const char *path, struct error *err);

#endif
