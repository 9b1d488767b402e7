#include "model/simulate/simulate_snps.h"

#include "base/memory.h"
#include "model/stats/variates.h"

#include <math.h>
#include <stdlib.h>

/* Lengths of the human autosomes, GRCh38. */
static const uint32_t megabases[SIMULATE_SNPS_CHROMOSOMES] = {
    249, 242, 198, 190, 182, 171, 159, 145, 138, 134, 135, 133, 114, 107, 102, 90, 83, 80, 59, 64, 47, 51};

int simulate_snps_tile_init(struct simulate_snps_tile *tile, size_t capacity, struct error *err)
{
    static const char WHAT[] = "a tile of SNPs";
    *tile = (struct simulate_snps_tile){.capacity = capacity};
    tile->position = memory_aligned(capacity, sizeof *tile->position, WHAT, err);
    tile->start = memory_aligned(capacity, sizeof *tile->start, WHAT, err);
    tile->frequency = memory_aligned(capacity, sizeof *tile->frequency, WHAT, err);
    for (int a = 0; a < SIMULATE_SNPS_ANCESTRIES; a++)
        tile->length[a] = memory_aligned(capacity, sizeof *tile->length[a], WHAT, err);
    if (err->code != 0)
        simulate_snps_tile_free(tile);
    return err->code;
}

void simulate_snps_tile_free(struct simulate_snps_tile *tile)
{
    free(tile->position);
    free(tile->start);
    free(tile->frequency);
    for (int a = 0; a < SIMULATE_SNPS_ANCESTRIES; a++)
        free(tile->length[a]);
    *tile = (struct simulate_snps_tile){0};
}

size_t simulate_snps_before(const struct simulate_snps *snps, int chromosome)
{
    uint64_t total = 0, before = 0;
    for (int c = 0; c < snps->n_chromosomes; c++) {
        before += c < chromosome ? megabases[c] : 0;
        total += megabases[c];
    }
    uint64_t spare = snps->n_snps - (uint64_t)snps->n_chromosomes;
    return (size_t)(spare * before / total) + (size_t)chromosome;
}

static uint16_t arc_length(double frequency)
{
    long length = lround(frequency * SIMULATE_SNPS_CIRCLE);
    return (uint16_t)(length < 1 ? 1 : length >= SIMULATE_SNPS_CIRCLE ? SIMULATE_SNPS_CIRCLE - 1 : length);
}

/* Arcs of both ancestries, and the frequency in the whole population. */
static void draw_lengths(const struct simulate_snps *snps, struct random_stream *stream,
                         struct simulate_snps_tile *tile, size_t j)
{
    double common =
        snps->frequency_from + (snps->frequency_to - snps->frequency_from) * variates_uniform(stream);
    double spread = (1 - snps->fst) / snps->fst;
    double share[] = {1 - snps->second_ancestry, snps->second_ancestry};
    tile->frequency[j] = 0;
    for (int a = 0; a < SIMULATE_SNPS_ANCESTRIES; a++) {
        double frequency = snps->second_ancestry > 0
                               ? variates_beta(stream, common * spread, (1 - common) * spread)
                               : common;
        tile->length[a][j] = arc_length(frequency);
        tile->frequency[j] += share[a] * tile->length[a][j] / SIMULATE_SNPS_CIRCLE;
    }
}

void simulate_snps_draw(const struct simulate_snps *snps, int chromosome, size_t first, size_t count,
                        struct simulate_snps_tile *tile)
{
    size_t before = simulate_snps_before(snps, chromosome);
    size_t on_chromosome = simulate_snps_before(snps, chromosome + 1) - before;
    double spacing = megabases[chromosome] * 1e6 / (double)on_chromosome;
    tile->count = count;
    for (size_t j = 0; j < count; j++) {
        struct random_stream stream;
        random_start(&stream, snps->seed, RANDOM_SNP, before + first + j);
        /* Half a spacing apart at least, so that positions ascend. */
        double place = (double)(first + j) + 0.5 * variates_uniform(&stream);
        tile->position[j] = 1 + (uint32_t)(place * spacing);
        tile->start[j] = (uint16_t)random_word(&stream);
        draw_lengths(snps, &stream, tile, j);
    }
}
