#include "study/analysis.h"

#include "base/memory.h"
#include "model/ridge/penalty_nodes.h"
#include "model/ridge/svd.h"
#include "model/ridge/targets.h"

#include <math.h>
#include <stdlib.h>

/* How many have the rarer of a target's two values; 0 where it has more. */
static int32_t count_cases(const struct cohort *cohort, size_t t)
{
    double first = NAN, second = NAN;
    int32_t n_first = 0, n_second = 0;
    for (size_t i = 0; i < cohort->n; i++) {
        double value = cohort->targets[i * cohort->n_targets + t];
        if (isnan(value))
            continue;
        first = isnan(first) ? value : first;
        second = value != first && isnan(second) ? value : second;
        if (value != first && value != second)
            return 0;
        n_first += value == first;
        n_second += value == second;
    }
    return n_first < n_second ? n_first : n_second;
}

/* Copies the targets that the cohort left for analysis side by side, counts their values, and takes over the
 * cohort's notes. */
static int select_targets(struct analysis *analysis, struct error *err)
{
    const struct cohort *cohort = &analysis->cohort;
    analysis->target_column =
        memory_zeroed(cohort->n_targets, sizeof *analysis->target_column, "the targets", err);
    analysis->target_notes =
        memory_zeroed(cohort->n_targets, sizeof *analysis->target_notes, "the targets", err);
    analysis->target_n = memory_zeroed(cohort->n_targets, sizeof *analysis->target_n, "the targets", err);
    analysis->target_cases =
        memory_zeroed(cohort->n_targets, sizeof *analysis->target_cases, "the targets", err);
    if (err->code != 0)
        return err->code;
    for (size_t t = 0; t < cohort->n_targets; t++) {
        const char *note = cohort->target_notes[t];
        analysis->target_notes[t] = memory_string(note != NULL ? note : "", err);
        if (analysis->target_notes[t] == NULL)
            return err->code;
        if (note == NULL)
            analysis->target_column[analysis->n_targets++] = t;
        for (size_t i = 0; i < cohort->n; i++)
            analysis->target_n[t] += !isnan(cohort->targets[i * cohort->n_targets + t]);
        analysis->target_cases[t] = count_cases(cohort, t);
    }
    return 0;
}

static void copy_column(const struct cohort *cohort, size_t from, double *targets, size_t n_columns,
                        size_t to)
{
    for (size_t i = 0; i < cohort->n; i++)
        targets[i * n_columns + to] = cohort->targets[i * cohort->n_targets + from];
}

/* Nothing depends on a target's unit, but squares of values near 1e200 or 1e-200 are beyond what a double
 * holds: such a column is brought near 1 by a power of two, which changes no digit. Returns
 * that power. */
static int scale_column(double *targets, size_t n, size_t n_columns, size_t t)
{
    const double small = 1e-100, large = 1e100;
    double largest = 0;
    for (size_t i = 0; i < n; i++)
        largest = fmax(largest, fabs(targets[i * n_columns + t]));
    if (!(largest > 0) || (largest > small && largest < large))
        return 0;
    int power = -ilogb(largest);
    for (size_t i = 0; i < n; i++)
        targets[i * n_columns + t] = ldexp(targets[i * n_columns + t], power);
    return power;
}

/* Where SNPs are tested one by one, degrees of freedom must be left of those who have a value. */
static bool has_enough_values(const struct analysis *analysis, size_t t)
{
    size_t least = analysis->target_rank[t] + 1 + ANALYSIS_LEAST_DEGREES;
    return !analysis->has_no_scores || (size_t)analysis->target_n[analysis->target_column[t]] >= least;
}

/* NULL where column t stays, else the note of a target that is left out. */
static const char *why_left_out(const struct analysis *analysis, size_t t, bool varies)
{
    if (!varies)
        return "does not vary beyond the covariates";
    return has_enough_values(analysis, t) ? NULL : "too few values for the covariates";
}

/* Row by row: of the `all` columns those that stay, of which there are `kept`. */
static void close_gaps(struct analysis *analysis, const bool *stays, size_t all, size_t kept)
{
    for (size_t i = 0; kept < all && i < analysis->cohort.n; i++) {
        size_t to = 0;
        for (size_t t = 0; t < all; t++)
            if (stays[t])
                analysis->targets[i * kept + to++] = analysis->targets[i * all + t];
    }
}

/* varies becomes: whether a column stays. */
static int drop_targets(struct analysis *analysis, bool *varies, struct error *err)
{
    size_t all = analysis->n_targets, kept = 0, n_few = 0;
    for (size_t t = 0; t < all; t++) {
        size_t column = analysis->target_column[t];
        const char *why = why_left_out(analysis, t, varies[t]);
        if (why == NULL) {
            analysis->target_scale[kept] = analysis->target_scale[t];
            analysis->target_rank[kept] = analysis->target_rank[t];
            analysis->target_column[kept++] = column;
            continue;
        }
        n_few += varies[t];
        varies[t] = false;
        char *note = memory_string(why, err);
        if (note == NULL)
            return err->code;
        free(analysis->target_notes[column]);
        analysis->target_notes[column] = note;
    }
    close_gaps(analysis, varies, all, kept);
    analysis->n_targets = kept;
    if (n_few > 0)
        log_warning(
            analysis->log,
            "targets: %zu of %zu left out: too few values for the covariates, as it takes %d more than "
            "columns of these (with the intercept)",
            n_few, all, 1 + ANALYSIS_LEAST_DEGREES);
    if (kept == 0)
        return error_set(err, EXIT_CODE_BAD_INPUT,
                         "%s: targets: none of %zu varies beyond the covariates%s; expected one",
                         analysis->study.path, all, n_few > 0 ? " and has values enough for them" : "");
    return 0;
}

int analysis_prepare_targets(struct analysis *analysis, struct error *err)
{
    if (select_targets(analysis, err) != 0)
        return err->code;
    size_t n = analysis->cohort.n, n_targets = analysis->n_targets;
    analysis->targets = memory_aligned(n * n_targets, sizeof *analysis->targets, "the targets", err);
    bool *varies = memory_zeroed(n_targets, sizeof *varies, "the targets", err);
    int *power = memory_zeroed(n_targets, sizeof *power, "the targets", err);
    double *scale = analysis->target_scale = memory_zeroed(n_targets, sizeof *scale, "the targets", err);
    size_t *rank = analysis->target_rank = memory_zeroed(n_targets, sizeof *rank, "the targets", err);
    if (err->code != 0)
        goto out;
    for (size_t t = 0; t < n_targets; t++) {
        copy_column(&analysis->cohort, analysis->target_column[t], analysis->targets, n_targets, t);
        power[t] = scale_column(analysis->targets, n, n_targets, t);
    }
    if (targets_residualise(&analysis->covariates, analysis->targets, n_targets, varies, scale, rank, err) !=
        0)
        goto out;
    for (size_t t = 0; t < n_targets; t++)
        scale[t] = ldexp(scale[t], -power[t]);
    if (drop_targets(analysis, varies, err) != 0)
        goto out;
    log_info(analysis->log, "targets: %zu analysed of %zu", analysis->n_targets, analysis->cohort.n_targets);
out:
    free(varies);
    free(power);
    return err->code;
}

bool analysis_chooses_nodes(const struct study_model *model)
{
    return !model->exact_penalties && model->n_penalties > PENALTY_NODES_EXACT_GRID;
}

int analysis_set_penalties(struct analysis *analysis, struct error *err)
{
    const struct study_model *model = &analysis->study.model;
    if (svd_mean_eigenvalue(analysis->gram, &analysis->covariates, &analysis->mean_eigenvalue, err) != 0)
        return err->code;
    double d = analysis->mean_eigenvalue, p = (double)analysis->snps.n_kept;
    if (!(d > 0))
        return error_set(
            err, EXIT_CODE_BAD_INPUT,
            "genotypes: nothing of them is left beyond the covariates (mean eigenvalue of K %.3g); expected "
            "fewer covariates, or genotypes that vary",
            d);
    log_info(analysis->log, "K: mean eigenvalue beyond the covariates d = %.4f", d);
    analysis->n_penalties = model->n_penalties;
    analysis->penalties =
        memory_zeroed(model->n_penalties, sizeof *analysis->penalties, "the penalties", err);
    if (analysis->penalties == NULL)
        return err->code;
    for (size_t k = 0; k < model->n_penalties; k++) {
        double lambda = model->penalties != NULL
                            ? model->penalties[k]
                            : d * (1 - model->heritabilities[k]) / model->heritabilities[k];
        analysis->penalties[k] = lambda;
        log_info(analysis->log, "penalty %zu: lambda %.6g (heritability %.4f, scikit-learn's alpha %.6g)",
                 k + 1, lambda, d / (d + lambda), lambda * p);
    }
    return 0;
}
