/* Permutations are computed, saved, and looked at on the disk: what is not whole there comes again, a few
 * times. The same for all models. */
#ifndef ARETE_RUN_ROUNDS_H
#define ARETE_RUN_ROUNDS_H

#include "base/error.h"
#include "planning/fold_chains.h"
#include "planning/unit_blocks.h"
#include "run/record.h"
#include "run/session.h"

#include <stdbool.h>
#include <stdint.h>

enum { ROUNDS_MOST = 3 }; /* through units that rot as soon as they are saved */

/* Computes and saves every unit of the record that is not done. Collective; rank 0's record->done and n_left
 * are what is on the disk afterwards. *counts: whether it was a round for all units that were left; true
 * before. */
typedef int rounds_step(struct session *session, struct record *record, void *context, bool *counts,
                        struct error *err);

/* `step` until no unit is left. Collective. */
int rounds_run(struct session *session, struct record *record, rounds_step *step, void *context,
               struct error *err);

/* What is cut into blocks: units u < n_units with !done[u]. */
struct rounds_cut {
    const bool *done;
    int64_t n_units, most_units;      /* the latter of a block; rank 0's counts */
    int64_t n_workers;                /* of this rank: its share is in proportion */
    const struct fold_chains *chains; /* to whose lanes blocks are dealt; NULL: to ranks */
};

/* Ranks may have different numbers of workers, but must cut the same blocks. *workers: of each rank or lane,
 * which `blocks` reads; the caller's to free. Collective. */
int rounds_cut_blocks(struct session *session, const struct rounds_cut *cut, struct unit_blocks *blocks,
                      int64_t **workers, struct error *err);

/* After a graph: *stopped when it, in any rank, ended early on request (EXIT_CODE_STOPPED), which is no error
 * then. Collective; other outcomes are agreed on. */
int rounds_agree_on_stop(struct session *session, bool *stopped, struct error *err);

/* A disk that does not keep what is saved. */
int rounds_refuse_disk(const struct record *record, int64_t n_left, struct error *err);

/* EXIT_CODE_STOPPED, with how many permutations of n_permutations asked for are saved. done: of the record's
 * units, as they are on the disk by now; in rank 0. where: "" or how far it was. */
int rounds_tell_stopped(const struct session *session, const struct record *record, const bool *done,
                        int64_t n_permutations, const char *where, struct error *err);

#endif
