/* A small campaign with a different value everywhere, for the tests of this room. */
#ifndef ARETE_TEST_CHECKPOINT_EXAMPLE_H
#define ARETE_TEST_CHECKPOINT_EXAMPLE_H

#include "base/memory.h"
#include "checkpoint/campaign.h"

#include "testing.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline double *example_doubles(size_t count, double start)
{
    struct error err = {0};
    double *values = memory_aligned(count, sizeof *values, "a test", &err);
    for (size_t i = 0; i < count; i++)
        values[i] = start + 0.001 * (double)i;
    return values;
}

static inline int32_t *example_ints(size_t count, int32_t modulus)
{
    struct error err = {0};
    int32_t *values = memory_aligned(count, sizeof *values, "a test", &err);
    for (size_t i = 0; i < count; i++)
        values[i] = (int32_t)(i % (size_t)modulus);
    return values;
}

static inline char **example_names(size_t count, const char *format)
{
    struct error err = {0};
    char **names = memory_zeroed(count, sizeof *names, "a test", &err);
    for (size_t i = 0; i < count; i++)
        names[i] = memory_format(&err, "%s%zu", format, i * i * 7);
    return names;
}

/* A grid of 3 x 4 x 5 voxels, of which every other is a target's. */
static inline void example_maps(struct campaign *c)
{
    struct error err = {0};
    c->n_mapped = 30;
    c->map_voxel = memory_zeroed(c->n_mapped, sizeof *c->map_voxel, "a test", &err);
    c->map_target = memory_zeroed(c->n_mapped, sizeof *c->map_target, "a test", &err);
    for (size_t v = 0; v < c->n_mapped; v++) {
        c->map_voxel[v] = 2 * (int64_t)v;
        c->map_target[v] = (int32_t)(v % c->n_targets_all);
    }
    c->map_size = memory_zeroed(3, sizeof *c->map_size, "a test", &err);
    for (int axis = 0; axis < 3; axis++)
        c->map_size[axis] = 3 + axis;
    c->map_affine = example_doubles(12, -90);
    c->map_space = 4;
    c->mean_stride = 2;
    c->n_mean = 2 * 2 * 3;
    c->mean_greys = memory_zeroed(c->n_mean, 1, "a test", &err);
    for (size_t q = 0; q < c->n_mean; q++)
        c->mean_greys[q] = (uint8_t)(20 * q);
}

static inline void example_targets(struct campaign *c, size_t n_targets)
{
    struct error err = {0};
    c->n_targets_all = n_targets + 2; /* the first and the last are not analysed */
    c->n_targets = n_targets;
    c->target_name = example_names(c->n_targets_all, "parcel_\xC3\xA9_");
    c->target_note = memory_zeroed(c->n_targets_all, sizeof *c->target_note, "a test", &err);
    c->target_analysed = memory_zeroed(c->n_targets_all, 1, "a test", &err);
    for (size_t t = 0; t < c->n_targets_all; t++) {
        c->target_analysed[t] = t > 0 && t <= n_targets;
        c->target_note[t] = memory_string(c->target_analysed[t] ? "" : "does not vary", &err);
    }
    c->target_n = example_ints(c->n_targets_all, 13);
    c->target_n_missing = example_ints(c->n_targets_all, 7);
    c->n_placed = c->n_targets_all;
    c->target_mm = example_doubles(3 * c->n_placed, -90);
    example_maps(c);
    c->n_related_bins = 3;
    c->related_pairs = memory_zeroed(c->n_related_bins, sizeof *c->related_pairs, "a test", &err);
    c->related_pairs[1] = 5000000000;
    c->related_low = -0.5;
    c->related_step = 0.25;
    c->residual = example_doubles(c->n * n_targets, -1);
    size_t by_fold = c->n_outer * n_targets;
    c->r2 = example_doubles(n_targets, -9);
    c->r2_everybody = example_doubles(n_targets, -8);
    c->r2_by_fold = example_doubles(by_fold, -7);
    c->r2_by_fold[by_fold - 1] = NAN;
    c->penalty_by_fold = example_doubles(by_fold, 0);
    for (size_t cell = 0; cell < by_fold; cell++)
        c->penalty_by_fold[cell] = c->penalty[cell % c->n_penalties];
    c->r = example_doubles(n_targets, -1);
    c->score = memory_aligned(n_targets, sizeof *c->score, "a test", &err);
    for (size_t t = 0; t < n_targets; t++)
        c->score[t] = 0.25F + (float)t;
}

static inline struct campaign_filter *example_filters(size_t count, const char *why)
{
    struct error err = {0};
    struct campaign_filter *filters = memory_zeroed(count, sizeof *filters, "a test", &err);
    for (size_t i = 0; i < count; i++)
        filters[i] = (struct campaign_filter){memory_format(&err, "%s %zu", why, i), (int64_t)i * 5,
                                              5000000000 + (int64_t)i};
    return filters;
}

/* What came to format 2 later. */
static inline void example_later(struct campaign *c)
{
    c->n_warnings = 3;
    c->warning = example_names(3, "no genetic principal components ");
    c->n_subject_filters = 2;
    c->subject_filter = example_filters(2, "not in keep.txt");
    c->n_snp_filters = 4;
    c->snp_filter = example_filters(4, "do not vary");
    c->n_power = 5;
    c->power_heritability = example_doubles(5, 0.2);
    c->expected_r2 = example_doubles(5, 0.01);
    c->heritability_error = 0.125;
    c->heterozygosity = example_doubles(c->n, 0.875);
    c->n_relatives_dropped = 3;
    c->relatives_dropped = example_names(3, "family\tsister ");
}

/* Test sets of four, one after the other. */
static inline void example_folds(struct campaign *c)
{
    c->outer_fold = example_ints(c->n, 3);
    c->inner_fold = example_ints(c->n_outer * c->n, 2);
    for (size_t i = 0; i < c->n; i++)
        c->outer_fold[i] = (int32_t)(i * c->n_outer / c->n);
    for (size_t i = 0; i < c->n; i++)
        c->inner_fold[(size_t)c->outer_fold[i] * c->n + i] = -1;
}

/* 12 subjects, 3 outer and 2 inner folds, 4 penalties, no file read; released by campaign_free. */
static inline struct campaign example_campaign(size_t n_targets, int64_t n_permutations,
                                               int64_t unit_permutations)
{
    struct error err = {0};
    struct campaign c = {.n = 12,
                         .seed = UINT64_MAX - 5,
                         .n_covariates = 2,
                         .n_outer = 3,
                         .n_inner = 2,
                         .n_penalties = 4,
                         .n_snps = 54051,
                         .gram_is_single = 1,
                         .n_permutations = n_permutations,
                         .unit_permutations = unit_permutations};
    c.arete_version = memory_string("0.1.0", &err);
    c.blas_core = memory_string("SkylakeX", &err);
    c.yaml = memory_string("genotypes:\n  plink: mouse\n", &err);
    c.n_fingerprints = 2;
    c.fingerprints = memory_zeroed(2, sizeof *c.fingerprints, "a test", &err);
    c.fingerprints[0] = (struct campaign_fingerprint){memory_string("genotypes", &err), 0xFEDCBA9876543210U};
    c.fingerprints[1] = (struct campaign_fingerprint){memory_string("seed", &err), 1};
    c.n_files = 1;
    c.files = memory_zeroed(1, sizeof *c.files, "a test", &err);
    c.files[0] = (struct campaign_file){memory_string("data/mouse.bed", &err), 5000000000, -7, 99};
    c.fid = example_names(c.n, "family");
    c.iid = example_names(c.n, "person");
    c.exchangeability = example_ints(c.n, 5);
    c.covariate_name = example_names(2, "site=");
    c.covariates = example_doubles(c.n * 2, 10);
    c.covariate_basis = example_doubles(c.n * 2, -10);
    example_folds(&c);
    c.penalty = example_doubles(4, 0.01);
    c.n_nodes = 2;
    c.node = example_ints(2, 4);
    c.n_node_weights = 2 * 3 * 4;
    c.node_weight = example_doubles(c.n_node_weights * 3, -0.5);
    c.gram = example_doubles(c.n * c.n, 100);
    example_targets(&c, n_targets);
    example_later(&c);
    return c;
}

/* The same with permutations in orbits of 5 shifts in slices of 2 targets: two rings, two who stand still. */
static inline struct campaign example_orbits(size_t n_targets, int64_t n_permutations, int64_t unit_orbits)
{
    enum { SHIFTS = 5, RINGS = 2, FIXED = 2 };
    struct error err = {0};
    struct campaign c = example_campaign(n_targets, n_permutations, unit_orbits);
    free(c.score);
    c.score = memory_zeroed(0, sizeof *c.score, "a test", &err);
    c.method = memory_string("orbits", &err);
    c.n_shifts = c.n_places = SHIFTS;
    c.slice_targets = n_targets < 2 ? n_targets : 2;
    c.identity = 3;
    c.n_sequences = RINGS;
    c.n_fixed = FIXED;
    c.place_subject = example_ints(RINGS * SHIFTS, 12);
    c.place_source = example_ints(RINGS * SHIFTS, 12);
    c.fixed = example_ints(FIXED, 12);
    for (int32_t k = 0; k < FIXED; k++)
        c.fixed[k] = RINGS * SHIFTS + k;
    c.n_baselines = c.n_outer;
    c.n_node_errors = c.n_outer * c.n_nodes;
    c.baseline_error = example_doubles(c.n_baselines * n_targets, 7);
    c.node_error = example_doubles(c.n_node_errors * n_targets, 8);
    return c;
}

/* A new campaign file in a new folder. */
static inline const char *example_file_of(const struct campaign *campaign)
{
    struct error err = {0};
    const char *path = testing_write_text(testing_folder(), "campaign.h5", "");
    CU_ASSERT_EQUAL(campaign_create(path, campaign, &err), 0);
    CU_ASSERT_STRING_EQUAL(err.message, "");
    return path;
}

/* The same of a campaign of that shape. */
static inline const char *example_file(size_t n_targets, int64_t n_permutations, int64_t unit_permutations)
{
    struct campaign c = example_campaign(n_targets, n_permutations, unit_permutations);
    const char *path = example_file_of(&c);
    campaign_free(&c);
    return path;
}

/* Makes room for more permutations in a file that nobody has open. */
static inline int example_extend(const char *path, int64_t n_permutations, struct error *err)
{
    struct campaign_units *units = NULL;
    if (campaign_units_open(&units, path, err) == 0)
        campaign_extend(&units, n_permutations, err);
    campaign_units_close(units);
    return err->code;
}

#endif
