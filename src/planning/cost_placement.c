#include "planning/cost_placement.h"

#include "planning/cost_orbits.h"
#include "planning/cost_passes.h"

#include <math.h>
#include <stdio.h>

static bool is_by_fold(const struct cost_shape *s)
{
    return s->placement == PLACEMENT_BY_FOLD;
}

double cost_placement_links(const struct cost_shape *s)
{
    return is_by_fold(s) ? fold_chains_links((int)cost_machines(s), (size_t)cost_passes_folds(s)) : 1;
}

double cost_placement_chains(const struct cost_shape *s)
{
    return floor(cost_machines(s) / cost_placement_links(s));
}

double cost_placement_folds(const struct cost_shape *s)
{
    return ceil(cost_passes_folds(s) / cost_placement_links(s));
}

double cost_placement_share(const struct cost_shape *s)
{
    return fmin(cost_passes_count(s) * cost_placement_folds(s) / s->n_outer, 1);
}

double cost_placement_sums(const struct cost_shape *s)
{
    if (cost_placement_links(s) < 2)
        return 0;
    return cost_passes_count(s) * cost_passes_sums_bytes(s) / cost_placement_chains(s);
}

bool cost_placement_fit(struct cost_shape *s, double memory_bytes, int passes)
{
    if (passes == 0)
        return cost_passes_fit(s, memory_bytes);
    s->pass_folds = ceil(s->n_outer / passes);
    return cost_of(s).machine_bytes <= memory_bytes;
}

enum { BUILDERS_BYTES = 64 };

/* Work before and of the permutations. */
struct work {
    double setup, permutations;
};

/* What the busiest machine does from the SVD on, in flops of a product in single precision. */
static struct work orbits_work(const struct cost_shape *s)
{
    double share = cost_placement_share(s);
    return (struct work){cost_orbits_setup(s) * share,
                         cost_orbits_permutations(s) * share / cost_placement_chains(s)};
}

/* P of every node is made, and applied to each permutation, in every pass. */
static struct work single_work(const struct cost_shape *s)
{
    const double double_weight = 2;
    double share = cost_placement_folds(s) / s->n_outer;
    double build = cost_nodes_per_machine(s) * (cost_p_flops(s) + cost_fold_operator_flops(s) * share);
    double columns = s->n_permutations * s->n_targets / cost_placement_chains(s);
    return (struct work){double_weight * cost_operator_builds(s) * build,
                         cost_passes_count(s) * columns * s->n_nodes * cost_pass_flops(s)};
}

/* Of the busiest core; what travels beside, at what a network of 10 Gbit/s and a core do in the same time. */
static double work(const struct cost_shape *s)
{
    const double flops_a_byte = 80;
    struct work of = s->orbits.n_shifts > 0 ? orbits_work(s) : single_work(s);
    double workers = cost_ranks_per_machine(s) * s->workers_per_rank;
    double setup = of.setup / workers, permutations = of.permutations / workers;
    if (is_by_fold(s))
        return setup + fmax(permutations, cost_placement_sums(s) * flops_a_byte);
    double sent = cost_of(s).traffic.operators / fmax(cost_machines(s) - 1, 1);
    return setup + permutations + sent * ceil(log2(cost_machines(s))) * flops_a_byte;
}

/* A fifth of the work, and more than seconds: a message may be late. */
static bool is_clearly_faster(const struct cost_shape *by_fold, const struct cost_shape *replicate)
{
    const double clear_share = 0.8, clear_flops = 1e12;
    double with = work(by_fold), without = work(replicate);
    return with < clear_share * without && without - with > clear_flops;
}

bool cost_placement_choose(struct cost_shape *s, double memory_bytes, int passes)
{
    struct cost_shape replicate = *s, by_fold = *s;
    replicate.placement = PLACEMENT_REPLICATE;
    by_fold.placement = PLACEMENT_BY_FOLD;
    bool fits = cost_placement_fit(&replicate, memory_bytes, passes);
    bool fits_by_fold = cost_placement_fit(&by_fold, memory_bytes, passes);
    /* drawn one by one, a machine more takes P of everything once more, as a pass does */
    bool fewer = s->orbits.n_shifts > 0 && cost_passes_count(&by_fold) < cost_passes_count(&replicate);
    bool better = cost_machines(s) > 1 && (fits_by_fold || !fits) &&
                  (!fits || fewer || is_clearly_faster(&by_fold, &replicate));
    *s = better ? by_fold : replicate;
    return better ? fits_by_fold : fits;
}

/* Where only some processes of a machine build. */
static const char *builders_text(const struct cost_shape *s, char *text)
{
    double builders = cost_builders(s), ranks = cost_ranks_per_machine(s);
    *text = '\0';
    if (s->n_builders > 0 && builders < ranks)
        snprintf(text, BUILDERS_BYTES, "; %.0f of %.0f processes build them", builders, ranks);
    return text;
}

const char *cost_placement_text(const struct cost_shape *s, char *text)
{
    char builders[BUILDERS_BYTES];
    double chains = cost_placement_chains(s), links = cost_placement_links(s),
           idle = cost_machines(s) - chains * links, folds = cost_placement_folds(s);
    const char *kind = s->orbits.n_shifts > 0 ? "forms" : "operators";
    char left_over[COST_TEXT_BYTES] = "";
    if (idle > 0)
        snprintf(left_over, sizeof left_over, "; %.0f %s idle", idle, idle > 1 ? "machines" : "machine");
    if (!is_by_fold(s))
        snprintf(text, COST_PLACEMENT_BYTES, "replicate: every machine holds all %s%s", kind,
                 builders_text(s, builders));
    else
        snprintf(text, COST_PLACEMENT_BYTES,
                 "by-fold: %.0f %s of %.0f %s, with the %s of %s%.0f of %.0f outer folds each%s%s", chains,
                 chains > 1 ? "chains" : "chain", links, links > 1 ? "machines" : "machine", kind,
                 fmod(cost_passes_folds(s), links) > 0 ? "at most " : "", folds, s->n_outer, left_over,
                 builders_text(s, builders));
    return text;
}
