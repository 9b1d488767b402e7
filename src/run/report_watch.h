/* Whoever waits while p is counted over a long campaign: sees how far it is, and may stop it. */
#ifndef ARETE_RUN_REPORT_WATCH_H
#define ARETE_RUN_REPORT_WATCH_H

#include "base/error.h"
#include "run/session.h"

#include <stdint.h>

/* What takes less than patience_s is neither shown nor stopped: a run that has come so far rather ends. All
 * functions do nothing where watch is NULL. */
struct report_watch {
    struct session *session;
    double patience_s;
    double next_s; /* clock_seconds when it is looked at again */
};

struct report_watch report_watch_of(struct session *session);

void report_watch_begin(struct report_watch *watch);
/* To be called often. EXIT_CODE_STOPPED where the run is asked to stop; nothing is lost by it. */
int report_watch_look(struct report_watch *watch, int64_t n_counted, int64_t n_permutations,
                      struct error *err);
void report_watch_end(struct report_watch *watch);

#endif
