#include "cli/fingerprint.h"

#include <string.h>
#include <xxhash.h>

/* Doubles and integers as this machine holds them (little-endian, like the campaign file). */
static uint64_t hash_of(const void *bytes, size_t count)
{
    return XXH3_64bits(bytes, count);
}

static uint64_t hash_texts(const struct text_list *texts, uint64_t seed)
{
    for (size_t i = 0; i < texts->count; i++)
        seed = XXH3_64bits_withSeed(texts->items[i], strlen(texts->items[i]) + 1, seed);
    return seed;
}

static uint64_t hash_genotypes(const struct cohort *cohort)
{
    uint64_t hash = 0;
    for (size_t f = 0; f < cohort->n_files; f++) {
        const char *end = strrchr(cohort->files[f].path, '.');
        if (end != NULL && strcmp(end, ".bed") == 0)
            hash = XXH3_64bits_withSeed(&cohort->files[f].hash, sizeof cohort->files[f].hash, hash);
    }
    return hash;
}

static uint64_t hash_genotype_filters(const struct study_genotypes *genotypes)
{
    const double values[] = {genotypes->min_allele_frequency, genotypes->max_missing_per_snp,
                             genotypes->max_missing_per_subject, (double)genotypes->scale,
                             (double)genotypes->all_chromosomes};
    return hash_of(values, sizeof values);
}

static uint64_t hash_model(const struct study_model *model)
{
    const int32_t values[] = {(int32_t)model->score, (int32_t)model->baseline};
    return hash_of(values, sizeof values);
}

static uint64_t hash_folds(const struct folds *folds)
{
    uint64_t outer = hash_of(folds->outer, folds->n * sizeof *folds->outer);
    return XXH3_64bits_withSeed(folds->inner, folds->n_outer * folds->n * sizeof *folds->inner, outer);
}

static uint64_t hash_permutations(const struct permutation_scheme *scheme)
{
    uint64_t members =
        XXH3_64bits_withSeed(scheme->members, scheme->n * sizeof *scheme->members, scheme->seed);
    return XXH3_64bits_withSeed(scheme->start, (scheme->n_blocks + 1) * sizeof *scheme->start, members);
}

static uint64_t hash_targets(const struct analysis *analysis)
{
    uint64_t values =
        hash_of(analysis->targets, analysis->cohort.n * analysis->n_targets * sizeof *analysis->targets);
    return hash_texts(&analysis->cohort.target_names, values);
}

static uint64_t hash_design(const struct covariates *covariates)
{
    return hash_of(covariates->design, covariates->n * covariates->c * sizeof *covariates->design);
}

size_t fingerprint_fill(const struct analysis *analysis, struct campaign_fingerprint *fingerprints)
{
    const struct study *study = &analysis->study;
    const struct campaign_fingerprint all[] = {
        {"genotypes", hash_genotypes(&analysis->cohort)},
        {"genotype filters and scale", hash_genotype_filters(&study->genotypes)},
        {"subjects", hash_texts(&analysis->cohort.iid, hash_texts(&analysis->cohort.fid, 0))},
        {"targets", hash_targets(analysis)},
        {"covariates", hash_design(&analysis->covariates)},
        {"folds", hash_folds(&analysis->folds)},
        {"penalties", hash_of(analysis->penalties, analysis->n_penalties * sizeof *analysis->penalties)},
        {"score and baseline", hash_model(&study->model)},
        {"seed and exchangeability blocks", hash_permutations(&analysis->scheme)},
    };
    memcpy(fingerprints, all, sizeof all);
    return sizeof all / sizeof *all;
}
