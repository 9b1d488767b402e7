/* The graph of tasks from the SVD to what is made once for each penalty:
 *
 *     tile_product -> round_operator, apply_operator -> load_fold -> forms (tasks/form_building.h)
 *
 * It makes what the input asks for: the operators or the forms of the permutations, the observed scores, the
 * sketches from which penalty nodes are chosen. With several ranks, a penalty is the work of one machine or,
 * with by-fold, of every machine for its own folds, and then nothing but operators or forms is made. The
 * ranks of a machine share its penalties and folds (planning/placement.h), each with a P of its own. */
#ifndef ARETE_TASKS_OPERATOR_GRAPH_H
#define ARETE_TASKS_OPERATOR_GRAPH_H

#include "model/ridge/observed.h"
#include "model/ridge/penalty_sketch.h"
#include "planning/placement.h"
#include "tasks/form_building.h"
#include "tasks/progress.h"
#include "tasks/runtime.h"
#include "tasks/shared_operators.h"
#include "tasks/shared_svd.h"

#include <stddef.h>

struct operator_graph_input {
    const struct shared_svd *svd;
    const struct covariates *covariates;
    const struct folds *folds;
    const struct placement *placement;
    const double *penalties; /* ascending lambda, placement->n_penalties of them */
    /* Of the same penalties and some of the folds; NULL: not wanted. With a placement by-fold each machine
     * builds those of its own folds, for itself. Else every machine has them afterwards; all forms are built
     * by the ranks of rank 0's machine. */
    struct shared_operators *operators;
    struct study_forms *forms;
    const struct baseline *baseline; /* that scores are measured against; needed for `forms` */
    const double *targets;           /* n x T, row-major; needed for `observed` */
    struct observed *observed;       /* complete in rank 0 afterwards; NULL: not wanted */
    struct penalty_sketch *sketch;   /* likewise */
};

/* Collective. A rank that builds nothing may leave `observed` and `sketch` NULL, unless it is rank 0, which
 * collects them. A failure of any rank is the error of all. */
int operator_graph_run(struct runtime *runtime, const struct operator_graph_input *input,
                       const struct progress_sink *progress, struct error *err);

#endif
