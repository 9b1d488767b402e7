/* The loop in which a rank submits its blocks of units: it waits until there is room for another one, tells
 * the progress, and ends early when it is asked to, with everything finished and saved that was begun. */
#ifndef ARETE_TASKS_BLOCK_LOOP_H
#define ARETE_TASKS_BLOCK_LOOP_H

#include "planning/unit_blocks.h"
#include "tasks/common_stop.h"
#include "tasks/in_flight.h"
#include "tasks/progress.h"
#include "tasks/runtime.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct block_loop {
    struct runtime *runtime;
    const struct progress_sink *progress;
    struct in_flight in_flight;
    atomic_llong n_reduced;          /* pieces of units that have scores, counted by the tasks */
    long long pieces_of_unit;        /* that a unit consists of */
    int64_t n_units_submitted;       /* of blocks that this rank saves */
    size_t most_blocks;              /* that are saved while another one is submitted */
    size_t most_messages;            /* likewise, of sums that travel to another rank */
    struct common_stop *common_stop; /* where ranks hand blocks on to one another; else NULL */
    /* The graph: */
    void *context;
    bool (*takes_part)(const void *context, const struct unit_block *block);
    int (*submit)(void *context, const struct unit_block *block, struct error *err);
};

/* Submits every block in which this rank takes part, and waits for them. The caller has set all but in_flight
 * and counts. When progress asks to stop: EXIT_CODE_STOPPED, with nothing left in flight. Collective. */
int block_loop_run(struct block_loop *loop, struct unit_blocks *blocks, struct error *err);

#endif
