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
    char **texts;       /* n x n_text_columns; NULL = missing */
    char **image_paths; /* n: of each subject's image; NULL without images, and for a file of many volumes */
    size_t n_images;    /* how many paths, and counts of bad voxels */
    size_t *n_bad_voxels; /* n: NaN or infinite ones in a target's voxels; NULL without images */
};

/* Lists every file that will be read, and checks that it is there and a file. */
int cohort_files_list(struct cohort *cohort, const struct cohort_request *request, struct error *err);
/* Adds the subjects' images, and checks that they are there. */
int cohort_files_add_images(struct cohort *cohort, char *const *paths, size_t count, struct error *err);
/* Fills in the hashes that are not there yet; those of .bed files are `calls_hash`. */
int cohort_files_hash(struct cohort *cohort, uint64_t calls_hash, struct error *err);

/* Opens the tables and keeps the subjects whom the lists and the tables allow; sets build n and in,
 * subject_of_row, and the plink's subjects. */
int cohort_subjects_match(struct cohort_build *build, struct error *err);
/* The number of subjects still in. */
size_t cohort_subjects_in(const struct cohort_build *build);
void cohort_subjects_free(struct cohort_build *build);

/* found[i] = position of subject i of the build among the known ones, or TEXT_NOT_FOUND. */
int cohort_known_find(const struct cohort_build *build, const struct cohort_known *known, ptrdiff_t *found,
                      struct error *err);
/* Whether the targets of these very regions are known. */
bool cohort_known_has_targets(const struct cohort_build *build);
/* Fills in the targets' values and notes, for which there is room. */
int cohort_known_take_targets(struct cohort_build *build, struct error *err);

/* Finds the image of each subject and lists the files; the regions of the cohort; every image's grid. */
int cohort_images_open(struct cohort_build *build, struct error *err);
/* Reads the targets' values for all n from the images. */
int cohort_images_read(struct cohort_build *build, struct error *err);
/* Refuses images of subjects still in that have no number in a target that can be analysed. */
int cohort_images_refuse_missing(const struct cohort_build *build, struct error *err);
void cohort_images_free(struct cohort_build *build);

/* Room for n x n_targets values and the notes. */
int cohort_targets_make_room(struct cohort_build *build, size_t n_targets, struct error *err);
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
