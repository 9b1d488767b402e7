#include "tasks/common_stop.h"

#include "base/memory.h"
#include "ranks/collectives.h"

#include <stdlib.h>

int common_stop_init(struct common_stop *stop, size_t n_lanes, struct error *err)
{
    *stop = (struct common_stop){.n_lanes = n_lanes};
    stop->until = memory_zeroed(n_lanes, sizeof *stop->until, "the ranks' blocks", err);
    return err->code;
}

void common_stop_free(struct common_stop *stop)
{
    free(stop->until);
    *stop = (struct common_stop){0};
}

void common_stop_begin(struct common_stop *stop, size_t lane, int64_t position)
{
    if (position >= stop->until[lane])
        stop->until[lane] = position + 1;
}

int common_stop_agree(struct common_stop *stop, struct ranks *ranks, struct error *err)
{
    if (collectives_largest(ranks, stop->until, stop->n_lanes, err) == 0)
        stop->is_agreed = true;
    return err->code;
}

bool common_stop_finishes(const struct common_stop *stop, size_t lane, int64_t position)
{
    return position < stop->until[lane];
}
