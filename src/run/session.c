#include "run/session.h"

#include "base/amount.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/same_command.h"
#include "model/blas/blas_check.h"
#include "ranks/collectives.h"
#include "ranks/watch.h"
#include "tasks/trace.h"

#include <math.h>
#include <stdlib.h>

int session_begin(struct session *session, struct ranks *ranks, const struct reporter *reporter,
                  FILE *warnings, struct error *err)
{
    *session = (struct session){.ranks = ranks, .reporter = reporter, .started = clock_seconds()};
    log_init(&session->log, ranks->rank == 0 ? warnings : NULL, err);
    return collectives_agree(ranks, err);
}

int session_end(struct session *session, struct error *err)
{
    struct error log_error = {0};
    watch_for_stop(session->ranks, NULL, NULL); /* the watcher lives longer than the session */
    if (log_close(&session->log, &log_error) != 0 && err->code == 0)
        *err = log_error;
    return err->code;
}

/* Whether this rank was asked to stop; the ranks' watcher asks too, from its thread. */
static bool asked_to_stop(void *context)
{
    const struct session *session = context;
    return reporter_should_stop(session->reporter) ||
           (session->stop_after_s > 0 && clock_seconds() - session->started >= session->stop_after_s);
}

/* Whether this rank or another was. */
static bool should_stop(void *context)
{
    const struct session *session = context;
    return asked_to_stop(context) || watch_stop_requested(session->ranks);
}

void session_heed_stops(struct session *session, double stop_after_s)
{
    session->stop_after_s = stop_after_s;
    watch_for_stop(session->ranks, asked_to_stop, session);
}

int session_stop_here(struct session *session, const char *when, struct error *err)
{
    if (!should_stop(session))
        return 0;
    return error_set(err, EXIT_CODE_STOPPED, "stopped on request %s; %s goes on", when, same_command_text());
}

static void update(void *context, int64_t done, int64_t total)
{
    const struct session *session = context;
    int64_t done_by_all = watch_report_done(session->ranks, done);
    if (session->ranks->rank == 0)
        reporter_update(session->reporter, done_by_all, total);
}

/* Who asked. */
static const char *stop_reason(struct session *session)
{
    const char *reason = reporter_stop_reason(session->reporter);
    if (reason != NULL)
        return reason;
    return asked_to_stop(session) ? "run.stop_after" : "another rank was asked to";
}

/* Only permutations are finished and saved on a stop, other work is given up: scale is what a unit holds of
 * them. */
static void tell_stopping(void *context, int64_t n_in_flight)
{
    struct session *session = context;
    char text[256], what[128] = "blocks in flight are being finished and saved", count[AMOUNT_BYTES];
    if (session->ranks->rank != 0)
        return;
    if (n_in_flight == 0)
        snprintf(what, sizeof what, "what has begun is finished first");
    else if (session->ranks->size == 1)
        snprintf(what, sizeof what, "%s permutations in flight are being finished and saved",
                 amount_exact(llround((double)n_in_flight * session->scale), count));
    snprintf(text, sizeof text, "stopping (%s): %s", stop_reason(session), what);
    reporter_stopping(session->reporter, text, n_in_flight * session->ranks->size);
    log_info(&session->log, "%s", text);
}

void session_begin_progress(struct session *session, const char *label, const char *unit, double scale,
                            double most)
{
    if (session->ranks->rank == 0)
        reporter_begin(session->reporter, label, unit, scale, most);
    watch_report_done(session->ranks, 0);
    session->scale = scale;
    session->progress = (struct progress_sink){update, session, should_stop, tell_stopping};
}

void session_end_progress(struct session *session)
{
    reporter_end(session->reporter);
}

static void log_failure(struct session *session, const struct error *err)
{
    log_info(&session->log, "%s%s", err->code == EXIT_CODE_STOPPED ? "" : "failed: ", err->message);
}

/* Ends the process after an error that others heard of while messages may be under way (struct runtime). */
static void abandon(void *context, const struct error *err)
{
    struct session *session = context;
    struct error ignored = {0};
    log_failure(session, err);
    if (session->ranks->rank == 0) {
        reporter_end(session->reporter);
        reporter_say(session->reporter, err->message);
    }
    trace_stop(&ignored);
    log_close(&session->log, &ignored);
    ranks_exit(session->ranks, err->code);
}

void session_fail(struct session *session, struct error *err)
{
    if (session->ranks->size > 1 && !session->ranks->ended) { /* others may wait for this rank */
        watch_post_failure(session->ranks, err);
        watch_failure(session->ranks, err);
    }
    if (watch_failed(session->ranks))
        abandon(session, err);
    log_failure(session, err);
}

/* One that goes on adds to the trace of what is finished. Each rank has its own. */
static int start_trace(const struct session *session, const struct study *study, const char *name,
                       bool goes_on, struct error *err)
{
    if (!study->run.trace)
        return 0;
    int rank = session->ranks->rank;
    char *path = rank > 0 ? memory_format(err, "%s/%s.rank-%d.tsv", study->output, name, rank)
                          : memory_format(err, "%s/%s.tsv", study->output, name);
    if (path != NULL)
        trace_start(path, goes_on, session->started, err);
    free(path);
    return err->code;
}

/* How many cores work, and how to use the others. */
static int log_workers(struct session *session, int asked, struct error *err)
{
    const struct runtime *runtime = &session->runtime;
    int most = runtime->most_workers;
    int64_t sums[] = {runtime->n_workers, session->ranks->first_on_host ? session->ranks->n_host_cores : 0,
                      session->ranks->first_on_host, runtime->n_workers > runtime->n_cores};
    if (collectives_sum(session->ranks, sums, 4, err) != 0)
        return err->code;
    long long workers = sums[0], cores = sums[1], hosts = sums[2];
    if (session->ranks->size > 1)
        log_info(&session->log, "ranks: %d on %lld machine%s", session->ranks->size, hosts,
                 hosts == 1 ? "" : "s");
    log_info(&session->log, "workers: %lld of %lld cores; BLAS kernels %s", workers, cores,
             blas_check_core());
    if (asked > most)
        log_run_warning(&session->log, "%d workers of %d: this StarPU was built for at most %d in a process",
                        runtime->n_workers, asked, most);
    if (workers < cores && asked == 0)
        log_info(&session->log,
                 "to use all %lld cores: mpirun -n %lld --bind-to none arete ..., a rank for every %d "
                 "cores",
                 cores, hosts * ((cores / hosts + most - 1) / most), most);
    if (sums[3] > 0)
        log_run_warning(&session->log, "%d workers share %d cores: slower than one worker a core",
                        runtime->n_workers, runtime->n_cores);
    return 0;
}

int session_end_trace(struct session *session, struct error *err)
{
    struct ranks *ranks = session->ranks;
    struct error untraced = {0};
    bool failed = trace_stop(&untraced) != 0;
    if (failed && ranks->rank > 0)
        error_append(&untraced, " (rank %d on %s)", ranks->rank, ranks->host);
    int64_t first = failed ? ranks->size - ranks->rank : 0, count = failed; /* the largest is the first one */
    if (collectives_largest(ranks, &first, 1, err) != 0 || collectives_sum(ranks, &count, 1, err) != 0 ||
        count == 0)
        return err->code;
    if (collectives_broadcast(ranks, &untraced, sizeof untraced, ranks->size - (int)first, err) != 0)
        return err->code;
    if (count > 1)
        error_append(&untraced, "; and so in %lld other ranks", (long long)count - 1);
    log_run_warning(&session->log, "%s", untraced.message);
    return 0;
}

void session_stop_workers(struct session *session)
{
    struct error ignored = {0}; /* the run has failed, or has ended the trace before */
    runtime_stop(&session->runtime);
    trace_stop(&ignored);
}

int session_start_workers(struct session *session, const struct study *study, const char *trace, bool goes_on,
                          struct error *err)
{
    if (start_trace(session, study, trace, goes_on, err) == 0)
        runtime_start(&session->runtime, session->ranks, study->run.workers, err);
    session->runtime.abandon = abandon;
    session->runtime.abandon_context = session;
    if (collectives_agree(session->ranks, err) != 0)
        return err->code;
    return log_workers(session, study->run.workers, err);
}
