#include "planning/cost_orbits.h"

#include "model/orbits/form_order.h"
#include "model/orbits/forms.h"
#include "model/orbits/forms_cost.h"
#include "model/orbits/orbit_coefficients.h"
#include "model/orbits/orbit_terms.h"
#include "model/orbits/orbit_tile.h"
#include "model/orbits/orbit_tiling.h"
#include "model/orbits/orbit_transform.h"
#include "model/ridge/fold_sizes.h"
#include "planning/buffers.h"
#include "planning/cost_memory.h"
#include "planning/cost_passes.h"
#include "planning/cost_placement.h"

#include <math.h>
#include <stdio.h>

/* A flop in double precision, and a cycle of a transform, beside a flop of a product in single precision. */
static const double double_weight = 2, transform_weight = 5;

struct cost_orbits cost_orbits_of(const struct orbit_choice *choice)
{
    return (struct cost_orbits){.n_shifts = (double)choice->n_shifts,
                                .length = (double)choice->length,
                                .n_sequences = (double)choice->n_sequences,
                                .n_fixed = (double)choice->n_fixed,
                                .flops = choice->flops,
                                .variance = choice->variance};
}

double cost_orbits_forms(const struct cost_shape *s)
{
    return (double)form_order_count((size_t)s->n_outer, (size_t)s->n_nodes);
}

double cost_orbits_pass_forms(const struct cost_shape *s)
{
    return (double)form_order_count((size_t)cost_placement_folds(s), (size_t)s->n_nodes);
}

static struct orbit_terms terms_of(const struct cost_shape *s)
{
    return (struct orbit_terms){(size_t)s->orbits.length, (size_t)s->orbits.n_sequences,
                                (size_t)s->orbits.n_fixed};
}

/* Of a form: its coefficients. */
static double all_terms(const struct cost_shape *s)
{
    const struct orbit_terms terms = terms_of(s);
    return (double)orbit_terms_before(&terms, orbit_terms_frequencies(&terms));
}

double cost_orbits_bytes(const struct cost_shape *s)
{
    return cost_orbits_pass_forms(s) * all_terms(s) * 2 * sizeof(float);
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

/* What orbits.flops counts for transforms and for the choice of penalties, in products: measured at 1,500
 * people, where they took .11 to .15 of the products' time (bench/NOTES.md). Its weights decide between
 * methods and so stay what they are. */
static const double transforms_in_products = 0.33;

double cost_orbits_kernel_flops(const struct cost_shape *s)
{
    double products = 8 * all_terms(s) / s->orbits.n_shifts;
    double flops = products + transforms_in_products * fmax(s->orbits.flops - products, 0);
    return cost_orbits_permutations(s) / s->orbits.flops * flops;
}

static struct orbit_tiling tiling_of(const struct cost_shape *s)
{
    return orbit_tiling_of((size_t)s->n_targets, (size_t)s->orbits.n_shifts);
}

double cost_orbits_units(const struct cost_shape *s)
{
    struct orbit_tiling tiling = tiling_of(s);
    return (double)orbit_tiling_units(&tiling, (uint64_t)cost_orbits_count(s));
}

double cost_orbits_unit_permutations(const struct cost_shape *s)
{
    struct orbit_tiling tiling = tiling_of(s);
    return (double)tiling.unit_orbits * s->orbits.n_shifts / (double)tiling.n_slices;
}

double cost_orbits_unit_groups(const struct cost_shape *s)
{
    struct orbit_tiling tiling = tiling_of(s);
    return (double)orbit_tile_groups(orbit_tiling_unit_rows(&tiling));
}

double cost_orbits_unit_flops(const struct cost_shape *s)
{
    struct orbit_tiling tiling = tiling_of(s);
    return (double)orbit_tiling_unit_rows(&tiling) * s->orbits.n_shifts * cost_orbits_forms(s) *
           s->orbits.flops;
}

double cost_orbits_error_bytes(const struct cost_shape *s)
{
    return s->n_outer * (s->n_nodes + 1) * s->n_targets * sizeof(double);
}

/* Of as many folds as are built together: two forms, the operators in double, and E in double and single. */
double cost_orbits_setup_bytes(const struct cost_shape *s, size_t n_penalties)
{
    struct fold_sizes sizes = fold_sizes_equal(s->n, s->n_outer, s->n_inner);
    double slots = (double)buffers_form_slots((size_t)s->n, (size_t)s->workers_per_rank,
                                              (size_t)cost_placement_folds(s) * n_penalties);
    double in_single = 2 * s->n * s->n + sizes.n_test * s->n,
           in_double = fold_sizes_elements(&sizes) + sizes.n_test * s->n + (s->n_inner + 1) * s->n;
    return slots * (in_single * sizeof(float) + in_double * sizeof(double)) + cost_orbits_error_bytes(s);
}

/* A form's rows and columns while they are transformed; an inner fold's rows; a baseline's rows. */
double cost_orbits_workspace_bytes(const struct cost_shape *s)
{
    size_t n = (size_t)s->n, n_test = (size_t)ceil(s->n / s->n_outer),
           n_inner = (size_t)ceil((s->n - s->n / s->n_outer) / s->n_inner);
    double lines =
        (double)orbit_coefficients_lines(n, (size_t)s->orbits.length, (size_t)s->orbits.n_sequences);
    double transforms = (lines + 4 * s->orbits.length * ORBIT_ROW) * sizeof(float);
    double rows = (double)(n * n_inner),
           baseline = (double)forms_baseline_workspace_of(n, n_test, (size_t)s->n_covariates);
    return fmax(transforms, fmax(rows, baseline) * sizeof(double));
}

/* Tiles that are there at one time: no more than the permutations fill. */
static double tiles_in_turn(const struct cost_shape *s, const struct orbit_tiling *tiling)
{
    const struct orbit_terms terms = terms_of(s);
    double flops = orbit_tile_flops(&terms, (size_t)cost_orbits_pass_forms(s)) * ORBIT_TILING_TILE;
    size_t bands = buffers_orbit_bands(flops, orbit_terms_frequencies(&terms));
    double all = ceil(cost_units(s) / (double)orbit_tiling_tile_units(tiling));
    return fmin((double)buffers_orbit_tiles(bands, (size_t)s->workers_per_rank), all);
}

/* Tiles of spectra and sums; blocks of scores; a tile's targets as they are gathered. */
double cost_orbits_permutation_bytes(const struct cost_shape *s)
{
    struct orbit_tiling tiling = tiling_of(s);
    double rows = (double)(orbit_tiling_tile_units(&tiling) * orbit_tiling_unit_rows(&tiling));
    double columns = ceil(rows / ORBIT_LANES) * ORBIT_LANES,
           places = s->orbits.n_sequences * s->orbits.length;
    double tile =
        columns * 2 * (places + s->orbits.n_fixed + cost_orbits_pass_forms(s) * (s->orbits.length / 2 + 1));
    double gathered = s->n * rows + 4 * s->orbits.length * ORBIT_ROW;
    double units = ceil(cost_units(s) / cost_blocks(s));
    const double piece = 5e3; /* what StarPU has for each group of a block: measured (bench/NOTES.md) */
    double block = units * (double)orbit_tiling_unit_rows(&tiling) * s->orbits.n_shifts * sizeof(float) +
                   units * cost_orbits_unit_groups(s) * piece + cost_passes_block_bytes(s, units);
    return (tiles_in_turn(s, &tiling) * tile + s->workers_per_rank * gathered) * sizeof(float) +
           BUFFERS_BLOCKS * block + cost_orbits_error_bytes(s);
}

double cost_orbits_counting_bytes(const struct cost_shape *s)
{
    struct orbit_tiling tiling = tiling_of(s);
    double row = s->orbits.n_shifts, unit = (double)orbit_tiling_unit_rows(&tiling) * row;
    return cost_memory_counting(cost_orbits_count(s) * row, unit, (double)tiling.slice_targets * row);
}

const char *cost_orbits_text(const struct cost_shape *s, char *text)
{
    const struct cost_orbits *orbits = &s->orbits;
    char still[COST_TEXT_BYTES] = "nobody stands still";
    double orbits_made = cost_orbits_count(s), made = orbits_made * orbits->n_shifts, p = 0.05;
    if (orbits->n_fixed > 0)
        snprintf(still, sizeof still,
                 orbits->n_fixed > 1 ? "%.0f people stand still" : "%.0f person stands still",
                 orbits->n_fixed);
    snprintf(text, COST_PLACEMENT_BYTES,
             "%.0f %s of %.0f shifts make %.0f; %s; V %.2f; a p of .05 has a Monte Carlo standard error of "
             "%.2g",
             orbits_made, orbits_made > 1 ? "orbits" : "orbit", orbits->n_shifts, made, still,
             orbits->variance, sqrt(fmax(orbits->variance, 1) * p * (1 - p) / made));
    return text;
}

/* So many permutations, drawn one by one. */
static double alone(const struct cost_shape *s, double n_permutations)
{
    return n_permutations * s->n_targets * s->n_nodes * (cost_product_flops(s) + cost_fold_flops(s));
}

static double in_orbits(const struct cost_shape *s)
{
    return cost_orbits_setup(s) + cost_orbits_permutations(s);
}

bool cost_orbits_pay(const struct cost_shape *s)
{
    return s->orbits.n_shifts > 1 && in_orbits(s) < alone(s, s->n_permutations);
}

double cost_orbits_saving(const struct cost_shape *s, double n_permutations)
{
    return s->orbits.n_shifts > 1 ? alone(s, n_permutations) / in_orbits(s) : 0;
}

bool cost_orbits_better(const struct cost_shape *s, char *why)
{
    bool pay = cost_orbits_pay(s);
    snprintf(why, COST_PLACEMENT_BYTES, "%s",
             pay ? "least work" : "orbits would take more work for so few permutations and targets");
    return pay;
}
