#include "study/fingerprint.h"

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

/* Subjects stand in the order of their folds. What belongs to a subject is hashed with whose it is and
 * summed, so that other folds alone do not look like other targets, covariates and so on. */
static uint64_t hash_subject(const struct cohort *cohort, size_t subject)
{
    const char *fid = cohort->fid.items[subject], *iid = cohort->iid.items[subject];
    return XXH3_64bits_withSeed(iid, strlen(iid) + 1, hash_of(fid, strlen(fid) + 1));
}

static uint64_t hash_rows(const struct cohort *cohort, const void *rows, size_t row_bytes)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < cohort->n; i++)
        sum += XXH3_64bits_withSeed((const char *)rows + i * row_bytes, row_bytes, hash_subject(cohort, i));
    return sum;
}

/* The calls, and whose they are. */
static uint64_t hash_genotypes(const struct cohort *cohort)
{
    uint64_t hash = 0;
    const struct genotypes *genotypes = &cohort->genotypes;
    for (size_t f = 0; f < cohort->n_files; f++)
        if (cohort->files[f].holds_calls)
            hash = XXH3_64bits_withSeed(&cohort->files[f].hash, sizeof cohort->files[f].hash, hash);
    for (size_t f = 0; f < genotypes->n_filesets; f++) {
        uint64_t rows = hash_rows(cohort, genotypes->filesets[f].subject_rows, sizeof(uint32_t));
        hash = XXH3_64bits_withSeed(&rows, sizeof rows, hash);
    }
    return hash;
}

static uint64_t hash_genotype_filters(const struct study_genotypes *genotypes)
{
    const double values[] = {genotypes->min_allele_frequency, genotypes->max_missing_per_snp,
                             genotypes->max_missing_per_subject, (double)genotypes->scale,
                             (double)genotypes->all_chromosomes};
    uint64_t hash = hash_of(values, sizeof values);
    if (genotypes->max_relatedness == 0) /* as before there was such a thing */
        return hash;
    return XXH3_64bits_withSeed(&genotypes->max_relatedness, sizeof genotypes->max_relatedness, hash);
}

static uint64_t hash_subjects(const struct cohort *cohort)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < cohort->n; i++)
        sum += hash_subject(cohort, i);
    return sum;
}

uint64_t fingerprint_targets(const struct cohort *cohort)
{
    if (cohort->has_targets_hash)
        return cohort->targets_hash;
    return hash_texts(&cohort->target_names,
                      hash_rows(cohort, cohort->targets, cohort->n_targets * sizeof *cohort->targets));
}

/* None: as before there were any. */
static uint64_t hash_values(const double *values, size_t count, uint64_t seed)
{
    return count == 0 ? seed : XXH3_64bits_withSeed(values, count * sizeof *values, seed);
}

/* Who and what is left out on account of missing values: on a resume subjects come from the campaign, so the
 * rule itself must be the same. */
static uint64_t hash_missing(const struct study *study)
{
    const struct study_targets *targets = &study->targets;
    const double values[] = {(double)targets->missing, targets->max_missing_per_target};
    uint64_t hash = hash_texts(&targets->missing_codes, hash_of(values, sizeof values));
    hash = hash_values(targets->not_missing, targets->n_not_missing, hash);
    const int32_t covariates = (int32_t)study->covariates.missing; /* 0 as it was before there was a choice */
    hash = covariates == 0 ? hash : XXH3_64bits_withSeed(&covariates, sizeof covariates, hash);
    return hash_values(study->covariates.not_missing, study->covariates.n_not_missing, hash);
}

static uint64_t hash_covariates(const struct cohort *cohort, int genetic_pcs)
{
    uint64_t hash = 0;
    if (cohort->n_quantitative > 0)
        hash = hash_rows(cohort, cohort->quantitative, cohort->n_quantitative * sizeof *cohort->quantitative);
    for (size_t k = 0; k < cohort->n_categorical; k++) {
        uint64_t levels = hash_rows(cohort, cohort->categorical[k].level, sizeof(int32_t));
        hash = XXH3_64bits_withSeed(&levels, sizeof levels, hash);
    }
    return XXH3_64bits_withSeed(&genetic_pcs, sizeof genetic_pcs, hash);
}

static uint64_t hash_folds(const struct cohort *cohort, const struct folds *folds)
{
    uint64_t hash = hash_rows(cohort, folds->outer, sizeof *folds->outer);
    for (size_t o = 0; o < folds->n_outer; o++) {
        uint64_t inner = hash_rows(cohort, folds->inner + o * folds->n, sizeof *folds->inner);
        hash = XXH3_64bits_withSeed(&inner, sizeof inner, hash);
    }
    return hash;
}

/* Penalty nodes change scores by less than the tolerance, but they change them. A short grid has none. */
static uint64_t hash_nodes(const struct study_model *model)
{
    double tolerance = analysis_chooses_nodes(model) ? model->penalty_tolerance : 0;
    return XXH3_64bits(&tolerance, sizeof tolerance);
}

static uint64_t hash_penalties(const struct study_model *model)
{
    bool lambda = model->penalties != NULL;
    const double *values = lambda ? model->penalties : model->heritabilities;
    return XXH3_64bits_withSeed(values, model->n_penalties * sizeof *values, lambda);
}

static uint64_t hash_model(const struct study_model *model)
{
    const int32_t values[] = {(int32_t)model->score, (int32_t)model->baseline};
    return hash_of(values, sizeof values);
}

static uint64_t hash_exchangeability(const struct cohort *cohort, const struct permutation_scheme *scheme)
{
    uint64_t sum = 0;
    for (size_t b = 0; b < scheme->n_blocks; b++)
        for (size_t k = scheme->start[b]; k < scheme->start[b + 1]; k++)
            sum += XXH3_64bits_withSeed(&b, sizeof b, hash_subject(cohort, scheme->members[k]));
    return sum;
}

static const char penalties[] = "penalties", nodes[] = "penalty_nodes or penalty_tolerance",
                  scoring[] = "score and baseline";

bool fingerprint_is_of_ridge(const char *name)
{
    return strcmp(name, penalties) == 0 || strcmp(name, nodes) == 0 || strcmp(name, scoring) == 0;
}

size_t fingerprint_fill(const struct analysis *analysis, struct campaign_fingerprint *fingerprints)
{
    const struct study *study = &analysis->study;
    const struct cohort *cohort = &analysis->cohort;
    const struct campaign_fingerprint all[] = {
        {"genotypes", hash_genotypes(cohort)},
        {"genotype filters and scale", hash_genotype_filters(&study->genotypes)},
        {"subjects", hash_subjects(cohort)},
        {"targets", fingerprint_targets(cohort)},
        {"treatment of missing values", hash_missing(study)},
        {"covariates", hash_covariates(cohort, study->covariates.genetic_pcs)},
        {"folds", hash_folds(cohort, &analysis->folds)},
        {(char *)penalties, hash_penalties(&study->model)},
        {(char *)nodes, hash_nodes(&study->model)},
        {(char *)scoring, hash_model(&study->model)},
        {"seed", study->seed},
        {"exchangeability blocks", hash_exchangeability(cohort, &analysis->scheme)},
    };
    memcpy(fingerprints, all, sizeof all);
    return sizeof all / sizeof *all;
}
