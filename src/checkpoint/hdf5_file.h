/* Making HDF5 files the one way that a campaign needs. A failure sets an error with HDF5's own
 * cause: at once, because the next call of the library, a close too, forgets it. */
#ifndef ARETE_CHECKPOINT_HDF5_FILE_H
#define ARETE_CHECKPOINT_HDF5_FILE_H

#include "base/error.h"
#include "base/replace.h"

#include <hdf5.h>

/* A new file, read by HDF5 1.8 and later (metadata with checksums); everything of 4096 bytes or more begins
 * on a page; no times, so that the same content gives the same bytes. HDF5's own structures stand in pieces
 * of `structure_bytes`, 0 for its usual ones. Below 0 on failure. */
hid_t hdf5_file_create(const struct replace *replace, size_t structure_bytes, struct error *err);

/* The property list of a contiguous dataset: space at once, no fill, no times. Below 0 on failure. */
hid_t hdf5_file_dataset_properties(const char *path, struct error *err);

/* A group without times. `path` is the file, for messages. */
int hdf5_file_make_group(hid_t file, const char *path, const char *group, struct error *err);

#endif
