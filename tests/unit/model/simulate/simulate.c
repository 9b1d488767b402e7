#include "model/simulate/simulate_calls.h"
#include "model/simulate/simulate_genetic.h"
#include "model/simulate/simulate_people.h"
#include "model/simulate/simulate_snps.h"
#include "model/simulate/simulate_targets.h"
#include "model/simulate/unit_variance.h"
#include "model/stats/variates.h"

#include "testing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SUBJECTS = 23, SNPS = 301, TARGETS = 3, CAUSAL = 150 };

/* Every call of a simulation, and what is summed from them. */
struct made {
    uint8_t drawn[SUBJECTS][SNPS], written[SUBJECTS][SNPS];
    bool causal[SNPS];
    uint32_t position[SNPS];
    double genetic[SUBJECTS * TARGETS];
};

static const struct simulate_snps two_chromosomes = {.seed = 11,
                                                     .n_snps = SNPS,
                                                     .n_chromosomes = 2,
                                                     .frequency_from = 0.1,
                                                     .frequency_to = 0.5,
                                                     .second_ancestry = 0.4,
                                                     .fst = 0.1};

/* Sibships of 3, single people, missing calls, two ancestries: everything that has a stream. */
static struct simulate_people make_people(struct error *err)
{
    static const struct simulate_people_plan PLAN = {.seed = 11,
                                                     .n_subjects = SUBJECTS,
                                                     .in_sibships = 0.5,
                                                     .sibship_size = 3,
                                                     .second_ancestry = 0.4,
                                                     .n_sites = 2};
    struct simulate_people people;
    CU_ASSERT_EQUAL_FATAL(simulate_people_init(&people, &PLAN, err), 0);
    return people;
}

static void copy_tile(struct made *made, size_t at, const struct simulate_snps_tile *tile,
                      const uint8_t *values, const bool *causal, bool lost)
{
    for (size_t j = 0; j < tile->count; j++) {
        made->causal[at + j] = causal[j];
        made->position[at + j] = tile->position[j];
        for (size_t i = 0; i < SUBJECTS; i++)
            (lost ? made->written : made->drawn)[i][at + j] = values[i * tile->capacity + j];
    }
}

static void make(struct made *made, size_t capacity)
{
    struct error err = {0};
    struct simulate_people people = make_people(&err);
    struct simulate_snps_tile tile;
    struct simulate_calls calls;
    struct simulate_genetic genetic;
    uint8_t *values = malloc(SUBJECTS * capacity);
    bool *causal = malloc(capacity * sizeof *causal);
    CU_ASSERT_FATAL(values != NULL && causal != NULL);
    simulate_snps_tile_init(&tile, capacity, &err);
    simulate_calls_init(&calls, &people, 11, 8, 0.05, capacity, &err);
    simulate_genetic_init(&genetic, 11, SUBJECTS, TARGETS, SNPS, CAUSAL, &err);
    CU_ASSERT_EQUAL_FATAL(err.code, 0);
    for (int c = 0; c < two_chromosomes.n_chromosomes; c++) {
        size_t before = simulate_snps_before(&two_chromosomes, c), count;
        size_t n_snps = simulate_snps_before(&two_chromosomes, c + 1) - before;
        simulate_calls_start(&calls, c);
        for (size_t first = 0; first < n_snps; first += count) {
            count = n_snps - first < capacity ? n_snps - first : capacity;
            simulate_snps_draw(&two_chromosomes, c, first, count, &tile);
            simulate_calls_draw(&calls, &tile, values);
            simulate_genetic_add(&genetic, &tile, values, causal);
            copy_tile(made, before + first, &tile, values, causal, false);
            simulate_calls_lose(&calls, &tile, values);
            copy_tile(made, before + first, &tile, values, causal, true);
        }
    }
    CU_ASSERT_EQUAL(simulate_genetic_finish(&genetic, &err), 0);
    memcpy(made->genetic, genetic.values, sizeof made->genetic);
    simulate_genetic_free(&genetic);
    simulate_calls_free(&calls);
    simulate_snps_tile_free(&tile);
    simulate_people_free(&people);
    free(values);
    free(causal);
}

static void tiles_of_any_size_hold_the_same(void)
{
    static struct made whole, other;
    static const size_t capacities[] = {1, 7, 64};
    make(&whole, SNPS);
    for (size_t k = 0; k < sizeof capacities / sizeof *capacities; k++) {
        memset(&other, 0, sizeof other);
        make(&other, capacities[k]);
        CU_ASSERT_EQUAL(memcmp(whole.drawn, other.drawn, sizeof whole.drawn), 0);
        CU_ASSERT_EQUAL(memcmp(whole.written, other.written, sizeof whole.written), 0);
        CU_ASSERT_EQUAL(memcmp(whole.causal, other.causal, sizeof whole.causal), 0);
        CU_ASSERT_EQUAL(memcmp(whole.position, other.position, sizeof whole.position), 0);
        CU_ASSERT_EQUAL(memcmp(whole.genetic, other.genetic, sizeof whole.genetic), 0);
    }
}

/* Batches, tiles and BLAS must not lose a SNP. */
static void genetic_values_are_the_sum_over_causal_snps(void)
{
    static struct made made;
    make(&made, 50);
    double expected[SUBJECTS * TARGETS] = {0};
    struct error err = {0};
    struct simulate_snps_tile tile;
    simulate_snps_tile_init(&tile, SNPS, &err);
    size_t n_causal = 0, n_lost = 0;
    for (int c = 0; c < 2; c++) {
        size_t before = simulate_snps_before(&two_chromosomes, c);
        simulate_snps_draw(&two_chromosomes, c, 0, simulate_snps_before(&two_chromosomes, c + 1) - before,
                           &tile);
        for (size_t j = 0; j < tile.count; j++) {
            if (!made.causal[before + j])
                continue;
            double effects[TARGETS], f = tile.frequency[j];
            struct random_stream stream;
            random_start(&stream, 11, RANDOM_EFFECT, n_causal++);
            variates_normals(&stream, effects, TARGETS);
            for (size_t i = 0; i < SUBJECTS; i++)
                for (size_t t = 0; t < TARGETS; t++)
                    expected[i * TARGETS + t] +=
                        effects[t] * (made.drawn[i][before + j] - 2 * f) / sqrt(2 * f * (1 - f));
        }
    }
    CU_ASSERT_EQUAL(n_causal, CAUSAL);
    for (size_t t = 0; t < TARGETS; t++)
        CU_ASSERT_TRUE(unit_variance_scale(expected + t, SUBJECTS, TARGETS));
    for (size_t k = 0; k < SUBJECTS * TARGETS; k++)
        ASSERT_NEAR(made.genetic[k], expected[k], 1e-10);
    for (size_t i = 0; i < SUBJECTS; i++)
        for (size_t j = 0; j < SNPS; j++) {
            n_lost += made.written[i][j] == SIMULATE_CALLS_MISSING;
            CU_ASSERT_TRUE(made.written[i][j] == SIMULATE_CALLS_MISSING ||
                           made.written[i][j] == made.drawn[i][j]);
        }
    ASSERT_NEAR((double)n_lost / (SUBJECTS * SNPS), 0.05, 0.015);
    simulate_snps_tile_free(&tile);
}

static void every_chromosome_has_snps_and_positions_ascend(void)
{
    struct simulate_snps snps = {.seed = 1, .n_snps = 30, .n_chromosomes = 22, .frequency_to = 0.5};
    CU_ASSERT_EQUAL(simulate_snps_before(&snps, 0), 0);
    CU_ASSERT_EQUAL(simulate_snps_before(&snps, 22), 30);
    for (int c = 0; c < 22; c++)
        CU_ASSERT_TRUE(simulate_snps_before(&snps, c) < simulate_snps_before(&snps, c + 1));
    /* As dense as they can be asked for. */
    struct error err = {0};
    struct simulate_snps_tile tile;
    snps.n_snps = 100000000;
    snps.n_chromosomes = 1;
    simulate_snps_tile_init(&tile, 4096, &err);
    simulate_snps_draw(&snps, 0, 0, 4096, &tile);
    for (size_t j = 1; j < tile.count; j++)
        CU_ASSERT_TRUE(tile.position[j] > tile.position[j - 1]);
    simulate_snps_tile_free(&tile);
}

/* Two targets of one simulation, drawn in either order; their parts have exactly their variance. */
static void parts_of_a_target_have_their_variance(void)
{
    struct error err = {0};
    struct simulate_people people = make_people(&err);
    struct simulate_targets_plan plan = {.seed = 5, .site = 4, .correlation = 0.5};
    struct simulate_targets targets;
    double values[SUBJECTS], again[SUBJECTS], other[SUBJECTS];
    CU_ASSERT_EQUAL_FATAL(simulate_targets_init(&targets, &plan, &people, &err), 0);
    simulate_targets_draw(&targets, 0, 0, NULL, 0, values);
    simulate_targets_draw(&targets, 1, 0, NULL, 0, other);
    simulate_targets_draw(&targets, 0, 0, NULL, 0, again);
    CU_ASSERT_EQUAL(memcmp(values, again, sizeof values), 0);
    CU_ASSERT_NOT_EQUAL(memcmp(values, other, sizeof values), 0);
    double without[SUBJECTS], squares = 0;
    plan.site = 0;
    simulate_targets_draw(&targets, 0, 0, NULL, 0, without);
    for (size_t i = 0; i < SUBJECTS; i++) {
        squares += without[i] * without[i];
        CU_ASSERT_TRUE(fabs(values[i] - without[i]) > 0.1); /* two sites far apart */
        CU_ASSERT_EQUAL(values[i] > without[i],
                        (values[0] > without[0]) == (people.site[i] == people.site[0]));
    }
    ASSERT_NEAR(squares / SUBJECTS, 1, 1e-12);
    simulate_targets_free(&targets);
    simulate_people_free(&people);
}

static void what_does_not_vary_has_no_unit_variance(void)
{
    double same[] = {0.1, 7, 0.1, 7, 0.1, 7}, differ[] = {1, 2, 3};
    CU_ASSERT_FALSE(unit_variance_scale(same, 3, 2));
    CU_ASSERT_EQUAL(same[0], 0);
    CU_ASSERT_EQUAL(same[1], 7);
    CU_ASSERT_TRUE(unit_variance_scale(differ, 3, 1));
    ASSERT_NEAR(differ[2], sqrt(1.5), 1e-15);
}

/* Mean and variance of many draws, within four standard errors or so. */
static void variates_have_their_moments(void)
{
    enum { DRAWS = 40000 };
    static double normals[DRAWS];
    struct random_stream stream;
    random_start(&stream, 3, RANDOM_NOISE, 0);
    variates_normals(&stream, normals, DRAWS);
    double sums[8] = {0};
    for (size_t k = 0; k < DRAWS; k++) {
        double uniform = variates_uniform(&stream), beta = variates_beta(&stream, 0.6, 1.4);
        double trials = variates_geometric(&stream, log(0.75));
        CU_ASSERT_TRUE(uniform > 0 && uniform < 1 && beta >= 0 && beta <= 1 && trials >= 1);
        sums[0] += normals[k] / DRAWS;
        sums[1] += normals[k] * normals[k] / DRAWS;
        sums[2] += pow(normals[k], 4) / DRAWS;
        sums[3] += uniform / DRAWS;
        sums[4] += beta / DRAWS;
        sums[5] += (beta - 0.3) * (beta - 0.3) / DRAWS;
        sums[6] += trials / DRAWS;
        sums[7] += (trials - 4) * (trials - 4) / DRAWS;
    }
    ASSERT_NEAR(sums[0], 0, 0.02);
    ASSERT_NEAR(sums[1], 1, 0.03);
    ASSERT_NEAR(sums[2], 3, 0.2);
    ASSERT_NEAR(sums[3], 0.5, 0.006);
    ASSERT_NEAR(sums[4], 0.3, 0.006);
    ASSERT_NEAR(sums[5], 0.07, 0.002); /* ab / ((a+b)^2 (a+b+1)) */
    ASSERT_NEAR(sums[6], 4, 0.07);
    ASSERT_NEAR(sums[7], 12, 0.8);
    CU_ASSERT_EQUAL(variates_geometric(&stream, -INFINITY), 1);
    CU_ASSERT_EQUAL(variates_geometric(&stream, -1e-300), UINT32_MAX);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"tiles_of_any_size_hold_the_same", tiles_of_any_size_hold_the_same},
        {"genetic_values_are_the_sum_over_causal_snps", genetic_values_are_the_sum_over_causal_snps},
        {"every_chromosome_has_snps_and_positions_ascend", every_chromosome_has_snps_and_positions_ascend},
        {"parts_of_a_target_have_their_variance", parts_of_a_target_have_their_variance},
        {"what_does_not_vary_has_no_unit_variance", what_does_not_vary_has_no_unit_variance},
        {"variates_have_their_moments", variates_have_their_moments},
    };
    return testing_main(argc, argv, "simulate", cases, sizeof cases / sizeof *cases);
}
