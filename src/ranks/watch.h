/* What the ranks' watchers tell each other. A watcher is a thread of each rank that tells rank 0 several
 * times a second how its rank fares, and hears from it how all do. It sees what the main thread cannot, for
 * that may be computing: a rank that failed or was asked to stop, and one that is silent because it was
 * killed or its network is cut.
 *
 * Silence counts only while this process runs itself, so a job that a scheduler suspends and resumes is not
 * lost. With one rank all of this is local and there is no thread. */
#ifndef ARETE_RANKS_WATCH_H
#define ARETE_RANKS_WATCH_H

#include "ranks/ranks.h"

enum {
    WATCH_SILENCE_S = 20, /* then a rank is lost and the process ends, EXIT_CODE_FAILED */
    WATCH_PATIENCE_S =
        5 /* from a failure of any rank until this process ends, whatever its main thread does */
};

/* Tells this rank's progress in the current phase, in any unit; returns the sum over all ranks as rank 0 last
 * heard it (elsewhere what is known of it is this rank's own). */
int64_t watch_share_done(struct ranks *ranks, int64_t done);

/* The watcher asks `asked` whether this rank was told to stop, also while the main thread waits. */
void watch_for_stop(struct ranks *ranks, bool (*asked)(void *context), void *context);
/* Whether any rank was told to stop; false with one rank. */
bool watch_stop_requested(const struct ranks *ranks);

/* This rank failed while others may wait for it: they end with the same error. The first one wins. */
void watch_post_failure(struct ranks *ranks, const struct error *err);
/* Whether any rank failed so. */
bool watch_failed(const struct ranks *ranks);
/* The first failure of any rank, when watch_failed. */
int watch_failure(const struct ranks *ranks, struct error *err);

#endif
