#include "study/expected_nodes.h"

#include "base/memory.h"
#include "model/kinship/gram.h"
#include "model/stats/random.h"
#include "planning/cost_nodes.h"
#include "study/choices.h"

#include <math.h>
#include <stdlib.h>

/* SNPs stand next to those that they are linked with, so runs of them are read: no more at a time than MOST,
 * and FEWEST runs or more, so that not one place of the genome decides. People stand next to their families
 * where a file is sorted: they are taken in runs too, unless relatives are to be left out. */
enum { MOST_SNPS = 512, FEWEST_RUNS = 8, PEOPLE_RUNS = 8 };

static const char purpose[] = "the number of penalty nodes";

/* People in random order, and as large a share of the SNPs as of the people. */
struct sample {
    const struct genotypes *genotypes;
    struct genotype_filter filter;
    uint32_t *people; /* n: where they stand among the study's */
    size_t n, people_runs, n_runs, run_snps, n_kept;
    uint8_t *calls, *own; /* of a run: everybody's; the sample's */
    double *x, *heterozygosity, *gram;
};

static void sample_free(struct sample *sample)
{
    free(sample->people);
    free(sample->calls);
    free(sample->own);
    free(sample->x);
    free(sample->heterozygosity);
    free(sample->gram);
}

static int compare_rows(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
    return (left > right) - (left < right);
}

/* Runs of people as they stand in the first file, whatever folds they are in; then shuffled, for the sample's
 * own folds. */
static int draw_people(struct sample *sample, struct error *err)
{
    size_t all = sample->genotypes->n_subjects, runs = sample->people_runs;
    uint64_t *order =
        memory_zeroed(all, sizeof *order, purpose, err); /* row in the file, place in the study */
    if (order == NULL)
        return err->code;
    for (size_t i = 0; i < all; i++)
        order[i] = (uint64_t)sample->genotypes->filesets[0].subject_rows[i] << 32 | i;
    qsort(order, all, sizeof *order, compare_rows);
    for (size_t i = 0; i < sample->n; i++) {
        size_t run = i * runs / sample->n, passed_over = (all - sample->n) * run / (runs - 1);
        sample->people[i] = (uint32_t)order[passed_over + i];
    }
    struct random_stream stream;
    random_start(&stream, 0, RANDOM_PROBES, 1);
    random_shuffle(&stream, sample->people, sample->n);
    free(order);
    return 0;
}

static int sample_init(struct sample *sample, const struct analysis *analysis, size_t most_people,
                       struct error *err)
{
    const struct study_genotypes *given = &analysis->study.genotypes;
    const struct genotypes *genotypes = &analysis->cohort.genotypes;
    size_t all = genotypes->n_subjects, n = all < most_people ? all : most_people;
    double n_snps = ceil((double)genotypes->variants.count * (double)n / (double)all);
    size_t runs = (size_t)fmax(ceil(n_snps / MOST_SNPS), fmin(FEWEST_RUNS, n_snps));
    *sample = (struct sample){.genotypes = genotypes,
                              .filter = choices_filter(given),
                              .n = n,
                              .people_runs = given->max_relatedness > 0 && n > PEOPLE_RUNS ? n : PEOPLE_RUNS,
                              .n_runs = runs,
                              .run_snps = (size_t)ceil(n_snps / (double)runs)};
    sample->people = memory_zeroed(n, sizeof *sample->people, purpose, err);
    sample->calls = memory_aligned(sample->run_snps * all, 1, purpose, err);
    sample->own = memory_aligned(sample->run_snps * n, 1, purpose, err);
    sample->x = memory_aligned(sample->run_snps * n, sizeof *sample->x, purpose, err);
    sample->heterozygosity = memory_zeroed(n, sizeof *sample->heterozygosity, purpose, err);
    sample->gram = memory_zeroed(n * n, sizeof *sample->gram, purpose, err);
    return err->code != 0 ? err->code : draw_people(sample, err);
}

static int add_run(struct sample *sample, size_t run, struct error *err)
{
    size_t all = sample->genotypes->n_subjects, n = sample->n, count = sample->run_snps;
    size_t first = (sample->genotypes->variants.count - count) * run / sample->n_runs;
    if (genotypes_read_calls(sample->genotypes, first, count, sample->calls, err) != 0)
        return err->code;
    for (size_t k = 0; k < count; k++)
        for (size_t i = 0; i < n; i++)
            sample->own[k * n + i] = sample->calls[k * all + sample->people[i]];
    struct genotype_counts counts;
    genotype_standardise(sample->own, count, n, &sample->filter, sample->x, sample->heterozygosity, &counts);
    if (counts.n_kept > 0)
        gram_tile(sample->x, counts.n_kept, n, &(struct gram_block){0, n, 0, n}, true, sample->gram);
    sample->n_kept += counts.n_kept;
    return 0;
}

static int find(struct sample *sample, const struct analysis *analysis, size_t *n_nodes, struct error *err)
{
    const struct study_model *model = &analysis->study.model;
    for (size_t run = 0; err->code == 0 && run < sample->n_runs; run++)
        add_run(sample, run, err);
    if (err->code != 0 || sample->n_kept < 2)
        return err->code;
    gram_finish(sample->gram, sample->n, sample->n_kept);
    return cost_nodes_expect(
        &(struct cost_nodes){.gram = sample->gram,
                             .n_sample = sample->n,
                             .n = analysis->cohort.n,
                             .n_outer = model->folds_column != NULL ? analysis->cohort.fold.names.count
                                                                    : (size_t)model->outer_folds,
                             .n_inner = (size_t)model->inner_folds,
                             .n_components = (size_t)analysis->study.covariates.genetic_pcs,
                             .penalties = model->penalties != NULL ? model->penalties : model->heritabilities,
                             .n_penalties = model->n_penalties,
                             .are_heritabilities = model->penalties == NULL,
                             .tolerance = model->penalty_tolerance},
        n_nodes, err);
}

/* All where the sample tells nothing: of penalties that it cannot serve, say. */
static size_t find_with(const struct analysis *analysis, size_t most_people)
{
    struct sample sample = {0};
    struct error unheard = {0};
    size_t found = analysis->study.model.n_penalties;
    if (sample_init(&sample, analysis, most_people, &unheard) == 0 &&
        find(&sample, analysis, &found, &unheard) != 0)
        found = analysis->study.model.n_penalties;
    sample_free(&sample);
    return found;
}

int expected_nodes_find(const struct analysis *analysis)
{
    size_t found = analysis->study.model.n_penalties;
    if (analysis_chooses_nodes(&analysis->study.model))
        found = find_with(analysis, COST_NODES_SAMPLE);
    if (found > COST_NODES_OF_RELATIVES && analysis->cohort.n > COST_NODES_SAMPLE)
        found = find_with(analysis, (size_t)COST_NODES_SAMPLE * 2);
    return (int)found;
}
