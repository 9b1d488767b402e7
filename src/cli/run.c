/* arete run: the order of a study's steps, each of them elsewhere. */
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/run_steps.h"
#include "cli/stop.h"

#include "model/blas_check.h"

#include <stdlib.h>

static const char help[] =
    "usage: arete run study.yaml [options]\n"
    "\n"
    "Runs a study: reads genotypes, targets and covariates, fits every target in nested cross-validation, "
    "tests it by\n"
    "permutation, and writes results.tsv, campaign.h5 and run.log to the study's output folder.\n"
    "\n"
    "The same command goes on with a campaign that was interrupted, and adds permutations to one that is "
    "finished when\n"
    "permutations.count has grown. SIGTERM, SIGINT (Ctrl-C) and SIGUSR1 stop a run: what is in flight is "
    "finished and\n"
    "saved, exit code 75. A second Ctrl-C stops at once.\n"
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

static void update_bar(void *context, int64_t done, int64_t total)
{
    struct run *run = context;
    progress_bar_update(&run->bar, done, total);
}

static bool should_stop(void *context)
{
    const struct run *run = context;
    return stop_requested(run->started, run->analysis.study.run.stop_after_s);
}

static void tell_stopping(void *context, int64_t n_in_flight)
{
    struct run *run = context;
    int64_t permutations = n_in_flight * run_campaign(run)->unit_permutations;
    progress_bar_end(&run->bar);
    fprintf(stderr, "arete: stopping (%s): %lld permutations in flight are being finished and saved\n",
            stop_reason(), (long long)permutations);
    log_info(&run->log, "stopping (%s): %lld permutations in flight", stop_reason(), (long long)permutations);
}

void run_begin_progress(struct run *run, const char *label, const char *unit, double scale, double most)
{
    progress_bar_begin(&run->bar, stderr, label, unit, scale, most);
    run->progress = (struct progress_sink){update_bar, run, should_stop, tell_stopping};
}

static int run_study(struct run *run, const struct arguments *arguments, struct error *err)
{
    run->started = runtime_seconds();
    log_info(&run->log, "arete %s: %s", ARETE_VERSION, arguments->study_path);
    blas_check_single_thread();
    if (stop_install(err) != 0 || blas_check_run(err) != 0 ||
        run_open(run, arguments->study_path, &arguments->sets, arguments->flag, err) != 0 ||
        run_prepare(run, err) != 0 || run_build(run, err) != 0 || run_finish(run, err) != 0)
        return err->code;
    printf("\nresults:  %s\ncampaign: %s\nlog:      %s/run.log\n", run->results_path, run->campaign_path,
           run->analysis.study.output);
    return 0;
}

static void run_free(struct run *run)
{
    factors_free(&run->factors);
    runtime_stop(&run->runtime);
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

static int run_command(int argc, char **argv, struct error *err)
{
    struct arguments arguments;
    if (arguments_read(&arguments, argc, argv, "fresh", err) != 0)
        return err->code;
    struct run run = {0};
    if (log_init(&run.log, stderr, err) == 0) {
        if (run_study(&run, &arguments, err) != 0)
            log_info(&run.log, "%s%s", err->code == EXIT_CODE_STOPPED ? "" : "failed: ", err->message);
        run_free(&run);
        struct error log_error = {0};
        if (log_close(&run.log, &log_error) != 0 && err->code == 0)
            *err = log_error;
    }
    arguments_free(&arguments);
    return err->code;
}

const struct command command_run = {
    .name = "run",
    .summary = "run a study: from files to results.tsv; again to go on with it",
    .help = help,
    .run = run_command,
};
