/* The layout of a campaign file in one table: every dataset's path, type, shape and field of struct campaign.
 * A part file (campaign_part.h) has a few of the same datasets. */
#ifndef ARETE_CHECKPOINT_LAYOUT_H
#define ARETE_CHECKPOINT_LAYOUT_H

#include "checkpoint/campaign.h"

#include <hdf5.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum layout_kind { LAYOUT_CAMPAIGN, LAYOUT_PART };

enum layout_type { /* all little-endian */
                   LAYOUT_U8,
                   LAYOUT_I32,
                   LAYOUT_U32,
                   LAYOUT_F32,
                   LAYOUT_F64,
                   LAYOUT_TEXT,        /* UTF-8 of fixed width, filled up with zero bytes */
                   LAYOUT_FINGERPRINT, /* text name, u64 hash; packed */
                   LAYOUT_FILE         /* text path, i64 size, i64 modified_ns, u64 hash; packed */
};

enum layout_length { /* what a dimension counts */
                     LAYOUT_FINGERPRINTS,
                     LAYOUT_FILES,
                     LAYOUT_SUBJECTS,
                     LAYOUT_TARGETS_ALL,
                     LAYOUT_TARGETS,
                     LAYOUT_COVARIATES,
                     LAYOUT_OUTER_FOLDS,
                     LAYOUT_PENALTIES,
                     LAYOUT_NODES,
                     LAYOUT_NODE_WEIGHTS,
                     LAYOUT_NODE_TERMS, /* nodes and the covariates-only error */
                     LAYOUT_ROWS,       /* units x G */
                     LAYOUT_UNITS,      /* ceil(N / G) */
                     LAYOUT_LENGTHS
};

enum layout_id {
    LAYOUT_ID_YAML,
    LAYOUT_ID_FINGERPRINT,
    LAYOUT_ID_FILES,
    LAYOUT_ID_FID,
    LAYOUT_ID_IID,
    LAYOUT_ID_TARGET_NAME,
    LAYOUT_ID_TARGET_NOTE,
    LAYOUT_ID_TARGET_ANALYSED,
    LAYOUT_ID_TARGET_N,
    LAYOUT_ID_TARGET_N_MISSING,
    LAYOUT_ID_RESIDUAL,
    LAYOUT_ID_EXCHANGEABILITY,
    LAYOUT_ID_COVARIATES,
    LAYOUT_ID_OUTER_FOLD,
    LAYOUT_ID_INNER_FOLD,
    LAYOUT_ID_PENALTY,
    LAYOUT_ID_NODE,
    LAYOUT_ID_NODE_WEIGHT,
    LAYOUT_ID_GRAM,
    LAYOUT_ID_R2,
    LAYOUT_ID_R2_BY_FOLD,
    LAYOUT_ID_PENALTY_BY_FOLD,
    LAYOUT_ID_R,
    LAYOUT_ID_SCORE,
    LAYOUT_STATIC, /* those above never change, have a field in struct campaign and carry a CRC */
    LAYOUT_ID_NULL_SCORE = LAYOUT_STATIC,
    LAYOUT_ID_UNIT_CRC,
    LAYOUT_DATASETS
};

struct layout_dataset {
    const char *path;
    enum layout_type type;
    int rank; /* 0: one value */
    enum layout_length shape[2];
    size_t field; /* offset in struct campaign of the pointer to the values; a static dataset has one */
};

const struct layout_dataset *layout_dataset(enum layout_id id);

/* Whether files of that kind have the dataset. */
bool layout_has(enum layout_kind kind, enum layout_id id);
/* Whether campaigns of older programs lack it; then the field is NULL. */
bool layout_is_optional(enum layout_id id);
/* Whether a new file of this campaign has it: an optional one without values is left out. */
bool layout_writes(enum layout_kind kind, enum layout_id id, const struct campaign *campaign);

/* The root's attribute "format". */
const char *layout_format(enum layout_kind kind);

/* The groups to make before the datasets; ends with NULL. */
const char *const *layout_groups(enum layout_kind kind);

/* The lengths of a campaign. */
void layout_lengths(const struct campaign *campaign, uint64_t length[LAYOUT_LENGTHS]);

/* ceil(count / unit_permutations) units, and their rows; false when they do not fit in 64 bits. */
bool layout_count_units(int64_t count, int64_t unit_permutations, uint64_t *units, uint64_t *rows);

/* A new HDF5 type, to be closed; below 0 on failure. `width`: bytes of a text, ignored for numbers. */
hid_t layout_open_type(enum layout_type type, size_t width);

/* Bytes of one element. */
size_t layout_element_bytes(enum layout_type type, size_t width);

/* "f64", for messages. */
const char *layout_type_name(enum layout_type type);

/* The field's pointer, whatever it points to. */
void *layout_field(const struct campaign *campaign, const struct layout_dataset *dataset);
void layout_set_field(struct campaign *campaign, const struct layout_dataset *dataset, void *values);

#endif
