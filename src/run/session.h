/* What accompanies one rank's run from its start to its end: who else takes part, the log, the workers, who
 * is shown the progress, and who may stop it. */
#ifndef ARETE_RUN_SESSION_H
#define ARETE_RUN_SESSION_H

#include "base/error.h"
#include "base/log.h"
#include "base/reporter.h"
#include "config/study.h"
#include "ranks/ranks.h"
#include "tasks/progress.h"
#include "tasks/runtime.h"

#include <stdbool.h>
#include <stdio.h>

struct session {
    struct ranks *ranks; /* the caller's */
    const struct reporter *reporter;
    struct log log; /* silent in other ranks than 0 */
    struct runtime runtime;
    struct progress_sink progress; /* of the piece of work that was begun last ... */
    double scale;                  /* ... whose counts are shown times this */
    double started;                /* clock_seconds */
    double stop_after_s;           /* run.stop_after; 0 = never */
};

/* Collective. warnings: where warnings of the log go as well, from rank 0; or NULL. `session` must not move
 * afterwards: runtime, log and progress are pointed to. */
int session_begin(struct session *session, struct ranks *ranks, const struct reporter *reporter,
                  FILE *warnings, struct error *err);

/* StarPU's workers, and the trace of their tasks where the study asks for one (its name in the output folder
 * without ending or rank; goes_on: it is added to). Says in the log how many cores work. Collective. */
int session_start_workers(struct session *session, const struct study *study, const char *trace, bool goes_on,
                          struct error *err);
/* Ends the traces of all ranks before that, once nothing is to be computed: their files are whole. Rank 0
 * warns of one that is not. Collective. */
int session_end_trace(struct session *session, struct error *err);
/* Ends StarPU, and the trace of a run that has failed; everything that StarPU knows of must have been
 * released. */
void session_stop_workers(struct session *session);

/* Closes the log, after its last line. An error of the log counts when there is no other. */
int session_end(struct session *session, struct error *err);

/* A new piece of work, as in struct reporter; session->progress is its sink. */
void session_begin_progress(struct session *session, const char *label, const char *unit, double scale,
                            double most);
void session_end_progress(struct session *session);

/* Heeds run.stop_after, and lets the ranks' watcher ask whether this rank was told to stop. */
void session_heed_stops(struct session *session, double stop_after_s);
/* EXIT_CODE_STOPPED if this rank or another was asked to stop: between the graphs, which notice by
 * themselves. */
int session_stop_here(struct session *session, const char *when, struct error *err);

/* Tells the log of a failed or stopped run, and other ranks where they may wait for this one. Ends the
 * process (ranks_exit) when messages may be under way. err becomes the first failure of any rank. */
void session_fail(struct session *session, struct error *err);

#endif
