#include "planning/cost_association.h"

#include "base/text.h"
#include "model/eigen/tridiagonal_reduction.h"
#include "model/kinship/gram.h"
#include "model/orbits/orbit_tiling.h"
#include "model/univariate/associations.h"
#include "model/univariate/snp_tile.h"
#include "planning/buffers.h"
#include "planning/cost_memory.h"

#include <math.h>
#include <stdio.h>

/* Of an array's element. */
static const double d = sizeof(double), f = sizeof(float);

/* As in cost_memory.c. */
static double process_bytes(const struct cost_shape *s, const struct cost_association *a)
{
    const double program = 18e6, worker = 3e6, variant = 48; /* its ID, alleles and place in the table */
    const double campaign = a->permutes ? 10e6 : 0;          /* HDF5 and what stands in the file */
    return program + campaign + worker * s->workers_per_rank + variant * s->n_snps;
}

/* Of a rank that reads SNPs: a chunk of K, and tiles of SNPs. */
static double chunk_bytes(const struct cost_shape *s)
{
    return s->n * s->n * d +
           s->n * GRAM_SNP_TILE * ((s->workers_per_rank + BUFFERS_SPARE_SNP_TILES) * d + s->workers_per_rank);
}

/* K, a chunk of it, and the table of targets; or a copy of K reduced to its components. */
static double gram_bytes(const struct cost_shape *s)
{
    double square = s->n * s->n * d, table = s->n * s->n_targets * d;
    double columns = TRIDIAGONAL_PANEL + TRIDIAGONAL_SLABS + 2 * s->n_genetic_pcs;
    return table + square + fmax(chunk_bytes(s), s->n_genetic_pcs > 0 ? square + s->n * columns * d : 0);
}

/* What a worker, or the sum over workers, keeps of all pairs. */
static double kept_bytes(const struct cost_shape *s, const struct cost_association *a)
{
    double of_targets =
        sizeof(struct association_best) + sizeof(int64_t) + ASSOCIATIONS_BINS * sizeof(uint32_t);
    return s->n_targets * of_targets + s->n_snps * f + 2 * a->n_hits * sizeof(struct association);
}

static double tiles_bytes(const struct cost_shape *s)
{
    double buffers = s->workers_per_rank + BUFFERS_SPARE_SNP_TILES;
    return SNP_TILE * s->n * (buffers * (d + f) + s->workers_per_rank);
}

/* What comes of all pairs, while they are looked at, in each rank. */
static double results_bytes(const struct cost_shape *s, const struct cost_association *a)
{
    double full = (a->n_full * s->n_snps + a->n_snps_full * s->n_targets) * d;
    return (s->workers_per_rank + 1) * kept_bytes(s, a) + tiles_bytes(s) +
           s->n_snps * sizeof(struct snp_facts) + full;
}

/* Rows of targets in double and single, of which the ranks of a machine have one copy. */
static double rows_bytes(const struct cost_shape *s)
{
    return s->n * s->n_targets * (d + f);
}

/* In rank 0: the rows, beside them what they are made of, or what comes of them. */
static double observed_bytes(const struct cost_shape *s, const struct cost_association *a)
{
    double made_of = s->n * s->n_targets * d, square = a->permutes ? s->n * s->n * d : 0;
    double residuals = a->permutes ? made_of : 0;
    return square + rows_bytes(s) + fmax(made_of, results_bytes(s, a) + residuals);
}

/* Arrangements of the people: an orbit each, or a permutation. */
static double count_draws(const struct cost_shape *s, const struct cost_association *a)
{
    double shifts = a->orbits.n_shifts > 0 ? a->orbits.n_shifts : 1;
    return fmax(ceil(s->n_permutations / shifts), 1);
}

/* What has come of all pairs, in each rank while permutations are computed. */
static double found_bytes(const struct cost_shape *s, const struct cost_association *a)
{
    double full = (a->n_full * s->n_snps + a->n_snps_full * s->n_targets) * d;
    return kept_bytes(s, a) + full + s->n_snps * sizeof(struct snp_facts);
}

/* Targets, spectra of SNP tiles and of a block's columns, its maxima for each worker, and what is observed.
 */
static double permutation_bytes(const struct cost_shape *s, const struct cost_association *a)
{
    double draws = count_draws(s, a);
    double columns = fmin(COST_ASSOCIATION_COLUMNS, s->n_targets * draws);
    double spectra = (s->workers_per_rank + BUFFERS_SPARE_SNP_TILES) * SNP_TILE * s->n * f;
    double maxima = a->orbits.n_shifts > 0 ? a->orbits.n_shifts : 1;
    const double lanes = 400, tile = 256; /* of transforms under way, three kinds; of columns arranged */
    double workspaces = s->workers_per_rank * s->n * (lanes + tile) * f;
    double block = columns * (2 * s->n + (s->workers_per_rank + 1) * maxima) * f;
    return s->n * s->n_targets * f + tiles_bytes(s) + spectra + block + workspaces +
           s->n_snps * sizeof(struct snp_facts);
}

/* p being counted, in rank 0. */
static double counting_bytes(const struct cost_shape *s, const struct cost_association *a)
{
    size_t shifts = a->orbits.n_shifts > 0 ? (size_t)a->orbits.n_shifts : 1;
    const struct orbit_tiling tiling = orbit_tiling_of((size_t)fmax(s->n_targets, 1), shifts);
    double row = (double)shifts;
    return cost_memory_counting(count_draws(s, a) * row, (double)orbit_tiling_unit_rows(&tiling) * row,
                                (double)tiling.slice_targets * row);
}

double cost_association_bytes(const struct cost_shape *shape, const struct cost_association *association)
{
    double ranks = cost_ranks_per_machine(shape), others = ranks - 1;
    double most = fmax(gram_bytes(shape) + others * chunk_bytes(shape),
                       observed_bytes(shape, association) + others * results_bytes(shape, association));
    if (association->permutes)
        most = fmax(most, rows_bytes(shape) + ranks * found_bytes(shape, association) +
                              fmax(ranks * permutation_bytes(shape, association),
                                   counting_bytes(shape, association)));
    return ranks * process_bytes(shape, association) + most;
}

/* Of the permutations what the rank does that has most to do: whole units. */
static double largest_share(const struct cost_shape *s, const struct cost_association *a)
{
    size_t shifts = a->orbits.n_shifts > 0 ? (size_t)a->orbits.n_shifts : 1;
    const struct orbit_tiling tiling = orbit_tiling_of((size_t)fmax(s->n_targets, 1), shifts);
    double units = (double)orbit_tiling_units(&tiling, (uint64_t)count_draws(s, a));
    return ceil(units / (s->ranks_per_machine * s->n_machines)) / units;
}

struct cost_association_seconds cost_association_seconds(const struct cost_shape *shape,
                                                         const struct cost_association *association,
                                                         const struct cost_rates *rates,
                                                         const struct cost_seconds *run)
{
    /* in flops of a product: of a permutation and pair, in its orbit (bench/NOTES.md); and what a scan adds
     */
    const double of_shift = 90, scanned = 1.1;
    double workers = shape->workers_per_rank * shape->ranks_per_machine * shape->n_machines,
           pairs = shape->n_snps * shape->n_targets;
    double one = 2 * shape->n / rates->product, shifts = association->orbits.n_shifts;
    struct cost_association_seconds seconds = {.observed = scanned * pairs * one / workers};
    if (association->permutes)
        seconds.permutations = count_draws(shape, association) * pairs * largest_share(shape, association) /
                               shape->workers_per_rank *
                               (shifts > 0 ? shifts * of_shift / rates->product : one);
    seconds.total = run->reading + run->gram + run->components + seconds.observed + seconds.permutations;
    return seconds;
}

enum { TIME_BYTES = TEXT_DURATION_BYTES };

static const char *time_text(double seconds, char text[TIME_BYTES])
{
    if (seconds < 60)
        snprintf(text, TIME_BYTES, "%.1fs", seconds);
    else
        text_duration(seconds, text);
    return text;
}

void cost_association_text(const struct cost_association *association, const struct cost_shape *shape,
                           const struct cost_rates *rates, const struct cost_seconds *run, char *text)
{
    char total[TIME_BYTES], observed[TIME_BYTES], permutations[TIME_BYTES], memory[COST_TEXT_BYTES];
    struct cost_association_seconds seconds = cost_association_seconds(shape, association, rates, run);
    snprintf(
        text, COST_ASSOCIATION_BYTES,
        "about %s and %s%s: reading and K%s as above, every SNP by every target %s%s%s",
        time_text(seconds.total, total), cost_bytes_text(cost_association_bytes(shape, association), memory),
        cost_machines(shape) > 1 ? " a machine" : "", shape->n_genetic_pcs > 0 ? " with its components" : "",
        time_text(seconds.observed, observed), association->permutes ? ", permutations " : "",
        association->permutes ? time_text(seconds.permutations, permutations) : "");
}
