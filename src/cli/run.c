/* arete run: the order of a study's steps, each of them elsewhere. */
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/run_steps.h"
#include "cli/stop.h"

#include "base/memory.h"
#include "model/blas/blas_check.h"
#include "model/ridge/ridge.h"
#include "ranks/agree.h"
#include "ranks/watch.h"
#include "tasks/trace.h"

#include <stdlib.h>

static const char help[] =
    "usage: arete run study.yaml [options]\n"
    "\n"
    "Runs a study: reads genotypes, targets and covariates, fits every target in nested cross-validation, "
    "tests it by\n"
    "permutation, and writes results.tsv, campaign.h5 and run.log, and maps where targets are images, to "
    "the\n"
    "study's output folder.\n"
    "\n"
    "The same command goes on with a campaign that was interrupted, and adds permutations to one that is "
    "finished when\n"
    "permutations.count has grown. SIGTERM, SIGINT (Ctrl-C) and SIGUSR1 stop a run: what is in flight is "
    "finished and\n"
    "saved, exit code 75. A second Ctrl-C stops at once.\n"
    "\n"
    "Under mpirun or srun all its ranks, on one machine or many, work on one campaign: docs/cluster.md.\n"
    "\n"
    "  --set KEY=VALUE   replaces a key of the study file, such as --set permutations.count=100 (may be "
    "repeated)\n"
    "  --threads N       the same as --set run.workers=N\n"
    "  --memory SIZE     the same as --set run.memory=SIZE, such as 8G\n"
    "  --seed S          the same as --set seed=S\n"
    "  --output FOLDER   the same as --set output=FOLDER\n"
    "  --fresh           starts over: replaces the campaign that stands in the output folder\n"
    "\n"
    "docs/study-file.md tells about every key.\n"
    "Exit codes: 0 done; 1 it failed; 2 bad command line, study file or input; 75 stopped on request, run "
    "again to go on.\n";

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
    if (run->ranks.rank == 0 && err->code == 0)
        step(run, err);
    return agree_outcome(&run->ranks, err);
}

static void update_bar(void *context, int64_t done, int64_t total)
{
    struct run *run = context;
    int64_t done_by_all = watch_share_done(&run->ranks, done);
    if (run->ranks.rank == 0)
        progress_bar_update(&run->bar, done_by_all, total);
}

bool run_asked_to_stop(void *context)
{
    const struct run *run = context;
    return stop_requested(run->started, run->stop_after_s);
}

bool run_should_stop(void *context)
{
    const struct run *run = context;
    return run_asked_to_stop(context) || watch_stop_requested(&run->ranks);
}

int run_stop_here(struct run *run, const char *when, struct error *err)
{
    if (!run_should_stop(run))
        return 0;
    return error_set(err, EXIT_CODE_STOPPED, "stopped on request %s; the same command goes on", when);
}

static void tell_stopping(void *context, int64_t n_in_flight)
{
    struct run *run = context;
    const char *reason = run_asked_to_stop(run) ? stop_reason() : "another rank was asked to";
    if (run->ranks.rank != 0)
        return;
    progress_bar_end(&run->bar);
    if (run->ranks.size > 1) {
        fprintf(stderr, "arete: stopping (%s): blocks in flight are being finished and saved\n", reason);
        log_info(&run->log, "stopping (%s)", reason);
        return;
    }
    int64_t permutations = n_in_flight * run_unit_permutations(run);
    fprintf(stderr, "arete: stopping (%s): %lld permutations in flight are being finished and saved\n",
            reason, (long long)permutations);
    log_info(&run->log, "stopping (%s): %lld permutations in flight", reason, (long long)permutations);
}

void run_begin_progress(struct run *run, const char *label, const char *unit, double scale, double most)
{
    if (run->ranks.rank == 0)
        progress_bar_begin(&run->bar, stderr, label, unit, scale, most);
    watch_share_done(&run->ranks, 0);
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
    if (run->ranks.rank == 0) {
        progress_bar_end(&run->bar);
        command_print_error(err);
        fflush(stderr);
    }
    trace_stop(&ignored);
    log_close(&run->log, &ignored);
    ranks_leave(&run->ranks, err->code);
}

static int run_study(struct run *run, const struct arguments *arguments, struct error *err)
{
    run->started = runtime_seconds();
    log_info(&run->log, "arete %s: %s", ARETE_VERSION, arguments->study_path);
    blas_check_single_thread();
    blas_check_run(err);
    if (agree_outcome(&run->ranks, err) != 0 ||
        run_open(run, arguments->study_path, &arguments->sets, arguments->flag, err) != 0 ||
        run_prepare(run, err) != 0 || run_build(run, err) != 0 || run_finish(run, err) != 0)
        return err->code;
    if (run->ranks.rank == 0)
        printf("\nresults:  %s\ncampaign: %s\nlog:      %s/run.log\n", run->results_path, run->campaign_path,
               run->analysis.study.output);
    return 0;
}

static void run_free(struct run *run)
{
    factors_free(&run->factors, &run->ranks);
    window_close(&run->targets, &run->ranks);
    window_close(&run->targets_double, &run->ranks);
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
static int run_rank(struct run *run, const struct arguments *arguments, struct error *err)
{
    if (run_study(run, arguments, err) != 0) {
        if (run->ranks.size > 1 && !run->ranks.ended) { /* others may wait for this rank */
            watch_post_failure(&run->ranks, err);
            watch_failure(&run->ranks, err);
        }
        if (watch_failed(&run->ranks))
            run_abandon(run, err);
        log_failure(run, err);
    }
    run_free(run);
    struct error log_error = {0};
    if (log_close(&run->log, &log_error) != 0 && err->code == 0)
        *err = log_error;
    return err->code;
}

static int run_command(int argc, char **argv, struct error *err)
{
    static const char *const shortcuts[] = {"threads", "memory", "seed", "output", NULL};
    struct run run = {0};
    struct arguments arguments;
    memory_return_large();
    bool is_joined = stop_install(err) == 0 && ranks_open(&run.ranks, err) == 0;
    if (is_joined) {
        if (arguments_read(&arguments, argc, argv, "fresh", shortcuts, err) == 0)
            log_init(&run.log, run.ranks.rank == 0 ? stderr : NULL, err);
        if (agree_outcome(&run.ranks, err) == 0)
            run_rank(&run, &arguments, err);
        arguments_free(&arguments);
    }
    if (is_joined && run.ranks.rank != 0) /* rank 0 tells it */
        err->message[0] = '\0';
    int code = err->code;
    fflush(stdout);
    if (run.ranks.size > 1 && code != 0)
        command_print_error(err);
    err->message[0] = run.ranks.size > 1 ? '\0' : err->message[0];
    ranks_close(&run.ranks, code);
    return code;
}

const struct command command_run = {
    .name = "run",
    .summary = "run a study: from files to results.tsv; again to go on with it",
    .help = help,
    .run = run_command,
};
