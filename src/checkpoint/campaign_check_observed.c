#include "checkpoint/campaign_check_observed.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static int compare_penalties(const void *a, const void *b)
{
    const double *left = a, *right = b;
    return *left < *right ? -1 : *left > *right;
}

/* What one dataset says of another. */
static int check_pairs(const struct campaign *campaign, const char *path, struct error *err)
{
    const char *wrong = NULL;
    if (campaign->model != NULL && strcmp(campaign->model, CAMPAIGN_UNIVARIATE) != 0)
        wrong = "/study/model names no model that arete has";
    else if ((campaign->power_heritability == NULL) != (campaign->expected_r2 == NULL))
        wrong = "/power/heritability and expected_r2 belong together";
    else if ((campaign->beyond == NULL) != (campaign->predicted == NULL))
        wrong = "/observed/beyond and predicted belong together";
    else if (campaign->n_predicted != 0 && campaign->n_predicted != campaign->n)
        wrong = "/observed/predicted is of other people than the subjects";
    return wrong == NULL ? 0 : error_set(err, EXIT_CODE_FAILED, "%s: is damaged: %s", path, wrong);
}

/* Between `least` and `most`, or NaN. */
static bool are_between(const double *values, size_t count, double least, double most)
{
    const double rounding = 1e-6;
    for (size_t k = 0; values != NULL && k < count; k++)
        if (values[k] < least - rounding || values[k] > most + rounding)
            return false;
    return true;
}

/* A fold's penalty is one of the grid; NaN where it has none. */
static bool are_penalties(const struct campaign *campaign)
{
    for (size_t k = 0; k < campaign->n_outer * campaign->n_targets; k++) {
        const double *penalty = &campaign->penalty_by_fold[k];
        if (!isnan(*penalty) && bsearch(penalty, campaign->penalty, campaign->n_penalties, sizeof *penalty,
                                        compare_penalties) == NULL)
            return false;
    }
    return true;
}

/* Pairs of a million people; SNPs are fewer. */
static const int64_t MOST_COUNTED = 1000000000000;

static bool are_filters(const struct campaign_filter *filters, size_t count)
{
    for (size_t k = 0; filters != NULL && k < count; k++)
        if (filters[k].dropped < 0 || filters[k].dropped > MOST_COUNTED || filters[k].left < 0 ||
            filters[k].left > MOST_COUNTED)
            return false;
    return true;
}

/* Reports add them up. */
static int check_counted(const struct campaign *campaign, const char *path, struct error *err)
{
    int64_t left = MOST_COUNTED;
    bool right = isfinite(campaign->related_low) && isfinite(campaign->related_step);
    for (size_t b = 0; campaign->related_pairs != NULL && right && b < campaign->n_related_bins; b++) {
        right = campaign->related_pairs[b] >= 0 && campaign->related_pairs[b] <= left;
        left -= right ? campaign->related_pairs[b] : 0;
    }
    if (right && are_filters(campaign->subject_filter, campaign->n_subject_filters) &&
        are_filters(campaign->snp_filter, campaign->n_snp_filters))
        return 0;
    return error_set(err, EXIT_CODE_FAILED, "%s: is damaged: %s counts what cannot be; expected 0 to %lld",
                     path, right ? "/filters" : "/relatives/pairs", (long long)MOST_COUNTED);
}

int campaign_check_observed(const struct campaign *campaign, const char *path, struct error *err)
{
    if (check_pairs(campaign, path, err) != 0 || check_counted(campaign, path, err) != 0)
        return err->code;
    size_t t = campaign->n_targets;
    const struct {
        const char *name;
        const double *values;
        size_t count;
        double least;
    } numbers[] = {{"/observed/r2", campaign->r2, t, -DBL_MAX},
                   {"/observed/r2_everybody", campaign->r2_everybody, t, -DBL_MAX},
                   {"/observed/r2_by_fold", campaign->r2_by_fold, campaign->n_outer * t, -DBL_MAX},
                   {"/observed/r", campaign->r, t, -1},
                   {"/power/heritability", campaign->power_heritability, campaign->n_power, 0},
                   {"/power/expected_r2", campaign->expected_r2, campaign->n_power, 0}};
    for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
        if (!are_between(numbers[k].values, numbers[k].count, numbers[k].least, 1))
            return error_set(err, EXIT_CODE_FAILED,
                             "%s: is damaged: %s holds numbers that cannot be; expected %g to 1", path,
                             numbers[k].name, numbers[k].least);
    return campaign->model != NULL || are_penalties(campaign)
               ? 0
               : error_set(
                     err, EXIT_CODE_FAILED,
                     "%s: is damaged: /observed/penalty_by_fold holds what is none of its %zu penalties",
                     path, campaign->n_penalties);
}
