#include "run/report_watch.h"

#include "base/clock.h"

struct report_watch report_watch_of(struct session *session)
{
    return (struct report_watch){.session = session, .patience_s = 1};
}

/* Not as a rank's progress (session_begin_progress): the other ranks, which wait, have none. */
void report_watch_begin(struct report_watch *watch)
{
    if (watch == NULL)
        return;
    reporter_begin(watch->session->reporter, "counting p: permutations", "permutations/s", 1, 0);
    watch->next_s = clock_seconds() + watch->patience_s;
}

int report_watch_look(struct report_watch *watch, int64_t n_counted, int64_t n_permutations,
                      struct error *err)
{
    const double interval_s = 0.2;
    double now = watch != NULL ? clock_seconds() : 0;
    if (watch == NULL || now < watch->next_s)
        return 0;
    watch->next_s = now + interval_s;
    reporter_update(watch->session->reporter, n_counted, n_permutations);
    return session_stop_here(watch->session, "while p was counted: all permutations are saved", err);
}

void report_watch_end(struct report_watch *watch)
{
    if (watch != NULL)
        reporter_end(watch->session->reporter);
}
