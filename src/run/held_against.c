#include "run/held_against.h"

#include "model/orbits/orbit_tiling.h"
#include "model/ridge/ridge.h"

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
