/* What is done of a block of units that is not finished: a file beside the campaign, of one place in a long
 * pass and the numbers that belong to it. It is replaced while the pass goes on and removed when the block is
 * saved. One that is damaged, or of another study, is none. */
#ifndef ARETE_CHECKPOINT_BLOCK_FILE_H
#define ARETE_CHECKPOINT_BLOCK_FILE_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

struct block_state {
    uint64_t study;              /* of which study (block_file_study) */
    int64_t first_unit, n_units; /* of the block; n_units 0: there is none */
    uint64_t place, n_places;    /* of the pass so many are done, of so many */
    uint64_t n_floats;
};

/* "<folder>/associations.rank-<rank>.block" for "<folder>/associations.h5", to be freed; NULL and an error
 * without memory. */
char *block_file_path(const char *campaign_path, int rank, struct error *err);

/* One that was found. */
struct block_file {
    int rank; /* whose it was */
    struct block_state state;
};

/* Those beside a campaign that are of the study, in any order; the caller's to free. Their numbers are not
 * read yet. Those of another study, and damaged ones, are removed: nobody goes on with them. */
int block_file_find(const char *campaign_path, uint64_t study, struct block_file **found, size_t *count,
                    struct error *err);
/* Removes all of them. */
int block_file_remove_all(const char *campaign_path, struct error *err);

struct campaign_fingerprint;
uint64_t block_file_study(const struct campaign_fingerprint *fingerprints, size_t count);

/* Whether what stands under the name, if anything, may be replaced. */
int block_file_check(const char *path, struct error *err);
/* The same of all names of blocks beside the campaign. */
int block_file_check_names(const char *campaign_path, struct error *err);
/* Whether there is none: for a campaign that is not there. Else EXIT_CODE_BAD_INPUT. */
int block_file_check_none(const char *campaign_path, struct error *err);
int block_file_write(const char *path, const struct block_state *state, const float *values,
                     struct error *err);

/* state: empty if there is none of that study. values: the caller's to free; NULL if there is none. */
int block_file_read(const char *path, uint64_t study, struct block_state *state, float **values,
                    struct error *err);
int block_file_remove(const char *path, struct error *err);

#endif
