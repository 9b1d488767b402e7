#include "model/simulate/simulate_genetic.h"

#include "base/memory.h"
#include "model/simulate/unit_variance.h"
#include "model/stats/variates.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>

int simulate_genetic_init(struct simulate_genetic *genetic, uint64_t seed, size_t n_subjects,
                          size_t n_targets, size_t n_snps, size_t n_causal, struct error *err)
{
    static const char WHAT[] = "the genetic values";
    *genetic = (struct simulate_genetic){.seed = seed,
                                         .n_subjects = n_subjects,
                                         .n_targets = n_targets,
                                         .n_snps_left = n_snps,
                                         .n_causal_left = n_targets > 0 ? n_causal : 0};
    random_start(&genetic->choice, seed, RANDOM_CAUSAL_SNP, 0);
    size_t batch = n_targets > 0 ? SIMULATE_GENETIC_BATCH : 0;
    genetic->genotypes = memory_zeroed(batch * n_subjects, sizeof(double), WHAT, err);
    genetic->effects = memory_zeroed(batch * n_targets, sizeof(double), WHAT, err);
    genetic->values = memory_zeroed(n_subjects * n_targets, sizeof(double), WHAT, err);
    if (err->code != 0)
        simulate_genetic_free(genetic);
    return err->code;
}

void simulate_genetic_free(struct simulate_genetic *genetic)
{
    free(genetic->genotypes);
    free(genetic->effects);
    free(genetic->values);
    *genetic = (struct simulate_genetic){0};
}

/* values += genotypes' effects, for the SNPs that wait. */
static void add_products(struct simulate_genetic *genetic)
{
    int n = (int)genetic->n_subjects, t = (int)genetic->n_targets;
    if (genetic->n_waiting > 0)
        cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, n, t, (int)genetic->n_waiting, 1,
                    genetic->genotypes, n, genetic->effects, t, 1, genetic->values, t);
    genetic->n_waiting = 0;
}

/* Selection sampling (Knuth, The Art of Computer Programming 2, 3.4.2, algorithm S): every set of n_causal
 * SNPs is as likely as any other. */
static bool choose(struct simulate_genetic *genetic)
{
    bool chosen = genetic->n_causal_left > 0 &&
                  random_below(&genetic->choice, (uint32_t)genetic->n_snps_left) < genetic->n_causal_left;
    genetic->n_snps_left--;
    genetic->n_causal_left -= chosen;
    return chosen;
}

void simulate_genetic_add(struct simulate_genetic *genetic, const struct simulate_snps_tile *tile,
                          const uint8_t *calls, bool *chosen)
{
    for (size_t j = 0; j < tile->count; j++) {
        chosen[j] = choose(genetic);
        if (!chosen[j])
            continue;
        double f = tile->frequency[j], scale = 1 / sqrt(2 * f * (1 - f));
        double *x = genetic->genotypes + genetic->n_waiting * genetic->n_subjects;
        for (size_t i = 0; i < genetic->n_subjects; i++)
            x[i] = (calls[i * tile->capacity + j] - 2 * f) * scale;
        struct random_stream stream;
        random_start(&stream, genetic->seed, RANDOM_EFFECT, genetic->n_causal++);
        variates_normals(&stream, genetic->effects + genetic->n_waiting * genetic->n_targets,
                         genetic->n_targets);
        if (++genetic->n_waiting == SIMULATE_GENETIC_BATCH)
            add_products(genetic);
    }
}

int simulate_genetic_finish(struct simulate_genetic *genetic, struct error *err)
{
    size_t n = genetic->n_subjects, n_targets = genetic->n_targets;
    add_products(genetic);
    for (size_t t = 0; t < n_targets; t++)
        if (!unit_variance_scale(genetic->values + t, n, n_targets))
            return error_set(
                err, EXIT_CODE_BAD_INPUT,
                "targets.causal_snps: %zu found, and none varies among the %zu subjects; expected "
                "more, or a higher allele_frequency.from",
                genetic->n_causal, n);
    return 0;
}
