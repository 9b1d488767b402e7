/* Whether p of each target holds its level, and mean-r2 has any power: what its own values do to permutation.
 */
#include "base/amount.h"
#include "base/memory.h"
#include "config/yaml_show.h"
#include "model/ridge/flat_folds.h"
#include "study/analysis.h"
#include "study/analysis_filled.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How often a study has a false alarm where values are missing at random. */
static const double false_alarms = 1e-3;
/* Where the least variable test set has less than this share of the mean one's variance, mean-r2 found .02 to
 * .6 of the 0/1 targets of which pooled-r2 found .98 to 1 (docs/study-file.md). */
static const double least_variance = 0.125;

enum { NAMES_MOST = 3, NAMES_BYTES = NAMES_MOST * (YAML_SHOW_BYTES + 2) + 8 };

/* Targets that something is said of. */
struct told {
    const char *note; /* in results.tsv */
    size_t count;
    char names[NAMES_BYTES]; /* the first ones */
};

static int tell(struct told *told, struct analysis *analysis, size_t t, struct error *err)
{
    char shown[YAML_SHOW_BYTES];
    size_t column = analysis->target_column[t], used = strlen(told->names);
    if (told->count < NAMES_MOST)
        snprintf(told->names + used, NAMES_BYTES - used, "%s%s", told->count > 0 ? ", " : "",
                 yaml_show_text(analysis->cohort.target_names.items[column], shown));
    else if (told->count == NAMES_MOST)
        snprintf(told->names + used, NAMES_BYTES - used, " ...");
    told->count++;
    analysis->target_notes[column] = text_add_note(analysis->target_notes[column], told->note, err);
    return err->code;
}

static void warn(const struct told *told, const struct analysis *analysis, const char *text)
{
    char count[AMOUNT_BYTES], all[AMOUNT_BYTES];
    if (told->count > 0)
        log_warning(analysis->log, "in %s of %s targets (%s) %s", amount_exact((int64_t)told->count, count),
                    amount_exact((int64_t)analysis->n_targets, all), told->names, text);
}

/* Missing values that go with genotypes. */
static int warn_of_likeness(struct analysis *analysis, struct error *err)
{
    struct told told = {.note = "p may be too small: values are missing by relatedness or ancestry"};
    double ratio = 0;
    char text[512];
    bool *alike = memory_zeroed(analysis->n_targets, sizeof *alike, "patterns of missing values", err);
    if (alike != NULL)
        analysis_filled_find(analysis, alike, &ratio, err);
    for (size_t t = 0; err->code == 0 && t < analysis->n_targets; t++)
        if (alike[t])
            tell(&told, analysis, t, err);
    free(alike);
    if (err->code != 0)
        return err->code;
    snprintf(
        text, sizeof text,
        "values are missing by relatedness or ancestry, and targets.missing: mean fills them in: p may be "
        "too small (%s up to %.2f times that of as many people at random; targets.missing: drop-subject, or "
        "permutations.within: groups in which values are missing at random)",
        analysis->has_no_scores ? "among people with a value the chance that a best SNP has p <= .05 is"
                                : "K_ij^2 over pairs with a value is",
        ratio);
    warn(&told, analysis, text);
    return 0;
}

/* Whether permutation inside the blocks is exact: no covariate differs there. */
static bool is_exact(const struct analysis *analysis)
{
    const struct permutation_scheme *scheme = &analysis->scheme;
    const struct covariates *covariates = &analysis->covariates;
    for (size_t b = 0; b < scheme->n_blocks; b++)
        for (size_t k = scheme->start[b] + 1; k < scheme->start[b + 1]; k++)
            if (memcmp(covariates->design + scheme->members[k] * covariates->c,
                       covariates->design + scheme->members[k - 1] * covariates->c,
                       covariates->c * sizeof *covariates->design) != 0)
                return false;
    return true;
}

/* Test sets decide mean-r2 one by one. */
static int warn_of_test_sets(struct analysis *analysis, struct error *err)
{
    struct told filled = {.note = "p may be too small: values are missing by test set"};
    struct told flat = {.note = "p may be too small: no variance in test sets that vary when permuted"};
    struct told weak = {.note = "few test sets decide mean-r2: score: pooled-r2 has more power"};
    bool around_mean = analysis->study.model.baseline == STUDY_BASELINE_TEST_MEAN;
    bool exact = is_exact(analysis);
    for (size_t t = 0; err->code == 0 && t < analysis->n_targets; t++) {
        struct flat_folds found;
        if (flat_folds_count(&found, &analysis->folds, &analysis->scheme, analysis->targets + t,
                             analysis->n_targets, around_mean, err) != 0)
            return err->code;
        if (found.n_filled > 0 && flat_folds_chance(&found) < false_alarms / (double)analysis->n_targets)
            tell(&filled, analysis, t, err);
        if (found.n_other > 0 && !exact && 2 * found.expected_equal < (double)found.n_other)
            tell(&flat, analysis, t, err);
        if (err->code == 0 && found.least < least_variance)
            tell(&weak, analysis, t, err);
    }
    warn(
        &filled, analysis,
        "whole test sets have no value: r2 is 0 there as the data are, and below 0 on average when permuted, "
        "so that p may be too small (model.score: pooled-r2, targets.missing: drop-subject, or "
        "permutations.within: the column that the test sets are of)");
    warn(&flat, analysis,
         "whole test sets have no variance beyond the covariates, where permuted targets have some: r2 is 0 "
         "there as the data are, and below 0 on average when permuted, so that p may be too small "
         "(permutations.within: the column that the test sets are of, or model.score: pooled-r2)");
    if (log_is_large_loss(weak.count, analysis->n_targets))
        warn(&weak, analysis,
             "some test sets vary so little that they decide mean-r2, and p: model.score: pooled-r2 has more "
             "power");
    return err->code;
}

/* Few cases are carried by covariates as skewed as they are: permuted residuals are not those of a target
 * with as many. Measured in docs/associate.md. */
static int warn_of_cases(struct analysis *analysis, struct error *err)
{
    struct told told = {.note = "p_fwer may be too small: fewer cases than covariates"};
    for (size_t t = 0; err->code == 0 && t < analysis->n_targets; t++) {
        int32_t cases = analysis->target_cases[analysis->target_column[t]];
        if (cases > 0 && (size_t)cases < analysis->covariates.c)
            tell(&told, analysis, t, err);
    }
    warn(&told, analysis,
         "fewer people are cases than there are covariates: p_snps and p_fwer may be too small (fewer "
         "covariates.genetic_pcs)");
    return err->code;
}

int analysis_warn_of_level(struct analysis *analysis, struct error *err)
{
    if (warn_of_likeness(analysis, err) != 0)
        return err->code;
    if (!analysis->has_no_scores && analysis->study.model.score == STUDY_SCORE_MEAN_R2)
        return warn_of_test_sets(analysis, err);
    if (analysis->has_no_scores && analysis->study.associate.permute && !is_exact(analysis))
        return warn_of_cases(analysis, err);
    return 0;
}
