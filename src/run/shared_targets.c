#include "run/shared_targets.h"

#include "model/ridge/operators.h"

#include <string.h>

/* On the first machine rank 0's own, and a copy where others read them too; a copy on every other machine. */
static int share_double(struct shared_targets *shared, struct ranks *ranks, double *targets, size_t count,
                        bool first_copies, struct error *err)
{
    bool copies = ranks->machine != 0 || first_copies;
    if (shared_memory_open(&shared->copy, ranks, copies ? count : 0, sizeof(double), "the targets", err) ==
            0 &&
        ranks->rank == 0 && copies)
        memcpy(shared->copy.bytes, targets, count * sizeof(double));
    double *own = copies ? shared->copy.bytes : targets;
    shared->in_double = ranks->rank == 0 ? targets : own;
    return shared_memory_spread(ranks, own, count * sizeof(double), err);
}

int shared_targets_open(struct shared_targets *shared, struct ranks *ranks, double *targets, size_t count,
                        int n_readers, struct error *err)
{
    if (shared_memory_open(&shared->rounded, ranks, count, sizeof(float), "the targets", err) == 0 &&
        ranks->rank == 0)
        operators_round(targets, count, shared->rounded.bytes);
    shared_memory_spread(ranks, shared->rounded.bytes, count * sizeof(float), err);
    if (err->code != 0 || n_readers == 0)
        return err->code;
    return share_double(shared, ranks, targets, count, n_readers > 1 && ranks->n_local > 1, err);
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
