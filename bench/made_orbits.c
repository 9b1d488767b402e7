#include "made_orbits.h"

#include "bare_threads.h"
#include "base/memory.h"
#include "model/orbits/form_order.h"
#include "model/orbits/orbit_coefficients.h"

#include <math.h>
#include <stdlib.h>

enum { N_OUTER = 10, SEED = 42, DIFFERENT_FORMS = 4 };

static const char what[] = "a benchmark";

/* The form that a study would have: a diagonal about one, the rest about 1/sqrt(n). */
static int make_form(float *q, size_t n, uint64_t seed, struct error *err)
{
    double *numbers = memory_aligned(n * n, sizeof *numbers, what, err);
    if (numbers == NULL)
        return err->code;
    made_numbers_fill(numbers, n * n, seed);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++)
            q[i * n + j] = q[j * n + i] =
                (float)(numbers[i * n + j] / sqrt((double)n) / 2 + (i == j ? 1 : 0));
    free(numbers);
    return 0;
}

static int make_forms(struct made_orbits *made, struct error *err)
{
    float *workspace =
        memory_aligned(orbit_coefficients_workspace(&made->engine), sizeof *workspace, what, err);
    float *q = memory_aligned(made->n * made->n, sizeof *q, what, err);
    for (size_t kind = 0; err->code == 0 && kind < DIFFERENT_FORMS; kind++)
        if (make_form(q, made->n, SEED + kind, err) == 0)
            for (size_t m = kind; m < made->forms.forms.count; m += DIFFERENT_FORMS)
                orbit_coefficients_make(&made->engine, q, &made->forms.forms, m, workspace);
    free(q);
    free(workspace);
    return err->code;
}

static int make_targets(struct made_orbits *made, size_t n_targets, struct error *err)
{
    size_t count = made->n * n_targets;
    double *numbers = memory_aligned(count, sizeof *numbers, what, err);
    made->targets = memory_aligned(count, sizeof *made->targets, what, err);
    if (err->code == 0)
        made_numbers_fill(numbers, count, SEED);
    for (size_t i = 0; err->code == 0 && i < count; i++)
        made->targets[i] = (float)numbers[i];
    free(numbers);
    made->outer = memory_zeroed(made->n, sizeof *made->outer, what, err);
    for (size_t i = 0; err->code == 0 && i < made->n; i++)
        made->outer[i] = (int32_t)(i * N_OUTER / made->n);
    return err->code;
}

static int make_sums(struct made_orbits *made, size_t n_targets, struct error *err)
{
    size_t of_fold = n_targets * made->nodes.n_nodes;
    made->error = memory_aligned(N_OUTER * of_fold, sizeof *made->error, what, err);
    made->baseline = memory_aligned(N_OUTER * n_targets, sizeof *made->baseline, what, err);
    for (size_t i = 0; err->code == 0 && i < N_OUTER * of_fold; i++)
        made->error[i] = (double)made->n / N_OUTER;
    for (size_t i = 0; err->code == 0 && i < N_OUTER * n_targets; i++)
        made->baseline[i] = (double)made->n / N_OUTER;
    return err->code;
}

int made_orbits_init(struct made_orbits *made, struct ranks *ranks, size_t n, size_t n_targets,
                     size_t n_penalties, struct error *err)
{
    *made = (struct made_orbits){.n = n};
    if (permutation_scheme_init(&made->blocks, NULL, n, SEED, err) != 0 ||
        orbit_scheme_init(&made->scheme, &made->blocks, err) != 0 ||
        orbit_engine_init(&made->engine, &made->scheme, instructions_best(), err) != 0 ||
        penalty_nodes_exact(&made->nodes, n_penalties, N_OUTER, err) != 0 ||
        study_forms_init(&made->forms, ranks, &made->engine, (struct fold_span){0, N_OUTER}, n_penalties,
                         err) != 0 ||
        make_forms(made, err) != 0 || make_targets(made, n_targets, err) != 0 ||
        make_sums(made, n_targets, err) != 0)
        return err->code;
    made->tiling = orbit_tiling_of(n_targets, made->scheme.choice.n_shifts);
    made->reduce = (struct orbit_reduce){.engine = &made->engine,
                                         .forms = &made->forms.forms,
                                         .kind = SCORE_MEAN_R2,
                                         .nodes = &made->nodes,
                                         .n_folds = N_OUTER,
                                         .error = made->error,
                                         .baseline = made->baseline,
                                         .scale = {&made->blocks, made->outer, made->targets, n_targets, 1}};
    return 0;
}

void made_orbits_free(struct made_orbits *made, struct ranks *ranks)
{
    study_forms_free(&made->forms, ranks);
    free(made->targets);
    free(made->outer);
    free(made->error);
    free(made->baseline);
    penalty_nodes_free(&made->nodes);
    orbit_engine_free(&made->engine);
    orbit_scheme_free(&made->scheme);
    permutation_scheme_free(&made->blocks);
}

struct orbit_span made_orbits_span(const struct made_orbits *made, size_t tile)
{
    size_t units = orbit_tiling_tile_units(&made->tiling);
    return (struct orbit_span){made->tiling.n_slices + tile * units, units};
}

size_t made_orbits_rows(const struct made_orbits *made)
{
    return orbit_tiling_tile_units(&made->tiling) * orbit_tiling_unit_rows(&made->tiling);
}

size_t made_orbits_groups(const struct made_orbits *made)
{
    return orbit_tile_groups(made_orbits_rows(made));
}

static size_t largest(size_t a, size_t b)
{
    return a > b ? a : b;
}

int orbit_tile_buffers_init(struct orbit_tile_buffers *buffers, const struct made_orbits *made,
                            struct error *err)
{
    const struct orbit_engine *engine = &made->engine;
    size_t n_forms = made->forms.forms.count, groups = made_orbits_groups(made), rows = groups * ORBIT_LANES;
    size_t workspace =
        largest(orbit_tile_workspace(engine, n_forms, groups), orbit_reduce_floats(&made->reduce));
    *buffers = (struct orbit_tile_buffers){.made = made};
    buffers->orders = memory_zeroed(2 * made->n, sizeof *buffers->orders, what, err);
    buffers->arranged = memory_aligned(made->n * rows, sizeof(float), what, err);
    buffers->workspace = memory_aligned(workspace, sizeof(float), what, err);
    buffers->spectra = memory_aligned(orbit_tile_spectra_floats(engine, groups), sizeof(float), what, err);
    buffers->sums = memory_aligned(orbit_tile_sums_floats(engine, n_forms, groups), sizeof(float), what, err);
    buffers->rows = memory_aligned(rows * made->tiling.n_shifts, sizeof(float), what, err);
    buffers->doubles = memory_aligned(orbit_reduce_doubles(&made->reduce), sizeof(double), what, err);
    return err->code;
}

void orbit_tile_buffers_free(struct orbit_tile_buffers *buffers)
{
    free(buffers->orders);
    free(buffers->arranged);
    free(buffers->workspace);
    free(buffers->spectra);
    free(buffers->sums);
    free(buffers->rows);
    free(buffers->doubles);
}

static void reduce_group(struct orbit_tile_buffers *buffers, size_t group, size_t columns)
{
    const struct made_orbits *made = buffers->made;
    size_t first = group * ORBIT_LANES, left = columns > first ? columns - first : 0;
    struct orbit_reduce_group of = {.number = group,
                                    .count = left < ORBIT_LANES ? left : ORBIT_LANES,
                                    .sums = buffers->sums,
                                    .rows = buffers->rows + first * made->tiling.n_shifts};
    if (of.count > 0)
        orbit_reduce_group(&made->reduce, &of,
                           &(struct orbit_reduce_workspace){buffers->workspace, buffers->doubles});
}

void made_orbits_tile(void *thread, size_t tile)
{
    struct orbit_tile_buffers *buffers = thread;
    const struct made_orbits *made = buffers->made;
    const struct orbit_engine *engine = &made->engine;
    struct orbit_span span = made_orbits_span(made, tile);
    size_t columns = orbit_tiling_columns(&made->tiling, &span), groups = orbit_tile_groups(columns);
    orbit_tiling_gather(&made->tiling, &made->scheme, &span, made->targets, buffers->arranged,
                        buffers->orders);
    orbit_tile_spectra(engine, buffers->arranged, columns, columns, buffers->workspace, buffers->spectra);
    orbit_tile_products(engine, &made->forms.forms,
                        (struct orbit_band){0, orbit_terms_frequencies(&engine->terms)}, buffers->spectra,
                        groups, buffers->workspace, buffers->sums);
    for (size_t g = 0; g < groups; g++)
        reduce_group(buffers, g, columns);
}

int made_orbits_on_threads(const struct made_orbits *made, size_t n_tiles, size_t n_threads, double *seconds,
                           struct error *err)
{
    const struct bare_work work = {n_tiles, made_orbits_tile};
    struct orbit_tile_buffers *threads = memory_zeroed(n_threads, sizeof *threads, "threads", err);
    for (size_t i = 0; err->code == 0 && i < n_threads; i++)
        orbit_tile_buffers_init(&threads[i], made, err);
    for (size_t i = 0; err->code == 0 && i < n_threads; i++)
        made_orbits_tile(&threads[i], i); /* the first touch of everything */
    if (err->code == 0)
        bare_threads_run(&work, threads, n_threads, sizeof *threads, seconds, err);
    for (size_t i = 0; threads != NULL && i < n_threads; i++)
        orbit_tile_buffers_free(&threads[i]);
    free(threads);
    return err->code;
}
