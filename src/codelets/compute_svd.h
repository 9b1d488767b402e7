/* Tasks of the one SVD of the study (model/ridge/svd.h): begin_svd, K beyond the covariates; then, between
 * them, the steps of tridiagonal_step.h; svd, eigenvalues and vectors. finish_svd turns the vectors back. */
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
    struct svd_reduction *reduction;          /* as svd_begin takes it; the caller's to free */
};

/* vectors: the handle that guards both arrays of args->svd, written. */
int begin_svd_submit(const struct compute_svd_args *args, starpu_data_handle_t vectors, struct error *err);
int compute_svd_submit(const struct compute_svd_args *args, starpu_data_handle_t vectors, struct error *err);

/* What a worker runs. buffers: vectors, not looked at; cl_arg: struct compute_svd_args, packed. */
void begin_svd_cpu(void *buffers[], void *cl_arg);
void compute_svd_cpu(void *buffers[], void *cl_arg);

#endif
