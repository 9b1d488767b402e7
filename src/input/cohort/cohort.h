/* The people of a study: subjects matched by ID across genotypes, targets, covariates, folds and lists, with
 * every one dropped counted and explained in the log.
 *
 * Steps, in this order, each with its count in the log: keep / remove lists; not in the targets table; not in
 * the covariates table; not in the folds table; too many missing calls; (missing: drop-subject) a missing
 * covariate, a missing target. */
#ifndef ARETE_INPUT_COHORT_COHORT_H
#define ARETE_INPUT_COHORT_COHORT_H

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "images/regions.h"
#include "input/genotypes/genotypes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum cohort_missing { COHORT_MISSING_ERROR, COHORT_MISSING_DROP_SUBJECT, COHORT_MISSING_KEEP };

/* What became of targets from images: those that were analysed, beyond the covariates. That is not what the
 * images hold, but it stands for it where the study turns out to be the same. */
struct cohort_known_targets {
    const double *values; /* n x the analysed ones, row-major; NULL = not known */
    size_t n_targets;     /* of all */
    char *const *names, *const *notes;
    const uint8_t *analysed;
    uint64_t hash; /* their fingerprint */
};

/* What an earlier pass over the same, unchanged files found: it need not be made again. Nothing here is
 * owned. */
struct cohort_known {
    char *const *fid, *const *iid; /* the subjects who were in, in any order */
    size_t n;
    uint64_t calls_hash;
    struct cohort_known_targets
        targets; /* the values without effect on targets from tables, which are read again */
};

/* Targets from brain images: the mean of each label of an atlas, or every voxel of a mask. */
struct cohort_images {
    const char *images; /* a table of subjects and paths (relative to the table), or one NIfTI file of many
                           volumes */
    const char *ids;    /* for the latter: a table with a row a volume, in order; else NULL */
    const char *mask, *atlas, *label_names; /* or NULL; no atlas = every voxel of the mask */
    double grid_tolerance_mm;               /* within which grids are the same */
    bool resample;                          /* the atlas to the images' grid, by nearest voxel */
};

/* Numbers that are no codes for missing values in some columns. */
struct cohort_values {
    const double *numbers;
    size_t count;
};

/* What is asked for. Nothing here is owned; NULL or an empty list = not asked for. The targets come from
 * targets_table, from images, or, when both are NULL, from fam_names. folds_table and folds_column go
 * together. */
struct cohort_request {
    const struct text_list *genotypes; /* names of filesets */
    struct genotype_selection selection;
    const char *keep, *remove;      /* lists of FID IID, or of IID alone */
    double max_missing_per_subject; /* share of the selected SNPs */
    const char *targets_table;
    const struct cohort_images *images;
    const struct text_list *target_columns; /* empty = every column but the IDs */
    const struct text_list *fam_names;      /* targets that stand beside the first fileset's subjects ... */
    const int *fam_columns;                 /* ... at these 1-based columns */
    enum cohort_missing missing;
    double max_missing_per_target;
    const struct text_list *missing_codes; /* of all columns, but for ... */
    struct cohort_values target_values, covariate_values;
    const char *covariates_table;
    const struct text_list *quantitative, *categorical;
    enum cohort_missing covariates_missing; /* not KEEP */
    const char *within;        /* column of the covariates table (or FID: the genotypes' family) ... */
    const char *keep_together; /* ... likewise */
    const char *folds_table, *folds_column;
    const char *targets_id, *covariates_id, *folds_id; /* ID columns of these tables (for images too) */
    const char *lists_folder; /* where an error lists people who are many; NULL = nowhere */
    bool headers_only; /* arete plan: no pass over the calls, so no subject is dropped for missing ones */
    const struct cohort_known *known; /* or NULL: then the pass is made */
};

/* Labels of subjects: level[i] of subject i, and each level's name, sorted (as numbers where all are
 * numbers). */
struct cohort_labels {
    int32_t *level; /* n, or NULL when not asked for */
    struct text_list names;
};

/* A file that was read, so that a resume can see whether it changed. */
struct cohort_file {
    char *path;
    int64_t size_bytes, modified_ns;
    uint64_t hash; /* XXH3-64: of the selected calls for genotypes (0 with headers_only), of a subject's
                      values for an image, of the bytes for others */
    bool is_hashed;
    bool holds_calls;
    uint64_t device, inode; /* with size and time what it was when it was found, before it was read */
};

struct cohort {
    struct genotypes genotypes; /* open, with its subjects kept and in the order below */
    size_t n;
    struct text_list fid, iid;
    size_t n_targets; /* every one asked for, in table order */
    struct text_list target_names;
    char **target_notes; /* NULL, or why the target cannot be analysed: constant, too many missing, too few
                            values */
    int32_t *target_n_missing; /* n_targets: values missing among the subjects kept so far, before any was
                                  filled in and anybody dropped for one; NULL with headers_only from images */
    double *targets; /* n x n_targets, row-major; NaN = missing (only with COHORT_MISSING_KEEP, or a target
                        with a note). NULL when they have been released */
    size_t n_quantitative;
    struct text_list quantitative_names;
    double *quantitative; /* n x n_quantitative, row-major; no NaN */
    size_t n_categorical;
    struct text_list categorical_names;
    struct cohort_labels *categorical;
    struct cohort_labels within, group, fold;
    bool has_targets_hash;   /* not read, but taken from `known`, or released; then ... */
    uint64_t targets_hash;   /* ... their fingerprint */
    struct regions *regions; /* where the targets lie, or NULL when they are not from images */
    uint8_t *mean_greys;     /* n_mean: their mean, for pictures (cohort_mean.h); NULL where none was read */
    size_t n_mean, mean_stride; /* it has every so manyth voxel along each axis of the regions' grid */
    struct cohort_file *files;
    size_t n_files;
};

int cohort_load(struct cohort *cohort, const struct cohort_request *request, struct log *log,
                struct error *err);
void cohort_free(struct cohort *cohort);

/* Frees the targets as they were read, which nobody needs once they are residuals, but for their fingerprint.
 */
void cohort_release_targets(struct cohort *cohort, uint64_t hash);

/* Whether every file still is the one that was found, by device, inode, size and time: after the last pass
 * over it, so that what was read is what was hashed. EXIT_CODE_FAILED with its name. */
int cohort_check_unchanged(const struct cohort *cohort, struct error *err);

/* Puts the subjects in another order: new subject k is old subject order[k] (order is a permutation of 0 ...
 * n-1). */
int cohort_reorder(struct cohort *cohort, const size_t *order, struct error *err);

#endif
