/* Task: what is made of one outer fold at one penalty, each if asked for: its operators, in single for
 * permutations drawn one by one or in double for the forms of orbits; its part of the observed scores; its
 * sketches for the penalty nodes. */
#ifndef ARETE_CODELETS_LOAD_FOLD_H
#define ARETE_CODELETS_LOAD_FOLD_H

#include "codelets/run_status.h"
#include "model/orbits/forms.h"
#include "model/ridge/observed.h"
#include "model/ridge/operators.h"
#include "model/ridge/penalty_sketch.h"

#include <starpu.h>
#include <stddef.h>

/* Where it leaves what forms are made of (form_rows, form_tile), guarded by a handle. */
struct load_fold_forms {
    double *operators;        /* layout->count; NULL: forms are not wanted */
    double *error_rows;       /* E, n_o x n */
    struct form_factor error; /* E's rows in single */
};

struct load_fold_args {
    struct run_status *status;
    const double *p; /* P, n x n, guarded by the tiles' handles */
    const struct folds *folds;
    const struct operator_layout *layout; /* of this fold */
    const struct lost_directions *lost;   /* of this fold */
    size_t outer_fold;
    size_t penalty;                /* its index in `observed` and `sketch` */
    struct observed *observed;     /* NULL: no observed scores are wanted */
    struct penalty_sketch *sketch; /* NULL: no sketches are wanted */
    const double *fitted;          /* w = P y, n x T, if `observed`; behind it P S, n x probes, if `sketch` */
    struct load_fold_forms forms;
    bool is_kept; /* whether the operators are; set by load_fold_submit */
};

/* Doubles of workspace for a task that asks for these. Looked at: folds, layout, observed, sketch. */
size_t load_fold_workspace(const struct load_fold_args *args);

/* What the task reads and writes. */
struct load_fold_data {
    const starpu_data_handle_t *tiles, *fitted; /* that guard args->p; args->fitted */
    size_t n_tiles, n_fitted;
    starpu_data_handle_t workspace; /* scratch doubles */
    starpu_data_handle_t operators; /* float32, as args->layout says, written; NULL: not wanted */
    starpu_data_handle_t forms;     /* guards what args->forms names, written; NULL: not wanted */
};

int load_fold_submit(const struct load_fold_args *args, const struct load_fold_data *data, struct error *err);

/* What a worker runs. buffers: workspace, then operators where they are kept; cl_arg: struct load_fold_args,
 * packed. */
void load_fold_cpu(void *buffers[], void *cl_arg);

#endif
