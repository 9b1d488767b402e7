/* The program's own orbits of a small study (orbit_reference.h): what its kernels make of one column,
 * what the double path makes of every shift, and the tolerance for the difference. */
#ifndef ARETE_TEST_ORBIT_PROGRAM_H
#define ARETE_TEST_ORBIT_PROGRAM_H

#include "model/orbits/orbit_tile.h"
#include "model/orbits/orbit_tolerance.h"
#include "model/ridge/observed.h"
#include "orbit_reference.h"

struct program {
    size_t n, n_forms, of_fold, n_shifts;
    struct permutation_scheme blocks;
    struct orbit_scheme scheme;
    struct orbit_engine engine;
    struct orbit_forms forms;
    float *workspace, *spectra, *sums, *values; /* of one group of 16 columns */
};

static inline float *program_floats(size_t count)
{
    struct error err = {0};
    float *values = memory_aligned(count, sizeof *values, "a test", &err);
    CU_ASSERT_EQUAL_FATAL(err.code, 0);
    return values;
}

static inline void program_make_coefficients(struct program *program, const struct reference *reference)
{
    size_t n = program->n;
    float *q = program_floats(n * n),
          *workspace = program_floats(orbit_coefficients_workspace(&program->engine));
    program->forms = (struct orbit_forms){
        program->n_forms, program_floats(orbit_coefficients_floats(&program->engine, program->n_forms)),
        program_floats(program->n_forms)};
    for (size_t m = 0; m < program->n_forms; m++) {
        operators_round(reference->forms + m * n * n, n * n, q);
        orbit_coefficients_make(&program->engine, q, &program->forms, m, workspace);
    }
    free(q);
    free(workspace);
}

/* block: exchangeability blocks, or NULL. In place: program->scheme points into it. */
static inline void program_init(struct program *program, const struct reference *reference,
                                const int32_t *block, uint64_t seed)
{
    struct error err = {0};
    *program = (struct program){.n = reference->n, .of_fold = 2 * reference->n_nodes + 1};
    program->n_forms = program->of_fold * reference->n_outer;
    permutation_scheme_init(&program->blocks, block, program->n, seed, &err);
    orbit_scheme_init(&program->scheme, &program->blocks, &err);
    orbit_engine_init(&program->engine, &program->scheme, instructions_best(), &err);
    CU_ASSERT_EQUAL_FATAL(err.code, 0);
    program->n_shifts = program->scheme.choice.n_shifts;
    program_make_coefficients(program, reference);
    program->workspace = program_floats(orbit_tile_workspace(&program->engine, program->n_forms, 1));
    program->spectra = program_floats(orbit_tile_spectra_floats(&program->engine, 1));
    program->sums = program_floats(orbit_tile_sums_floats(&program->engine, program->n_forms, 1));
    program->values = program_floats(program->n_forms * program->n_shifts * ORBIT_LANES);
}

static inline void program_free(struct program *program)
{
    orbit_engine_free(&program->engine);
    orbit_scheme_free(&program->scheme);
    permutation_scheme_free(&program->blocks);
    free(program->forms.coefficients);
    free(program->forms.scale);
    free(program->workspace);
    free(program->spectra);
    free(program->sums);
    free(program->values);
}

/* Data of one target under a shift of an orbit: z (n) from y (n). */
static inline void program_shift(const struct program *program, uint64_t orbit, size_t shift, const double *y,
                                 double *z)
{
    struct error err = {0};
    uint32_t *order = memory_zeroed(3 * program->n, sizeof *order, "a test", &err);
    CU_ASSERT_EQUAL_FATAL(err.code, 0);
    orbit_scheme_order(&program->scheme, orbit, shift, order, order + program->n);
    for (size_t i = 0; i < program->n; i++)
        z[i] = y[order[i]];
    free(order);
}

/* Values of all forms under all shifts of one orbit of y, forms x n_shifts; the caller frees them. */
static inline float *program_values(const struct program *program, uint64_t orbit, const double *y)
{
    struct error err = {0};
    size_t n = program->n, n_shifts = program->n_shifts;
    uint32_t *order = memory_zeroed(2 * n, sizeof *order, "a test", &err);
    CU_ASSERT_EQUAL_FATAL(err.code, 0);
    float *arranged = program_floats(n), *values = program_floats(program->n_forms * n_shifts);
    orbit_scheme_arrangement(&program->scheme, orbit, order, order + n);
    for (size_t i = 0; i < n; i++)
        arranged[i] = (float)y[order[i]];
    orbit_tile_spectra(&program->engine, arranged, 1, 1, program->workspace, program->spectra);
    orbit_tile_products(&program->engine, &program->forms,
                        (struct orbit_band){0, orbit_terms_frequencies(&program->engine.terms)},
                        program->spectra, 1, program->workspace, program->sums);
    for (size_t m = 0; m < program->n_forms; m += program->of_fold) /* a fold's share their transforms */
        orbit_tile_values(&program->engine, &program->forms, program->sums,
                          (struct orbit_values){0, m, program->of_fold}, program->workspace,
                          program->values + m * n_shifts * ORBIT_LANES);
    for (size_t i = 0; i < program->n_forms * n_shifts; i++)
        values[i] = program->values[i * ORBIT_LANES];
    free(order);
    free(arranged);
    return values;
}

/* All shifts of an orbit as columns, n x n_shifts. */
static inline double *program_columns(const struct program *program, uint64_t orbit, const double *y)
{
    double *columns = example_doubles(program->n * program->n_shifts), *z = example_doubles(program->n);
    for (size_t s = 0; s < program->n_shifts; s++) {
        program_shift(program, orbit, s, y, z);
        for (size_t i = 0; i < program->n; i++)
            columns[i * program->n_shifts + s] = z[i];
    }
    free(z);
    return columns;
}

/* Fills `observed`, whose targets are the shifts' columns. */
static inline void program_observe(const struct reference *reference, struct observed *observed)
{
    size_t n = reference->n, columns = observed->n_targets;
    double *w = example_doubles(n * columns),
           *workspace = example_doubles(observed_workspace(observed, &reference->folds));
    for (size_t k = 0; k < reference->n_nodes; k++) {
        struct reference_operators operators;
        reference_operators_init(&operators, reference, reference->penalties[k]);
        operators_apply(operators.p, n, observed->targets, columns, columns, w);
        for (size_t o = 0; o < reference->n_outer; o++)
            observed_fold(
                observed,
                &(struct operators_of_fold){&reference->folds, o, &operators.layouts[o], operators.folds[o]},
                k, w, workspace);
        reference_operators_free(&operators, reference->n_outer);
    }
    free(w);
    free(workspace);
}

/* The same values by the double path of the observed scores. */
static inline double *program_exact_values(const struct program *program, const struct reference *reference,
                                           uint64_t orbit, const double *y)
{
    struct error err = {0};
    struct observed observed;
    struct baseline covariates_only;
    size_t n_shifts = program->n_shifts, m = reference->n_nodes, n_outer = reference->n_outer;
    double *columns = program_columns(program, orbit, y),
           *values = example_doubles(program->n_forms * n_shifts);
    baseline_init(&covariates_only, BASELINE_COVARIATES, &reference->covariates, &reference->folds, &err);
    observed_init(&observed, columns, n_shifts, m, &reference->folds,
                  &(struct observed_baselines){&reference->baseline, &covariates_only}, &err);
    CU_ASSERT_EQUAL_FATAL(err.code, 0);
    program_observe(reference, &observed);
    for (size_t o = 0; o < n_outer; o++) {
        double *of_fold = values + o * (2 * m + 1) * n_shifts;
        for (size_t k = 0; k < m; k++) {
            memcpy(of_fold + k * n_shifts, observed.criterion + (k * n_outer + o) * n_shifts,
                   n_shifts * sizeof *values);
            memcpy(of_fold + (m + k) * n_shifts, observed.error + (k * n_outer + o) * n_shifts,
                   n_shifts * sizeof *values);
        }
        memcpy(of_fold + 2 * m * n_shifts, observed.baseline_error + o * n_shifts, n_shifts * sizeof *values);
    }
    observed_free(&observed);
    baseline_free(&covariates_only);
    free(columns);
    return values;
}

/* The tolerance of one target from the values of its identity's orbit, single and exact, step by step: that
 * of the score at a shift, which is the data's own but for those who ask what another would make of it.
 * *kappa: the noise, where the data are as they are. */
static inline double program_tolerance(const struct program *program, const struct reference *reference,
                                       enum score_kind kind, const float *single, const double *exact,
                                       size_t shift, double *kappa)
{
    size_t n_shifts = program->n_shifts, m = reference->n_nodes, identity = program->scheme.identity;
    const struct orbit_score score = {kind, &reference->nodes, n_shifts, 1};
    double *spread_of = example_doubles(n_shifts), baseline_squares,
           *workspace = example_doubles(orbit_tolerance_workspace(&score));
    float *gain = example_rounded(spread_of, n_shifts), *baseline = example_rounded(spread_of, n_shifts);
    const struct orbit_sums sums = {gain, baseline};
    const struct orbit_spread spread = {spread_of, &baseline_squares};
    struct orbit_noise noise = {0};
    orbit_score_begin(&score, &sums);
    orbit_tolerance_begin(&score, &spread);
    for (size_t o = 0; o < reference->n_outer; o++) {
        const float *criterion[REFERENCE_MOST_NODES], *error[REFERENCE_MOST_NODES];
        double error_scale[REFERENCE_MOST_NODES], baseline_scale;
        struct score_nodes_rows rows = reference_rows(reference, single, n_shifts, o, criterion, error);
        const double *of_fold = exact + o * (2 * m + 1) * n_shifts + identity;
        orbit_score_rms(&score, rows.baseline, &baseline_scale);
        orbit_score_scale(&score, &baseline_scale, &reference->least[o], &baseline_scale);
        orbit_tolerance_measure(&noise, (double)rows.baseline[identity], of_fold[2 * m * n_shifts],
                                baseline_scale);
        for (size_t k = 0; k < m; k++) {
            orbit_score_rms(&score, error[k], &error_scale[k]);
            orbit_score_scale(&score, &error_scale[k], &reference->least[o], &error_scale[k]);
            orbit_tolerance_measure(&noise, (double)error[k][identity], of_fold[(m + k) * n_shifts],
                                    error_scale[k]);
        }
        const struct orbit_scales scales = {error_scale, &baseline_scale};
        orbit_score_add(&score, o, &rows, &baseline_scale, workspace, &sums, &sums);
        orbit_tolerance_add(&score, o, &rows, &scales, workspace, &spread);
    }
    *kappa = orbit_tolerance_kappa(&noise);
    double tolerance = orbit_tolerance_finish(&score, 0, shift, *kappa, &sums, &spread, workspace);
    free(spread_of);
    free(workspace);
    free(gain);
    free(baseline);
    return tolerance;
}

#endif
