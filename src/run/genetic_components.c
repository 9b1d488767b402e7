#include "run/genetic_components.h"

#include "base/clock.h"
#include "base/memory.h"
#include "model/eigen/leading_vectors.h"
#include "model/kinship/relatedness.h"
#include "run/resume.h"
#include "tasks/tridiagonal_graph.h"

#include <stdlib.h>
#include <string.h>

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

/* Whether the last columns of a campaign's design are so many components, none of them left out. */
static bool has_components(const struct campaign *campaign, size_t count)
{
    size_t c = campaign->n_covariates;
    for (size_t k = 0; k < count && count < c; k++) {
        char name[DESIGN_COMPONENT_BYTES];
        if (strcmp(campaign->covariate_name[c - count + k], analysis_component_name(k, name)) != 0)
            return false;
    }
    return count < c;
}

/* In the order of the analysis's subjects, whom the campaign has all. */
static int take(struct analysis *analysis, const struct campaign *campaign, size_t count, struct error *err)
{
    size_t n = campaign->n, c = campaign->n_covariates;
    size_t *position = memory_zeroed(n, sizeof *position, purpose, err);
    analysis->components = memory_aligned(n * count, sizeof *analysis->components, purpose, err);
    if (err->code == 0 && resume_find_subjects(analysis, campaign, position, err) == 0)
        for (size_t i = 0; i < n; i++)
            memcpy(analysis->components + i * count, campaign->covariates + position[i] * c + c - count,
                   count * sizeof *analysis->components);
    free(position);
    return err->code;
}

int genetic_components_find(struct session *session, struct analysis *analysis,
                            const struct campaign *earlier, struct error *err)
{
    size_t count = (size_t)analysis->study.covariates.genetic_pcs;
    double start = clock_seconds();
    if (!analysis_needs_components(analysis))
        return 0;
    if (earlier != NULL && earlier->n == analysis->cohort.n && has_components(earlier, count))
        return take(analysis, earlier, count, err);
    if (compute(session, analysis, count, err) == 0)
        log_info(&session->log, "genetic principal components: %zu in %.1f s", count,
                 clock_seconds() - start);
    return err->code;
}
