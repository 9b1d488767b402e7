#include "tasks/gram_graph.h"

#include "base/memory.h"
#include "codelets/gram_add.h"
#include "codelets/gram_tile.h"
#include "codelets/run_status.h"
#include "model/kinship/gram.h"
#include "planning/buffers.h"
#include "ranks/collectives.h"
#include "ranks/watch.h"
#include "tasks/exchange.h"
#include "tasks/handles.h"

#include <stdlib.h>
#include <string.h>

/* Submission stops for a while when so many tasks wait: enough to keep any number of workers busy, few enough
 * to cost little memory. */
enum { MOST_SUBMITTED = 2000 };

/* Ends "stopped on request ...". */
static const char interrupted[] = "while reading genotypes: nothing is kept of that";

struct gram_run {
    struct runtime *runtime;
    const struct snp_source *source;
    const struct genotype_filter *filter;
    size_t n, n_snps, n_buffers;
    size_t n_parts;                                  /* that K's rows and columns are cut into */
    size_t n_tiles;                                  /* SNP tiles of all chunks */
    const struct gram_graph_sums *sums;              /* rank 0's alone */
    double *chunk;                                   /* n x n */
    starpu_data_handle_t *total_tiles, *chunk_tiles; /* lower triangle of tiles, row by row */
    bool is_single;
    double **x; /* n_buffers SNP tiles, used in turn, and behind each its row of heterozygosity */
    starpu_data_handle_t *x_handles, *x_rows, calls, products;
    double *rows;                                            /* n of each chunk: the sum of its tiles' rows */
    starpu_data_handle_t chunk_rows[GRAM_CHUNKS], total_row; /* rank 0's alone */
    struct genotype_counts *counts;                          /* of every SNP tile */
};

/* The rank that reads a chunk. */
static int reader(const struct ranks *ranks, size_t chunk)
{
    return ranks->round_robin[chunk % gram_readers((size_t)ranks->size)];
}

bool gram_graph_reads(const struct ranks *ranks)
{
    for (size_t chunk = 0; chunk < GRAM_CHUNKS; chunk++)
        if (reader(ranks, chunk) == ranks->rank)
            return true;
    return false;
}

static size_t tile_index(size_t row, size_t column)
{
    return row * (row + 1) / 2 + column;
}

static void register_tiles(const struct gram_run *run, double *gram, starpu_data_handle_t *handles)
{
    for (size_t i = 0; i < run->n_parts; i++)
        for (size_t j = 0; j <= i; j++) {
            size_t row = gram_part_start(run->n, i), column = gram_part_start(run->n, j);
            handles_register_matrix(&handles[tile_index(i, j)], gram + row * run->n + column,
                                    gram_part_start(run->n, i + 1) - row,
                                    gram_part_start(run->n, j + 1) - column, run->n, sizeof *gram);
        }
}

static void register_row(starpu_data_handle_t *handle, double *row, size_t n)
{
    handles_register_matrix(handle, row, 1, n, n, sizeof *row);
}

/* The room of an SNP tile, in doubles. */
static size_t tile_doubles(const struct gram_run *run)
{
    return run->n * GRAM_SNP_TILE / (run->is_single ? 2 : 1);
}

static void register_all(struct gram_run *run)
{
    if (run->sums->gram != NULL) {
        register_tiles(run, run->sums->gram, run->total_tiles);
        register_row(&run->total_row, run->sums->heterozygosity, run->n);
    }
    register_tiles(run, run->chunk, run->chunk_tiles);
    for (size_t c = 0; c < GRAM_CHUNKS; c++)
        register_row(&run->chunk_rows[c], run->rows + c * run->n, run->n);
    for (size_t b = 0; b < run->n_buffers; b++) {
        handles_register_matrix(&run->x_handles[b], run->x[b], GRAM_SNP_TILE, run->n, run->n,
                                run->is_single ? sizeof(float) : sizeof(double));
        register_row(&run->x_rows[b], run->x[b] + tile_doubles(run), run->n);
    }
    handles_register_scratch(&run->calls, run->n * GRAM_SNP_TILE, 1);
    handles_register_scratch(&run->products, run->is_single ? GRAM_SUBJECT_TILE * GRAM_SUBJECT_TILE : 1,
                             sizeof(float));
}

static int allocate(struct gram_run *run, struct error *err)
{
    size_t n_handles = tile_index(run->n_parts, 0);
    for (size_t chunk = 0; chunk < GRAM_CHUNKS; chunk++)
        run->n_tiles += gram_tiles_in_chunk(run->n_snps, chunk);
    run->chunk = memory_zeroed(run->n * run->n, sizeof *run->chunk, "the Gram matrix", err);
    run->counts = memory_zeroed(run->n_tiles, sizeof *run->counts, "SNP counts", err);
    run->total_tiles = memory_zeroed(n_handles, sizeof *run->total_tiles, "the Gram matrix's tiles", err);
    run->chunk_tiles = memory_zeroed(n_handles, sizeof *run->chunk_tiles, "the Gram matrix's tiles", err);
    run->x = memory_zeroed(run->n_buffers, sizeof *run->x, "SNP tiles", err);
    run->x_handles = memory_zeroed(run->n_buffers, sizeof *run->x_handles, "SNP tiles", err);
    run->x_rows = memory_zeroed(run->n_buffers, sizeof *run->x_rows, "SNP tiles", err);
    run->rows = memory_zeroed(run->n * GRAM_CHUNKS, sizeof *run->rows, "heterozygosity", err);
    for (size_t b = 0; err->code == 0 && b < run->n_buffers; b++)
        run->x[b] = memory_aligned(tile_doubles(run) + run->n, sizeof **run->x, "SNP tiles", err);
    if (err->code != 0)
        return err->code;
    register_all(run);
    return 0;
}

static void release(struct gram_run *run)
{
    handles_unregister(run->x_handles, run->n_buffers);
    handles_unregister(run->x_rows, run->n_buffers);
    handles_unregister(run->chunk_rows, GRAM_CHUNKS);
    handles_unregister(&run->total_row, 1);
    handles_unregister(run->total_tiles, tile_index(run->n_parts, 0));
    handles_unregister(run->chunk_tiles, tile_index(run->n_parts, 0));
    handles_unregister(&run->calls, 1);
    handles_unregister(&run->products, 1);
    for (size_t b = 0; run->x != NULL && b < run->n_buffers; b++)
        free(run->x[b]);
    free(run->x);
    free(run->x_handles);
    free(run->x_rows);
    free(run->rows);
    free(run->total_tiles);
    free(run->chunk_tiles);
    free(run->chunk);
}

/* Submits one SNP tile: reading it, its row of heterozygosity, and its product for every tile of K. */
static int submit_tile(const struct gram_run *run, size_t chunk, size_t tile, size_t number,
                       struct error *err)
{
    size_t buffer = number % run->n_buffers;
    starpu_data_handle_t x = run->x_handles[buffer], row = run->x_rows[buffer];
    struct load_snps_args load = {.status = run->runtime->status,
                                  .source = run->source,
                                  .filter = run->filter,
                                  .n = run->n,
                                  .counts = &run->counts[number],
                                  .is_single = run->is_single};
    gram_tile_range(run->n_snps, chunk, tile, &load.first, &load.count);
    if (load_snps_submit(&load, run->calls, x, row, err) != 0 ||
        gram_add_submit(run->runtime->status, row, run->chunk_rows[chunk], err) != 0)
        return err->code;
    for (size_t i = 0; i < run->n_parts; i++)
        for (size_t j = 0; j <= i; j++) {
            struct gram_tile_args args = {.status = run->runtime->status,
                                          .counts = &run->counts[number],
                                          .n = run->n,
                                          .first_row = gram_part_start(run->n, i),
                                          .first_column = gram_part_start(run->n, j),
                                          .add = tile > 0,
                                          .is_single = run->is_single};
            args.n_rows = gram_part_start(run->n, i + 1) - args.first_row;
            args.n_columns = gram_part_start(run->n, j + 1) - args.first_column;
            if (gram_tile_submit(&args, x, run->chunk_tiles[tile_index(i, j)], run->products, err) != 0)
                return err->code;
        }
    return 0;
}

static int submit_chunk(const struct gram_run *run, size_t chunk, size_t *number, size_t *n_read,
                        const struct progress_sink *progress, struct error *err)
{
    size_t n_tiles = gram_tiles_in_chunk(run->n_snps, chunk);
    for (size_t tile = 0; tile < n_tiles; tile++) {
        if (submit_tile(run, chunk, tile, *number, err) != 0)
            return err->code;
        ++*number;
        runtime_wait_for_room(run->runtime, MOST_SUBMITTED, progress, interrupted);
        size_t first, count;
        gram_tile_range(run->n_snps, chunk, tile, &first, &count);
        *n_read += count;
        progress->update(progress->context, (int64_t)*n_read, (int64_t)run->n_snps);
        runtime_heed_stop(run->runtime, progress, interrupted);
        if (run_status_failed(run->runtime->status))
            return 0; /* runtime_wait reports it */
    }
    return 0;
}

/* Sends a part of a chunk's sum to rank 0, which adds it to the total. */
static int submit_part(const struct gram_run *run, int from, int64_t tag, starpu_data_handle_t part,
                       starpu_data_handle_t total, struct error *err)
{
    struct ranks *ranks = run->runtime->ranks;
    if (ranks->rank != 0)
        return exchange_send(ranks, part, 0, tag, NULL, NULL, err);
    if (from != 0 && exchange_receive(ranks, part, from, tag, err) != 0)
        return err->code;
    return gram_add_submit(run->runtime->status, part, total, err);
}

/* A chunk's sums: its tiles of K and its row of heterozygosity. */
static int submit_sum(const struct gram_run *run, size_t chunk, struct error *err)
{
    int from = reader(run->runtime->ranks, chunk);
    size_t n_tiles = tile_index(run->n_parts, 0);
    int64_t tag = (int64_t)(chunk * (n_tiles + 1));
    for (size_t k = 0; k < n_tiles; k++)
        if (submit_part(run, from, tag++, run->chunk_tiles[k], run->total_tiles[k], err) != 0)
            return err->code;
    return submit_part(run, from, tag, run->chunk_rows[chunk], run->total_row, err);
}

static int submit_all(const struct gram_run *run, const struct progress_sink *progress, struct error *err)
{
    size_t number = 0, n_read = 0;
    const struct ranks *ranks = run->runtime->ranks;
    for (size_t chunk = 0; chunk < GRAM_CHUNKS; chunk++) {
        bool reads = reader(ranks, chunk) == ranks->rank, takes_part = reads || ranks->rank == 0;
        if (!takes_part || gram_tiles_in_chunk(run->n_snps, chunk) == 0)
            continue;
        if (reads && submit_chunk(run, chunk, &number, &n_read, progress, err) != 0)
            return err->code;
        if (run_status_failed(run->runtime->status) || submit_sum(run, chunk, err) != 0)
            return err->code;
    }
    return 0;
}

/* Sums the counts over this rank's tiles, then over the ranks. */
static int add_counts(const struct gram_run *run, struct genotype_counts *counts, struct error *err)
{
    int64_t sums[4] = {0};
    for (size_t t = 0; t < run->n_tiles; t++) {
        sums[0] += (int64_t)run->counts[t].n_kept;
        sums[1] += (int64_t)run->counts[t].n_missing;
        sums[2] += (int64_t)run->counts[t].n_constant;
        sums[3] += (int64_t)run->counts[t].n_rare;
    }
    if (collectives_sum(run->runtime->ranks, sums, 4, err) != 0)
        return err->code;
    *counts = (struct genotype_counts){.n_kept = (size_t)sums[0],
                                       .n_missing = (size_t)sums[1],
                                       .n_constant = (size_t)sums[2],
                                       .n_rare = (size_t)sums[3]};
    return 0;
}

static int check_kept(const struct genotype_counts *counts, size_t n_snps, struct error *err)
{
    if (counts->n_kept > 0)
        return 0;
    return error_set(
        err, EXIT_CODE_BAD_INPUT,
        "genotypes: no SNP is left of %zu (%zu over max_missing_per_snp, %zu do not vary, %zu under "
        "min_allele_frequency); expected at least one",
        n_snps, counts->n_missing, counts->n_constant, counts->n_rare);
}

static void finish(const struct gram_graph_sums *sums, size_t n, size_t n_kept)
{
    gram_finish(sums->gram, n, n_kept);
    for (size_t i = 0; i < n; i++)
        sums->heterozygosity[i] /= (double)n_kept;
}

int gram_graph_run(struct runtime *runtime, const struct gram_graph_input *input,
                   const struct gram_graph_sums *sums, struct genotype_counts *counts,
                   const struct progress_sink *progress, struct error *err)
{
    const struct snp_source *source = input->source;
    size_t n = input->n, n_snps = input->n_snps;
    const struct genotype_filter *filter = input->filter;

    struct gram_run run = {.runtime = runtime, .source = source, .filter = filter, .n = n, .n_snps = n_snps};
    run.sums = sums;
    run.is_single = input->is_single;
    run.n_parts = gram_parts(n);
    run.n_buffers = (size_t)runtime->n_workers + BUFFERS_SPARE_SNP_TILES;
    if (sums->gram != NULL) {
        memset(sums->gram, 0, n * n * sizeof *sums->gram);
        memset(sums->heterozygosity, 0, n * sizeof *sums->heterozygosity);
    }
    if (gram_graph_reads(runtime->ranks))
        allocate(&run, err);
    if (collectives_agree(runtime->ranks, err) == 0) {
        submit_all(&run, progress, err);
        runtime_wait(runtime, progress, interrupted, err);
    }
    if (err->code == 0)
        add_counts(&run, counts, err);
    /* Giving up a handle that is being sent would wait for ever; and the process is about to end. */
    if (err->code != 0 && watch_failed(runtime->ranks))
        return err->code;
    release(&run);
    free(run.counts);
    if (err->code == 0)
        check_kept(counts, n_snps, err);
    if (collectives_agree(runtime->ranks, err) != 0)
        return err->code;
    if (sums->gram != NULL)
        finish(sums, n, counts->n_kept);
    return 0;
}
