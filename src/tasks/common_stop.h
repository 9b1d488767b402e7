/* Where ranks that hand blocks on to one another stop. A rank may not end while another waits for its part of
 * a block, so they agree: every block that any rank of its lane (planning/fold_chains.h) has begun is
 * finished by all of them, and no other is.
 *
 * Every rank asks the others once, when it is told to stop or has begun its last block. Until then it goes on
 * by itself. */
#ifndef ARETE_TASKS_COMMON_STOP_H
#define ARETE_TASKS_COMMON_STOP_H

#include "base/error.h"
#include "ranks/ranks.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct common_stop {
    size_t n_lanes;
    int64_t *until; /* n_lanes: how many blocks, of all lanes, are over when its last one is */
    bool is_agreed;
};

int common_stop_init(struct common_stop *stop, size_t n_lanes, struct error *err);
void common_stop_free(struct common_stop *stop);

/* This rank begins the block that is number `position` of all that are cut, from 0, and is of this lane. */
void common_stop_begin(struct common_stop *stop, size_t lane, int64_t position);
/* Collective. While a rank waits here its tasks and messages go on. */
int common_stop_agree(struct common_stop *stop, struct ranks *ranks, struct error *err);
/* After it: whether the block is one of those that are finished. */
bool common_stop_finishes(const struct common_stop *stop, size_t lane, int64_t position);

#endif
