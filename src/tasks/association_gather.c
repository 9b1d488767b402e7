#include "tasks/association_gather.h"

#include "base/memory.h"
#include "ranks/collectives.h"

#include <stdlib.h>

/* Variants of a rank. */
struct stretch {
    size_t first, count;
};

static struct stretch stretch_of(const struct snp_ranges *ranges, int rank, size_t n_variants)
{
    size_t first = ranges->first[rank] * SNP_TILE, end = ranges->first[rank + 1] * SNP_TILE;
    first = first < n_variants ? first : n_variants;
    end = end < n_variants ? end : n_variants;
    return (struct stretch){first, end - first};
}

/* What stands in arrays of all SNPs goes to the same place. */
static int copy_of_variants(struct ranks *ranks, int from, const struct stretch *stretch,
                            const struct associate_full *full, struct association_graph_output *output,
                            struct error *err)
{
    size_t first = stretch->first, count = stretch->count, n_targets = full->n_all_targets;
    float *peaks = output->associations.peaks;
    collectives_copy(ranks, output->facts + first, count * sizeof *output->facts, from, 0, err);
    collectives_copy(ranks, peaks + first, count * sizeof *peaks, from, 0, err);
    for (size_t f = 0; f < full->n_targets; f++)
        collectives_copy(ranks, full->target_r + f * full->n_variants + first, count * sizeof *full->target_r,
                         from, 0, err);
    for (size_t f = 0; f < full->n_snps; f++)
        if (full->snp[f] >= first && full->snp[f] - first < count)
            collectives_copy(ranks, full->snp_r + f * n_targets, n_targets * sizeof *full->snp_r, from, 0,
                             err);
    return err->code;
}

/* What is kept of every target, into `part` of rank 0; hits have room there. */
static int copy_of_targets(struct ranks *ranks, int from, struct associations *part, struct error *err)
{
    size_t t = part->n_targets;
    collectives_copy(ranks, part->best, t * sizeof *part->best, from, 0, err);
    collectives_copy(ranks, part->n_hits, t * sizeof *part->n_hits, from, 0, err);
    collectives_copy(ranks, part->bins, t * ASSOCIATIONS_BINS * sizeof *part->bins, from, 0, err);
    return collectives_copy(ranks, part->hits, part->n_kept * sizeof *part->hits, from, 0, err);
}

/* In rank 0: an empty table for what another rank has kept. */
static int make_part(struct associations *part, const struct associations *like, int64_t n_kept,
                     struct error *err)
{
    if (associations_init(part, like->n_targets, 0, like->most_hits, err) != 0)
        return err->code;
    part->hits = memory_aligned((size_t)n_kept, sizeof *part->hits, "associations", err);
    part->n_kept = part->capacity = (size_t)n_kept;
    return err->code;
}

static int gather_from(struct ranks *ranks, int from, int64_t n_kept, const struct stretch *stretch,
                       const struct associate_full *full, struct association_graph_output *output,
                       struct error *err)
{
    struct associations part = {0}, *own = &output->associations;
    if (ranks->rank == 0)
        make_part(&part, own, n_kept, err);
    if (collectives_agree(ranks, err) == 0 &&
        copy_of_variants(ranks, from, stretch, full, output, err) == 0 &&
        copy_of_targets(ranks, from, ranks->rank == 0 ? &part : own, err) == 0 && ranks->rank == 0)
        associations_merge(own, &part, err);
    associations_free(&part);
    return collectives_agree(ranks, err);
}

static int add_counts(struct ranks *ranks, struct snp_counts *counts, struct error *err)
{
    struct genotype_counts *filtered = &counts->filtered;
    int64_t sums[] = {(int64_t)filtered->n_kept, (int64_t)filtered->n_missing, (int64_t)filtered->n_constant,
                      (int64_t)filtered->n_rare, (int64_t)counts->n_explained};
    if (collectives_sum(ranks, sums, sizeof sums / sizeof *sums, err) != 0)
        return err->code;
    *filtered = (struct genotype_counts){.n_kept = (size_t)sums[0],
                                         .n_missing = (size_t)sums[1],
                                         .n_constant = (size_t)sums[2],
                                         .n_rare = (size_t)sums[3]};
    counts->n_explained = (size_t)sums[4];
    return 0;
}

int association_gather(struct ranks *ranks, const struct snp_ranges *ranges,
                       const struct association_graph_input *input, struct association_graph_output *output,
                       struct error *err)
{
    size_t n_ranks = (size_t)ranks->size;
    int64_t *n_kept = memory_zeroed(n_ranks, sizeof *n_kept, "associations", err);
    if (n_kept != NULL)
        n_kept[ranks->rank] = (int64_t)output->associations.n_kept;
    if (collectives_agree(ranks, err) == 0 && collectives_sum(ranks, n_kept, n_ranks, err) == 0)
        add_counts(ranks, &output->counts, err);
    for (int from = 1; err->code == 0 && from < ranks->size; from++) {
        struct stretch stretch = stretch_of(ranges, from, input->stream->n_variants);
        gather_from(ranks, from, n_kept[from], &stretch, &input->full, output, err);
    }
    free(n_kept);
    if (err->code == 0 && ranks->rank == 0)
        associations_finish(&output->associations);
    return collectives_agree(ranks, err);
}
