/* Forms on their way from a fold to their coefficients: arrays for a few folds, used in turn, and the tasks
 *
 *     criterion:  load_fold -> form_rows -> form_tile -> finish_form -> transform_form
 *     error:      load_fold ->              form_tile -> finish_form -> transform_form
 *
 * with form_rows of each inner fold. Part of the operator graph. The rows of a criterion's factor stand where
 * the error's form comes afterwards. */
#ifndef ARETE_TASKS_FORM_BUILDING_H
#define ARETE_TASKS_FORM_BUILDING_H

#include "base/error.h"
#include "codelets/load_fold.h"
#include "codelets/run_status.h"
#include "model/ridge/baseline.h"
#include "tasks/study_forms.h"

#include <starpu.h>
#include <stddef.h>

/* What is made of a fold at one node. */
struct form_slot {
    float *criterion, *error; /* the forms, n x n; in `error` at first the rows of the criterion's factor */
    float *error_single;      /* E's rows in single, n_o x n */
    double *operators, *error_rows;        /* of the fold; E, n_o x n */
    double *squares;                       /* (n_inner + 1) x n: of the inner folds' rows; of E */
    starpu_data_handle_t operators_handle; /* guards what load_fold writes: operators, E, its factor */
    starpu_data_handle_t *rows;            /* n_inner: of the criterion's factor */
    starpu_data_handle_t criterion_tiles[OPERATORS_MOST_TILES], error_tiles[OPERATORS_MOST_TILES];
    starpu_data_handle_t no_rows;  /* the criterion's factor is needed no more: its room is the error's */
    starpu_data_handle_t no_error; /* the error's form is needed no more */
};

struct form_building {
    struct run_status *status;
    const struct study_forms *forms; /* whose coefficients are made */
    const struct baseline *baseline; /* that scores are measured against */
    const struct folds *folds;
    starpu_data_handle_t workspace; /* scratch doubles, form_building_workspace at least */
    struct form_slot *slots;
    size_t n_slots, next;
};

/* Tasks of a fold and node, beside load_fold, at most. */
size_t form_building_tasks(const struct folds *folds);

/* Doubles of workspace that a worker needs. */
size_t form_building_workspace(const struct study_forms *forms, const struct baseline *baseline,
                               const struct folds *folds);

/* The first five members are the caller's to set. n_elements: of a fold's operators. n_penalties: that are
 * built at the same time. Safe to free after a failure. */
int form_building_init(struct form_building *building, size_t n_workers, size_t n_penalties,
                       size_t n_elements, struct error *err);
void form_building_free(struct form_building *building);

/* Room for the next fold and node. */
const struct form_slot *form_building_next(struct form_building *building);
/* What load_fold writes there. */
struct load_fold_forms form_building_begun(const struct form_building *building, const struct form_slot *slot,
                                           size_t outer_fold);
/* All that follows load_fold, with P guarded by tiles. fold: the study's forms have it. */
int form_building_submit(struct form_building *building, const struct form_slot *slot,
                         const struct forms_fold *fold, size_t node, const starpu_data_handle_t *tiles,
                         size_t n_tiles, struct error *err);
/* The baseline's form of such a fold, from beginning to end. */
int form_building_baseline(struct form_building *building, size_t outer_fold, struct error *err);

#endif
