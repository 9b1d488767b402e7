#include "associate/targets_in_rows.h"

#include "base/memory.h"
#include "model/univariate/student.h"

#include <math.h>
#include <stdlib.h>

/* SNPs that count for lambda_GC: enough to know a median by, few enough to cost nothing. */
enum { MOST_SAMPLED = 65536, LEAST_DEGREES = 2 };

/* Residuals of a block of targets: rows of y are read once for all of them. */
static void transpose(const struct targets_in_rows *targets, const double *y, size_t n, size_t n_targets)
{
    enum { BLOCK = 16 };
    for (size_t first = 0; first < n_targets; first += BLOCK) {
        size_t end = first + BLOCK < n_targets ? first + BLOCK : n_targets;
        for (size_t i = 0; i < n; i++)
            for (size_t t = first; t < end; t++)
                targets->exact[t * n + i] = y[i * n_targets + t];
    }
}

static void scale(const struct targets_in_rows *targets, size_t n, size_t t, double unit)
{
    double *row = targets->exact + t * n, squares = 0;
    for (size_t i = 0; i < n; i++)
        squares += row[i] * row[i];
    double length = sqrt(squares);
    for (size_t i = 0; i < n; i++) {
        row[i] /= length;
        targets->rounded[t * n + i] = (float)row[i];
    }
    targets->length[t] = length * unit;
}

static int allocate(struct targets_in_rows *targets, size_t n, size_t count, struct error *err)
{
    targets->exact = memory_aligned(n * count, sizeof *targets->exact, "the targets", err);
    targets->rounded = memory_aligned(n * count, sizeof *targets->rounded, "the targets", err);
    targets->degrees = memory_aligned(count, sizeof *targets->degrees, "the targets", err);
    targets->least = memory_aligned(count, sizeof *targets->least, "the targets", err);
    targets->weight = memory_aligned(count, sizeof *targets->weight, "the targets", err);
    targets->length = memory_aligned(count, sizeof *targets->length, "the targets", err);
    return err->code;
}

/* Of those who have a value. */
static int find_degrees(const struct targets_in_rows *targets, const struct analysis *analysis, size_t t,
                        double log_p, struct error *err)
{
    size_t column = analysis->target_column[t];
    double c = (double)analysis->covariates.c, degrees = analysis->target_n[column] - c - 1;
    if (degrees < LEAST_DEGREES)
        return error_set(
            err, EXIT_CODE_BAD_INPUT,
            "%s: targets: %s has %d values for %.0f covariates (with the intercept); expected at "
            "least %.0f values",
            analysis->study.path, analysis->cohort.target_names.items[column],
            (int)analysis->target_n[column], c, c + 1 + LEAST_DEGREES);
    targets->degrees[t] = degrees;
    targets->least[t] = sqrt(student_r_squared(log_p, degrees));
    return 0;
}

int targets_in_rows_init(struct targets_in_rows *targets, struct analysis *analysis, size_t n_variants,
                         struct error *err)
{
    size_t n = analysis->cohort.n, count = analysis->n_targets;
    double log_p = log(analysis->study.associate.report_p);
    *targets = (struct targets_in_rows){0};
    if (allocate(targets, n, count, err) != 0)
        return err->code;
    transpose(targets, analysis->targets, n, count);
    for (size_t t = 0; t < count; t++) {
        scale(targets, n, t, analysis->target_scale[t]);
        if (find_degrees(targets, analysis, t, log_p, err) != 0)
            return err->code;
    }
    targets->most_degrees = 0;
    for (size_t t = 0; t < count; t++)
        targets->most_degrees = fmax(targets->most_degrees, targets->degrees[t]);
    for (size_t t = 0; t < count; t++)
        targets->weight[t] = (float)sqrt(targets->degrees[t] / targets->most_degrees);
    targets->view = (struct pair_targets){.n = n,
                                          .count = count,
                                          .rounded = targets->rounded,
                                          .exact = targets->exact,
                                          .degrees = targets->degrees,
                                          .least = targets->least,
                                          .weight = targets->weight,
                                          .log_report_p = log_p,
                                          .sample = (n_variants + MOST_SAMPLED - 1) / MOST_SAMPLED};
    return 0;
}

void targets_in_rows_free(struct targets_in_rows *targets)
{
    free(targets->exact);
    free(targets->rounded);
    free(targets->degrees);
    free(targets->least);
    free(targets->weight);
    free(targets->length);
    *targets = (struct targets_in_rows){0};
}
