#include "planning/cost_nodes.h"

#include "base/memory.h"
#include "model/eigen/leading_vectors.h"
#include "model/ridge/baseline.h"
#include "model/ridge/operators.h"
#include "model/ridge/penalty_nodes.h"
#include "model/ridge/svd.h"
#include "planning/cost_sample.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A test set of the sample has at least so many people: of a study with more folds, larger ones are taken. */
enum { LEAST_TEST = 5, SEED = 1 };

static const char purpose[] = "the number of penalty nodes";

/* The sample's study. */
struct sample {
    struct covariates covariates;
    struct folds folds;
    struct baseline baseline;
    struct svd svd;
    struct penalty_sketch sketch;
    double *p, *fitted, *operators, *workspace;
};

static void sample_free(struct sample *sample)
{
    penalty_sketch_free(&sample->sketch);
    svd_free(&sample->svd);
    baseline_free(&sample->baseline);
    folds_free(&sample->folds);
    covariates_free(&sample->covariates);
    free(sample->p);
    free(sample->fitted);
    free(sample->operators);
    free(sample->workspace);
}

static int fill_components(const struct cost_nodes *of, size_t count, double *columns, struct error *err)
{
    size_t n = of->n_sample;
    struct leading_vectors leading = {0};
    double *vectors = memory_aligned(n * count, sizeof *vectors, purpose, err);
    if (vectors != NULL && leading_vectors_begin(&leading, of->gram, n, count, purpose, err) == 0) {
        reduction_steps(&leading.tridiagonal);
        leading_vectors_solve(&leading, vectors, err);
        for (size_t i = 0; err->code == 0 && i < n * count; i++)
            columns[i % n * (count + 1) + 1 + i / n] = vectors[i];
    }
    leading_vectors_free(&leading);
    free(vectors);
    return err->code;
}

/* The intercept, and components: as large a share of the sample as the study's are of its people. */
static int init_covariates(struct sample *sample, const struct cost_nodes *of, struct error *err)
{
    size_t n = of->n_sample, count = of->n_components * n / of->n;
    double *columns = memory_zeroed(n * (count + 1), sizeof *columns, purpose, err);
    bool *kept = memory_zeroed(count + 1, sizeof *kept, purpose, err);
    for (size_t i = 0; columns != NULL && i < n; i++)
        columns[i * (count + 1)] = 1;
    if (err->code == 0 && (count == 0 || fill_components(of, count, columns, err) == 0))
        covariates_init(&sample->covariates, columns, n, count + 1, kept, err);
    free(columns);
    free(kept);
    return err->code;
}

static int init_folds(struct sample *sample, const struct cost_nodes *of, struct error *err)
{
    size_t n = of->n_sample, n_outer = of->n_outer < n / LEAST_TEST ? of->n_outer : n / LEAST_TEST;
    int32_t *outer = memory_zeroed(n, sizeof *outer, purpose, err);
    if (outer == NULL)
        return err->code;
    for (size_t i = 0; i < n; i++)
        outer[i] = (int32_t)(i * n_outer / n);
    folds_init(&sample->folds, &(struct folds_outer){outer, NULL, n, n_outer}, of->n_inner, SEED, err);
    free(outer);
    return err->code;
}

static int init_arrays(struct sample *sample, struct error *err)
{
    const struct folds *folds = &sample->folds;
    size_t n = folds->n, needed = penalty_sketch_workspace(&sample->sketch, folds), most = 0;
    for (size_t o = 0; err->code == 0 && o < folds->n_outer; o++) {
        struct operator_layout layout;
        if (operator_layout_init(&layout, &folds->rows[o], folds->n_inner, err) == 0)
            most = layout.count > most ? layout.count : most;
        operator_layout_free(&layout);
    }
    sample->p = memory_aligned(n * n, sizeof(double), purpose, err);
    sample->fitted = memory_aligned(n * sample->sketch.n_probes, sizeof(double), purpose, err);
    sample->operators = memory_aligned(most, sizeof(double), purpose, err);
    sample->workspace = memory_aligned(n * n > needed ? n * n : needed, sizeof(double), purpose, err);
    return err->code;
}

static int sample_init(struct sample *sample, const struct cost_nodes *of, struct error *err)
{
    if (init_covariates(sample, of, err) != 0 || init_folds(sample, of, err) != 0 ||
        baseline_init(&sample->baseline, BASELINE_COVARIATES, &sample->covariates, &sample->folds, err) !=
            0 ||
        svd_init(&sample->svd, of->n_sample, sample->covariates.c, err) != 0 ||
        svd_compute(&sample->svd, of->gram, &sample->covariates, err) != 0 ||
        penalty_sketch_init(&sample->sketch, &sample->folds, of->n_penalties, &sample->baseline, err) != 0)
        return err->code;
    return init_arrays(sample, err);
}

static int sketch_fold(struct sample *sample, size_t penalty, size_t outer_fold, struct error *err)
{
    const struct folds *folds = &sample->folds;
    struct operator_layout layout = {0};
    struct lost_directions lost = {0};
    if (operator_layout_init(&layout, &folds->rows[outer_fold], folds->n_inner, err) == 0 &&
        lost_directions_init(&lost, &sample->covariates, folds, outer_fold, err) == 0 &&
        operators_fold(sample->p, folds, outer_fold, &layout, &lost, sample->operators, err) == 0)
        penalty_sketch_fold(&sample->sketch,
                            &(struct operators_of_fold){folds, outer_fold, &layout, sample->operators},
                            penalty, sample->fitted, sample->workspace);
    lost_directions_free(&lost, folds->n_inner);
    operator_layout_free(&layout);
    return err->code;
}

static int sketch_penalty(struct sample *sample, size_t penalty, double lambda, struct error *err)
{
    size_t n = sample->folds.n, r = sample->sketch.n_probes;
    operators_tile(&sample->svd, lambda, &(struct operators_block){0, n, 0, n}, sample->workspace, sample->p);
    operators_apply(sample->p, n, sample->sketch.probes, r, r, sample->fitted);
    for (size_t o = 0; err->code == 0 && o < sample->folds.n_outer; o++)
        sketch_fold(sample, penalty, o, err);
    return err->code;
}

/* The run's sketches are shorter than its people, for which its bound has a margin; the sample's are not. */
static double tolerance_of(const struct cost_nodes *of, const struct penalty_sketch *sketch)
{
    const struct penalty_sketch run = {
        .n = of->n, .n_probes = penalty_sketch_probes(of->n, of->n_penalties, of->n_outer)};
    return of->tolerance * penalty_sketch_margin(sketch) / penalty_sketch_margin(&run);
}

static int search(struct sample *sample, const struct cost_nodes *of, size_t *n_nodes, struct error *err)
{
    struct penalty_nodes nodes = {0};
    double mean = 0;
    svd_mean_eigenvalue(of->gram, &sample->covariates, &mean, err);
    for (size_t k = 0; err->code == 0 && k < of->n_penalties; k++) {
        double given = of->penalties[k];
        sketch_penalty(sample, k, of->are_heritabilities ? mean * (1 - given) / given : given, err);
    }
    if (err->code == 0 &&
        penalty_nodes_choose(&nodes, &sample->sketch, tolerance_of(of, &sample->sketch), err) == 0)
        *n_nodes = nodes.n_nodes;
    penalty_nodes_free(&nodes);
    return err->code;
}

int cost_nodes_expect(const struct cost_nodes *of, size_t *n_nodes, struct error *err)
{
    struct sample sample = {0};
    *n_nodes = of->n_penalties;
    if (of->n_sample < of->n_inner * 2 * LEAST_TEST)
        return 0;
    if (sample_init(&sample, of, err) == 0)
        search(&sample, of, n_nodes, err);
    sample_free(&sample);
    return err->code;
}

/* K of people who have nothing in common: of so many of them for each independent SNP. */
static double *made_gram(size_t n, size_t n_snps, struct error *err)
{
    double *gram = memory_zeroed(n * n, sizeof *gram, purpose, err);
    float *x = memory_aligned(n * n_snps, sizeof *x, purpose, err), *product = NULL;
    if (err->code == 0 && (product = memory_aligned(n * n, sizeof *product, purpose, err)) != NULL) {
        const float variance = 1.F / 3; /* of numbers between -1 and 1 */
        cost_sample_fill(x, n * n_snps);
        cblas_ssyrk(CblasRowMajor, CblasLower, CblasNoTrans, (int)n, (int)n_snps,
                    1 / (variance * (float)n_snps), x, (int)n_snps, 0, product, (int)n);
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j <= i; j++)
                gram[i * n + j] = gram[j * n + i] = (double)product[i * n + j];
    }
    free(x);
    free(product);
    return gram;
}

int cost_nodes_expect_usual(const struct cost_shape *shape, size_t *n_nodes, struct error *err)
{
    const double segments = 50000, from = -3, decades = 6;
    size_t n_sample = shape->n < COST_NODES_SAMPLE ? (size_t)shape->n : COST_NODES_SAMPLE;
    double for_each = fmin(shape->n_snps, segments) / shape->n;
    double *gram = made_gram(n_sample, (size_t)fmax(for_each * (double)n_sample, 1), err);
    size_t count = (size_t)shape->n_penalties;
    double *penalties = memory_zeroed(count, sizeof *penalties, purpose, err);
    for (size_t k = 0; penalties != NULL && k < count; k++)
        penalties[k] = pow(10, from + decades * (double)k / (double)(count - 1));
    if (err->code == 0)
        cost_nodes_expect(&(struct cost_nodes){.gram = gram,
                                               .n_sample = n_sample,
                                               .n = (size_t)shape->n,
                                               .n_outer = (size_t)shape->n_outer,
                                               .n_inner = (size_t)shape->n_inner,
                                               .penalties = penalties,
                                               .n_penalties = count,
                                               .tolerance = 1e-5},
                          n_nodes, err);
    free(gram);
    free(penalties);
    return err->code;
}
