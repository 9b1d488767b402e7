#include "run/record_orbits.h"

#include "base/memory.h"
#include "model/orbits/orbit_scheme.h"
#include "model/orbits/orbit_tiling.h"

#include <stdlib.h>
#include <string.h>

static const char WHAT[] = "the orbits";

/* Subjects as the file has them, -1 for nobody. */
static int32_t *copy_places(const uint32_t *places, size_t count, struct error *err)
{
    int32_t *copied = memory_zeroed(count, sizeof *copied, WHAT, err);
    for (size_t p = 0; copied != NULL && p < count; p++)
        copied[p] = places[p] == ORBIT_NOBODY ? -1 : (int32_t)places[p];
    return copied;
}

static void fill_scheme(struct campaign *campaign, const struct orbit_scheme *scheme, struct error *err)
{
    const struct orbit_choice *choice = &scheme->choice;
    size_t places = choice->n_sequences * choice->length;
    campaign->method = memory_string("orbits", err);
    campaign->n_shifts = choice->n_shifts;
    campaign->identity = scheme->identity;
    campaign->n_sequences = choice->n_sequences;
    campaign->n_places = choice->length;
    campaign->n_fixed = choice->n_fixed;
    campaign->place_subject = copy_places(scheme->subject, places, err);
    campaign->place_source = copy_places(scheme->source, places, err);
    campaign->fixed = copy_places(scheme->fixed, choice->n_fixed, err);
}

/* Releases the scheme. */
static int fill_and_tile(struct campaign *campaign, struct orbit_scheme *scheme, struct error *err)
{
    fill_scheme(campaign, scheme, err);
    orbit_scheme_free(scheme);
    struct orbit_tiling tiling = orbit_tiling_of(campaign->n_targets, campaign->n_shifts);
    campaign->slice_targets = tiling.slice_targets;
    campaign->unit_permutations = (int64_t)tiling.unit_orbits;
    return err->code;
}

int record_orbits_fill(struct campaign *campaign, const struct permutation_scheme *blocks, struct error *err)
{
    struct orbit_scheme scheme;
    return orbit_scheme_init(&scheme, blocks, err) == 0 ? fill_and_tile(campaign, &scheme, err) : err->code;
}

int record_orbits_fill_single(struct campaign *campaign, const struct permutation_scheme *blocks,
                              struct error *err)
{
    struct orbit_scheme scheme;
    return orbit_scheme_init_single(&scheme, blocks, err) == 0 ? fill_and_tile(campaign, &scheme, err)
                                                               : err->code;
}

int record_orbits_fill_errors(struct campaign *campaign, const struct observed *observed,
                              const struct penalty_nodes *nodes, struct error *err)
{
    size_t t = observed->n_targets, n_outer = observed->n_outer, n_nodes = nodes->n_nodes;
    campaign->n_baselines = n_outer;
    campaign->n_node_errors = n_outer * n_nodes;
    campaign->node_error = memory_aligned(n_outer * n_nodes * t, sizeof(double), "the observed errors", err);
    campaign->baseline_error = memory_aligned(n_outer * t, sizeof(double), "the observed errors", err);
    if (err->code != 0)
        return err->code;
    for (size_t o = 0; o < n_outer; o++)
        for (size_t k = 0; k < n_nodes; k++)
            memcpy(campaign->node_error + (o * n_nodes + k) * t,
                   observed->error + (nodes->node[k] * n_outer + o) * t, t * sizeof(double));
    memcpy(campaign->baseline_error, observed->baseline_error, n_outer * t * sizeof(double));
    return 0;
}
