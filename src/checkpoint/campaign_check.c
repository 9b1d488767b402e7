#include "checkpoint/campaign_check.h"

#include "checkpoint/campaign.h"
#include "checkpoint/campaign_check_best.h"
#include "checkpoint/campaign_check_observed.h"
#include "checkpoint/campaign_check_orbits.h"

#include <math.h>
#include <stdbool.h>

/* Whether all of these are from `least` on and below `end`. */
static bool are_within(const int32_t *values, size_t count, int32_t least, size_t end)
{
    for (size_t i = 0; i < count; i++)
        if (values[i] < least || (values[i] >= 0 && (size_t)values[i] >= end))
            return false;
    return true;
}

static bool are_finite(const double *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!isfinite(values[i]))
            return false;
    return true;
}

/* Subjects stand in the order of test sets, none of which is empty, and are in no inner fold beside their
 * own. */
static bool are_all_folds(const struct campaign *campaign)
{
    size_t n = campaign->n;
    const int32_t *outer = campaign->outer_fold;
    for (size_t i = 0; i < n; i++)
        if (outer[i] != (i > 0 ? outer[i - 1] : 0) && (i == 0 || outer[i] != outer[i - 1] + 1))
            return false;
    for (size_t cell = 0; cell < campaign->n_outer * n; cell++)
        if ((campaign->inner_fold[cell] < 0) != ((size_t)outer[cell % n] == cell / n))
            return false;
    return (size_t)outer[n - 1] + 1 == campaign->n_outer;
}

static int check_folds(const struct campaign *campaign, const char *path, struct error *err)
{
    const char *wrong = NULL;
    size_t n_inner = campaign->n_inner > 0 ? (size_t)campaign->n_inner : 0;
    if (!are_within(campaign->exchangeability, campaign->n, 0, campaign->n))
        return error_set(err, EXIT_CODE_FAILED,
                         "%s: is damaged: /permutation/block names a block that is none of at most %zu", path,
                         campaign->n);
    if (!are_within(campaign->outer_fold, campaign->n, 0, campaign->n_outer))
        wrong = "/folds/outer";
    else if (!are_within(campaign->inner_fold, campaign->n_outer * campaign->n, -1, n_inner))
        wrong = "/folds/inner";
    else if (!are_all_folds(campaign))
        return error_set(
            err, EXIT_CODE_FAILED,
            "%s: is damaged: /folds/outer and inner do not part its %zu subjects into %zu x %d folds", path,
            campaign->n, campaign->n_outer, campaign->n_inner);
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
    if (campaign->model == NULL && (campaign->n_penalties == 0 || campaign->n_nodes == 0))
        return error_set(err, EXIT_CODE_FAILED,
                         "%s: %zu penalties and %zu nodes found; expected at least one of each", path,
                         campaign->n_penalties, campaign->n_nodes);
    size_t weights = 2 * campaign->n_outer * campaign->n_penalties;
    if (!are_within(campaign->node, campaign->n_nodes, 0, campaign->n_penalties) ||
        !are_ascending(campaign->node, campaign->n_nodes))
        wrong = "/nodes/penalty";
    else if (campaign->n_node_weights != (campaign->n_nodes == campaign->n_penalties ? 0 : weights))
        wrong = "/nodes/weight";
    if (wrong == NULL && campaign->n_node_weights > 0 && campaign->n_nodes > CAMPAIGN_MOST_NODES)
        return error_set(err, EXIT_CODE_FAILED,
                         "%s: /nodes/penalty: %zu nodes with weights; expected at most %d", path,
                         campaign->n_nodes, CAMPAIGN_MOST_NODES);
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

static bool is_grid(const struct campaign *campaign, size_t stride, size_t *count)
{
    *count = 1;
    for (int axis = 0; axis < 3; axis++) {
        int64_t size = campaign->map_size[axis];
        if (size < 1 || stride < 1 || __builtin_mul_overflow(*count, ((size_t)size - 1) / stride + 1, count))
            return false;
    }
    return *count <= INT64_MAX;
}

/* A campaign that lacks one of them has no maps, and the others mean nothing. */
static bool are_mapped(const struct campaign *campaign)
{
    size_t voxels, mean;
    if (campaign->map_size == NULL || campaign->map_affine == NULL || campaign->map_voxel == NULL ||
        campaign->map_target == NULL)
        return true;
    if (!is_grid(campaign, 1, &voxels) || !are_finite(campaign->map_affine, 12) ||
        !are_within(campaign->map_target, campaign->n_mapped, 0, campaign->n_targets_all))
        return false;
    for (size_t v = 0; v < campaign->n_mapped; v++)
        if (campaign->map_voxel[v] < 0 || (size_t)campaign->map_voxel[v] >= voxels ||
            (v > 0 && campaign->map_voxel[v] <= campaign->map_voxel[v - 1]))
            return false;
    return campaign->mean_greys == NULL ||
           (campaign->mean_stride >= 1 && is_grid(campaign, (size_t)campaign->mean_stride, &mean) &&
            campaign->n_mean == mean);
}

static int check_maps(const struct campaign *campaign, const char *path, struct error *err)
{
    return are_mapped(campaign)
               ? 0
               : error_set(err, EXIT_CODE_FAILED,
                           "%s: /maps: %zu voxels and a mean image of %zu found; expected ascending ones of "
                           "a grid, of targets that there are, and all of its mean",
                           path, campaign->n_mapped, campaign->n_mean);
}

static int check_exact(const struct campaign *campaign, const char *path, struct error *err)
{
    bool orbits = campaign_has_orbits(campaign) && campaign->model == NULL;
    size_t errors = orbits ? campaign->n_outer * campaign->n_nodes : 0,
           baselines = orbits ? campaign->n_outer : 0;
    return campaign->n_node_errors == errors && campaign->n_baselines == baselines
               ? 0
               : error_set(err, EXIT_CODE_FAILED,
                           "%s: /observed/node_error has %zu rows, baseline_error %zu; expected %zu, %zu",
                           path, campaign->n_node_errors, campaign->n_baselines, errors, baselines);
}

/* Counts that no dataset's shape tells, and that results are divided by. */
static int check_counts(const struct campaign *campaign, const char *path, struct error *err)
{
    const int64_t most_permutations = 1000000000; /* as a study file may ask for */
    if (campaign->n_inner < 1 || (size_t)campaign->n_inner > campaign->n || campaign->n_permutations < 1 ||
        campaign->n_snps < 1 || campaign->n_permutations > most_permutations)
        return error_set(err, EXIT_CODE_FAILED,
                         "%s: is damaged: %d inner folds, %lld permutations and %lld SNPs found; expected at "
                         "least one of each, no more folds than subjects and at most %lld permutations",
                         path, campaign->n_inner, (long long)campaign->n_permutations,
                         (long long)campaign->n_snps, (long long)most_permutations);
    return 0;
}

/* Nobody has more values than there are people. */
static int check_targets(const struct campaign *campaign, const char *path, struct error *err)
{
    for (size_t i = 0; i < campaign->n_targets_all; i++)
        if (campaign->target_n[i] < 0 || (size_t)campaign->target_n[i] > campaign->n ||
            campaign->target_analysed[i] > 1 ||
            (campaign->target_n_missing != NULL && campaign->target_n_missing[i] < 0))
            return error_set(
                err, EXIT_CODE_FAILED,
                "%s: is damaged: target %zu has %d values, of %zu people; expected 0 to all of them", path, i,
                campaign->target_n[i], campaign->n);
    return 0;
}

/* What is computed with again. NaN stands for "not there" in results, never here. */
static int check_finite(const struct campaign *campaign, const char *path, struct error *err)
{
    const struct {
        const char *name;
        const double *values;
        size_t count;
    } numbers[] = {
        {"/penalties", campaign->penalty, campaign->n_penalties},
        {"/covariates", campaign->covariates, campaign->n * campaign->n_covariates},
        {"/targets/residual", campaign->residual, campaign->n * campaign->n_targets},
        {"/gram", campaign->gram, campaign->n * campaign->n},
        {"/nodes/weight", campaign->node_weight, campaign->n_node_weights * (campaign->n_nodes + 1)},
        {"/observed/node_error", campaign->node_error, campaign->n_node_errors * campaign->n_targets},
        {"/observed/baseline_error", campaign->baseline_error, campaign->n_baselines * campaign->n_targets}};
    for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
        if (!are_finite(numbers[k].values, numbers[k].count))
            return error_set(err, EXIT_CODE_FAILED, "%s: %s holds what is no number; expected finite ones",
                             path, numbers[k].name);
    for (size_t k = 0; k < campaign->n_penalties; k++)
        if (campaign->penalty[k] < 0 || (k > 0 && campaign->penalty[k] <= campaign->penalty[k - 1]))
            return error_set(err, EXIT_CODE_FAILED,
                             "%s: /penalties: %g found at place %zu; expected ascending ones from 0 on", path,
                             campaign->penalty[k], k);
    return 0;
}

int campaign_check(const void *record, const char *path, struct error *err)
{
    const struct campaign *campaign = record;
    int code = check_counts(campaign, path, err);
    if (code == 0)
        code = check_targets(campaign, path, err);
    if (code == 0)
        code = check_finite(campaign, path, err);
    if (code == 0)
        code = check_folds(campaign, path, err);
    if (code == 0)
        code = check_nodes(campaign, path, err);
    if (code == 0)
        code = campaign_check_observed(campaign, path, err);
    if (code == 0)
        code = campaign_check_best(campaign, path, err);
    if (code == 0)
        code = check_places(campaign, path, err);
    if (code == 0)
        code = check_maps(campaign, path, err);
    if (code == 0)
        code = campaign_check_orbits(campaign, path, err);
    if (code == 0)
        code = check_exact(campaign, path, err);
    return code == 0 ? check_analysed(campaign, path, err) : code;
}
