#include "tasks/study_forms.h"

#include "base/memory.h"
#include "model/orbits/orbit_tile.h"
#include "model/orbits/orbit_tiling.h"
#include "planning/buffers.h"
#include "tasks/handles.h"

#include <stdlib.h>

/* Bands of as many terms each as whole frequencies allow. */
static int cut_bands(struct study_forms *forms, struct error *err)
{
    const struct orbit_terms *terms = &forms->engine->terms;
    size_t frequencies = orbit_terms_frequencies(terms), n_terms = orbit_terms_before(terms, frequencies);
    double tile_flops = orbit_tile_flops(terms, forms->forms.count) * ORBIT_TILING_TILE;
    forms->n_bands = buffers_orbit_bands(tile_flops, frequencies);
    forms->first = memory_zeroed(forms->n_bands + 1, sizeof *forms->first, "the forms' bands", err);
    forms->bands = memory_zeroed(forms->n_bands, sizeof *forms->bands, "the forms' bands", err);
    if (err->code != 0)
        return err->code;
    for (size_t b = 1; b < forms->n_bands; b++) {
        size_t f = forms->first[b - 1] + 1, left = forms->n_bands - b;
        double until = (double)n_terms * (double)b / (double)forms->n_bands;
        while (f < frequencies - left && (double)orbit_terms_before(terms, f) < until)
            f++;
        forms->first[b] = f;
    }
    forms->first[forms->n_bands] = frequencies;
    return 0;
}

static size_t coefficient_floats(const struct orbit_engine *engine, size_t n_forms)
{
    const size_t line = 64 / sizeof(float);
    return (orbit_coefficients_floats(engine, n_forms) + line - 1) / line * line;
}

static void register_bands(struct study_forms *forms)
{
    const struct orbit_terms *terms = &forms->engine->terms;
    size_t of_term = 2 * forms->forms.count;
    for (size_t b = 0; b < forms->n_bands; b++) {
        size_t first = orbit_terms_before(terms, forms->first[b]);
        size_t count = orbit_terms_before(terms, forms->first[b + 1]) - first;
        handles_register_vector(&forms->bands[b], forms->forms.coefficients + of_term * first,
                                of_term * count, sizeof(float));
    }
}

int study_forms_init(struct study_forms *forms, struct ranks *ranks, const struct orbit_engine *engine,
                     struct fold_span folds, size_t n_nodes, struct error *err)
{
    *forms = (struct study_forms){
        .engine = engine, .first_outer = folds.first, .n_outer = folds.count, .n_nodes = n_nodes};
    forms->forms.count = form_order_count(folds.count, n_nodes);
    size_t floats = coefficient_floats(engine, forms->forms.count);
    if (folds.count > 0)
        cut_bands(forms, err);
    if (shared_memory_open(&forms->memory, ranks, floats + forms->forms.count, sizeof(float), "the forms",
                           err) != 0)
        return err->code;
    forms->forms.coefficients = forms->memory.bytes;
    forms->forms.scale = forms->forms.coefficients + floats;
    register_bands(forms);
    return 0;
}

int study_forms_broadcast(struct study_forms *forms, struct ranks *ranks, struct error *err)
{
    if (shared_memory_sync(ranks, err) == 0)
        shared_memory_broadcast(ranks, forms->memory.bytes, forms->memory.count_bytes, 0, NULL, err);
    return shared_memory_sync(ranks, err);
}

void study_forms_free(struct study_forms *forms, struct ranks *ranks)
{
    handles_unregister(forms->bands, forms->n_bands);
    shared_memory_close(&forms->memory, ranks);
    free(forms->bands);
    free(forms->first);
    *forms = (struct study_forms){0};
}

double study_forms_bytes(const struct orbit_engine *engine, size_t n_outer, size_t n_nodes)
{
    size_t n_forms = form_order_count(n_outer, n_nodes);
    return (double)(coefficient_floats(engine, n_forms) + n_forms) * sizeof(float);
}
