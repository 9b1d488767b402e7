#include "planning/placement.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

static bool holds(const struct placement *placement, size_t machine, size_t penalty)
{
    size_t machines = (size_t)placement->n_machines;
    if (placement->kind == PLACEMENT_REPLICATE)
        return true;
    return machines <= placement->n_penalties ? penalty % machines == machine
                                              : machine % placement->n_penalties == penalty;
}

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
    placement->held = memory_zeroed(n_penalties * machines, sizeof *placement->held, "the placement", err);
    if (err->code != 0) {
        placement_free(placement);
        return err->code;
    }
    for (size_t k = 0; k < n_penalties; k++)
        for (int m = 0; m < n_machines; m++)
            placement->held[k * machines + (size_t)m] = holds(placement, (size_t)m, k);
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
    free(placement->held);
    *placement = (struct placement){0};
}

const char *placement_name(enum placement_kind kind)
{
    return kind == PLACEMENT_BY_PENALTY ? "by-penalty" : "replicate";
}

int placement_owner(const struct placement *placement, int64_t block)
{
    return (int)(block % placement->n_ranks);
}

bool placement_holds(const struct placement *placement, int machine, size_t penalty)
{
    return placement->held[penalty * (size_t)placement->n_machines + (size_t)machine];
}

size_t placement_most_held(enum placement_kind kind, size_t n_penalties, int n_machines)
{
    size_t machines = (size_t)n_machines;
    return kind == PLACEMENT_REPLICATE ? n_penalties : (n_penalties + machines - 1) / machines;
}

/* Rank `number` of a machine, counted round and round. */
static int rank_of(const struct placement *placement, int machine, uint64_t number)
{
    int first = placement->first_rank[machine];
    uint64_t count = (uint64_t)(placement->first_rank[machine + 1] - first);
    return placement->ranks[first + (int)(number % count)];
}

/* With by-penalty: how many machines hold the penalty. */
static uint64_t holders(const struct placement *placement, size_t penalty)
{
    size_t machines = (size_t)placement->n_machines;
    if (machines <= placement->n_penalties)
        return 1;
    return (machines - penalty - 1) / placement->n_penalties + 1;
}

/* With by-penalty: number `number` of these machines, counted round and round. */
static int holder(const struct placement *placement, size_t penalty, uint64_t number)
{
    size_t machines = (size_t)placement->n_machines;
    if (machines <= placement->n_penalties)
        return (int)(penalty % machines);
    return (int)(penalty + number % holders(placement, penalty) * placement->n_penalties);
}

int placement_builder(const struct placement *placement, size_t penalty)
{
    return rank_of(placement, holder(placement, penalty, 0), 0);
}

bool placement_builds(const struct placement *placement, int rank)
{
    bool any = false;
    for (size_t k = 0; !any && k < placement->n_penalties; k++)
        any = placement_builder(placement, k) == rank;
    return any;
}

int placement_computer(const struct placement *placement, int64_t block, size_t penalty)
{
    if (placement->kind == PLACEMENT_REPLICATE)
        return placement_owner(placement, block);
    uint64_t number = (uint64_t)block, round = number / holders(placement, penalty);
    return rank_of(placement, holder(placement, penalty, number),
                   round + penalty / (size_t)placement->n_machines);
}
