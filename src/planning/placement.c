#include "planning/placement.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

int placement_init(struct placement *placement, enum placement_kind kind, size_t n_penalties,
                   const int *machine, int n_ranks, int n_machines, struct error *err)
{
    size_t ranks = (size_t)n_ranks, machines = (size_t)n_machines;
    *placement = (struct placement){
        .kind = kind, .n_penalties = n_penalties, .n_ranks = n_ranks, .n_machines = n_machines};
    placement->machine = memory_zeroed(ranks, sizeof *placement->machine, "the ranks' machines", err);
    placement->ranks = memory_zeroed(ranks, sizeof *placement->ranks, "the machines' ranks", err);
    placement->first_rank =
        memory_zeroed(machines + 1, sizeof *placement->first_rank, "the machines' ranks", err);
    if (err->code != 0) {
        placement_free(placement);
        return err->code;
    }
    memcpy(placement->machine, machine, ranks * sizeof *machine);
    int next = 0;
    for (int m = 0; m < n_machines; m++) {
        placement->first_rank[m] = next;
        for (int r = 0; r < n_ranks; r++)
            if (machine[r] == m)
                placement->ranks[next++] = r;
    }
    placement->first_rank[n_machines] = next;
    return 0;
}

void placement_free(struct placement *placement)
{
    free(placement->machine);
    free(placement->first_rank);
    free(placement->ranks);
    *placement = (struct placement){0};
}

const char *placement_name(enum placement_kind kind)
{
    return kind == PLACEMENT_BY_FOLD ? "by-fold" : "replicate";
}

int placement_owner(const struct placement *placement, int64_t block)
{
    return (int)(block % placement->n_ranks);
}

int placement_rank(const struct placement *placement, int machine, int number)
{
    int first = placement->first_rank[machine];
    return placement->ranks[first + number % (placement->first_rank[machine + 1] - first)];
}

int placement_builder(const struct placement *placement, size_t penalty)
{
    return placement_rank(placement, (int)(penalty % (size_t)placement->n_machines), 0);
}

bool placement_builds(const struct placement *placement, int rank, size_t penalty)
{
    return placement->kind == PLACEMENT_BY_FOLD
               ? placement_rank(placement, placement->machine[rank], 0) == rank
               : placement_builder(placement, penalty) == rank;
}

bool placement_builds_any(const struct placement *placement, int rank)
{
    bool any = false;
    for (size_t k = 0; !any && k < placement->n_penalties; k++)
        any = placement_builds(placement, rank, k);
    return any;
}
