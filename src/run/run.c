/* The order of a study's steps, each of them elsewhere. */
#include "run/run.h"

#include "run/run_steps.h"

#include "base/clock.h"
#include "base/memory.h"
#include "model/blas/blas_check.h"
#include "model/ridge/ridge.h"
#include "ranks/agree.h"
#include "ranks/watch.h"
#include "tasks/trace.h"

#include <stdlib.h>

struct campaign *run_campaign(struct run *run)
{
    return run->resumed ? &run->earlier : &run->content.campaign;
}

int64_t run_unit_permutations(const struct run *run)
{
    return (int64_t)ridge_grid_of(run->analysis.n_targets).unit_permutations;
}

int run_on_first(struct run *run, int (*step)(struct run *run, struct error *err), struct error *err)
{
    if (run->ranks->rank == 0 && err->code == 0)
        step(run, err);
    return agree_outcome(run->ranks, err);
}

static void update_bar(void *context, int64_t done, int64_t total)
{
    struct run *run = context;
    int64_t done_by_all = watch_share_done(run->ranks, done);
    if (run->ranks->rank == 0)
        reporter_update(run->reporter, done_by_all, total);
}

bool run_asked_to_stop(void *context)
{
    const struct run *run = context;
    return reporter_should_stop(run->reporter) ||
           (run->stop_after_s > 0 && clock_seconds() - run->started >= run->stop_after_s);
}

bool run_should_stop(void *context)
{
    const struct run *run = context;
    return run_asked_to_stop(context) || watch_stop_requested(run->ranks);
}

int run_stop_here(struct run *run, const char *when, struct error *err)
{
    if (!run_should_stop(run))
        return 0;
    return error_set(err, EXIT_CODE_STOPPED, "stopped on request %s; the same command goes on", when);
}

/* Who asked. */
static const char *stop_reason(struct run *run)
{
    const char *reason = reporter_stop_reason(run->reporter);
    if (reason != NULL)
        return reason;
    return run_asked_to_stop(run) ? "run.stop_after" : "another rank was asked to";
}

static void tell_stopping(void *context, int64_t n_in_flight)
{
    struct run *run = context;
    char text[256], in_flight[64] = "blocks";
    if (run->ranks->rank != 0)
        return;
    if (run->ranks->size == 1)
        snprintf(in_flight, sizeof in_flight, "%lld permutations",
                 (long long)(n_in_flight * run_unit_permutations(run)));
    reporter_end(run->reporter);
    snprintf(text, sizeof text, "stopping (%s): %s in flight are being finished and saved", stop_reason(run),
             in_flight);
    reporter_say(run->reporter, text);
    log_info(&run->log, "%s", text);
}

void run_begin_progress(struct run *run, const char *label, const char *unit, double scale, double most)
{
    if (run->ranks->rank == 0)
        reporter_begin(run->reporter, label, unit, scale, most);
    watch_share_done(run->ranks, 0);
    run->progress = (struct progress_sink){update_bar, run, run_should_stop, tell_stopping};
}

static void log_failure(struct run *run, const struct error *err)
{
    log_info(&run->log, "%s%s", err->code == EXIT_CODE_STOPPED ? "" : "failed: ", err->message);
}

void run_abandon(void *context, const struct error *err)
{
    struct run *run = context;
    struct error ignored = {0};
    log_failure(run, err);
    if (run->ranks->rank == 0) {
        reporter_end(run->reporter);
        reporter_say(run->reporter, err->message);
    }
    trace_stop(&ignored);
    log_close(&run->log, &ignored);
    ranks_leave(run->ranks, err->code);
}

static int run_steps(struct run *run, const struct run_request *request, struct error *err)
{
    run->started = clock_seconds();
    log_info(&run->log, "arete %s: %s", ARETE_VERSION, request->study_path);
    blas_check_single_thread();
    blas_check_run(err);
    if (agree_outcome(run->ranks, err) != 0 || run_open(run, request, err) != 0 ||
        run_prepare(run, err) != 0 || run_build(run, err) != 0 || run_finish(run, err) != 0)
        return err->code;
    if (run->ranks->rank == 0)
        fprintf(run->screen, "\nresults:  %s\ncampaign: %s\nlog:      %s/run.log\n", run->results_path,
                run->campaign_path, run->analysis.study.output);
    return 0;
}

static void run_free(struct run *run)
{
    factors_free(&run->factors, run->ranks);
    window_close(&run->targets, run->ranks);
    window_close(&run->targets_double, run->ranks);
    placement_free(&run->placement);
    penalty_nodes_free(&run->nodes);
    runtime_stop(&run->runtime);
    struct error untraced = {0};
    if (trace_stop(&untraced) != 0)
        log_warning(&run->log, "%s", untraced.message);
    baseline_free(&run->scored);
    baseline_free(&run->covariates_only);
    campaign_units_close(run->units);
    free(run->done);
    campaign_content_free(&run->content);
    campaign_free(&run->earlier);
    analysis_free(&run->analysis);
    free(run->campaign_path);
    free(run->results_path);
}

/* One rank of a run, as far as it goes. */
static int run_rank(struct run *run, const struct run_request *request, struct error *err)
{
    if (run_steps(run, request, err) != 0) {
        if (run->ranks->size > 1 && !run->ranks->ended) { /* others may wait for this rank */
            watch_post_failure(run->ranks, err);
            watch_failure(run->ranks, err);
        }
        if (watch_failed(run->ranks))
            run_abandon(run, err);
        log_failure(run, err);
    }
    run_free(run);
    struct error log_error = {0};
    if (log_close(&run->log, &log_error) != 0 && err->code == 0)
        *err = log_error;
    return err->code;
}

int run_study(const struct run_request *request, struct ranks *ranks, struct error *err)
{
    struct run run = {.ranks = ranks, .reporter = request->reporter, .screen = request->screen};
    log_init(&run.log, ranks->rank == 0 ? request->warnings : NULL, err);
    if (agree_outcome(ranks, err) != 0)
        return err->code;
    return run_rank(&run, request, err);
}
