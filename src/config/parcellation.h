/* A parcellation file: which images to cut into parcels, and how. It is read from YAML and checked, and every
 * default is filled in. Keys, defaults and ranges: docs/parcellation.md. */
#ifndef ARETE_CONFIG_PARCELLATION_H
#define ARETE_CONFIG_PARCELLATION_H

#include "base/error.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct parcellation {
    char *path;         /* of the parcellation file, for messages */
    char *yaml;         /* the file with every --set applied, as YAML text */
    char *images;       /* a table of paths, or a NIfTI file of many volumes */
    char *id_column;    /* of the table; NULL = the usual ones */
    bool drops_missing; /* rows without an image are left out */
    double grid_tolerance_mm;
    char *mask;     /* a NIfTI file */
    int neighbours; /* 6, 18 or 26 */
    bool standardise;
    bool per_piece;     /* n_parcels of each piece of the mask, not of all of it */
    int64_t *n_parcels; /* ascending */
    size_t n_cuts;      /* of n_parcels */
    char *output;       /* folder */
};

/* Like study_load. Bad input is EXIT_CODE_BAD_INPUT with a line for each problem; the parcellation is then
 * empty. */
int parcellation_load(struct parcellation *parcellation, const char *path, const struct text_list *sets,
                      struct error *err);
void parcellation_free(struct parcellation *parcellation);

#endif
