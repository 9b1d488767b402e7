#include "tasks/snp_ranges.h"

#include "base/memory.h"
#include "ranks/collectives.h"

#include <stdlib.h>

int snp_ranges_init(struct snp_ranges *ranges, const struct runtime *runtime, size_t n_tiles,
                    struct error *err)
{
    struct ranks *ranks = runtime->ranks;
    size_t n_ranks = (size_t)ranks->size;
    int64_t *workers = memory_zeroed(n_ranks, sizeof *workers, "the ranks' workers", err);
    ranges->first = memory_zeroed(n_ranks + 1, sizeof *ranges->first, "the ranks' SNPs", err);
    if (workers != NULL)
        workers[ranks->rank] = runtime->n_workers;
    if (collectives_agree(ranks, err) == 0 && collectives_sum(ranks, workers, n_ranks, err) == 0) {
        size_t all = 0, before = 0;
        for (size_t r = 0; r < n_ranks; r++)
            all += (size_t)workers[r];
        for (size_t r = 0; r < n_ranks; r++) {
            before += (size_t)workers[r];
            ranges->first[r + 1] = n_tiles * before / all;
        }
    }
    free(workers);
    return err->code;
}

void snp_ranges_free(struct snp_ranges *ranges)
{
    free(ranges->first);
    *ranges = (struct snp_ranges){0};
}
