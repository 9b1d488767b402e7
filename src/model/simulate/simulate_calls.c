#include "model/simulate/simulate_calls.h"

#include "base/memory.h"
#include "model/stats/variates.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FOUNDERS_OF_ONE = 2, FOUNDERS_OF_SIBSHIP = 4 }; /* haplotypes */
static const double bases_per_morgan = 1e8;

struct simulate_calls_haplotype {
    struct random_stream stream;
    uint32_t n_left; /* SNPs until it moves to another place */
    uint16_t place;
};

struct simulate_calls_meiosis {
    struct random_stream stream;
    double next; /* position of the next crossover, base pairs */
    int strand;  /* 0 or 1: which of the parent's haplotypes */
};

struct simulate_calls_gap {
    struct random_stream stream;
    uint32_t n_left; /* calls up to the next missing one, which counts */
};

static size_t n_haplotypes(const struct simulate_people *people)
{
    size_t n_alone = people->n_families - people->n_sibships;
    return people->n_sibships * FOUNDERS_OF_SIBSHIP + n_alone * FOUNDERS_OF_ONE;
}

int simulate_calls_init(struct simulate_calls *calls, const struct simulate_people *people, uint64_t seed,
                        double half_distance, double missing, size_t tile_capacity, struct error *err)
{
    static const char WHAT[] = "the haplotypes";
    size_t n_siblings = people->n_sibships * people->sibship_size;
    *calls = (struct simulate_calls){.people = people, .seed = seed, .tile_capacity = tile_capacity};
    /* The correlation of two SNPs d apart is proportional to stay^d. */
    calls->log_stay = half_distance > 0 ? -log(2) / (2 * half_distance) : -INFINITY;
    calls->log_present = log1p(-missing);
    calls->haplotypes = memory_zeroed(n_haplotypes(people), sizeof *calls->haplotypes, WHAT, err);
    calls->meioses = memory_zeroed(2 * n_siblings, sizeof *calls->meioses, WHAT, err);
    calls->gaps = memory_zeroed(people->n_subjects, sizeof *calls->gaps, WHAT, err);
    calls->alleles = memory_aligned(FOUNDERS_OF_SIBSHIP, tile_capacity, WHAT, err);
    if (err->code != 0)
        simulate_calls_free(calls);
    return err->code;
}

void simulate_calls_free(struct simulate_calls *calls)
{
    free(calls->haplotypes);
    free(calls->meioses);
    free(calls->gaps);
    free(calls->alleles);
    *calls = (struct simulate_calls){0};
}

static void start_stream(struct random_stream *stream, const struct simulate_calls *calls,
                         enum random_purpose purpose, int chromosome, size_t index)
{
    random_start(stream, calls->seed, purpose, (uint64_t)chromosome << 32 | index);
}

static double draw_crossover(struct random_stream *stream)
{
    return -log(variates_uniform(stream)) * bases_per_morgan;
}

void simulate_calls_start(struct simulate_calls *calls, int chromosome)
{
    size_t n_siblings = calls->people->n_sibships * calls->people->sibship_size;
    for (size_t h = 0; h < n_haplotypes(calls->people); h++) {
        start_stream(&calls->haplotypes[h].stream, calls, RANDOM_HAPLOTYPE, chromosome, h);
        calls->haplotypes[h].n_left = 0;
    }
    for (size_t m = 0; m < 2 * n_siblings; m++) {
        struct simulate_calls_meiosis *meiosis = &calls->meioses[m];
        start_stream(&meiosis->stream, calls, RANDOM_MEIOSIS, chromosome, m);
        meiosis->strand = (int)random_below(&meiosis->stream, 2);
        meiosis->next = draw_crossover(&meiosis->stream);
    }
    for (size_t i = 0; calls->log_present < 0 && i < calls->people->n_subjects; i++) {
        start_stream(&calls->gaps[i].stream, calls, RANDOM_MISSING_CALL, chromosome, i);
        calls->gaps[i].n_left = variates_geometric(&calls->gaps[i].stream, calls->log_present);
    }
}

static void draw_haplotype(struct simulate_calls_haplotype *haplotype, double log_stay,
                           const struct simulate_snps_tile *tile, const uint16_t *restrict length,
                           uint8_t *restrict alleles)
{
    const uint16_t *restrict start = tile->start;
    for (size_t from = 0; from < tile->count;) {
        if (haplotype->n_left == 0) {
            haplotype->place = (uint16_t)random_word(&haplotype->stream);
            haplotype->n_left = variates_geometric(&haplotype->stream, log_stay);
        }
        size_t left = tile->count - from, count = haplotype->n_left < left ? haplotype->n_left : left;
        uint16_t place = haplotype->place;
        for (size_t j = from; j < from + count; j++)
            alleles[j] = (uint16_t)(place - start[j]) < length[j];
        haplotype->n_left -= (uint32_t)count;
        from += count;
    }
}

/* Adds what a sibling inherits from one parent. */
static void add_gamete(struct simulate_calls_meiosis *meiosis, const struct simulate_snps_tile *tile,
                       const uint8_t *const strands[2], uint8_t *values)
{
    for (size_t j = 0; j < tile->count; j++) {
        while (tile->position[j] >= meiosis->next) {
            meiosis->next += draw_crossover(&meiosis->stream);
            meiosis->strand ^= 1;
        }
        values[j] = (uint8_t)(values[j] + strands[meiosis->strand][j]);
    }
}

static void draw_sibship(struct simulate_calls *calls, const struct simulate_snps_tile *tile, size_t first,
                         uint8_t *values)
{
    size_t capacity = calls->tile_capacity;
    const uint8_t *const mother[] = {calls->alleles, calls->alleles + capacity};
    const uint8_t *const father[] = {calls->alleles + 2 * capacity, calls->alleles + 3 * capacity};
    for (size_t i = first; i < first + calls->people->sibship_size; i++) {
        uint8_t *own = values + i * capacity;
        memset(own, 0, tile->count);
        add_gamete(&calls->meioses[2 * i], tile, mother, own);
        add_gamete(&calls->meioses[2 * i + 1], tile, father, own);
    }
}

void simulate_calls_draw(struct simulate_calls *calls, const struct simulate_snps_tile *tile, uint8_t *values)
{
    const struct simulate_people *people = calls->people;
    size_t capacity = calls->tile_capacity, subject = 0;
    struct simulate_calls_haplotype *haplotype = calls->haplotypes;
    for (size_t f = 0; f < people->n_families; f++) {
        size_t n_founders = f < people->n_sibships ? FOUNDERS_OF_SIBSHIP : FOUNDERS_OF_ONE;
        const uint16_t *length = tile->length[people->ancestry[subject]];
        for (size_t h = 0; h < n_founders; h++)
            draw_haplotype(haplotype++, calls->log_stay, tile, length, calls->alleles + h * capacity);
        if (f < people->n_sibships) {
            draw_sibship(calls, tile, subject, values);
            subject += people->sibship_size;
            continue;
        }
        uint8_t *own = values + subject++ * capacity;
        for (size_t j = 0; j < tile->count; j++)
            own[j] = (uint8_t)(calls->alleles[j] + calls->alleles[capacity + j]);
    }
}

void simulate_calls_lose(struct simulate_calls *calls, const struct simulate_snps_tile *tile, uint8_t *values)
{
    for (size_t i = 0; calls->log_present < 0 && i < calls->people->n_subjects; i++) {
        struct simulate_calls_gap *gap = &calls->gaps[i];
        size_t done = 0;
        while (gap->n_left <= tile->count - done) {
            done += gap->n_left;
            values[i * calls->tile_capacity + done - 1] = SIMULATE_CALLS_MISSING;
            gap->n_left = variates_geometric(&gap->stream, calls->log_present);
        }
        gap->n_left -= (uint32_t)(tile->count - done);
    }
}
