/* What the steps of cohort_load share. Only for cohort*.c. */
#ifndef ARETE_INPUT_COHORT_STEPS_H
#define ARETE_INPUT_COHORT_STEPS_H

#include "input/cohort.h"
#include "input/table.h"

/* A table of the study and which subject of the cohort each of its rows is. path NULL = not asked for. */
struct cohort_table {
    const char *path;
    const char *role; /* "targets", for messages */
    struct table table;
    ptrdiff_t *row_of_person;  /* of everybody in the .fam: the row, or TEXT_NOT_FOUND */
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
    const char *fam; /* path of the first .fam, which names the genotypes in messages and the log */
    size_t n; /* subjects the arrays below and in the cohort hold for now: all whose IDs are in every file */
    bool *in; /* of them: whether still kept */
    struct cohort_table targets, covariates, folds;
    size_t *quantitative_columns;            /* positions in the covariates table */
    struct cohort_text_column *text_columns; /* those of the covariates table first, then the folds' */
    size_t n_text_columns;
    char **texts; /* n x n_text_columns; NULL = missing */
};

/* Lists every file that will be read, and checks that it is there and a file. */
int cohort_files_list(struct cohort *cohort, const struct cohort_request *request, struct error *err);
/* Fills in the hashes; those of .bed files are `calls_hash`. */
int cohort_files_hash(struct cohort *cohort, uint64_t calls_hash, struct error *err);

/* Opens the tables and keeps the subjects whom the lists and the tables allow; sets build n and in,
 * subject_of_row, and the plink's subjects. */
int cohort_subjects_match(struct cohort_build *build, struct error *err);
/* The number of subjects still in. */
size_t cohort_subjects_in(const struct cohort_build *build);
void cohort_subjects_free(struct cohort_build *build);

/* Reads the targets' names and values for all n. */
int cohort_targets_read(struct cohort_build *build, struct error *err);
/* Applies the policy on missing values: notes, dropped subjects. */
int cohort_targets_settle(struct cohort_build *build, struct error *err);

/* Reads covariates and labels for all n. */
int cohort_covariates_read(struct cohort_build *build, struct error *err);
/* Refuses missing values among the subjects still in. */
int cohort_covariates_check(const struct cohort_build *build, struct error *err);
/* Turns texts into labels, when `n` and every array hold only the subjects kept. */
int cohort_covariates_label(struct cohort_build *build, struct error *err);
void cohort_covariates_free(struct cohort_build *build);

#endif
