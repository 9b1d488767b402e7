#include "planning/cost_orbit_rate.h"

#include "base/memory.h"
#include "model/orbits/orbit_tile.h"
#include "model/orbits/orbit_tiling.h"

#include <stdlib.h>

/* All frequencies take about as long, so some will do, with so many coefficients that they stand in no cache,
 * as in a run. */
enum { FREQUENCIES = 64, TIMES = 2 };

static const char purpose[] = "measuring speed";

struct tile {
    struct orbit_scheme scheme;
    struct orbit_engine engine;
    struct orbit_forms forms;
    struct orbit_band band;
    size_t n_groups;
    float *spectra, *sums, *workspace;
};

static size_t coefficient_floats(const struct tile *tile)
{
    return 2 * tile->forms.count * orbit_terms_before(&tile->engine.terms, tile->band.count);
}

static int tile_init(struct tile *tile, const struct permutation_scheme *blocks, struct error *err)
{
    if (orbit_scheme_init(&tile->scheme, blocks, err) != 0 ||
        orbit_engine_init(&tile->engine, &tile->scheme, instructions_best(), err) != 0)
        return err->code;
    size_t frequencies = orbit_terms_frequencies(&tile->engine.terms), n_forms = tile->forms.count;
    tile->band.count = frequencies < FREQUENCIES ? frequencies : FREQUENCIES;
    size_t spectra = orbit_tile_spectra_floats(&tile->engine, tile->n_groups);
    tile->forms.coefficients = memory_aligned(coefficient_floats(tile), sizeof(float), purpose, err);
    tile->spectra = memory_aligned(spectra, sizeof(float), purpose, err);
    tile->sums = memory_aligned(orbit_tile_sums_floats(&tile->engine, n_forms, tile->n_groups), sizeof(float),
                                purpose, err);
    tile->workspace = memory_aligned(orbit_tile_workspace(&tile->engine, n_forms, tile->n_groups),
                                     sizeof(float), purpose, err);
    if (err->code != 0)
        return err->code;
    cost_sample_fill(tile->forms.coefficients, coefficient_floats(tile));
    cost_sample_fill(tile->spectra, spectra);
    return 0;
}

static void tile_free(struct tile *tile)
{
    free(tile->forms.coefficients);
    free(tile->spectra);
    free(tile->sums);
    free(tile->workspace);
    orbit_engine_free(&tile->engine);
    orbit_scheme_free(&tile->scheme);
}

static void multiply(struct tile *tile)
{
    orbit_tile_products(&tile->engine, &tile->forms, tile->band, tile->spectra, tile->n_groups,
                        tile->workspace, tile->sums);
}

int cost_orbit_rate_measure(const struct cost_sample *sample, size_t n_forms, double *rate, struct error *err)
{
    struct tile tile = {.forms = {.count = n_forms}, .n_groups = orbit_tile_groups(ORBIT_TILING_TILE)};
    if (tile_init(&tile, &sample->scheme, err) == 0) {
        multiply(&tile);
        double start = cost_sample_seconds();
        for (int t = 0; t < TIMES; t++)
            multiply(&tile);
        *rate = 4. * (double)coefficient_floats(&tile) * ORBIT_TILING_TILE * TIMES /
                (cost_sample_seconds() - start);
    }
    tile_free(&tile);
    return err->code;
}
