/* Sums of folds on their way along a chain of ranks (planning/fold_chains.h), inside the graphs of
 * permutations: those of a group of columns are one message or, in the identity's orbit, two, of its rows and
 * of its states. */
#ifndef ARETE_TASKS_HAND_ON_H
#define ARETE_TASKS_HAND_ON_H

#include "base/error.h"
#include "planning/fold_chains.h"
#include "ranks/ranks.h"
#include "tasks/in_flight.h"

#include <starpu.h>
#include <stdint.h>

/* Where this rank stands. Nothing is owned. */
struct hand_on {
    struct ranks *ranks;
    const struct fold_chains *chains;
    int link; /* of this rank */
    struct in_flight *in_flight;
};

struct hand_on_group {
    int lane;
    int64_t row; /* a number of its own: of the study's rows the group's first, or of its column tiles */
    starpu_data_handle_t rows, state; /* state NULL: it has none */
};

/* From the rank before, and to the rank after: when the data are ready, or there is room for them. What is
 * sent counts as a message in flight until it has left. */
int hand_on_receive(const struct hand_on *to, const struct hand_on_group *group, struct error *err);
int hand_on_send(const struct hand_on *from, const struct hand_on_group *group, struct error *err);

#endif
