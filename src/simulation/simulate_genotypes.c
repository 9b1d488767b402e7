#include "simulation/simulate_genotypes.h"

#include "base/memory.h"
#include "model/simulate/simulate_calls.h"
#include "output/plink_writer.h"

#include <stdlib.h>

enum { NAME_BYTES = 32, TILE_BYTES = 4 << 20, LEAST_TILE_SNPS = 64, MOST_TILE_SNPS = 1024 };

struct tiles {
    struct simulate_snps snps;
    struct simulate_snps_tile tile;
    struct simulate_calls calls;
    uint8_t *values, *work; /* capacity x subjects; plink_writer_work_bytes */
    bool *causal;           /* capacity */
};

/* What SNPs are drawn from, and where they go. */
struct genotypes {
    const struct simulation *simulation;
    const struct simulate_people *people;
    const struct simulated_study_people *on_file;
    struct simulate_genetic *genetic;
    struct file_set *files;
    const struct reporter *reporter;
};

/* One chromosome's files, and the list that all share (NULL when no target has signal). */
struct fileset {
    FILE *bed, *bim, *causal;
};

static int init(struct tiles *tiles, const struct simulation *simulation,
                const struct simulate_people *people, struct error *err)
{
    static const char WHAT[] = "a tile of calls";
    size_t n = simulation->n_subjects, capacity = TILE_BYTES / n;
    capacity = capacity < LEAST_TILE_SNPS  ? LEAST_TILE_SNPS
               : capacity > MOST_TILE_SNPS ? MOST_TILE_SNPS
                                           : capacity;
    tiles->snps = (struct simulate_snps){
        .seed = simulation->seed,
        .n_snps = simulation->n_snps,
        .n_chromosomes = simulation->n_chromosomes,
        .frequency_from = simulation->frequency_from,
        .frequency_to = simulation->frequency_to,
        .second_ancestry = simulation->ancestries.share,
        .fst = simulation->ancestries.fst,
    };
    if (simulate_snps_tile_init(&tiles->tile, capacity, err) != 0 ||
        simulate_calls_init(&tiles->calls, people, simulation->seed, simulation->half_distance,
                            simulation->missing_calls, capacity, err) != 0)
        return err->code;
    tiles->values = memory_aligned(n, capacity, WHAT, err);
    tiles->work = memory_aligned(plink_writer_work_bytes(capacity, n), 1, WHAT, err);
    tiles->causal = memory_zeroed(capacity, sizeof *tiles->causal, WHAT, err);
    return err->code;
}

static void release(struct tiles *tiles)
{
    simulate_snps_tile_free(&tiles->tile);
    simulate_calls_free(&tiles->calls);
    free(tiles->values);
    free(tiles->work);
    free(tiles->causal);
}

static FILE *add_file(struct file_set *files, int chromosome, const char *ending, struct error *err)
{
    char name[NAME_BYTES];
    snprintf(name, sizeof name, "chr%d.%s", chromosome + 1, ending);
    return err->code == 0 ? file_set_add(files, name, err) : NULL;
}

static void write_tile(struct tiles *tiles, const struct genotypes *genotypes, int chromosome,
                       const struct fileset *fileset)
{
    const struct simulate_snps_tile *tile = &tiles->tile;
    simulate_calls_draw(&tiles->calls, tile, tiles->values);
    simulate_genetic_add(genotypes->genetic, tile, tiles->values, tiles->causal);
    simulate_calls_lose(&tiles->calls, tile, tiles->values);
    plink_writer_calls(fileset->bed, tiles->values, tile->capacity, tile->count,
                       genotypes->people->n_subjects, tiles->work);
    for (size_t j = 0; j < tile->count; j++) {
        plink_writer_snp(fileset->bim, chromosome + 1, tile->position[j]);
        if (tiles->causal[j]) {
            char id[PLINK_WRITER_ID_BYTES];
            plink_writer_id(chromosome + 1, tile->position[j], id);
            fprintf(fileset->causal, "%s\n", id);
        }
    }
}

static int write_chromosome(struct tiles *tiles, const struct genotypes *genotypes, int chromosome,
                            struct fileset *fileset, struct error *err)
{
    FILE *fam = add_file(genotypes->files, chromosome, "fam", err);
    fileset->bim = add_file(genotypes->files, chromosome, "bim", err);
    fileset->bed = add_file(genotypes->files, chromosome, "bed", err);
    if (err->code != 0)
        return err->code;
    simulated_study_fam(fam, genotypes->on_file);
    plink_writer_begin(fileset->bed);
    simulate_calls_start(&tiles->calls, chromosome);
    size_t before = simulate_snps_before(&tiles->snps, chromosome);
    size_t n_snps = simulate_snps_before(&tiles->snps, chromosome + 1) - before, count;
    for (size_t first = 0; first < n_snps; first += count) {
        if (reporter_should_stop(genotypes->reporter))
            return error_set(err, EXIT_CODE_STOPPED, "stopped (%s): nothing was left in %s",
                             reporter_stop_reason(genotypes->reporter), genotypes->simulation->output);
        count = n_snps - first < tiles->tile.capacity ? n_snps - first : tiles->tile.capacity;
        simulate_snps_draw(&tiles->snps, chromosome, first, count, &tiles->tile);
        write_tile(tiles, genotypes, chromosome, fileset);
        if (file_set_check(genotypes->files, err) != 0)
            return err->code;
        reporter_update(genotypes->reporter, (int64_t)(before + first + count), (int64_t)tiles->snps.n_snps);
    }
    return 0;
}

int simulate_genotypes_write(const struct simulation *simulation, const struct simulate_people *people,
                             const struct simulated_study_people *on_file, struct simulate_genetic *genetic,
                             struct file_set *files, const struct reporter *reporter, struct error *err)
{
    const struct genotypes genotypes = {simulation, people, on_file, genetic, files, reporter};
    struct tiles tiles = {0};
    struct fileset fileset = {0};
    if (init(&tiles, simulation, people, err) == 0 && genetic->n_targets > 0)
        fileset.causal = file_set_add(files, "causal_snps.txt", err);
    reporter_begin(reporter, "SNPs", "SNPs/s", 1, 0);
    for (int c = 0; c < simulation->n_chromosomes && err->code == 0; c++)
        write_chromosome(&tiles, &genotypes, c, &fileset, err);
    reporter_end(reporter);
    release(&tiles);
    return err->code == 0 ? simulate_genetic_finish(genetic, err) : err->code;
}
