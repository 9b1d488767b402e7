#include "tasks/maximum_graph.h"

#include "base/memory.h"
#include "codelets/arrange_targets.h"
#include "codelets/correlate_tile.h"
#include "codelets/reduce_maximum.h"
#include "codelets/run_status.h"
#include "codelets/transform_tile.h"
#include "model/orbits/orbit_tile.h"
#include "model/stats/significance.h"
#include "tasks/handles.h"
#include "tasks/maximum_part.h"

#include <stdlib.h>
#include <string.h>

static const char interrupted[] = "between two saves";

/* Columns of one tile of units. */
struct column_tile {
    struct orbit_span span;
    size_t n_rows, n_columns, n_groups;
    size_t first_row, first_group; /* of the block */
    starpu_data_handle_t spectra;
};

struct maximum_run {
    struct runtime *runtime;
    const struct maximum_graph_input *input;
    struct campaign_units *units;
    const struct progress_sink *progress;
    struct maximum_part part;
    struct snp_tiles tiles;
    struct snp_facts *facts;       /* of no use here */
    starpu_data_handle_t *spectra; /* of every SNP buffer */
    float **snps;
    size_t *n_pairs; /* in the spectra of every SNP buffer */
    starpu_data_handle_t targets, orders, arranging, workspace, reducing;
    size_t most_tiles; /* of a block */
    struct column_tile *column_tiles;
    float **columns;   /* most_tiles: their spectra */
    float **largest;   /* of every worker: all groups of a block */
    float *basis;      /* spectra of Qz' */
    float *rows;       /* of a block */
    double *tolerance; /* of every place of orbit 0 */
    int64_t n_units, n_columns_done, n_columns_all;
};

static size_t group_floats(const struct maximum_run *run)
{
    return run->input->engine->scheme->choice.n_shifts * ORBIT_LANES;
}

/* Of a full tile. */
static size_t tile_rows(const struct orbit_tiling *tiling)
{
    return orbit_tiling_tile_units(tiling) * orbit_tiling_unit_rows(tiling);
}

static void *floats(size_t count, struct error *err)
{
    return memory_aligned(count, sizeof(float), "the maxima over SNPs", err);
}

static float **arrays(size_t count, size_t n_floats, struct error *err)
{
    float **list = memory_zeroed(count, sizeof *list, "the maxima over SNPs", err);
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

static int allocate(struct maximum_run *run, struct error *err)
{
    const struct maximum_graph_input *input = run->input;
    const struct orbit_engine *engine = input->engine;
    size_t rows = tile_rows(&input->tiling), groups = orbit_tile_groups(rows);
    size_t shifts = engine->scheme->choice.n_shifts;
    size_t begun = run->part.values != NULL ? (size_t)run->part.state.n_units : 0;
    size_t units = orbit_tiling_tile_units(&input->tiling), tiles = (begun + units - 1) / units;
    run->most_tiles = input->most_columns > rows ? input->most_columns / rows : 1;
    run->most_tiles = tiles > run->most_tiles ? tiles : run->most_tiles;
    run->facts = memory_zeroed(input->stream->n_variants, sizeof *run->facts, "the SNPs", err);
    run->column_tiles = memory_zeroed(run->most_tiles, sizeof *run->column_tiles, "the columns", err);
    run->spectra = memory_zeroed(run->tiles.n_buffers, sizeof *run->spectra, "the SNPs", err);
    run->snps =
        arrays(run->tiles.n_buffers, orbit_maxima_spectra_floats(engine, orbit_maxima_pairs(SNP_TILE)), err);
    run->n_pairs = memory_zeroed(run->tiles.n_buffers, sizeof *run->n_pairs, "the SNPs", err);
    run->columns = arrays(run->most_tiles, orbit_tile_spectra_floats(engine, groups), err);
    run->largest = arrays((size_t)run->runtime->n_workers, run->most_tiles * groups * group_floats(run), err);
    run->rows = floats(run->most_tiles * rows * shifts, err);
    run->basis =
        floats(orbit_maxima_spectra_floats(engine, orbit_maxima_pairs(input->stream->covariates->c)), err);
    size_t places = input->tiling.n_slices * input->tiling.slice_targets;
    run->tolerance = memory_zeroed(places, sizeof *run->tolerance, "the maxima over SNPs", err);
    for (size_t k = 0; err->code == 0 && k < places; k++)
        run->tolerance[k] = SIGNIFICANCE_TIE;
    return err->code;
}

static void register_all(struct maximum_run *run)
{
    const struct maximum_graph_input *input = run->input;
    const struct orbit_engine *engine = input->engine;
    size_t n = engine->scheme->n, rows = tile_rows(&input->tiling);
    size_t spectra = orbit_maxima_spectra_floats(engine, orbit_maxima_pairs(SNP_TILE));
    for (size_t b = 0; b < run->tiles.n_buffers; b++)
        handles_register_vector(&run->spectra[b], run->snps[b], spectra, sizeof(float));
    for (size_t k = 0; k < run->most_tiles; k++)
        handles_register_vector(&run->column_tiles[k].spectra, run->columns[k],
                                orbit_tile_spectra_floats(engine, orbit_tile_groups(rows)), sizeof(float));
    handles_register_matrix(&run->targets, input->targets, n, input->tiling.n_targets,
                            input->tiling.n_targets, sizeof(float));
    handles_register_scratch(&run->orders, 2 * n, sizeof(uint32_t));
    handles_register_scratch(&run->arranging, arrange_targets_workspace(engine, rows), sizeof(float));
    handles_register_scratch(&run->workspace, orbit_maxima_workspace(engine), sizeof(float));
    handles_register_scratch(&run->reducing, reduce_maximum_workspace(engine), sizeof(float));
}

static void release(struct maximum_run *run)
{
    for (size_t k = 0; run->column_tiles != NULL && k < run->most_tiles; k++)
        handles_unregister(&run->column_tiles[k].spectra, 1);
    handles_unregister(run->spectra, run->tiles.n_buffers);
    const starpu_data_handle_t single[] = {run->targets, run->orders, run->arranging, run->workspace,
                                           run->reducing};
    handles_unregister(single, sizeof single / sizeof *single);
    free_arrays(run->snps, run->tiles.n_buffers);
    free_arrays(run->columns, run->most_tiles);
    free_arrays(run->largest, (size_t)run->runtime->n_workers);
    snp_tiles_free(&run->tiles);
    maximum_part_free(&run->part);
    free(run->facts);
    free(run->n_pairs);
    free(run->column_tiles);
    free(run->spectra);
    free(run->rows);
    free(run->basis);
    free(run->tolerance);
}

/* Spectra of the covariates' basis, by the main thread. */
static int transform_basis(struct maximum_run *run, struct error *err)
{
    float *workspace = floats(orbit_maxima_workspace(run->input->engine), err);
    if (workspace != NULL)
        orbit_maxima_spectra(run->input->engine, run->input->basis, run->input->stream->covariates->c,
                             workspace, run->basis);
    free(workspace);
    return err->code;
}

static int submit_arrangement(const struct maximum_run *run, const struct column_tile *tile,
                              struct error *err)
{
    struct arrange_targets_args args = {.status = run->runtime->status,
                                        .engine = run->input->engine,
                                        .tiling = &run->input->tiling,
                                        .span = tile->span};
    return arrange_targets_submit(&args, run->targets, run->orders, run->arranging, tile->spectra, 0, err);
}

/* One tile of SNPs, for all columns of the block. */
static int submit_snps(const struct maximum_run *run, size_t number, size_t n_tiles, struct error *err)
{
    size_t buffer = number % run->tiles.n_buffers;
    struct transform_tile_args transform = {run->runtime->status, run->input->engine,
                                            &run->tiles.tiles[buffer], &run->n_pairs[buffer]};
    if (snp_tiles_submit(&run->tiles, number, run->facts, err) != 0 ||
        transform_tile_submit(&transform, run->tiles.handles[buffer], run->workspace, run->spectra[buffer],
                              err) != 0)
        return err->code;
    for (size_t k = 0; k < n_tiles; k++) {
        struct correlate_tile_args args = {.status = run->runtime->status,
                                           .engine = run->input->engine,
                                           .n_pairs = &run->n_pairs[buffer],
                                           .n_groups = run->column_tiles[k].n_groups,
                                           .largest = run->largest,
                                           .first_group = run->column_tiles[k].first_group};
        if (correlate_tile_submit(&args, run->spectra[buffer], run->column_tiles[k].spectra, run->workspace,
                                  err) != 0)
            return err->code;
    }
    return 0;
}

static int submit_reductions(const struct maximum_run *run, const struct column_tile *tile, struct error *err)
{
    size_t shifts = run->input->engine->scheme->choice.n_shifts;
    for (size_t group = 0; group * ORBIT_LANES < tile->n_rows; group++) {
        size_t first = group * ORBIT_LANES, left = tile->n_rows - first;
        size_t columns = tile->n_columns > first ? tile->n_columns - first : 0;
        struct reduce_maximum_args args = {.status = run->runtime->status,
                                           .engine = run->input->engine,
                                           .basis = run->basis,
                                           .n_basis = run->input->stream->covariates->c,
                                           .largest = run->largest,
                                           .n_workers = (size_t)run->runtime->n_workers,
                                           .group = tile->first_group + group,
                                           .tile_group = group,
                                           .rows = run->rows + (tile->first_row + first) * shifts,
                                           .n_rows = left < ORBIT_LANES ? left : ORBIT_LANES,
                                           .n_columns = columns < ORBIT_LANES ? columns : ORBIT_LANES};
        if (reduce_maximum_submit(&args, tile->spectra, run->reducing, err) != 0)
            return err->code;
    }
    return 0;
}

/* Consecutive units that are left, cut into tiles. Returns how many tiles; *n_units: of the block. */
static size_t cut_block(struct maximum_run *run, const bool *done, int64_t first, int64_t *n_units)
{
    const struct orbit_tiling *tiling = &run->input->tiling;
    size_t n_tiles = 0, row = 0, group = 0, most = orbit_tiling_tile_units(tiling);
    int64_t unit = first, begun = maximum_part_units(&run->part, first, done, run->n_units);
    int64_t end = begun > 0 ? first + begun : run->n_units; /* the same block again */
    while (n_tiles < run->most_tiles && unit < end && !done[unit]) {
        struct column_tile *tile = &run->column_tiles[n_tiles++];
        tile->span = (struct orbit_span){(uint64_t)unit, 0};
        while (tile->span.n_units < most && unit < end && !done[unit]) {
            tile->span.n_units++;
            unit++;
        }
        tile->first_row = row;
        tile->first_group = group;
        tile->n_rows = tile->span.n_units * orbit_tiling_unit_rows(tiling);
        tile->n_columns = orbit_tiling_columns(tiling, &tile->span);
        tile->n_groups = orbit_tile_groups(tile->n_columns);
        row += tile->n_rows;
        group += orbit_tile_groups(tile->n_rows);
    }
    *n_units = unit - first;
    return n_tiles;
}

static void tell(const struct maximum_run *run, size_t n_tiles, size_t submitted)
{
    size_t columns = 0;
    for (size_t k = 0; k < n_tiles; k++)
        columns += run->column_tiles[k].n_columns;
    double share = (double)submitted / (double)run->tiles.n_tiles;
    run->progress->update(run->progress->context, run->n_columns_done + (int64_t)((double)columns * share),
                          run->n_columns_all);
}

/* Tiles of SNPs from `begin` on, until all are submitted or the run stops or a save is due. Returns the next
 * one. */
static size_t submit_tiles(struct maximum_run *run, size_t n_tiles, size_t begin, struct error *err)
{
    int most = (int)(run->tiles.n_buffers * (n_tiles + 2));
    size_t number = begin;
    while (err->code == 0 && number < run->tiles.n_tiles) {
        submit_snps(run, number++, n_tiles, err);
        runtime_wait_for_room(run->runtime, most, NULL, interrupted);
        if (run_status_failed(run->runtime->status))
            break; /* runtime_wait reports it */
        tell(run, n_tiles, number);
        if (progress_stop_requested(run->progress) || maximum_part_is_due(&run->part))
            break;
    }
    return number;
}

/* All SNPs by the block's columns; when it returns without an error, all tasks are done. A stop waits for the
 * tasks that are submitted, a second's work at most, and keeps what they found. */
static int sweep(struct maximum_run *run, size_t begin, size_t n_tiles, struct error *err)
{
    size_t n_workers = (size_t)run->runtime->n_workers;
    for (size_t k = 0; err->code == 0 && k < n_tiles; k++)
        submit_arrangement(run, &run->column_tiles[k], err);
    for (size_t number = begin; err->code == 0 && number < run->tiles.n_tiles;) {
        number = submit_tiles(run, n_tiles, number, err);
        if (runtime_wait(run->runtime, NULL, interrupted, err) != 0)
            return err->code;
        if (number < run->tiles.n_tiles &&
            maximum_part_save(&run->part, number, run->largest, n_workers, err) != 0)
            return err->code;
        runtime_heed_stop(run->runtime, run->progress, interrupted);
        if (run_status_failed(run->runtime->status))
            return runtime_wait(run->runtime, NULL, interrupted, err);
    }
    for (size_t k = 0; err->code == 0 && k < n_tiles; k++)
        submit_reductions(run, &run->column_tiles[k], err);
    return runtime_wait(run->runtime, NULL, interrupted, err);
}

static int run_block(struct maximum_run *run, int64_t first, int64_t n_units, size_t n_tiles,
                     struct error *err)
{
    const struct column_tile *last = &run->column_tiles[n_tiles - 1];
    size_t n_floats = (last->first_group + orbit_tile_groups(last->n_rows)) * group_floats(run);
    for (int w = 0; w < run->runtime->n_workers; w++)
        memset(run->largest[w], 0, n_floats * sizeof(float));
    size_t begin =
        maximum_part_begin(&run->part, first, n_units, run->tiles.n_tiles, n_floats, run->largest[0]);
    if (sweep(run, begin, n_tiles, err) != 0 ||
        campaign_units_save(run->units, first, n_units, run->rows, run->tolerance, err) != 0 ||
        maximum_part_end(&run->part, err) != 0)
        return err->code;
    for (size_t k = 0; k < n_tiles; k++)
        run->n_columns_done += (int64_t)run->column_tiles[k].n_columns;
    return 0;
}

static int run_blocks(struct maximum_run *run, const bool *done, struct error *err)
{
    const struct ranks *ranks = run->runtime->ranks;
    int64_t n_units;
    for (int64_t unit = 0, block = 0; err->code == 0 && unit < run->n_units;) {
        if (done[unit]) {
            unit++;
            continue;
        }
        size_t n_tiles = cut_block(run, done, unit, &n_units);
        if (block++ % ranks->size == ranks->rank)
            run_block(run, unit, n_units, n_tiles, err);
        unit += n_units;
    }
    return err->code;
}

/* Columns of all units that are not done, of this rank's share. */
static int64_t count_columns(const struct maximum_run *run, const bool *done)
{
    int64_t columns = 0;
    for (int64_t u = 0; u < run->n_units; u++)
        if (!done[u])
            columns +=
                (int64_t)orbit_tiling_columns(&run->input->tiling, &(struct orbit_span){(uint64_t)u, 1});
    return columns;
}

int maximum_graph_run(struct runtime *runtime, const struct maximum_graph_input *input,
                      struct campaign_units *units, const bool *done, int64_t n_units,
                      const struct progress_sink *progress, struct error *err)
{
    struct maximum_run run = {
        .runtime = runtime, .input = input, .units = units, .progress = progress, .n_units = n_units};
    run.n_columns_all = count_columns(&run, done);
    if (maximum_part_init(&run.part, input->part_path, input->study, err) == 0 &&
        snp_tiles_init(&run.tiles, runtime, input->stream, err) == 0 && allocate(&run, err) == 0) {
        register_all(&run);
        if (transform_basis(&run, err) == 0)
            run_blocks(&run, done, err);
    }
    release(&run);
    return err->code;
}
