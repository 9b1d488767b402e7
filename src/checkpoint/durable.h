/* Bytes that are on the disk when a function returns, and the lock that keeps a second run away.
 *
 * `path` is for messages only, unless a function opens it. Interrupted and partial calls are gone on with. */
#ifndef ARETE_CHECKPOINT_DURABLE_H
#define ARETE_CHECKPOINT_DURABLE_H

#include "base/error.h"

#include <stdbool.h>
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

/* Holds `path` (made if need be) until *descriptor is closed, and writes host, pid and time into it. An
 * open-file-description lock: it ends with the process and holds against other openers in the same process
 * too. Held elsewhere: an error that says by whom. */
int durable_lock(int *descriptor, const char *path, struct error *err);
/* Whether someone holds it, this process too, and what the holder wrote there (cut to `bytes`); "" and false
 * when nobody does, also where the file system has no locks. Takes and makes nothing. */
int durable_lock_holder(const char *path, bool *held, char *text, size_t bytes, struct error *err);

#endif
