#include "run/permutation_order.h"

#include "base/memory.h"
#include "study/campaign_orbits.h"

#include <stdlib.h>

/* That the campaign has it. */
static int check_name(const struct campaign *campaign, const char *path, const struct permutation_name *name,
                      struct error *err)
{
    bool orbits = campaign_has_orbits(campaign);
    if (orbits != name->has_shift)
        return error_set(err, EXIT_CODE_BAD_INPUT,
                         orbits ? "%s: its permutations come in orbits; expected ORBIT and SHIFT"
                                : "%s: its permutations are drawn one by one; expected one NUMBER",
                         path);
    int64_t last =
        orbits ? campaign_orbits(campaign, campaign->n_permutations) - 1 : campaign->n_permutations;
    if (name->number > last)
        return error_set(err, EXIT_CODE_BAD_INPUT, "%s: %s %lld found; expected 0 to %lld, its %s", path,
                         orbits ? "orbit" : "permutation", (long long)name->number, (long long)last,
                         orbits ? "last" : "count");
    if (orbits && name->shift >= (int64_t)campaign->n_shifts)
        return error_set(err, EXIT_CODE_BAD_INPUT, "%s: shift %lld found; expected 0 to %zu", path,
                         (long long)name->shift, campaign->n_shifts - 1);
    return 0;
}

/* order: 3n words, the first n of which are the order. */
static int draw(const struct campaign *campaign, const struct permutation_name *name, uint32_t *order,
                struct error *err)
{
    struct permutation_scheme scheme;
    struct orbit_scheme orbits = {0};
    size_t n = campaign->n;
    if (permutation_scheme_init(&scheme, campaign->exchangeability, n, campaign->seed, err) != 0)
        return err->code;
    if (!campaign_has_orbits(campaign))
        permutation_draw(&scheme, (uint64_t)name->number, order, order + n);
    else if (campaign_orbits_scheme(&orbits, campaign, &scheme, err) == 0)
        orbit_scheme_order(&orbits, (uint64_t)name->number, (size_t)name->shift, order, order + n);
    orbit_scheme_free(&orbits);
    permutation_scheme_free(&scheme);
    return err->code;
}

uint32_t *permutation_order(const struct campaign *campaign, const char *campaign_path,
                            const struct permutation_name *name, struct error *err)
{
    if (check_name(campaign, campaign_path, name, err) != 0)
        return NULL;
    uint32_t *order = memory_zeroed(3 * campaign->n, sizeof *order, "a permutation", err);
    if (order != NULL && draw(campaign, name, order, err) != 0) {
        free(order);
        order = NULL;
    }
    return order;
}
