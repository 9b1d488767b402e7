#include "run/held_against.h"

#include "model/orbits/orbit_tiling.h"
#include "model/ridge/ridge.h"
#include "study/campaign_orbits.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

static int check_orbits(const struct campaign *campaign, const char *path, struct error *err)
{
    const struct orbit_tiling tiling = orbit_tiling_of(campaign->n_targets, campaign->n_shifts);
    if (campaign->unit_permutations == (int64_t)tiling.unit_orbits &&
        campaign->slice_targets == tiling.slice_targets)
        return 0;
    return error_set(err, EXIT_CODE_FAILED,
                     "%s: is damaged, or another program's: a unit of %lld orbits of %zu targets found; "
                     "expected %zu of %zu, of %zu targets and orbits of %zu shifts",
                     path, (long long)campaign->unit_permutations, campaign->slice_targets,
                     tiling.unit_orbits, tiling.slice_targets, campaign->n_targets, campaign->n_shifts);
}

int held_against_program(const struct campaign *campaign, const char *path, struct error *err)
{
    if (campaign_has_orbits(campaign))
        return check_orbits(campaign, path, err);
    size_t expected = ridge_tiling_of(campaign->n_targets).unit_permutations;
    if (campaign->unit_permutations == (int64_t)expected)
        return 0;
    return error_set(err, EXIT_CODE_FAILED,
                     "%s: is damaged, or another program's: a unit of %lld permutations found; expected "
                     "%zu, of %zu targets",
                     path, (long long)campaign->unit_permutations, expected, campaign->n_targets);
}

/* In the order of their folds. */
static bool are_subjects(const struct analysis *analysis, const struct campaign *campaign)
{
    const struct cohort *cohort = &analysis->cohort;
    for (size_t i = 0; i < campaign->n && i < cohort->n; i++)
        if (strcmp(cohort->fid.items[i], campaign->fid[i]) != 0 ||
            strcmp(cohort->iid.items[i], campaign->iid[i]) != 0)
            return false;
    return campaign->n == cohort->n;
}

static bool are_target_names(const struct analysis *analysis, const struct campaign *campaign)
{
    for (size_t t = 0; t < campaign->n_targets_all; t++)
        if (strcmp(analysis->cohort.target_names.items[t], campaign->target_name[t]) != 0)
            return false;
    return true;
}

static bool are_folds(const struct analysis *analysis, const struct campaign *campaign)
{
    const struct folds *folds = &analysis->folds;
    size_t n = campaign->n, n_outer = campaign->n_outer;
    return folds->n_outer == n_outer && campaign->n_inner == (int32_t)folds->n_inner &&
           memcmp(folds->outer, campaign->outer_fold, n * sizeof *folds->outer) == 0 &&
           memcmp(folds->inner, campaign->inner_fold, n_outer * n * sizeof *folds->inner) == 0;
}

static bool are_blocks(const struct analysis *analysis, const struct campaign *campaign)
{
    const struct permutation_scheme *scheme = &analysis->scheme;
    for (size_t b = 0; b < scheme->n_blocks; b++)
        for (size_t k = scheme->start[b]; k < scheme->start[b + 1]; k++)
            if (campaign->exchangeability[scheme->members[k]] != (int32_t)b)
                return false;
    return true;
}

static bool is_seed(const struct analysis *analysis, const struct campaign *campaign)
{
    return campaign->seed == analysis->scheme.seed;
}

/* Components are the campaign's, or other kernels have turned them. Other kernels may also have found one
 * column less, which is refused elsewhere. */
static bool are_covariates(const struct analysis *analysis, const struct campaign *campaign)
{
    const double rounding = 1e-9;
    size_t c = campaign->n_covariates, components = (size_t)analysis->study.covariates.genetic_pcs;
    const double *design = analysis->covariates.design;
    if (analysis->covariates.c != c)
        return true;
    for (size_t cell = 0; cell < campaign->n * c; cell++)
        if (cell % c + components < c &&
            fabs(design[cell] - campaign->covariates[cell]) > rounding * fabs(design[cell]))
            return false;
    return true;
}

/* Of unit variance. Other kernels round otherwise, and of a target that the covariates nearly explain that
 * may be much; another target's or another order are far more. Beside another design they say nothing. */
static bool are_residuals(const struct analysis *analysis, const struct campaign *campaign)
{
    const double most = 0.05 * 0.05;
    size_t n = campaign->n, n_targets = campaign->n_targets, c = campaign->n_covariates;
    if (analysis->covariates.c != c ||
        memcmp(analysis->covariates.design, campaign->covariates, n * c * sizeof(double)) != 0)
        return true;
    for (size_t t = 0; t < n_targets; t++) {
        double squares = 0;
        for (size_t cell = t; cell < n * n_targets; cell += n_targets) {
            double off = analysis->targets[cell] - campaign->residual[cell];
            squares += off * off;
        }
        if (squares > most * (double)n)
            return false;
    }
    return true;
}

/* They follow from K, which other kernels average otherwise. */
static bool are_penalties(const struct analysis *analysis, const struct campaign *campaign)
{
    const double rounding = 1e-6;
    if (campaign->model != NULL)
        return true;
    if (analysis->n_penalties != campaign->n_penalties)
        return false;
    for (size_t k = 0; k < campaign->n_penalties; k++)
        if (fabs(analysis->penalties[k] - campaign->penalty[k]) > rounding * analysis->penalties[k])
            return false;
    return true;
}

/* Of a short grid every penalty is computed. */
static bool are_nodes(const struct analysis *analysis, const struct campaign *campaign)
{
    return campaign->model != NULL || analysis_chooses_nodes(&analysis->study.model) ||
           campaign->n_nodes == campaign->n_penalties;
}

static int refuse(const char *path, const char *what, struct error *err)
{
    return error_set(err, EXIT_CODE_FAILED,
                     "%s: is damaged: its fingerprints are this study's, its %s are not; expected both", path,
                     what);
}

static int check_layout(const struct analysis *analysis, const struct campaign *campaign, const char *path,
                        struct error *err)
{
    struct orbit_scheme scheme;
    bool is_drawn;
    if (!campaign_has_orbits(campaign))
        return 0;
    if (campaign_orbits_scheme(&scheme, campaign, &analysis->scheme, err) != 0)
        return err->code;
    int code = orbit_scheme_check_drawn(&scheme, &is_drawn, err);
    orbit_scheme_free(&scheme);
    return code != 0 || is_drawn ? code : refuse(path, "orbits", err);
}

int held_against_study(const struct analysis *analysis, const struct campaign *campaign, const char *path,
                       struct error *err)
{
    /* each goes by the sizes that those before it have compared */
    static const struct {
        const char *what;
        bool (*are_alike)(const struct analysis *analysis, const struct campaign *campaign);
    } checks[] = {{"subjects", are_subjects},   {"names of targets", are_target_names},
                  {"folds", are_folds},         {"exchangeability blocks", are_blocks},
                  {"seeds", is_seed},           {"covariates", are_covariates},
                  {"residuals", are_residuals}, {"penalties", are_penalties},
                  {"penalty nodes", are_nodes}};
    for (size_t k = 0; k < sizeof checks / sizeof *checks; k++)
        if (!checks[k].are_alike(analysis, campaign))
            return refuse(path, checks[k].what, err);
    return check_layout(analysis, campaign, path, err);
}
