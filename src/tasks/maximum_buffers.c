#include "tasks/maximum_buffers.h"

#include "base/memory.h"
#include "codelets/arrange_targets.h"
#include "codelets/reduce_maximum.h"
#include "model/orbits/orbit_tile.h"
#include "model/stats/significance.h"
#include "tasks/handles.h"

#include <stdlib.h>

static const char what[] = "the maxima over SNPs";

size_t maximum_buffers_tile_rows(const struct orbit_tiling *tiling)
{
    return orbit_tiling_tile_units(tiling) * orbit_tiling_unit_rows(tiling);
}

size_t maximum_buffers_group_floats(const struct maximum_graph_input *input)
{
    return input->engine->scheme->choice.n_shifts * ORBIT_LANES;
}

static float *floats(size_t count, struct error *err)
{
    return memory_aligned(count, sizeof(float), what, err);
}

static float **arrays(size_t count, size_t n_floats, struct error *err)
{
    float **list = memory_zeroed(count, sizeof *list, what, err);
    for (size_t k = 0; list != NULL && err->code == 0 && k < count; k++)
        list[k] = floats(n_floats, err);
    return list;
}

static void free_arrays(float **list, size_t count)
{
    for (size_t k = 0; list != NULL && k < count; k++)
        free(list[k]);
    free(list);
}

static size_t tile_spectra(const struct maximum_graph_input *input)
{
    return orbit_tile_spectra_floats(input->engine,
                                     orbit_tile_groups(maximum_buffers_tile_rows(&input->tiling)));
}

static size_t snp_spectra(const struct maximum_graph_input *input)
{
    return orbit_maxima_spectra_floats(input->engine, orbit_maxima_pairs(SNP_TILE));
}

static int allocate_snps(struct maximum_buffers *buffers, struct error *err)
{
    const struct maximum_graph_input *input = buffers->input;
    size_t n_buffers = buffers->tiles.n_buffers;
    buffers->facts = memory_zeroed(input->stream->n_variants, sizeof *buffers->facts, what, err);
    buffers->snps = arrays(n_buffers, snp_spectra(input), err);
    buffers->snp_handles = memory_zeroed(n_buffers, sizeof *buffers->snp_handles, what, err);
    buffers->n_pairs = memory_zeroed(n_buffers, sizeof *buffers->n_pairs, what, err);
    return err->code;
}

static int allocate_columns(struct maximum_buffers *buffers, struct error *err)
{
    const struct maximum_graph_input *input = buffers->input;
    size_t rows = maximum_buffers_tile_rows(&input->tiling), most = buffers->most_tiles;
    size_t places = input->tiling.n_slices * input->tiling.slice_targets;
    size_t c = input->stream->covariates->c, shifts = input->engine->scheme->choice.n_shifts;
    buffers->columns = arrays(most, tile_spectra(input), err);
    buffers->column_handles = memory_zeroed(most, sizeof *buffers->column_handles, what, err);
    buffers->largest =
        arrays(buffers->n_workers, most * orbit_tile_groups(rows) * maximum_buffers_group_floats(input), err);
    buffers->rows = floats(most * rows * shifts, err);
    buffers->basis = floats(orbit_maxima_spectra_floats(input->engine, orbit_maxima_pairs(c)), err);
    buffers->tolerance = memory_zeroed(places, sizeof *buffers->tolerance, what, err);
    return err->code;
}

static void register_all(struct maximum_buffers *buffers)
{
    const struct maximum_graph_input *input = buffers->input;
    const struct orbit_engine *engine = input->engine;
    size_t n = engine->scheme->n, n_targets = input->tiling.n_targets;
    size_t rows = maximum_buffers_tile_rows(&input->tiling);
    for (size_t b = 0; b < buffers->tiles.n_buffers; b++)
        handles_register_vector(&buffers->snp_handles[b], buffers->snps[b], snp_spectra(input),
                                sizeof(float));
    for (size_t k = 0; k < buffers->most_tiles; k++)
        handles_register_vector(&buffers->column_handles[k], buffers->columns[k], tile_spectra(input),
                                sizeof(float));
    handles_register_matrix(&buffers->targets, input->targets, n, n_targets, n_targets, sizeof(float));
    handles_register_scratch(&buffers->orders, 2 * n, sizeof(uint32_t));
    handles_register_scratch(&buffers->arranging, arrange_targets_workspace(engine, rows), sizeof(float));
    handles_register_scratch(&buffers->workspace, orbit_maxima_workspace(engine), sizeof(float));
    handles_register_scratch(&buffers->reducing, reduce_maximum_workspace(engine), sizeof(float));
}

/* Spectra of the covariates' basis, by the main thread. */
static int transform_basis(struct maximum_buffers *buffers, struct error *err)
{
    const struct maximum_graph_input *input = buffers->input;
    float *workspace = floats(orbit_maxima_workspace(input->engine), err);
    if (workspace != NULL)
        orbit_maxima_spectra(input->engine, input->basis, input->stream->covariates->c, workspace,
                             buffers->basis);
    free(workspace);
    return err->code;
}

int maximum_buffers_init(struct maximum_buffers *buffers, struct runtime *runtime,
                         const struct maximum_graph_input *input, size_t most_tiles, struct error *err)
{
    *buffers = (struct maximum_buffers){
        .input = input, .n_workers = (size_t)runtime->n_workers, .most_tiles = most_tiles};
    if (snp_tiles_init(&buffers->tiles, runtime, input->stream, err) != 0 ||
        allocate_snps(buffers, err) != 0 || allocate_columns(buffers, err) != 0)
        return err->code;
    register_all(buffers);
    return transform_basis(buffers, err);
}

void maximum_buffers_free(struct maximum_buffers *buffers)
{
    const starpu_data_handle_t single[] = {buffers->targets, buffers->orders, buffers->arranging,
                                           buffers->workspace, buffers->reducing};
    handles_unregister(buffers->column_handles, buffers->most_tiles);
    handles_unregister(buffers->snp_handles, buffers->tiles.n_buffers);
    handles_unregister(single, sizeof single / sizeof *single);
    free_arrays(buffers->snps, buffers->tiles.n_buffers);
    free_arrays(buffers->columns, buffers->most_tiles);
    free_arrays(buffers->largest, buffers->n_workers);
    free(buffers->column_handles);
    free(buffers->snp_handles);
    snp_tiles_free(&buffers->tiles);
    free(buffers->facts);
    free(buffers->n_pairs);
    free(buffers->rows);
    free(buffers->basis);
    free(buffers->tolerance);
    *buffers = (struct maximum_buffers){0};
}
