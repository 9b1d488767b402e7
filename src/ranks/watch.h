/* What the ranks' watchers tell each other.
 *
 * A watcher is a thread of each rank. Several times a second it sends rank 0 the state of its rank and
 * receives the state of all. It notices what the main thread may be too busy for: another rank has failed,
 * was asked to stop, or is silent because it was killed or its network is cut.
 *
 * Time counts as silence only while this process runs, so a job that a scheduler suspends and resumes is not
 * lost. With one rank there is no thread, and all of this is local. */
#ifndef ARETE_RANKS_WATCH_H
#define ARETE_RANKS_WATCH_H

#include "ranks/ranks.h"

enum {
    WATCH_SILENCE_S = 20, /* a rank silent for so long is lost: the process ends with EXIT_CODE_RANK_LOST */
    WATCH_PATIENCE_S = 5  /* after a failure of any rank the watcher ends the process in this time */
};

/* Reports this rank's progress in the current phase, in any unit. Returns the sum over all ranks as rank 0
 * last heard it; in other ranks, this rank's own. */
int64_t watch_report_done(struct ranks *ranks, int64_t done);

/* From now on the watcher asks `asked` whether this rank should stop, also while the main thread waits. NULL:
 * nobody is asked from here on, nor is being asked when this returns. */
void watch_for_stop(struct ranks *ranks, bool (*asked)(void *context), void *context);
/* Whether any rank was asked to stop; false with one rank. */
bool watch_stop_requested(const struct ranks *ranks);

/* Tells the others that this rank has failed while they may wait for it. They end with the same error; of
 * several, the first one counts. */
void watch_post_failure(struct ranks *ranks, const struct error *err);
/* Whether any rank has failed in this way. */
bool watch_failed(const struct ranks *ranks);
/* The first failure of any rank; call it only when watch_failed. Returns its code. */
int watch_failure(const struct ranks *ranks, struct error *err);

#endif
