/* A cohort while it is loaded: what the steps of cohort_load share. Only for cohort*.c. */
#ifndef ARETE_INPUT_COHORT_COHORT_BUILD_H
#define ARETE_INPUT_COHORT_COHORT_BUILD_H

#include "input/cohort/cohort.h"
#include "input/tables/table.h"

/* A table of the study and which subject of the cohort each of its rows is. path NULL = not asked for. */
struct cohort_table {
    const char *path;
    const char *id_column; /* or NULL: the usual ones */
    const char *role;      /* "targets", for messages */
    struct table table;
    ptrdiff_t *row_of_person;  /* of everybody in the genotypes: the row, or TEXT_NOT_FOUND */
    ptrdiff_t *subject_of_row; /* of every row: the subject of the cohort, or TEXT_NOT_FOUND */
};

/* Labels still as text: one column of build.texts. */
struct cohort_text_column {
    const char *name;
    const struct cohort_table *side;
    size_t position; /* of the column in its table */
    struct cohort_labels *labels;
};

struct cohort_build {
    const struct cohort_request *request;
    struct log *log;
    struct cohort *cohort;
    struct missing_codes target_codes, covariate_codes; /* of the request; the latter for every label too */
    const char *genotypes; /* path of the file that names their subjects, for messages and the log */
    size_t n; /* subjects the arrays below and in the cohort hold for now: all whose IDs are in every file */
    bool *in; /* of them: whether still kept */
    struct cohort_table targets, covariates, folds;
    size_t *quantitative_columns;            /* positions in the covariates table */
    struct cohort_text_column *text_columns; /* those of the covariates table first, then the folds' */
    size_t n_text_columns;
    char **texts;       /* n x n_text_columns; NULL = missing */
    char **image_paths; /* n: of each subject's image; NULL without images, and for a file of many volumes */
    size_t n_images;    /* how many paths, and counts of bad voxels */
    size_t *n_bad_voxels; /* n: NaN or infinite ones in a target's voxels; NULL without images */
};

/* The number of subjects still in. */
size_t cohort_build_count(const struct cohort_build *build);

#endif
