#include "checkpoint/campaign_check.h"

#include "checkpoint/campaign.h"

#include <stdbool.h>

/* Whether all of these are from `least` on and below `end`. */
static bool are_within(const int32_t *values, size_t count, int32_t least, size_t end)
{
    for (size_t i = 0; i < count; i++)
        if (values[i] < least || (values[i] >= 0 && (size_t)values[i] >= end))
            return false;
    return true;
}

static int check_folds(const struct campaign *campaign, const char *path, struct error *err)
{
    const char *wrong = NULL;
    size_t n_inner = campaign->n_inner > 0 ? (size_t)campaign->n_inner : 0;
    if (!are_within(campaign->outer_fold, campaign->n, 0, campaign->n_outer))
        wrong = "/folds/outer";
    else if (!are_within(campaign->inner_fold, campaign->n_outer * campaign->n, -1, n_inner))
        wrong = "/folds/inner";
    return wrong == NULL ? 0
                         : error_set(err, EXIT_CODE_FAILED,
                                     "%s: %s names a fold that is none of the %zu outer, %d inner ones", path,
                                     wrong, campaign->n_outer, campaign->n_inner);
}

static bool are_ascending(const int32_t *values, size_t count)
{
    for (size_t k = 1; k < count; k++)
        if (values[k] <= values[k - 1])
            return false;
    return true;
}

static int check_nodes(const struct campaign *campaign, const char *path, struct error *err)
{
    const char *wrong = NULL;
    size_t weights = 2 * campaign->n_outer * campaign->n_penalties;
    if (!are_within(campaign->node, campaign->n_nodes, 0, campaign->n_penalties) ||
        !are_ascending(campaign->node, campaign->n_nodes))
        wrong = "/nodes/penalty";
    else if (campaign->n_node_weights != (campaign->n_nodes == campaign->n_penalties ? 0 : weights))
        wrong = "/nodes/weight";
    return wrong == NULL
               ? 0
               : error_set(
                     err, EXIT_CODE_FAILED,
                     "%s: %s: %zu nodes with %zu rows of weights, or not ascending, found; expected some "
                     "of %zu penalties, with %zu rows if not all",
                     path, wrong, campaign->n_nodes, campaign->n_node_weights, campaign->n_penalties,
                     weights);
}

static int check_analysed(const struct campaign *campaign, const char *path, struct error *err)
{
    size_t analysed = 0;
    for (size_t i = 0; i < campaign->n_targets_all; i++)
        analysed += campaign->target_analysed[i] != 0;
    return analysed == campaign->n_targets
               ? 0
               : error_set(err, EXIT_CODE_FAILED, "%s: /targets/analysed marks %zu targets; expected %zu",
                           path, analysed, campaign->n_targets);
}

static int check_places(const struct campaign *campaign, const char *path, struct error *err)
{
    return campaign->n_placed == 0 || campaign->n_placed == campaign->n_targets_all
               ? 0
               : error_set(err, EXIT_CODE_FAILED, "%s: /targets/mm has %zu targets; expected none or %zu",
                           path, campaign->n_placed, campaign->n_targets_all);
}

int campaign_check(const void *record, const char *path, struct error *err)
{
    const struct campaign *campaign = record;
    int code = check_folds(campaign, path, err);
    if (code == 0)
        code = check_nodes(campaign, path, err);
    if (code == 0)
        code = check_places(campaign, path, err);
    return code == 0 ? check_analysed(campaign, path, err) : code;
}
