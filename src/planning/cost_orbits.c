#include "planning/cost_orbits.h"

#include "model/orbits/form_order.h"
#include "model/orbits/forms_cost.h"
#include "model/orbits/orbit_terms.h"
#include "model/orbits/orbit_tile.h"
#include "model/orbits/orbit_tiling.h"
#include "model/orbits/orbit_transform.h"

#include <math.h>

/* A flop in double precision, and a cycle of a transform, beside a flop of a product in single precision. */
static const double double_weight = 2, transform_weight = 5;

struct cost_orbits cost_orbits_of(const struct orbit_choice *choice)
{
    return (struct cost_orbits){.n_shifts = (double)choice->n_shifts,
                                .length = (double)choice->length,
                                .n_sequences = (double)choice->n_sequences,
                                .n_fixed = (double)choice->n_fixed,
                                .flops = choice->flops};
}

double cost_orbits_forms(const struct cost_shape *s)
{
    return (double)form_order_count((size_t)s->n_outer, (size_t)s->n_nodes);
}

double cost_orbits_bytes(const struct cost_shape *s)
{
    const struct orbit_terms terms = {(size_t)s->orbits.length, (size_t)s->orbits.n_sequences,
                                      (size_t)s->orbits.n_fixed};
    double count = (double)orbit_terms_before(&terms, orbit_terms_frequencies(&terms));
    return cost_orbits_forms(s) * count * 2 * sizeof(float);
}

double cost_orbits_count(const struct cost_shape *s)
{
    return fmax(ceil(s->n_permutations / s->orbits.n_shifts), 1);
}

/* A form's rows and columns are transformed one after the other, two subjects at a time. */
static double transform_flops(const struct cost_shape *s)
{
    double lines = s->orbits.n_sequences * (s->n + s->orbits.n_sequences * s->orbits.length) / 2;
    return transform_weight * lines * orbit_transform_cost((size_t)s->orbits.length);
}

double cost_orbits_setup(const struct cost_shape *s)
{
    struct forms_cost node = forms_cost_even(s->n, s->n_outer, s->n_inner);
    struct forms_cost baseline = forms_cost_baseline(s->n, s->n / s->n_outer, s->n_covariates);
    return s->n_outer * (s->n_nodes * (double_weight * node.in_double + node.in_single) +
                         double_weight * baseline.in_double + baseline.in_single) +
           cost_orbits_forms(s) * transform_flops(s);
}

/* Columns are computed in groups of 16. */
double cost_orbits_permutations(const struct cost_shape *s)
{
    double columns = ceil(cost_orbits_count(s) * s->n_targets / ORBIT_LANES) * ORBIT_LANES;
    return columns * s->orbits.n_shifts * cost_orbits_forms(s) * s->orbits.flops;
}

bool cost_orbits_pay(const struct cost_shape *s)
{
    double alone =
        s->n_permutations * s->n_targets * s->n_nodes * (cost_product_flops(s) + cost_fold_flops(s));
    return s->orbits.n_shifts > 1 && cost_orbits_setup(s) + cost_orbits_permutations(s) < alone;
}
