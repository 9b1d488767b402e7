#include "run/shared_targets.h"

#include "model/ridge/operators.h"

/* Rank 0's own, and a copy on every other machine. */
static int share_double(struct shared_targets *shared, struct ranks *ranks, double *targets, size_t count,
                        struct error *err)
{
    bool is_first = ranks->machine == 0;
    shared_memory_open(&shared->copy, ranks, is_first ? 0 : count, sizeof(double), "the targets", err);
    shared->in_double = ranks->rank == 0 ? targets : shared->copy.bytes;
    return shared_memory_spread(ranks, is_first ? targets : shared->copy.bytes, count * sizeof(double), err);
}

int shared_targets_open(struct shared_targets *shared, struct ranks *ranks, double *targets, size_t count,
                        bool with_double, struct error *err)
{
    if (shared_memory_open(&shared->rounded, ranks, count, sizeof(float), "the targets", err) == 0 &&
        ranks->rank == 0)
        operators_round(targets, count, shared->rounded.bytes);
    shared_memory_spread(ranks, shared->rounded.bytes, count * sizeof(float), err);
    return err->code != 0 || !with_double ? err->code : share_double(shared, ranks, targets, count, err);
}

void shared_targets_close_double(struct shared_targets *shared, struct ranks *ranks)
{
    shared_memory_close(&shared->copy, ranks);
    shared->in_double = NULL;
}

void shared_targets_close(struct shared_targets *shared, struct ranks *ranks)
{
    shared_memory_close(&shared->rounded, ranks);
    shared_targets_close_double(shared, ranks);
}
