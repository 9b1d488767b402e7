#include "associate/targets_in_rows.h"

#include "base/memory.h"
#include "model/univariate/student.h"
#include "ranks/collectives.h"

#include <math.h>
#include <stdlib.h>

/* SNPs that count for lambda_GC: enough to know a median by, few enough to cost nothing. */
enum { MOST_SAMPLED = 65536 };

/* Residuals of a block of targets: rows of y are read once for all of them. */
static void transpose(double *exact, const double *y, size_t n, size_t n_targets)
{
    enum { BLOCK = 16 };
    for (size_t first = 0; first < n_targets; first += BLOCK) {
        size_t end = first + BLOCK < n_targets ? first + BLOCK : n_targets;
        for (size_t i = 0; i < n; i++)
            for (size_t t = first; t < end; t++)
                exact[t * n + i] = y[i * n_targets + t];
    }
}

/* To length 1; returns what it was. */
static double scale(double *exact, float *rounded, size_t n)
{
    double squares = 0;
    for (size_t i = 0; i < n; i++)
        squares += exact[i] * exact[i];
    double length = sqrt(squares);
    for (size_t i = 0; i < n; i++) {
        exact[i] /= length;
        rounded[i] = (float)exact[i];
    }
    return length;
}

static int allocate(struct targets_in_rows *targets, struct ranks *ranks, size_t n, size_t count,
                    struct error *err)
{
    targets->length = memory_aligned(count, sizeof *targets->length, "the targets", err);
    if (collectives_agree(ranks, err) != 0 ||
        shared_memory_open(&targets->exact, ranks, n * count, sizeof(double), "the targets", err) != 0)
        return err->code;
    return shared_memory_open(&targets->rounded, ranks, n * count, sizeof(float), "the targets", err);
}

/* In rank 0. */
static void fill(struct targets_in_rows *targets, const struct analysis *analysis)
{
    size_t n = analysis->cohort.n, count = analysis->n_targets;
    double *exact = targets->exact.bytes;
    float *rounded = targets->rounded.bytes;
    transpose(exact, analysis->targets, n, count);
    for (size_t t = 0; t < count; t++)
        targets->length[t] = scale(exact + t * n, rounded + t * n, n) * analysis->target_scale[t];
}

static int spread(struct targets_in_rows *targets, struct ranks *ranks, struct error *err)
{
    if (collectives_agree(ranks, err) != 0 ||
        shared_memory_spread(ranks, targets->exact.bytes, targets->exact.count_bytes, err) != 0)
        return err->code;
    return shared_memory_spread(ranks, targets->rounded.bytes, targets->rounded.count_bytes, err);
}

int targets_in_rows_init(struct targets_in_rows *targets, struct ranks *ranks,
                         const struct analysis *analysis, size_t n_variants, struct error *err)
{
    size_t n = analysis->cohort.n, count = analysis->n_targets;
    double log_p = log(analysis->study.associate.report_p);
    double degrees = (double)n - (double)analysis->covariates.c - 1; /* filled values count: docs/design.md */
    *targets = (struct targets_in_rows){0};
    if (allocate(targets, ranks, n, count, err) != 0)
        return err->code;
    if (ranks->rank == 0)
        fill(targets, analysis);
    if (spread(targets, ranks, err) != 0)
        return err->code;
    targets->view = (struct pair_targets){.n = n,
                                          .count = count,
                                          .rounded = targets->rounded.bytes,
                                          .exact = targets->exact.bytes,
                                          .degrees = degrees,
                                          .log_report_p = log_p,
                                          .least = sqrt(student_r_squared(log_p, degrees)),
                                          .sample = (n_variants + MOST_SAMPLED - 1) / MOST_SAMPLED};
    return 0;
}

void targets_in_rows_free(struct targets_in_rows *targets, struct ranks *ranks)
{
    shared_memory_close(&targets->exact, ranks);
    shared_memory_close(&targets->rounded, ranks);
    free(targets->length);
    *targets = (struct targets_in_rows){0};
}
