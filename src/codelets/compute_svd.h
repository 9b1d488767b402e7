/* Task: the one SVD of the study up to its last step, which finish_svd does (model/ridge/svd.h). */
#ifndef ARETE_CODELETS_COMPUTE_SVD_H
#define ARETE_CODELETS_COMPUTE_SVD_H

#include "codelets/run_status.h"
#include "model/ridge/covariates.h"
#include "model/ridge/svd.h"

#include <starpu.h>

struct compute_svd_args {
    struct run_status *status;
    const double *gram; /* n x n, both triangles */
    const struct covariates *covariates;
    double smallest_penalty, largest_penalty; /* lambdas: refused if float32 cannot serve them */
    struct svd *svd;                          /* initialised; its arrays are written */
    struct svd_reduction *reduction;          /* filled, the caller's to free */
};

/* vectors: the handle that guards both arrays of args->svd, written. */
int compute_svd_submit(const struct compute_svd_args *args, starpu_data_handle_t vectors, struct error *err);

/* What a worker runs. buffers: vectors, not looked at; cl_arg: struct compute_svd_args, packed. */
void compute_svd_cpu(void *buffers[], void *cl_arg);

#endif
