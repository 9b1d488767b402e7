/* Whether two campaigns are the same to the bit, and where not. */
#ifndef ARETE_TEST_CHECKPOINT_SAME_CAMPAIGN_H
#define ARETE_TEST_CHECKPOINT_SAME_CAMPAIGN_H

#include "checkpoint/campaign.h"

#include "testing.h"

#include <stdio.h>
#include <string.h>

static inline bool same_campaign_texts(char *const *a, char *const *b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(a[i], b[i]) != 0)
            return false;
    return true;
}

#define SAME_CAMPAIGN_COMPARE(field, same)                                                                   \
    if (!(same))                                                                                             \
    return field
#define SAME_CAMPAIGN_NUMBERS(field, count)                                                                  \
    SAME_CAMPAIGN_COMPARE(#field, memcmp(a->field, b->field, (count) * sizeof *a->field) == 0)

static inline bool same_campaign_filters(const struct campaign_filter *a, const struct campaign_filter *b,
                                         size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(a[i].why, b[i].why) != 0 || a[i].dropped != b[i].dropped || a[i].left != b[i].left)
            return false;
    return true;
}

static inline const char *same_campaign_tables_difference(const struct campaign *a, const struct campaign *b)
{
    SAME_CAMPAIGN_COMPARE("n_fingerprints", a->n_fingerprints == b->n_fingerprints);
    for (size_t i = 0; i < a->n_fingerprints; i++)
        SAME_CAMPAIGN_COMPARE("fingerprints", strcmp(a->fingerprints[i].name, b->fingerprints[i].name) == 0 &&
                                                  a->fingerprints[i].hash == b->fingerprints[i].hash);
    SAME_CAMPAIGN_COMPARE("n_files", a->n_files == b->n_files);
    for (size_t i = 0; i < a->n_files; i++)
        SAME_CAMPAIGN_COMPARE("files", strcmp(a->files[i].path, b->files[i].path) == 0 &&
                                           a->files[i].size_bytes == b->files[i].size_bytes &&
                                           a->files[i].modified_ns == b->files[i].modified_ns &&
                                           a->files[i].hash == b->files[i].hash);
    SAME_CAMPAIGN_COMPARE("subject_filter",
                          same_campaign_filters(a->subject_filter, b->subject_filter, a->n_subject_filters));
    SAME_CAMPAIGN_COMPARE("snp_filter",
                          same_campaign_filters(a->snp_filter, b->snp_filter, a->n_snp_filters));
    return NULL;
}

static inline const char *same_campaign_lengths_difference(const struct campaign *a, const struct campaign *b)
{
    SAME_CAMPAIGN_COMPARE("n", a->n == b->n);
    SAME_CAMPAIGN_COMPARE("seed", a->seed == b->seed);
    SAME_CAMPAIGN_COMPARE("n_targets_all", a->n_targets_all == b->n_targets_all);
    SAME_CAMPAIGN_COMPARE("n_targets", a->n_targets == b->n_targets);
    SAME_CAMPAIGN_COMPARE("n_covariates", a->n_covariates == b->n_covariates);
    SAME_CAMPAIGN_COMPARE("n_outer", a->n_outer == b->n_outer);
    SAME_CAMPAIGN_COMPARE("n_inner", a->n_inner == b->n_inner);
    SAME_CAMPAIGN_COMPARE("n_penalties", a->n_penalties == b->n_penalties);
    SAME_CAMPAIGN_COMPARE("n_snps", a->n_snps == b->n_snps);
    SAME_CAMPAIGN_COMPARE("gram_is_single", a->gram_is_single == b->gram_is_single);
    SAME_CAMPAIGN_COMPARE("n_permutations", a->n_permutations == b->n_permutations);
    SAME_CAMPAIGN_COMPARE("unit_permutations", a->unit_permutations == b->unit_permutations);
    SAME_CAMPAIGN_COMPARE("n_warnings", a->n_warnings == b->n_warnings);
    SAME_CAMPAIGN_COMPARE("n_subject_filters", a->n_subject_filters == b->n_subject_filters);
    SAME_CAMPAIGN_COMPARE("n_snp_filters", a->n_snp_filters == b->n_snp_filters);
    SAME_CAMPAIGN_COMPARE("n_power", a->n_power == b->n_power);
    SAME_CAMPAIGN_COMPARE("n_relatives_dropped", a->n_relatives_dropped == b->n_relatives_dropped);
    return NULL;
}

static inline const char *same_campaign_numbers_difference(const struct campaign *a, const struct campaign *b)
{
    size_t n = a->n, by_fold = a->n_outer * a->n_targets;
    SAME_CAMPAIGN_NUMBERS(exchangeability, n);
    SAME_CAMPAIGN_NUMBERS(target_analysed, a->n_targets_all);
    SAME_CAMPAIGN_NUMBERS(target_n, a->n_targets_all);
    SAME_CAMPAIGN_COMPARE("n_placed", a->n_placed == b->n_placed);
    SAME_CAMPAIGN_NUMBERS(target_mm, 3 * a->n_placed);
    SAME_CAMPAIGN_COMPARE("related", a->n_related_bins == b->n_related_bins &&
                                         a->related_low == b->related_low &&
                                         a->related_step == b->related_step);
    SAME_CAMPAIGN_NUMBERS(related_pairs, a->n_related_bins);
    SAME_CAMPAIGN_COMPARE("n_mapped", a->n_mapped == b->n_mapped && a->map_space == b->map_space);
    SAME_CAMPAIGN_NUMBERS(map_voxel, a->n_mapped);
    SAME_CAMPAIGN_NUMBERS(map_target, a->n_mapped);
    SAME_CAMPAIGN_NUMBERS(map_size, a->n_mapped > 0 ? 3 : 0);
    SAME_CAMPAIGN_NUMBERS(map_affine, a->n_mapped > 0 ? 12 : 0);
    SAME_CAMPAIGN_COMPARE("n_mean", a->n_mean == b->n_mean && a->mean_stride == b->mean_stride);
    SAME_CAMPAIGN_NUMBERS(mean_greys, a->n_mean);
    SAME_CAMPAIGN_COMPARE("target_n_missing", (a->target_n_missing == NULL) == (b->target_n_missing == NULL));
    if (a->target_n_missing != NULL) {
        SAME_CAMPAIGN_NUMBERS(target_n_missing, a->n_targets_all);
    }
    SAME_CAMPAIGN_NUMBERS(residual, n * a->n_targets);
    SAME_CAMPAIGN_NUMBERS(covariates, n * a->n_covariates);
    SAME_CAMPAIGN_NUMBERS(outer_fold, n);
    SAME_CAMPAIGN_NUMBERS(inner_fold, n * a->n_outer);
    SAME_CAMPAIGN_NUMBERS(penalty, a->n_penalties);
    SAME_CAMPAIGN_NUMBERS(node, a->n_nodes);
    SAME_CAMPAIGN_NUMBERS(node_weight, a->n_node_weights * (a->n_nodes + 1));
    SAME_CAMPAIGN_NUMBERS(gram, n * n);
    SAME_CAMPAIGN_NUMBERS(heterozygosity, n);
    SAME_CAMPAIGN_NUMBERS(r2, a->n_targets);
    SAME_CAMPAIGN_NUMBERS(r2_everybody, a->n_targets);
    SAME_CAMPAIGN_NUMBERS(r2_by_fold, by_fold);
    SAME_CAMPAIGN_NUMBERS(penalty_by_fold, by_fold);
    SAME_CAMPAIGN_NUMBERS(r, a->n_targets);
    SAME_CAMPAIGN_NUMBERS(score, a->n_targets);
    SAME_CAMPAIGN_NUMBERS(power_heritability, a->n_power);
    SAME_CAMPAIGN_NUMBERS(expected_r2, a->n_power);
    SAME_CAMPAIGN_COMPARE("heritability_error", a->heritability_error == b->heritability_error);
    return NULL;
}

/* The first field in which two campaigns differ; NULL when they are the same to the bit. */
static inline const char *same_campaign_difference(const struct campaign *a, const struct campaign *b)
{
    const char *lengths = same_campaign_lengths_difference(a, b);
    if (lengths != NULL)
        return lengths;
    SAME_CAMPAIGN_COMPARE("arete_version", strcmp(a->arete_version, b->arete_version) == 0);
    SAME_CAMPAIGN_COMPARE("blas_core", strcmp(a->blas_core, b->blas_core) == 0);
    SAME_CAMPAIGN_COMPARE("yaml", strcmp(a->yaml, b->yaml) == 0);
    SAME_CAMPAIGN_COMPARE("fid", same_campaign_texts(a->fid, b->fid, a->n));
    SAME_CAMPAIGN_COMPARE("iid", same_campaign_texts(a->iid, b->iid, a->n));
    SAME_CAMPAIGN_COMPARE("target_name",
                          same_campaign_texts(a->target_name, b->target_name, a->n_targets_all));
    SAME_CAMPAIGN_COMPARE("target_note",
                          same_campaign_texts(a->target_note, b->target_note, a->n_targets_all));
    SAME_CAMPAIGN_COMPARE("covariate_name",
                          same_campaign_texts(a->covariate_name, b->covariate_name, a->n_covariates));
    SAME_CAMPAIGN_COMPARE("warning", same_campaign_texts(a->warning, b->warning, a->n_warnings));
    SAME_CAMPAIGN_COMPARE("relatives_dropped", same_campaign_texts(a->relatives_dropped, b->relatives_dropped,
                                                                   a->n_relatives_dropped));
    const char *tables = same_campaign_tables_difference(a, b);
    return tables != NULL ? tables : same_campaign_numbers_difference(a, b);
}

#define ASSERT_SAME_CAMPAIGN(a, b) same_campaign_assert((a), (b), __FILE__, __LINE__)
static inline void same_campaign_assert(const struct campaign *a, const struct campaign *b, const char *file,
                                        unsigned line)
{
    const char *difference = same_campaign_difference(a, b);
    if (difference != NULL)
        fprintf(stderr, "%s:%u: campaigns differ in %s\n", file, line, difference);
    CU_assertImplementation(difference == NULL, line, "same campaign", file, "", CU_FALSE);
}

#endif
