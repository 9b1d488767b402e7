#include "checkpoint/campaign.h"
#include "cli/command.h"

#include "base/memory.h"
#include "base/text.h"
#include "model/orbits/orbit_scheme.h"
#include "study/campaign_orbits.h"

#include <stdio.h>
#include <stdlib.h>

static const char help[] =
    "usage: arete permutation campaign.h5 NUMBER\n"
    "       arete permutation campaign.h5 ORBIT SHIFT\n"
    "\n"
    "Prints the subject order of one permutation of a campaign, one 0-based index a line: line k (from 0) is "
    "the "
    "subject\n"
    "whose targets stand at subject k. Subjects are counted in the campaign's order (/subjects).\n"
    "Where permutations come in orbits: which shift of which orbit, both from 0. Orbit 0 is the identity's.\n"
    "Where they are drawn one by one: which of them. Number 0 is the identity; row i of /null/score is "
    "permutation "
    "i + 1.\n"
    "The last is the campaign's count.\n";

/* Which permutation; shift is 0 where they are drawn one by one. */
struct wanted {
    int64_t number, shift;
};

static void print(const uint32_t *order, size_t n)
{
    for (size_t i = 0; i < n; i++)
        printf("%u\n", order[i]);
}

static int print_order(const struct campaign *campaign, const struct wanted *wanted, struct error *err)
{
    struct permutation_scheme scheme;
    struct orbit_scheme orbits = {0};
    if (permutation_scheme_init(&scheme, campaign->exchangeability, campaign->n, campaign->seed, err) != 0)
        return err->code;
    size_t n = campaign->n;
    uint32_t *order = memory_zeroed(3 * n, sizeof *order, "a permutation", err);
    if (order != NULL && !campaign_has_orbits(campaign)) {
        permutation_draw(&scheme, (uint64_t)wanted->number, order, order + n);
        print(order, n);
    } else if (order != NULL && campaign_orbits_scheme(&orbits, campaign, &scheme, err) == 0) {
        orbit_scheme_order(&orbits, (uint64_t)wanted->number, (size_t)wanted->shift, order, order + n);
        print(order, n);
    }
    free(order);
    orbit_scheme_free(&orbits);
    permutation_scheme_free(&scheme);
    return err->code;
}

/* That the campaign has it. */
static int check_wanted(const struct campaign *campaign, const char *path, const struct wanted *wanted,
                        bool has_shift, struct error *err)
{
    bool orbits = campaign_has_orbits(campaign);
    if (orbits != has_shift)
        return error_set(err, EXIT_CODE_BAD_INPUT,
                         orbits ? "%s: its permutations come in orbits; expected ORBIT and SHIFT"
                                : "%s: its permutations are drawn one by one; expected one NUMBER",
                         path);
    int64_t last =
        orbits ? campaign_orbits(campaign, campaign->n_permutations) - 1 : campaign->n_permutations;
    if (wanted->number > last)
        return error_set(err, EXIT_CODE_BAD_INPUT, "%s: %s %lld found; expected 0 to %lld, its %s", path,
                         orbits ? "orbit" : "permutation", (long long)wanted->number, (long long)last,
                         orbits ? "last" : "count");
    if (orbits && wanted->shift >= (int64_t)campaign->n_shifts)
        return error_set(err, EXIT_CODE_BAD_INPUT, "%s: shift %lld found; expected 0 to %zu", path,
                         (long long)wanted->shift, campaign->n_shifts - 1);
    return 0;
}

static int permutation(int argc, char **argv, struct error *err)
{
    struct wanted wanted = {0};
    if (argc != 3 && argc != 4)
        return error_set(err, EXIT_CODE_BAD_INPUT,
                         "%d arguments found; expected arete permutation campaign.h5 NUMBER, or ORBIT SHIFT",
                         argc - 1);
    if (!text_to_int64(argv[2], &wanted.number) || wanted.number < 0)
        return error_set(err, EXIT_CODE_BAD_INPUT, "permutation %s found; expected a number from 0", argv[2]);
    if (argc == 4 && (!text_to_int64(argv[3], &wanted.shift) || wanted.shift < 0))
        return error_set(err, EXIT_CODE_BAD_INPUT, "shift %s found; expected a number from 0", argv[3]);
    struct campaign campaign = {0};
    if (campaign_read(&campaign, argv[1], err) == 0 &&
        check_wanted(&campaign, argv[1], &wanted, argc == 4, err) == 0)
        print_order(&campaign, &wanted, err);
    campaign_free(&campaign);
    return err->code;
}

const struct command command_permutation = {
    .name = "permutation",
    .summary = "print the subject order of one permutation of a campaign",
    .help = help,
    .run = permutation,
};
