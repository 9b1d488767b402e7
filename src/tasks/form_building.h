/* Forms on their way from a fold to their coefficients: arrays for a few folds, used in turn, and the tasks
 * that transform them. Part of the operator graph. */
#ifndef ARETE_TASKS_FORM_BUILDING_H
#define ARETE_TASKS_FORM_BUILDING_H

#include "base/error.h"
#include "codelets/run_status.h"
#include "model/ridge/baseline.h"
#include "tasks/study_forms.h"

#include <starpu.h>
#include <stddef.h>

/* The two forms of a fold and node, n x n each, guarded by one handle. */
struct form_slot {
    float *criterion, *error;
    starpu_data_handle_t handle;
};

struct form_building {
    struct run_status *status;
    const struct study_forms *forms; /* whose coefficients are made */
    const struct baseline *baseline; /* that scores are measured against */
    const struct folds *folds;
    struct form_slot *slots;
    size_t n_slots, next;
    starpu_data_handle_t workspace, baseline_workspace;
};

/* The first four members are the caller's to set. n_penalties: that are built at the same time. Safe to free
 * after a failure. */
int form_building_init(struct form_building *building, size_t n_workers, size_t n_penalties,
                       struct error *err);
void form_building_free(struct form_building *building);

/* Room for the forms of the next fold and node, which load_fold writes. */
const struct form_slot *form_building_next(struct form_building *building);
/* What transforms them, once they are written; outer_fold: one of the folds that have forms. */
int form_building_transform(struct form_building *building, const struct form_slot *slot, size_t outer_fold,
                            size_t node, struct error *err);
/* The baseline's form of such a fold, from beginning to end. */
int form_building_baseline(struct form_building *building, size_t outer_fold, struct error *err);

#endif
