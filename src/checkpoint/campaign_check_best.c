#include "checkpoint/campaign_check_best.h"

#include <math.h>
#include <stdbool.h>

enum { MOST_SNPS = 1000000000 };

/* All of them or none. */
static bool are_together(const struct campaign *campaign)
{
    const void *const parts[] = {campaign->best_variant, campaign->best_chromosome, campaign->best_position,
                                 campaign->best_allele,  campaign->best_beta,       campaign->best_error,
                                 campaign->best_log_p,   campaign->n_hits,          campaign->lambda_gc,
                                 campaign->manhattan,    campaign->chromosome,      campaign->peak,
                                 campaign->quantile};
    for (size_t k = 1; k < sizeof parts / sizeof *parts; k++)
        if ((parts[k] == NULL) != (parts[0] == NULL))
            return false;
    return true;
}

static bool are_targets(const struct campaign *campaign)
{
    for (size_t t = 0; t < campaign->n_targets; t++)
        if (!isfinite(campaign->best_beta[t]) || !(campaign->best_error[t] >= 0) ||
            !(campaign->best_log_p[t] <= 0) || campaign->n_hits[t] < 0 || campaign->n_hits[t] > MOST_SNPS)
            return false;
    return true;
}

static bool are_inside(const struct campaign_place *places, size_t count, double most)
{
    for (size_t k = 0; k < count; k++)
        if (!(places[k].across >= 0) || !(places[k].across <= 1) || !(places[k].up >= 0) ||
            !(places[k].up <= most))
            return false;
    return true;
}

/* Those of a QQ plot come down from the first. */
static bool are_points(const struct campaign *campaign)
{
    const double *point = campaign->quantile;
    for (size_t k = 0; k < 2 * campaign->n_quantiles; k++)
        if (!isfinite(point[k]) || point[k] < 0 || point[k] > fmax(point[0], point[1]))
            return false;
    return true;
}

int campaign_check_best(const struct campaign *campaign, const char *path, struct error *err)
{
    if (campaign->best_variant == NULL && are_together(campaign))
        return 0;
    if (campaign->model == NULL || !are_together(campaign))
        return error_set(err, EXIT_CODE_FAILED,
                         "%s: is damaged: parts of /best and /plots found; expected all of them, in a "
                         "campaign of arete associate, or none",
                         path);
    if (campaign->n_tested < 1 || campaign->n_tested > MOST_SNPS || !are_targets(campaign))
        return error_set(err, EXIT_CODE_FAILED, "%s: is damaged: /best holds what no SNP of %lld has", path,
                         (long long)campaign->n_tested);
    if (!(campaign->manhattan_most > 0) || !isfinite(campaign->manhattan_most) ||
        !are_inside(campaign->chromosome, campaign->n_chromosomes, campaign->manhattan_most) ||
        !are_inside(campaign->peak, campaign->n_peaks, campaign->manhattan_most) || !are_points(campaign))
        return error_set(err, EXIT_CODE_FAILED, "%s: is damaged: /plots has places outside its plots", path);
    return 0;
}
