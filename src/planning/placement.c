#include "planning/placement.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

int placement_init(struct placement *placement, enum placement_kind kind, size_t n_penalties,
                   const int *machine, int n_ranks, int n_machines, struct error *err)
{
    size_t ranks = (size_t)n_ranks, machines = (size_t)n_machines;
    *placement = (struct placement){.kind = kind,
                                    .n_penalties = n_penalties,
                                    .n_ranks = n_ranks,
                                    .n_machines = n_machines,
                                    .n_dealt = n_machines,
                                    .n_builders = n_ranks};
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

int placement_rank(const struct placement *placement, int machine, int number)
{
    int first = placement->first_rank[machine];
    return placement->ranks[first + number % (placement->first_rank[machine + 1] - first)];
}

int placement_machine(const struct placement *placement, size_t penalty)
{
    return (int)(penalty % (size_t)placement->n_dealt);
}

bool placement_machine_builds(const struct placement *placement, int machine)
{
    return placement->kind == PLACEMENT_BY_FOLD ||
           (machine < placement->n_dealt && (size_t)machine < placement->n_penalties);
}

int placement_builders(const struct placement *placement, int machine)
{
    int there = placement->first_rank[machine + 1] - placement->first_rank[machine];
    return placement->n_builders < there ? placement->n_builders : there;
}

/* The rank's number among those of its machine. */
static int number_of(const struct placement *placement, int rank)
{
    int first = placement->first_rank[placement->machine[rank]], number = 0;
    while (placement->ranks[first + number] != rank)
        number++;
    return number;
}

bool placement_builds_any(const struct placement *placement, int rank)
{
    int machine = placement->machine[rank];
    return placement_machine_builds(placement, machine) &&
           number_of(placement, rank) < placement_builders(placement, machine);
}

struct fold_span placement_cut(size_t count, int n_parts, int number)
{
    size_t n = (size_t)n_parts, k = (size_t)number;
    size_t first = count * k / n, end = count * (k + 1) / n;
    return (struct fold_span){first, end - first};
}

struct fold_span placement_part(const struct placement *placement, int machine, int number, size_t penalty,
                                struct fold_span folds)
{
    const struct fold_span none = {folds.first, 0};
    bool by_fold = placement->kind == PLACEMENT_BY_FOLD;
    int n_builders = placement_builders(placement, machine);
    if (number >= n_builders || (!by_fold && placement_machine(placement, penalty) != machine))
        return none;
    /* the machine's penalties: every step-th */
    size_t step = by_fold ? 1 : (size_t)placement->n_dealt, before = penalty / step;
    size_t count = (placement->n_penalties - penalty - 1) / step + 1 + before;
    struct fold_span cut = placement_cut(count * folds.count, n_builders, number);
    size_t start = before * folds.count, end = start + folds.count;
    size_t first = cut.first > start ? cut.first : start;
    size_t last = cut.first + cut.count < end ? cut.first + cut.count : end;
    return first < last ? (struct fold_span){folds.first + first - start, last - first} : none;
}

struct fold_span placement_folds(const struct placement *placement, int rank, size_t penalty,
                                 struct fold_span folds)
{
    return placement_part(placement, placement->machine[rank], number_of(placement, rank), penalty, folds);
}
