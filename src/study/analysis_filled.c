#include "study/analysis_filled.h"

#include "base/memory.h"
#include "model/ridge/filled.h"
#include "model/ridge/targets.h"
#include "study/analysis_sample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Fewer filled in than this share of the people do no harm: with 2 % of them, all of another ancestry, .047
 * of null targets had p_snps <= .05, with 5 % .061 (arete associate, 300 people, 4,000 targets). */
static const double least_filled = 0.02;
/* Of K_ij^2 over pairs: at a ratio of 1.15 .062 of null targets had p <= .05 (arete run), at 1.7 .069. */
static const double least_ratio_of_scores = 1.1;
/* Of tails over SNPs: at a ratio of 1.2 .060 had p_snps <= .05, at 1.5 .077, at 2.5 .126. */
static const double least_ratio_of_snps = 1.15;
/* How often a study has a false alarm where all values are missing at random; z is nearly normal. */
static const double false_alarms = 1e-3;
/* For all patterns together: a minute or two of one core. */
static const double most_operations = 2e11, operations_a_pair = 20;

/* What patterns are held against: K, or a sample of SNPs. */
struct measure {
    const struct analysis *analysis;
    float *kinship;
    double *workspace;
    struct filled_sample sample;
};

static const char what[] = "patterns of missing values";

/* Who lacks a target. */
struct pattern {
    uint64_t hash;
    size_t first, count; /* the first target that has it, and how many have */
    size_t n_filled;
    bool is_alike;
};

static int compare_hashes(const void *a, const void *b)
{
    const struct pattern *left = a, *right = b;
    if (left->hash != right->hash)
        return left->hash < right->hash ? -1 : 1;
    return (left->first > right->first) - (left->first < right->first);
}

/* What most targets have comes first. */
static int compare_counts(const void *a, const void *b)
{
    const struct pattern *left = a, *right = b;
    if (left->count != right->count)
        return left->count > right->count ? -1 : 1;
    return (left->first > right->first) - (left->first < right->first);
}

/* Of each target. */
static void read_patterns(const struct analysis *analysis, struct pattern *patterns)
{
    const uint64_t odd = 0x9e3779b97f4a7c15u;
    size_t n_targets = analysis->n_targets;
    for (size_t t = 0; t < n_targets; t++)
        patterns[t] = (struct pattern){.first = t, .count = 1};
    for (size_t i = 0; i < analysis->cohort.n; i++)
        for (size_t t = 0; t < n_targets; t++)
            if (targets_is_filled(analysis->targets[i * n_targets + t])) {
                uint64_t mixed = (patterns[t].hash ^ (i + 1)) * odd;
                patterns[t].hash = mixed ^ (mixed >> 29);
                patterns[t].n_filled++;
            }
}

/* Those with enough people, each once. Returns how many. */
static size_t merge_patterns(const struct analysis *analysis, struct pattern *patterns)
{
    size_t kept = 0;
    qsort(patterns, analysis->n_targets, sizeof *patterns, compare_hashes);
    for (size_t k = 0; k < analysis->n_targets; k++)
        if (kept > 0 && patterns[kept - 1].hash == patterns[k].hash)
            patterns[kept - 1].count++;
        else if ((double)patterns[k].n_filled > least_filled * (double)analysis->cohort.n)
            patterns[kept++] = patterns[k];
    qsort(patterns, kept, sizeof *patterns, compare_counts);
    return kept;
}

static int measure_init(struct measure *measure, const struct analysis *analysis, struct error *err)
{
    *measure = (struct measure){.analysis = analysis};
    if (analysis->has_no_scores)
        return analysis_sample_read(analysis, &measure->sample, err);
    measure->kinship = filled_kinship(analysis->gram, &analysis->covariates, err);
    measure->workspace =
        memory_aligned(filled_workspace(&analysis->covariates), sizeof *measure->workspace, what, err);
    return err->code;
}

static void measure_free(struct measure *measure)
{
    free(measure->kinship);
    free(measure->workspace);
    free(measure->sample.people);
}

static double operations_of(const struct analysis *analysis)
{
    double n = (double)analysis->cohort.n, c = (double)analysis->covariates.c;
    if (!analysis->has_no_scores)
        return operations_a_pair * n * n;
    double n_snps = fmin((double)analysis->cohort.genotypes.variants.count, ANALYSIS_SAMPLED);
    return (1 + FILLED_TAILS_FIRST) * 2 * n * (c + 1) * n_snps;
}

/* How alike those are who have a value, by the measure of what p is of. */
static struct filled_likeness take(const struct measure *measure, const bool *is_filled, double least,
                                   struct error *err)
{
    const struct analysis *analysis = measure->analysis;
    if (!analysis->has_no_scores)
        return filled_likeness_of(measure->kinship, &analysis->covariates, &analysis->scheme, is_filled,
                                  least, measure->workspace);
    struct filled_tails found;
    filled_tails_of(&found, &measure->sample, &analysis->covariates, &analysis->scheme, is_filled, least,
                    err);
    return (struct filled_likeness){found.ratio, found.z};
}

/* Looks at `count` patterns. Returns the largest ratio of those that stand out, or 0. */
static double look(const struct analysis *analysis, struct pattern *patterns, size_t count, struct error *err)
{
    size_t n = analysis->cohort.n;
    const double least = analysis->has_no_scores ? least_ratio_of_snps : least_ratio_of_scores;
    const double least_z = sqrt(2 * log((double)count / false_alarms));
    struct measure measure;
    measure_init(&measure, analysis, err);
    bool *is_filled = memory_zeroed(n, sizeof *is_filled, what, err);
    double largest = 0;
    for (size_t k = 0; err->code == 0 && k < count; k++) {
        for (size_t i = 0; i < n; i++)
            is_filled[i] = targets_is_filled(analysis->targets[i * analysis->n_targets + patterns[k].first]);
        struct filled_likeness found = take(&measure, is_filled, least, err);
        patterns[k].is_alike = found.ratio > least && found.z > least_z;
        largest = patterns[k].is_alike ? fmax(largest, found.ratio) : largest;
    }
    measure_free(&measure);
    free(is_filled);
    return largest;
}

/* Marks the targets of patterns that stand out. all: a pattern a target, as read_patterns leaves them. */
static void mark(const struct pattern *all, size_t n_targets, struct pattern *patterns, size_t count,
                 bool *alike)
{
    size_t kept = 0;
    for (size_t k = 0; k < count; k++)
        if (patterns[k].is_alike)
            patterns[kept++] = patterns[k];
    for (size_t k = 0; k < kept; k++)
        for (size_t t = patterns[k].first; t < n_targets; t++)
            alike[t] = alike[t] || all[t].hash == patterns[k].hash;
}

int analysis_filled_find(const struct analysis *analysis, bool *alike, double *ratio, struct error *err)
{
    size_t most = (size_t)fmax(16, most_operations / operations_of(analysis));
    struct pattern *all = memory_zeroed(analysis->n_targets, sizeof *all, what, err);
    struct pattern *patterns = memory_zeroed(analysis->n_targets, sizeof *patterns, what, err);
    *ratio = 0;
    if (err->code == 0) {
        read_patterns(analysis, all);
        memcpy(patterns, all, analysis->n_targets * sizeof *patterns);
        size_t count = merge_patterns(analysis, patterns), looked = count < most ? count : most;
        if (looked > 0) {
            *ratio = look(analysis, patterns, looked, err);
            log_info(analysis->log,
                     "missing values: %zu pattern(s) of who lacks a target, %zu of them held against the "
                     "genotypes",
                     count, looked);
        }
        mark(all, analysis->n_targets, patterns, looked, alike);
    }
    free(all);
    free(patterns);
    return err->code;
}
