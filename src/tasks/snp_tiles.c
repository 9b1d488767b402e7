#include "tasks/snp_tiles.h"

#include "base/memory.h"
#include "codelets/residualise_tile.h"
#include "planning/buffers.h"
#include "tasks/handles.h"

#include <stdlib.h>

static int allocate_tile(struct snp_tile *tile, const struct covariates *covariates, struct error *err)
{
    size_t n = covariates->n;
    tile->variant = memory_aligned(SNP_TILE, sizeof *tile->variant, "SNP tiles", err);
    tile->exact = memory_aligned(SNP_TILE * n, sizeof *tile->exact, "SNP tiles", err);
    tile->rounded = memory_aligned(SNP_TILE * n, sizeof *tile->rounded, "SNP tiles", err);
    tile->workspace = memory_aligned(SNP_TILE * covariates->c, sizeof *tile->workspace, "SNP tiles", err);
    return err->code;
}

static void free_tile(struct snp_tile *tile)
{
    free(tile->variant);
    free(tile->exact);
    free(tile->rounded);
    free(tile->workspace);
}

int snp_tiles_init(struct snp_tiles *tiles, struct runtime *runtime, const struct snp_stream *stream,
                   struct error *err)
{
    size_t n = stream->covariates->n;
    *tiles = (struct snp_tiles){.runtime = runtime, .stream = stream};
    tiles->n_tiles = (stream->n_variants + SNP_TILE - 1) / SNP_TILE;
    tiles->n_buffers = (size_t)runtime->n_workers + BUFFERS_SPARE_SNP_TILES;
    tiles->tiles = memory_zeroed(tiles->n_buffers, sizeof *tiles->tiles, "SNP tiles", err);
    tiles->handles = memory_zeroed(tiles->n_buffers, sizeof *tiles->handles, "SNP tiles", err);
    for (size_t b = 0; err->code == 0 && b < tiles->n_buffers; b++)
        allocate_tile(&tiles->tiles[b], stream->covariates, err);
    if (err->code != 0)
        return err->code;
    for (size_t b = 0; b < tiles->n_buffers; b++)
        handles_register_matrix(&tiles->handles[b], tiles->tiles[b].rounded, SNP_TILE, n, n, sizeof(float));
    handles_register_scratch(&tiles->calls, n * SNP_TILE, 1);
    return 0;
}

void snp_tiles_free(struct snp_tiles *tiles)
{
    handles_unregister(tiles->handles, tiles->n_buffers);
    handles_unregister(&tiles->calls, 1);
    for (size_t b = 0; tiles->tiles != NULL && b < tiles->n_buffers; b++)
        free_tile(&tiles->tiles[b]);
    free(tiles->tiles);
    free(tiles->handles);
    *tiles = (struct snp_tiles){0};
}

int snp_tiles_submit(const struct snp_tiles *tiles, size_t number, struct snp_facts *facts, struct error *err)
{
    const struct snp_stream *stream = tiles->stream;
    size_t buffer = number % tiles->n_buffers, first = number * SNP_TILE, left = stream->n_variants - first;
    struct residualise_tile_args args = {.status = tiles->runtime->status,
                                         .source = stream->source,
                                         .filter = stream->filter,
                                         .covariates = stream->covariates,
                                         .first = first,
                                         .count = left < SNP_TILE ? left : SNP_TILE,
                                         .tile = &tiles->tiles[buffer],
                                         .facts = facts + first};
    return residualise_tile_submit(&args, tiles->calls, tiles->handles[buffer], err);
}

size_t snp_tiles_variants(const struct snp_tiles *tiles, size_t count)
{
    size_t variants = count * SNP_TILE;
    return variants < tiles->stream->n_variants ? variants : tiles->stream->n_variants;
}
