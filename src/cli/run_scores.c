#include "cli/run_steps.h"

#include "cli/report.h"
#include "cli/stop.h"

#include "base/memory.h"
#include "model/observed.h"
#include "tasks/permutation_graph.h"

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

static enum score_kind score_of(const struct study *study)
{
    return study->model.score == STUDY_SCORE_POOLED_R2 ? SCORE_POOLED_R2 : SCORE_MEAN_R2;
}

static int build_baselines(struct run *run, struct error *err)
{
    const struct analysis *analysis = &run->analysis;
    bool test_mean = analysis->study.model.baseline == STUDY_BASELINE_TEST_MEAN;
    if (baseline_init(&run->scored, test_mean ? BASELINE_TEST_MEAN : BASELINE_COVARIATES,
                      &analysis->covariates, &analysis->folds, err) != 0)
        return err->code;
    return baseline_init(&run->covariates_only, BASELINE_COVARIATES, &analysis->covariates, &analysis->folds,
                         err);
}

/* The operators of every penalty; `observed` is filled on the way unless NULL. */
static int build_factors(struct run *run, struct observed *observed, struct error *err)
{
    const struct analysis *analysis = &run->analysis;
    double start = runtime_seconds();
    struct factor_graph_input input = {.gram = analysis->gram,
                                       .covariates = &analysis->covariates,
                                       .folds = &analysis->folds,
                                       .penalties = analysis->penalties,
                                       .n_penalties = analysis->n_penalties,
                                       .targets = observed != NULL ? analysis->targets : NULL,
                                       .n_targets = analysis->n_targets,
                                       .observed = observed};
    run_begin_progress(run, "building operators: penalties", "penalties/s", 1, 0);
    int code = factor_graph_run(&run->factors, &run->runtime, &input, &run->progress, err);
    progress_bar_end(&run->bar);
    if (code == 0)
        log_info(&run->log, "SVD and operators%s in %.1f s; operators %.0f MB",
                 observed != NULL ? " and observed scores" : "", runtime_seconds() - start,
                 factors_bytes_per_penalty(&analysis->folds) * (double)analysis->n_penalties / 1e6);
    return code;
}

static struct permutation_graph_input permutation_input(const struct run *run)
{
    const struct analysis *analysis = &run->analysis;
    return (struct permutation_graph_input){.folds = &analysis->folds,
                                            .factors = &run->factors,
                                            .baseline = &run->scored,
                                            .scheme = &analysis->scheme,
                                            .targets = analysis->targets_single,
                                            .n_targets = analysis->n_targets,
                                            .score = score_of(&analysis->study)};
}

/* A target whose observed score does not exist must have none in float32 either. */
static void match_missing_scores(struct campaign *campaign)
{
    for (size_t t = 0; t < campaign->n_targets; t++)
        if (isnan(campaign->r2[t]))
            campaign->score[t] = NAN;
}

/* Two runs may have begun where there was no campaign yet: the later one must not replace what is done. */
static int create_campaign(struct run *run, struct error *err)
{
    if (!run->fresh && access(run->campaign_path, F_OK) == 0)
        return error_set(err, EXIT_CODE_FAILED,
                         "%s: another run has made it meanwhile; the same command goes on with it",
                         run->campaign_path);
    return campaign_create(run->campaign_path, &run->content.campaign, err);
}

/* How far single precision is from double on the targets as they are. A fold whose two best penalties tie may
 * choose the other one, and then a score differs by more than rounding. */
static void log_precision(struct run *run, const struct campaign *campaign)
{
    const double rounding = 1e-5;
    size_t beyond = 0;
    double largest = 0;
    for (size_t t = 0; t < campaign->n_targets; t++) {
        double difference = fabs((double)campaign->score[t] - campaign->r2[t]);
        beyond += difference > rounding;
        largest = difference > largest && difference <= rounding ? difference : largest;
    }
    log_info(&run->log,
             "precision: observed scores in single and double differ by at most %.1e, and by more than %g "
             "for %zu of %zu targets",
             largest, rounding, beyond, campaign->n_targets);
}

/* Factors, observed scores in double and in float32, and the campaign file with them. */
static int begin_campaign(struct run *run, struct error *err)
{
    const struct analysis *analysis = &run->analysis;
    struct campaign *campaign = &run->content.campaign;
    struct observed observed;
    if (campaign_content_init(&run->content, analysis, err) != 0 ||
        observed_init(&observed, analysis->targets, analysis->n_targets, analysis->n_penalties,
                      &analysis->folds, &run->scored, &run->covariates_only, err) != 0)
        return err->code;
    if (build_factors(run, &observed, err) == 0)
        observed_finish(&observed, score_of(&analysis->study), &analysis->folds, analysis->penalties,
                        campaign->r2, campaign->r2_by_fold, campaign->penalty_by_fold, campaign->r);
    observed_free(&observed);
    struct permutation_graph_input input = permutation_input(run);
    if (err->code != 0 ||
        permutation_graph_observed(&run->runtime, &input, campaign->score, &run->progress, err) != 0)
        return err->code;
    log_precision(run, campaign);
    match_missing_scores(campaign);
    return create_campaign(run, err);
}

/* More permutations than the file has room for: a new file beside it. Fewer: it stays. */
static int make_room(struct run *run, struct error *err)
{
    int64_t asked = run->analysis.study.permutations.count;
    if (asked <= run->earlier.n_permutations)
        return 0;
    log_info(&run->log, "making room for %lld permutations (%lld so far)", (long long)asked,
             (long long)run->earlier.n_permutations);
    if (campaign_extend(run->campaign_path, asked, err) == 0)
        run->earlier.n_permutations = asked;
    return err->code;
}

/* Nobody replaces the file while its lock is held, but another run may have done so just before: this study's
 * scores must not go into another one's file. */
static int check_still_ours(struct run *run, struct error *err)
{
    struct campaign there = {0};
    if (campaign_read_fingerprints(&there, run->campaign_path, err) != 0)
        return err->code;
    if (!campaign_is_same_study(&there, run_campaign(run)) || campaign_units_count(run->units) < run->n_units)
        error_set(err, EXIT_CODE_FAILED,
                  "%s: another run has replaced it meanwhile; the same command says what to do",
                  run->campaign_path);
    campaign_free(&there);
    return err->code;
}

/* Takes the campaign's lock and looks at what is done. */
static int open_units(struct run *run, struct error *err)
{
    int64_t count = run->analysis.study.permutations.count, g = run_campaign(run)->unit_permutations;
    if (campaign_units_open(&run->units, run->campaign_path, err) != 0)
        return err->code;
    run->n_units = run->n_left = (count + g - 1) / g; /* the file may have room for more */
    if (check_still_ours(run, err) != 0)
        return err->code;
    run->done = memory_zeroed((size_t)campaign_units_count(run->units), sizeof *run->done, "the units", err);
    if (run->done == NULL || campaign_units_done(run->units, run->done, err) != 0)
        return err->code;
    for (int64_t u = 0; u < run->n_units; u++)
        run->n_left -= run->done[u];
    return 0;
}

int run_build(struct run *run, struct error *err)
{
    if (build_baselines(run, err) != 0)
        return err->code;
    int code = run->resumed ? make_room(run, err) : begin_campaign(run, err);
    if (code != 0 || open_units(run, err) != 0)
        return err->code;
    if (run->resumed && run->n_left > 0)
        build_factors(run, NULL, err);
    /* K stands in the file; the permutations have no use for it. */
    free(run->analysis.gram);
    free(run->earlier.gram);
    run->analysis.gram = run->content.campaign.gram = run->earlier.gram = NULL;
    return err->code;
}

static int64_t block_units(const struct run *run, const struct campaign *campaign, int64_t units_left)
{
    int64_t asked = run->analysis.study.run.block_permutations, g = campaign->unit_permutations;
    if (asked > 0)
        return (asked + g - 1) / g;
    size_t unit_bytes = (size_t)g * campaign->n_targets * sizeof(float);
    double unit_flops = ridge_flops(&run->analysis.folds) * (double)campaign->n_penalties *
                        (double)campaign->unit_permutations * (double)campaign->n_targets;
    return permutation_graph_block_units(unit_flops, unit_bytes, units_left, run->runtime.n_workers);
}

/* Permutations of this study in the units that run->done marks. */
static int64_t permutations_done(struct run *run)
{
    int64_t count = run->analysis.study.permutations.count, g = run_campaign(run)->unit_permutations, sum = 0;
    for (int64_t u = 0; u < run->n_units; u++)
        sum += run->done[u] ? campaign_unit_size(u, g, count) : 0;
    return sum;
}

/* What is on the disk by now. */
static void tell_stopped(struct run *run, struct error *err)
{
    struct error unread = {0};
    if (campaign_units_done(run->units, run->done, &unread) != 0)
        *err = unread;
    else
        error_set(err, EXIT_CODE_STOPPED,
                  "stopped on request with %lld of %lld permutations saved; the same command goes on",
                  (long long)permutations_done(run), (long long)run->analysis.study.permutations.count);
}

static int run_permutations(struct run *run, struct error *err)
{
    const struct campaign *campaign = run_campaign(run);
    int64_t per_block = block_units(run, campaign, run->n_left), g = campaign->unit_permutations;
    int64_t count = run->analysis.study.permutations.count, done_before = permutations_done(run);
    double start = runtime_seconds();
    log_info(&run->log, "permutations: %lld, of them %lld done; blocks of %lld", (long long)count,
             (long long)done_before, (long long)(per_block * g));
    if (campaign_units_begin(run->units, run->n_units - run->n_left, err) != 0)
        return err->code;
    run_begin_progress(run, "permutations", "permutations/s", (double)g, (double)count);
    struct permutation_graph_input input = permutation_input(run);
    permutation_graph_run(&run->runtime, &input, run->units, run->done, run->n_units, per_block,
                          &run->progress, err);
    progress_bar_end(&run->bar);
    double seconds = runtime_seconds() - start;
    if (err->code == EXIT_CODE_STOPPED)
        tell_stopped(run, err);
    if (err->code == 0)
        log_info(&run->log, "permutations: %lld in %.1f s (%.3g a second)", (long long)(count - done_before),
                 seconds, (double)(count - done_before) / seconds);
    return err->code;
}

int run_finish(struct run *run, struct error *err)
{
    if (run->n_left == 0)
        log_info(&run->log, "permutations: all %lld are done",
                 (long long)run->analysis.study.permutations.count);
    else if (run_permutations(run, err) != 0)
        return err->code;
    if (report_write(run_campaign(run), run->units, run->analysis.study.permutations.count, run->results_path,
                     stdout, err) == 0)
        log_info(&run->log, "done in %.1f s", runtime_seconds() - run->started);
    return err->code;
}
