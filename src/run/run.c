/* A study's steps in their order, each of them elsewhere. */
#include "run/run.h"

#include "base/clock.h"
#include "model/blas/blas_check.h"
#include "ranks/collectives.h"
#include "run/baselines.h"
#include "run/broadcast.h"
#include "run/build_operators.h"
#include "run/earlier_outputs.h"
#include "run/node_operators.h"
#include "run/observe_single.h"
#include "run/permute.h"
#include "run/prediction_lists.h"
#include "run/prepare.h"
#include "run/record.h"
#include "run/report.h"
#include "run/resume.h"
#include "run/same_in_ranks.h"
#include "run/session.h"
#include "run/shared_targets.h"
#include "study/analysis.h"
#include "study/choices.h"

#include <stdlib.h>

/* Who owns what. With several ranks rank 0 reads the input, keeps the campaign and writes the results; the
 * others are told what they need (broadcast.h) and take part in the graphs. */
struct run {
    struct session session;
    struct analysis analysis; /* in other ranks the study, folds, covariates, penalties and permutations */
    struct baselines baselines;
    struct shared_targets targets;
    struct node_operators operators;
    struct record record;
};

static bool is_first(const struct run *run)
{
    return run->session.ranks->rank == 0;
}

/* After a step of rank 0 alone: its outcome is that of all. */
static int agree(struct run *run, struct error *err)
{
    return collectives_agree(run->session.ranks, err);
}

/* From the files to all that graphs compute with. */
static int prepare(struct run *run, const struct run_request *request, struct error *err)
{
    struct session *session = &run->session;
    struct analysis *analysis = &run->analysis;
    struct record *record = &run->record;
    record->fresh = request->fresh;
    if (prepare_study(session, analysis, record, request->study_path, request->sets, err) != 0)
        return err->code;
    if (is_first(run))
        prepare_input(session, analysis, record, &run->operators, err);
    if (agree(run, err) != 0 || broadcast_subjects(session->ranks, analysis, &record->resumed, err) != 0 ||
        same_in_ranks_folder(session->ranks, analysis, record, err) != 0)
        return err->code;
    if (is_first(run) && record->resumed)
        resume_take_gram(analysis, &record->campaign, err);
    else if (is_first(run))
        prepare_clear(analysis, record, err);
    if (agree(run, err) != 0 ||
        session_start_workers(session, &analysis->study, "trace", record->resumed, err) != 0 ||
        (!record->resumed && prepare_gram(session, analysis, err) != 0))
        return err->code;
    if (is_first(run))
        prepare_numbers(session, analysis, record, err);
    if (agree(run, err) != 0 ||
        broadcast_study(session, analysis, &record->campaign, &run->operators.kind, err) != 0 ||
        node_operators_broadcast_builders(&run->operators, session->ranks, err) != 0 ||
        shared_targets_open(&run->targets, session->ranks, analysis->targets,
                            analysis->cohort.n * analysis->n_targets,
                            record->resumed ? 0 : run->operators.n_builders, err) != 0)
        return err->code;
    baselines_init(&run->baselines, choices_baseline(analysis->study.model.baseline), &analysis->covariates,
                   &analysis->folds, err);
    return agree(run, err);
}

static struct permute_input graph_input(struct run *run)
{
    return permute_input(&run->analysis, &run->operators, &run->record.campaign, &run->baselines,
                         run->targets.rounded.bytes);
}

/* Operators, observed scores in double and in float32, and the campaign file with them. */
static int begin_campaign(struct run *run, struct error *err)
{
    struct campaign *campaign = &run->record.campaign;
    build_operators_and_observe(&run->session, &run->analysis, &run->baselines, run->targets.in_double,
                                &run->operators, campaign, err);
    shared_targets_close_double(&run->targets, run->session.ranks);
    struct permute_input input = graph_input(run);
    if (err->code == 0 && !input.orbits)
        observe_single(&run->session, &input, campaign, err);
    if (err->code == 0 && is_first(run))
        record_create(&run->record, run->analysis.gram, run->analysis.targets, err);
    return agree(run, err);
}

/* K and the targets in double stand in the file; the permutations have no use for them. */
static void free_big_arrays(struct run *run)
{
    free(run->analysis.gram);
    free(run->analysis.targets);
    run->analysis.gram = run->analysis.targets = NULL;
}

/* A campaign with room for all permutations, and the operators if any is left to do. */
static int open_campaign(struct run *run, struct error *err)
{
    struct session *session = &run->session;
    struct record *record = &run->record;
    if (!record->resumed && begin_campaign(run, err) != 0)
        return err->code;
    if (is_first(run) && !record->resumed)
        record_open_units(record, run->analysis.study.permutations.count, &session->log, err);
    if (agree(run, err) != 0 || broadcast_units(session->ranks, record, err) != 0)
        return err->code;
    if (record->resumed && record->n_left > 0)
        build_operators_again(session, &run->analysis, &record->campaign, &run->operators, err);
    free_big_arrays(run);
    return err->code;
}

/* The table, the page and maps of a campaign that was gone before they were whole: none is left that looks
 * finished. What goes wrong here says less than err. */
static int take_back(const struct run *run, const struct error *err)
{
    struct error ignored = {0};
    prepare_remove(run->record.results_path, &ignored);
    prepare_remove(run->record.page_path, &ignored);
    if (run->analysis.cohort.regions != NULL)
        earlier_outputs_remove_maps(run->analysis.study.output, &ignored);
    return err->code;
}

/* In rank 0. */
static int write_tables(struct run *run, FILE *screen, struct error *err)
{
    struct record *record = &run->record;
    const struct analysis *analysis = &run->analysis;
    struct report_watch watch = report_watch_of(&run->session);
    struct report_request report = {
        .campaign = &record->campaign,
        .units = record->units,
        .extent = {.n_permutations = analysis->study.permutations.count, .watch = &watch},
        .regions = analysis->cohort.regions,
        .path = record->results_path,
        .page = record->page_path,
        .log = &run->session.log,
        .screen = screen};
    if (campaign_units_check_there(record->units, err) != 0 || report_write(&report, err) != 0)
        return err->code;
    if (campaign_units_check_there(record->units, err) != 0)
        return take_back(run, err);
    if (report_remove_partial(record->results_path, err) != 0 ||
        prediction_lists_write(record->predictions_path, &record->campaign, err) != 0)
        return err->code;
    log_info(&run->session.log, "done in %.1f s", clock_seconds() - run->session.started);
    return 0;
}

static void show_files(const struct run *run, FILE *screen)
{
    const char *folder = run->analysis.study.output;
    if (screen == NULL)
        return;
    fprintf(screen, "\nreport:   %s\nresults:  %s\n", run->record.page_path, run->record.results_path);
    if (run->analysis.cohort.regions != NULL)
        fprintf(screen, "maps:     %s/maps\n", folder);
    fprintf(screen, "campaign: %s\nlog:      %s/run.log\n", run->record.campaign_path, folder);
}

static int run_steps(struct run *run, const struct run_request *request, struct error *err)
{
    struct session *session = &run->session;
    log_info(&session->log, "arete %s: %s", ARETE_VERSION, request->study_path);
    blas_check_single_thread();
    blas_check_run(err);
    if (agree(run, err) != 0 || prepare(run, request, err) != 0 || open_campaign(run, err) != 0)
        return err->code;
    struct permute_input input = graph_input(run);
    if (permute(session, &input, &run->record, err) != 0 || session_end_trace(session, err) != 0)
        return err->code;
    if (is_first(run))
        write_tables(run, request->screen, err);
    if (agree(run, err) == 0 && is_first(run))
        show_files(run, request->screen);
    return err->code;
}

static void release(struct run *run)
{
    struct ranks *ranks = run->session.ranks;
    node_operators_free(&run->operators, ranks);
    shared_targets_close(&run->targets, ranks);
    session_stop_workers(&run->session);
    baselines_free(&run->baselines);
    record_free(&run->record);
    analysis_free(&run->analysis);
}

int run_study(const struct run_request *request, struct ranks *ranks, struct error *err)
{
    struct run run = {0};
    if (session_begin(&run.session, ranks, request->reporter, request->warnings, err) != 0)
        return err->code;
    if (run_steps(&run, request, err) != 0)
        session_fail(&run.session, err);
    release(&run);
    return session_end(&run.session, err);
}
