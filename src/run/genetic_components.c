#include "run/genetic_components.h"

#include "base/clock.h"
#include "base/memory.h"
#include "model/eigen/leading_vectors.h"
#include "model/kinship/relatedness.h"
#include "tasks/tridiagonal_graph.h"

#include <stdlib.h>

static const char purpose[] = "the genetic principal components";

/* The part that workers share. */
static int reduce(struct session *session, struct leading_vectors *leading, struct error *err)
{
    runtime_resume(&session->runtime);
    tridiagonal_graph_run(&session->runtime, &leading->tridiagonal, &session->progress,
                          "while computing genetic principal components", err);
    runtime_pause(&session->runtime);
    return err->code;
}

static int compute(struct session *session, struct analysis *analysis, size_t count, struct error *err)
{
    size_t n = analysis->cohort.n;
    struct leading_vectors leading = {0};
    double *vectors = memory_aligned(n * count, sizeof *vectors, purpose, err);
    analysis->components = memory_aligned(n * count, sizeof *analysis->components, purpose, err);
    if (err->code == 0 && leading_vectors_begin(&leading, analysis->gram, n, count, purpose, err) == 0 &&
        reduce(session, &leading, err) == 0 && leading_vectors_solve(&leading, vectors, err) == 0)
        relatedness_components(vectors, n, count, analysis->components);
    leading_vectors_free(&leading);
    free(vectors);
    return err->code;
}

int genetic_components_compute(struct session *session, struct analysis *analysis, struct error *err)
{
    size_t count = (size_t)analysis->study.covariates.genetic_pcs;
    double start = clock_seconds();
    if (!analysis_needs_components(analysis))
        return 0;
    if (compute(session, analysis, count, err) == 0)
        log_info(&session->log, "genetic principal components: %zu in %.1f s", count,
                 clock_seconds() - start);
    return err->code;
}
