/* Plain reads and writes at any place in a file, and functions that return only when bytes are on the disk.
 *
 * `path` is for messages only, unless a function opens it. A read or write that is interrupted or done in
 * part is repeated until all of it is done. */
#ifndef ARETE_BASE_DURABLE_H
#define ARETE_BASE_DURABLE_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

/* Writes `count` bytes at `offset`, in bytes from the start of the file. */
int durable_write(int descriptor, const char *path, const void *bytes, size_t count, uint64_t offset,
                  struct error *err);
/* Reads `count` bytes at `offset`. A file that ends too early is an error. */
int durable_read(int descriptor, const char *path, void *bytes, size_t count, uint64_t offset,
                 struct error *err);

/* Reserves disk space for the first `bytes` bytes, so that later writes cannot find the disk full. On a file
 * system that cannot do this the file stays as it is. */
int durable_allocate(int descriptor, const char *path, uint64_t bytes, struct error *err);

/* fsync of a file; fdatasync; fsync of the folder that `path` is in, which makes a new name durable. */
int durable_sync(int descriptor, const char *path, struct error *err);
int durable_sync_data(int descriptor, const char *path, struct error *err);
int durable_sync_folder(const char *path, struct error *err);

/* The folder that `path` is in, the caller's to free: "." for a name alone. NULL and an error if there is no
 * memory. */
char *durable_folder(const char *path, struct error *err);

#endif
