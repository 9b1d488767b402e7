#include "planning/cost.h"
#include "model/orbits/forms.h"
#include "model/orbits/orbit_coefficients.h"
#include "model/stats/null_maxima.h"
#include "planning/buffers.h"
#include "planning/cost_memory.h"
#include "planning/cost_orbits.h"
#include "planning/cost_passes.h"
#include "planning/cost_rates.h"
#include "planning/cost_time.h"

#include "testing.h"

#include <math.h>
#include <string.h>

/* 120 subjects in 4 test sets of 30, 3 inner folds of 30; units of 100 permutations. */
static struct cost_shape small_shape(void)
{
    return (struct cost_shape){.n = 120,
                               .n_snps = 1600,
                               .n_targets = 10,
                               .n_covariates = 2,
                               .n_outer = 4,
                               .n_inner = 3,
                               .n_permutations = 250,
                               .n_penalties = 2,
                               .n_nodes = 2,
                               .n_machines = 1,
                               .ranks_per_machine = 1,
                               .workers_per_rank = 1,
                               .shared_memory = true,
                               .placement = PLACEMENT_REPLICATE};
}

static struct cost_shape large_shape(void)
{
    struct cost_shape shape = small_shape();
    shape.n = 3000;
    shape.n_targets = 1000;
    shape.n_snps = 500000;
    shape.n_penalties = shape.n_nodes = 5;
    shape.n_permutations = 10000;
    return shape;
}

/* By hand: 2n^2 = 28800; 4 (2 30^2 + 2 90 30 + 90^2/3) = 39600; 4 (120^2 + 4 (30^2 + 90 30 + 90^2/3)) =
 * 158400 bytes. */
static void test_flops_and_bytes(void)
{
    struct cost_shape shape = small_shape();
    struct cost cost = cost_of(&shape);
    CU_ASSERT_EQUAL(cost_product_flops(&shape), 28800);
    CU_ASSERT_EQUAL(cost_fold_flops(&shape), 39600);
    CU_ASSERT_EQUAL(cost.held_bytes, 2 * 158400);
    CU_ASSERT_EQUAL(cost.shared_bytes, 2 * 158400 + 120 * 10 * 4);
    CU_ASSERT_EQUAL(cost.permutation_flops, 250.0 * 10 * 2 * (28800 + 39600));
    CU_ASSERT_EQUAL(cost.gram_flops, 120.0 * 120 * 1600);
    CU_ASSERT_EQUAL(cost.campaign_bytes, 120 * 120 * 8 + 120 * 10 * 8 + 250 * 10 * 4);
    CU_ASSERT_EQUAL(cost.predictions_bytes, 0);
    shape.keeps_predictions = true;
    CU_ASSERT_EQUAL(cost_of(&shape).campaign_bytes - cost.campaign_bytes, 2 * 120 * 10 * 4);
    CU_ASSERT_EQUAL(cost_of(&shape).predictions_bytes, 50 * 120 * 10);
    CU_ASSERT_EQUAL(cost.window_bytes, 0);
    shape.ranks_per_machine = 2; /* singular vectors and values beside what is shared */
    CU_ASSERT_EQUAL(cost_of(&shape).window_bytes, 118 * (120 + 1) * 8 + cost.shared_bytes);
    shape.shared_memory = false;
    CU_ASSERT_EQUAL(cost_of(&shape).window_bytes, 0);
    shape.keeps_predictions = false;
    CU_ASSERT_EQUAL(cost.traffic.total, 0);
    CU_ASSERT_EQUAL(cost_units(&shape), 3);
    CU_ASSERT_EQUAL(cost_tile_columns(&shape), 1000);
    shape.n_targets = 2500;
    CU_ASSERT_EQUAL(cost_unit_tiles(&shape), 3);
    CU_ASSERT_EQUAL(cost_tile_columns(&shape), 834);
    /* penalties without operators of their own cost no permutations */
    struct cost all = cost_of(&shape);
    shape.n_nodes = 1;
    struct cost half = cost_of(&shape);
    CU_ASSERT_EQUAL(half.permutation_flops, all.permutation_flops / 2);
    CU_ASSERT_EQUAL(half.held_bytes, all.held_bytes / 2);
}

/* Two machines: chunks 1, 3, 5, 7 of K are read on the second one; it builds one of the two penalties. */
static void test_traffic(void)
{
    struct cost_shape shape = small_shape();
    shape.n_machines = 2;
    struct cost_traffic traffic = cost_of(&shape).traffic;
    CU_ASSERT_EQUAL(traffic.gram, 4 * 120 * 120 * 8);
    CU_ASSERT_EQUAL(traffic.targets, 120 * 10 * (8 + 4));
    CU_ASSERT_EQUAL(traffic.svd, 118 * 121 * 8);
    CU_ASSERT_EQUAL(traffic.operators, 2 * 158400);
    CU_ASSERT_EQUAL(traffic.observed, 4 * 4 * 10 * 8);
    CU_ASSERT_EQUAL(traffic.sums, 0);
    shape.n_machines = 5;
    CU_ASSERT_EQUAL(cost_of(&shape).traffic.operators, 4 * 2 * 158400);
    /* ranks of one machine send nothing over the network, unless they share nothing */
    shape.n_machines = 1;
    shape.ranks_per_machine = 2;
    CU_ASSERT_EQUAL(cost_of(&shape).traffic.total, 0);
    shape.shared_memory = false;
    CU_ASSERT_EQUAL(cost_of(&shape).traffic.gram, 4 * 120 * 120 * 8);
}

static void test_division(void)
{
    struct cost_shape shape = large_shape();
    CU_ASSERT_EQUAL(cost_chunks_per_rank(&shape), 8);
    CU_ASSERT_EQUAL(cost_penalties_per_machine(&shape), 5);
    shape.n_machines = 2;
    shape.ranks_per_machine = 2;
    CU_ASSERT_EQUAL(cost_chunks_per_rank(&shape), 2);
    CU_ASSERT_EQUAL(cost_chunks_sent(&shape), 4);
    CU_ASSERT_EQUAL(cost_builder_machines(&shape), 2);
    CU_ASSERT_EQUAL(cost_penalties_per_machine(&shape),
                    3); /* three of five on machine 0, by its first rank */
    shape.n_machines = 16;
    CU_ASSERT_EQUAL(cost_chunks_per_rank(&shape), 1);
    CU_ASSERT_EQUAL(cost_chunks_sent(&shape), 7);
    CU_ASSERT_EQUAL(cost_penalties_per_machine(&shape), 1);
}

/* Four builders share 5 penalties at 10 folds: at most 13 of the 50 pairs, of two penalties; as many build as
 * fit into memory. */
static void test_builders(void)
{
    struct cost_shape shape = large_shape();
    struct orbit_choice choice;
    struct error err = {0};
    const struct cost_network network = {1e30, 0};
    const struct cost_rates rates = {
        .product = 1e9, .product_double = 1e9, .fold_operators = 1e9, .svd_s = 100};
    size_t n = 10000;
    shape.n = 10000;
    shape.n_outer = 10;
    shape.ranks_per_machine = 4;
    CU_ASSERT_EQUAL_FATAL(orbit_choose(&n, 1, &choice, &err), 0);
    shape.orbits = cost_orbits_of(&choice);
    double one = cost_of(&shape).machine_bytes;
    struct cost_seconds alone = cost_seconds_of(&shape, &rates, &network);
    CU_ASSERT_EQUAL(cost_builders(&shape), 1);
    cost_fit_builders(&shape, 1e15);
    CU_ASSERT_EQUAL(cost_builders(&shape), 4);
    struct cost_part part = cost_part_of(&shape, 5, 10);
    CU_ASSERT_EQUAL(part.pairs, 13);
    CU_ASSERT_EQUAL(part.penalties, 2);
    struct cost_seconds all = cost_seconds_of(&shape, &rates, &network);
    CU_ASSERT_TRUE(all.operators > alone.operators / 4 && all.operators < 0.4 * alone.operators);
    double four = cost_of(&shape).machine_bytes, square = 10000.0 * 10000 * 8;
    shape.n_builders = 3;
    double one_more = four - cost_of(&shape).machine_bytes; /* P, forms of two folds, workspaces */
    CU_ASSERT_TRUE(one_more > 3 * square && one_more < 5 * square);
    CU_ASSERT_TRUE(four < one + 3 * one_more);
    shape.n_builders = 2;
    double two = cost_of(&shape).machine_bytes;
    cost_fit_builders(&shape, two);
    CU_ASSERT_EQUAL(cost_builders(&shape), 2);
    cost_fit_builders(&shape, two - 1);
    CU_ASSERT_EQUAL(cost_builders(&shape), 1);
    shape.shared_memory = false;
    cost_fit_builders(&shape, 1e15);
    CU_ASSERT_EQUAL(cost_builders(&shape), 1);
}

static double memory_with(double *at, double value, struct cost_shape *shape)
{
    double before = *at;
    *at = value;
    double bytes = cost_of(shape).machine_bytes;
    *at = before;
    return bytes;
}

static void test_memory_grows(void)
{
    struct cost_shape shape = large_shape();
    shape.n_machines = 3;
    shape.ranks_per_machine = 2;
    double bytes = cost_of(&shape).machine_bytes;
    CU_ASSERT_TRUE(memory_with(&shape.n, 3100, &shape) > bytes);
    CU_ASSERT_TRUE(memory_with(&shape.n_targets, 1100, &shape) > bytes);
    CU_ASSERT_TRUE(memory_with(&shape.n_nodes, 6, &shape) > bytes);
    CU_ASSERT_TRUE(memory_with(&shape.workers_per_rank, 2, &shape) > bytes);
    CU_ASSERT_TRUE(memory_with(&shape.ranks_per_machine, 3, &shape) > bytes);
    CU_ASSERT_EQUAL(memory_with(&shape.n_snps, 1e6, &shape), bytes);
    /* a further rank takes much less than a further copy */
    double more = memory_with(&shape.ranks_per_machine, 3, &shape) - bytes;
    shape.shared_memory = false;
    double separate = cost_of(&shape).machine_bytes;
    CU_ASSERT_TRUE(separate > bytes + cost_of(&shape).held_bytes);
    CU_ASSERT_TRUE(memory_with(&shape.ranks_per_machine, 3, &shape) - separate >
                   more + cost_of(&shape).held_bytes / 2);
}

/* Two blocks of what run.block asks for, 1,000 permutations of a target a unit; no more than a save can take.
 */
static void test_memory_of_blocks(void)
{
    struct cost_shape shape = small_shape();
    struct orbit_choice choice;
    struct error err = {0};
    size_t n = 120;
    CU_ASSERT_EQUAL_FATAL(orbit_choose(&n, 1, &choice, &err), 0);
    shape.n_targets = 1;
    shape.n_permutations = 1e9;
    for (int orbits = 0; orbits < 2; orbits++) {
        double unit = orbits ? 8 * 120 : 1000, bytes = unit * 4 + (orbits ? 5e3 : 11e3);
        shape.orbits = orbits ? cost_orbits_of(&choice) : (struct cost_orbits){0};
        shape.block_permutations = 1000 * unit;
        double some = cost_of(&shape).machine_bytes;
        shape.block_permutations = 2000 * unit;
        ASSERT_NEAR(cost_of(&shape).machine_bytes - some, 2 * 1000 * bytes, 2e-3 * 2000 * bytes);
        shape.block_permutations = 1e9;
        ASSERT_NEAR(cost_of(&shape).machine_bytes - some, 2 * 1047 * bytes, 2e-3 * 2000 * bytes);
    }
}

/* p is counted at the end in memory that does not grow with the permutations. Few maxima are all kept, and
 * sorted; beside them stand a unit and what is taken of it. */
static void test_memory_of_counting(void)
{
    struct cost_shape shape = small_shape();
    shape.n_targets = 1;
    shape.block_permutations = 1;
    shape.n_permutations = 1e8;
    double many = cost_of(&shape).rank_bytes;
    shape.n_permutations = 1e9;
    CU_ASSERT_EQUAL(cost_of(&shape).rank_bytes, many);
    shape.n_permutations = 1e5;
    double few = cost_of(&shape).rank_bytes;
    CU_ASSERT_TRUE(many > few && many - few <= null_maxima_bytes(1e9) - null_maxima_bytes(1e5));
    ASSERT_NEAR(cost_memory_counting(2e5, 7, 3) - cost_memory_counting(1e5, 0, 0), 8e5 + 40, 1e-3);
}

/* One more penalty: its operators in float32 and its observed scores (4 F T doubles). */
static void test_memory_of_a_penalty(void)
{
    struct cost_shape shape = large_shape();
    double bytes = cost_of(&shape).machine_bytes, node = cost_of(&shape).held_bytes / 5;
    shape.n_penalties = shape.n_nodes = 6;
    ASSERT_NEAR(cost_of(&shape).machine_bytes - bytes, node + 4 * 4 * 1000 * 8, 1);
}

/* P and P y of two penalties, where one penalty's are at most 256 MiB; of one beyond. */
static void test_memory_of_operators_in_double(void)
{
    struct cost_shape shape = large_shape();
    shape.workers_per_rank = 2;
    shape.keeps_predictions = true; /* five more tables: no other phase takes as much */
    shape.n_targets = 8100;
    double twice = cost_of(&shape).rank_bytes, one_penalty = shape.n * (shape.n + shape.n_targets) * 8;
    shape.n_targets = 8300;
    double once = cost_of(&shape).rank_bytes, more_targets = shape.n * 200 * 8;
    CU_ASSERT_TRUE(twice - once > one_penalty - 9 * more_targets);
    CU_ASSERT_TRUE(twice - once < one_penalty);
}

/* On a resume the table stands there three times: as it was read, its residuals, the campaign's. */
static void test_memory_of_tables(void)
{
    struct cost_shape shape = large_shape();
    shape.n = 200;
    shape.n_targets = 2e6;
    CU_ASSERT_TRUE(cost_of(&shape).rank_bytes > 3 * shape.n * shape.n_targets * 8);
}

/* Sketches of all penalties, from several machines to the first, and the probes' flops. */
static void test_choosing_nodes(void)
{
    struct cost_shape shape = small_shape();
    shape.n_machines = 2;
    shape.n_penalties = shape.n_nodes = 40;
    struct cost exact = cost_of(&shape);
    shape.n_nodes = 6;
    shape.chooses_nodes = true;
    struct cost few = cost_of(&shape);
    double packed = 2 * 4 * 120 * 121 / 2 * 8; /* forms, folds, 120 probes for 120 subjects */
    CU_ASSERT_EQUAL(few.traffic.observed - exact.traffic.observed, 20 * packed);
    CU_ASSERT_EQUAL(cost_probes(&shape), 120);
    double build = cost_p_flops(&shape) + cost_fold_operator_flops(&shape);
    double probes = 120 * (28800 + 39600) + 4 * 120.0 * 120 * 120;
    ASSERT_NEAR(few.operator_flops - exact.operator_flops, 40 * probes + 6 * build, 1);
}

static const struct cost_rates RATES = {
    .product = 1e9, .folds = 1e9, .gram = 1e9, .product_double = 1e9, .fold_operators = 1e9};
static const struct cost_network FAST = {1e30, 0};

/* 100 permutations of 1000 targets at 2 penalties, 68400 flops a column: 13.68 s, and permutation 0. */
static void test_permutation_seconds(void)
{
    struct cost_shape shape = small_shape();
    shape.n_targets = 1000;
    shape.n_permutations = 100;
    double one = cost_seconds_of(&shape, &RATES, &FAST).permutations;
    ASSERT_NEAR(one, 101 * 0.1368, 0.02);
    shape.workers_per_rank = 2;
    ASSERT_NEAR(cost_seconds_of(&shape, &RATES, &FAST).permutations, one / 2, 0.05);
    /* ten machines with ten permutations each */
    shape.workers_per_rank = 1;
    shape.n_machines = 10;
    ASSERT_NEAR(cost_seconds_of(&shape, &RATES, &FAST).permutations, 11 * 0.1368, 0.02);
    /* seven machines: none has more than 15 permutations */
    shape.n_machines = 7;
    ASSERT_NEAR(cost_seconds_of(&shape, &RATES, &FAST).permutations, (15 + 1) * 0.1368, 0.02);
}

/* Workers share five sixths of the genetic components and of the SVD. */
static void test_components_seconds(void)
{
    struct cost_shape shape = small_shape();
    struct cost_rates rates = RATES;
    double none = cost_seconds_of(&shape, &rates, &FAST).svd;
    rates.components_s = 100;
    struct cost_seconds alone = cost_seconds_of(&shape, &rates, &FAST);
    ASSERT_NEAR(alone.svd - none, 100, 1e-9);
    ASSERT_NEAR(alone.components, 100, 1e-9);
    shape.workers_per_rank = 4;
    ASSERT_NEAR(cost_seconds_of(&shape, &rates, &FAST).components, 100. * (1 - .83 + .83 / 4), 0.1);
    rates.svd_s = 100;
    ASSERT_NEAR(cost_seconds_of(&shape, &rates, &FAST).svd - none, 37.75 + 100. * (1 - .84 + .84 / 4), 0.1);
}

/* Any shape a study may have, also one smaller than the kernels' tiles. */
static void test_rates(void)
{
    struct cost_shape shape = small_shape();
    struct error err = {0};
    struct cost_rates rates;
    shape.n = 31;
    shape.n_outer = 15;
    shape.n_targets = 1;
    shape.n_genetic_pcs = 3;
    CU_ASSERT_EQUAL(cost_rates_measure(&rates, &shape, 2, &err), 0);
    const double all[] = {rates.product,        rates.folds,         rates.gram,  rates.product_double,
                          rates.fold_operators, rates.standardise_s, rates.svd_s, rates.tile_s,
                          rates.call_s,         rates.components_s};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        CU_ASSERT_TRUE(isfinite(all[i]) && all[i] > 0);
    /* four workers on two cores; the SVD has one for itself */
    struct cost_rates shared = rates;
    cost_rates_per_worker(&shared, 4, 2);
    CU_ASSERT_EQUAL(shared.product, rates.product / 2);
    CU_ASSERT_EQUAL(shared.standardise_s, rates.standardise_s * 2);
    CU_ASSERT_EQUAL(shared.svd_s, rates.svd_s);
    cost_rates_per_worker(&rates, 1, 2);
    CU_ASSERT_EQUAL(shared.product, rates.product / 2);
    shape.n_genetic_pcs = 0;
    CU_ASSERT_EQUAL(cost_rates_measure(&rates, &shape, 1, &err), 0);
    CU_ASSERT_EQUAL(rates.components_s, 0);
    CU_ASSERT_EQUAL(rates.orbits, 0);
    struct orbit_choice choice;
    size_t n = 31;
    CU_ASSERT_EQUAL_FATAL(orbit_choose(&n, 1, &choice, &err), 0);
    shape.orbits = cost_orbits_of(&choice);
    CU_ASSERT_EQUAL(cost_rates_measure(&rates, &shape, 2, &err), 0);
    CU_ASSERT_TRUE(isfinite(rates.orbits) && rates.orbits > 0);
}

static void test_bytes_text(void)
{
    char text[COST_TEXT_BYTES];
    CU_ASSERT_STRING_EQUAL(cost_bytes_text(162.1e6, text), "163 MB");
    CU_ASSERT_STRING_EQUAL(cost_bytes_text(23.44e9, text), "23.4 GB");
    CU_ASSERT_STRING_EQUAL(cost_bytes_text(23.44e12, text), "23.4 TB");
}

/* Fewer passes where there is more memory; none that does not fit; the same work. */
static void test_passes(void)
{
    struct cost_shape shape = large_shape();
    struct orbit_choice choice;
    struct error err = {0};
    size_t n = 3000;
    shape.n_outer = 10;
    CU_ASSERT_EQUAL_FATAL(orbit_choose(&n, 1, &choice, &err), 0);
    shape.orbits = cost_orbits_of(&choice);
    double whole = cost_of(&shape).machine_bytes, forms = cost_orbits_bytes(&shape), before = 0;
    CU_ASSERT_TRUE(cost_passes_fit(&shape, whole));
    CU_ASSERT_EQUAL(cost_passes_count(&shape), 1);
    CU_ASSERT_EQUAL(cost_of(&shape).sums_bytes, 0);
    for (double share = 0.9; share > 0.3; share -= 0.1) {
        struct cost_shape less = shape;
        if (!cost_passes_fit(&less, whole - share * forms))
            break;
        CU_ASSERT_TRUE(cost_of(&less).machine_bytes <= whole - share * forms);
        CU_ASSERT_EQUAL(cost_orbits_permutations(&less), cost_orbits_permutations(&shape));
        CU_ASSERT_TRUE(cost_of(&less).sums_bytes > 2 * 4.0 * 10000 * 1000);
        CU_ASSERT_TRUE(before == 0 || cost_passes_count(&less) <= before);
        before = cost_passes_count(&less);
    }
    struct cost_shape half = shape;
    CU_ASSERT_TRUE(cost_passes_fit(&half, whole - forms / 3));
    CU_ASSERT_EQUAL(cost_passes_count(&half), 2);
    CU_ASSERT_FALSE(cost_passes_fit(&half, 1e6));
    CU_ASSERT_EQUAL(cost_passes_folds(&half), 1);
}

/* Drawn one by one: P of every node stays, and is applied in every pass; two times 8 bytes a score on disk.
 */
static void test_passes_one_by_one(void)
{
    struct cost_shape shape = large_shape();
    shape.n_outer = 10;
    struct cost whole = cost_of(&shape);
    double p = shape.n_nodes * shape.n * shape.n * 4, folds = whole.held_bytes - p;
    struct cost_shape halves = shape;
    CU_ASSERT_TRUE(cost_passes_fit(&halves, whole.machine_bytes - folds / 3));
    CU_ASSERT_EQUAL(cost_passes_count(&halves), 2);
    struct cost half = cost_of(&halves);
    CU_ASSERT_EQUAL(half.held_bytes, p + folds / 2);
    CU_ASSERT_EQUAL(half.sums_bytes, 2 * 8.0 * shape.n_permutations * shape.n_targets);
    double columns = shape.n_permutations * shape.n_targets * shape.n_nodes;
    ASSERT_NEAR((half.permutation_flops - whole.permutation_flops) / (columns * 2 * shape.n * shape.n), 1,
                1e-9);
    CU_ASSERT_FALSE(cost_passes_fit(&halves, p));
    CU_ASSERT_EQUAL(cost_passes_folds(&halves), 1);
}

/* What the plan counts is what the tasks take: 1,200 subjects in 10 folds, three folds under way and, of many
 * subjects or where a pass has one fold, fewer. */
static void test_memory_of_forms(void)
{
    enum { N = 1200, F = 10, J = 5, COVARIATES = 3, WORKERS = 2 };
    struct cost_shape shape = large_shape();
    struct permutation_scheme blocks;
    struct orbit_scheme scheme;
    struct orbit_engine engine;
    struct folds folds;
    struct error err = {0};
    int32_t outer[N];
    for (int i = 0; i < N; i++)
        outer[i] = i / (N / F);
    permutation_scheme_init(&blocks, NULL, N, 1, &err);
    orbit_scheme_init(&scheme, &blocks, &err);
    orbit_engine_init(&engine, &scheme, instructions_best(), &err);
    folds_init(&folds, &(struct folds_outer){outer, NULL, N, F}, J, 1, &err);
    CU_ASSERT_EQUAL_FATAL(err.code, 0);
    shape.n = N;
    shape.n_outer = F;
    shape.n_inner = J;
    shape.n_covariates = COVARIATES;
    shape.workers_per_rank = WORKERS;
    shape.orbits = cost_orbits_of(&scheme.choice);
    double operators = 8.0 * (1.0 * N / F * N / F * F + (1.0 - 1.0 / F) * N * (1.0 - 1.0 / F) * N / J),
           slot = 4.0 * 2 * N * N + operators + (8.0 + 4.0) * N * N / F + 8.0 * (J + 1) * N,
           errors = cost_orbits_error_bytes(&shape);
    ASSERT_NEAR(cost_orbits_setup_bytes(&shape, 2) / (3 * slot + errors), 1, 1e-12);
    double transforms = 4.0 * (double)orbit_coefficients_workspace(&engine);
    ASSERT_NEAR(cost_orbits_workspace_bytes(&shape) / transforms, 1, 0.06);
    CU_ASSERT_TRUE(8.0 * (double)forms_baseline_workspace(&folds, COVARIATES) < transforms);
    shape.pass_folds = 1;
    ASSERT_NEAR(cost_orbits_setup_bytes(&shape, 1) / (slot + errors), 1, 1e-12);
    CU_ASSERT_EQUAL(buffers_orbit_tiles(4, WORKERS), 3);
    CU_ASSERT_EQUAL(buffers_orbit_tiles(3, WORKERS), WORKERS + 2);
    shape.pass_folds = 0;
    shape.n = 10 * N;
    ASSERT_NEAR(cost_orbits_setup_bytes(&shape, 1) / (200 * slot + errors), 1, 0.01);
    folds_free(&folds);
    orbit_engine_free(&engine);
    orbit_scheme_free(&scheme);
    permutation_scheme_free(&blocks);
}

/* What was typed comes back: --memory 10M is 10,485,760 bytes, which is 11 MB. */
static void test_limit_text(void)
{
    char text[COST_TEXT_BYTES];
    CU_ASSERT_STRING_EQUAL(cost_limit_text(10 * 1048576.0, text), "10M");
    CU_ASSERT_STRING_EQUAL(cost_limit_text(1048576.0, text), "1M");
    CU_ASSERT_STRING_EQUAL(cost_limit_text(1.5 * 1073741824.0, text), "1.5G");
    CU_ASSERT_STRING_EQUAL(cost_limit_text(1000 * 1048576.0, text), "1000M");
    CU_ASSERT_STRING_EQUAL(cost_limit_text(64 * 1073741824.0, text), "64G");
    CU_ASSERT_STRING_EQUAL(cost_limit_text(2 * 1099511627776.0, text), "2T");
    CU_ASSERT_STRING_EQUAL(cost_limit_text(8218976256, text), "8.2 GB"); /* what a machine has */
    CU_ASSERT_STRING_EQUAL(cost_limit_text(0, text), "0 MB");
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"flops and bytes", test_flops_and_bytes},
        {"traffic", test_traffic},
        {"division", test_division},
        {"builders", test_builders},
        {"memory grows", test_memory_grows},
        {"memory of blocks", test_memory_of_blocks},
        {"memory of counting", test_memory_of_counting},
        {"memory of a penalty", test_memory_of_a_penalty},
        {"memory of operators in double", test_memory_of_operators_in_double},
        {"memory of tables", test_memory_of_tables},
        {"choosing nodes", test_choosing_nodes},
        {"permutation seconds", test_permutation_seconds},
        {"components seconds", test_components_seconds},
        {"rates", test_rates},
        {"bytes text", test_bytes_text},
        {"limit text", test_limit_text},
        {"passes", test_passes},
        {"memory of forms", test_memory_of_forms},
        {"passes_one_by_one", test_passes_one_by_one},
    };
    return testing_main(argc, argv, "planning/cost", cases, sizeof cases / sizeof *cases);
}
