/* What a campaign file or a part file says of itself, checked: its attributes, and where each dataset's bytes
 * stand. HDF5 is open only while catalog_read runs; the bytes themselves are read and written as plain bytes.
 */
#ifndef ARETE_CHECKPOINT_CATALOG_H
#define ARETE_CHECKPOINT_CATALOG_H

#include "base/error.h"
#include "checkpoint/layout.h"

#include <stddef.h>
#include <stdint.h>

struct catalog_dataset {
    uint64_t offset; /* in the file; 0 when there are no bytes */
    size_t count, count_bytes;
    size_t width; /* of a text */
    uint32_t crc; /* of a static dataset */
    bool absent;  /* an optional one that the file does not have */
};

struct catalog {
    char *arete_version, *blas_core;
    char **covariate_name; /* length[LAYOUT_COVARIATES] */
    uint64_t seed;
    int64_t n_permutations, unit_permutations, n_snps;
    int32_t n_inner;
    uint64_t length[LAYOUT_LENGTHS];
    struct catalog_dataset dataset[LAYOUT_DATASETS];
};

/* Every type and shape agrees with the layout and with each other, and all bytes lie inside the file;
 * otherwise an error. What a part does not have is 0 or NULL. */
int catalog_read(struct catalog *catalog, const char *path, enum layout_kind kind, struct error *err);
/* The same, with the file it was read from open: *descriptor, to be closed, O_RDONLY or O_RDWR as in
 * `access`. One file even while an extension puts another in its place. On failure *descriptor is -1. */
int catalog_open(struct catalog *catalog, int *descriptor, const char *path, enum layout_kind kind,
                 int access, struct error *err);
void catalog_free(struct catalog *catalog);

#endif
