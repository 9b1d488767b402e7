#include "run/run_steps.h"

#include "base/memory.h"
#include "checkpoint/campaign_part.h"
#include "ranks/agree.h"
#include "tasks/permutation_graph.h"

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

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
    if (campaign_parts_remove(run->campaign_path, err) != 0)
        return err->code;
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

static int fill_content(struct run *run, struct error *err)
{
    return campaign_content_init(&run->content, &run->analysis, err);
}

static int keep_scores(struct run *run, struct error *err)
{
    log_precision(run, &run->content.campaign);
    match_missing_scores(&run->content.campaign);
    if (campaign_content_set_nodes(&run->content, &run->nodes, err) != 0)
        return err->code;
    return create_campaign(run, err);
}

/* Factors, observed scores in double and in float32, and the campaign file with them. */
static int begin_campaign(struct run *run, struct error *err)
{
    if (run_on_first(run, fill_content, err) != 0 || run_observe(run, err) != 0)
        return err->code;
    struct permutation_graph_input input = run_permutation_input(run);
    if (permutation_graph_observed(&run->runtime, &input, run->content.campaign.score, &run->progress, err) !=
        0)
        return err->code;
    return run_on_first(run, keep_scores, err);
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

/* Takes the campaign's lock, what other ranks of an earlier run left, and looks at what is done. */
static int open_units(struct run *run, struct error *err)
{
    int64_t count = run->analysis.study.permutations.count, g = run_campaign(run)->unit_permutations, taken;
    if (campaign_units_open(&run->units, run->campaign_path, err) != 0)
        return err->code;
    run->n_units = run->n_left = (count + g - 1) / g; /* the file may have room for more */
    if (check_still_ours(run, err) != 0 ||
        campaign_parts_take(run->units, run->campaign_path, &taken, err) != 0)
        return err->code;
    if (taken > 0)
        log_info(&run->log, "%lld units taken over from part files", (long long)taken);
    run->done = memory_zeroed((size_t)campaign_units_count(run->units), sizeof *run->done, "the units", err);
    if (run->done == NULL || campaign_units_done(run->units, run->done, err) != 0)
        return err->code;
    for (int64_t u = 0; u < run->n_units; u++)
        run->n_left -= run->done[u];
    return 0;
}

/* K and the targets in double stand in the file; the permutations have no use for them. */
static void free_big_arrays(struct run *run)
{
    free(run->analysis.gram);
    free(run->analysis.targets);
    run->analysis.gram = run->content.campaign.gram = NULL;
    run->analysis.targets = run->content.campaign.residual = NULL;
}

int run_build(struct run *run, struct error *err)
{
    if (run_build_baselines(run, err) != 0)
        return err->code;
    int code = run->resumed ? run_on_first(run, make_room, err) : begin_campaign(run, err);
    if (code != 0 || run_on_first(run, open_units, err) != 0 || run_share_units(run, err) != 0)
        return err->code;
    if (run->resumed && run->n_left > 0)
        run_rebuild_operators(run, err);
    free_big_arrays(run);
    return err->code;
}
