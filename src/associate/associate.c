/* The steps of arete associate in their order, each of them elsewhere. */
#include "associate/associate.h"

#include "associate/association_files.h"
#include "associate/association_maps.h"
#include "associate/association_page.h"
#include "associate/association_plots.h"
#include "associate/association_tables.h"
#include "associate/maxima.h"
#include "associate/named_pairs.h"
#include "associate/named_tables.h"
#include "associate/share_study.h"
#include "associate/targets_in_rows.h"
#include "base/amount.h"
#include "base/clock.h"
#include "base/folder.h"
#include "base/memory.h"
#include "base/screen.h"
#include "model/blas/blas_check.h"
#include "model/univariate/student.h"
#include "ranks/collectives.h"
#include "report/page.h"
#include "run/broadcast.h"
#include "run/earlier_outputs.h"
#include "run/prepare.h"
#include "run/record.h"
#include "run/record_lock.h"
#include "run/relative_lists.h"
#include "run/resume.h"
#include "run/same_in_ranks.h"
#include "run/session.h"
#include "study/analysis_cost.h"
#include "study/choices.h"

#include <math.h>
#include <stdlib.h>

/* Who owns what. With several ranks rank 0 reads the input, keeps the campaign and writes the results; the
 * others are told what they need and take part in the graphs. */
struct associate {
    struct session session;
    struct analysis analysis; /* in other ranks the study, the genotypes, the covariates' basis and counts */
    struct targets_in_rows targets;
    struct named_pairs named;
    struct association_graph_output found;
    struct record record;
    struct maxima maxima;
    char *targets_path;
};

static bool is_first(const struct associate *run)
{
    return run->session.ranks->rank == 0;
}

/* After a step of rank 0 alone, or of each alone: its outcome is that of all. */
static int agree(struct associate *run, struct error *err)
{
    return collectives_agree(run->session.ranks, err);
}

static const char log_name[] = "associate.log";

/* The output folder, its lock, so that tables of one folder are of one study, and the log in it. */
static int open_output(struct associate *run, struct error *err)
{
    const char *folder = run->analysis.study.output;
    struct log *log = &run->session.log;
    if (run->analysis.study.associate.permute)
        return prepare_folder(folder, log_name, &run->record, log, err);
    if (folder_make(folder, err) != 0 || record_lock_take(&run->record, err) != 0)
        return err->code;
    return prepare_log(folder, log_name, log, err);
}

/* No tables of before that look finished, once it is known that the run can begin. */
static int clear_output(const struct associate *run, struct error *err)
{
    const char *folder = run->analysis.study.output;
    if (association_files_remove(&run->analysis, err) != 0 || run->record.resumed)
        return err->code;
    return relative_lists_remove(folder, err) == 0
               ? earlier_outputs_remove_traces(folder, "associate-trace", err)
               : err->code;
}

static int check_memory(const struct associate *run, struct error *err)
{
    const struct ranks *ranks = run->session.ranks;
    const struct analysis_spread spread = {
        .n_machines = ranks->n_hosts,
        .ranks_per_machine = (ranks->size + ranks->n_hosts - 1) / ranks->n_hosts,
        .workers_per_rank = runtime_worker_count(run->analysis.study.run.workers)};
    return analysis_check_association(&run->analysis, &spread, err);
}

/* In rank 0. Everything that can be wrong is found before anything is written. */
static int read_input(struct associate *run, struct error *err)
{
    struct analysis *analysis = &run->analysis;
    run->targets_path = folder_path(analysis->study.output, "targets.tsv", err);
    if (err->code == 0)
        association_page_name(&run->record, analysis->study.output, err);
    if (err->code != 0 ||
        (analysis->study.associate.permute ? record_find_earlier(&run->record, err)
                                           : record_lock_enter(&run->record, err)) != 0 ||
        analysis_load_cohort(analysis, false, NULL, err) != 0 ||
        named_pairs_find(&run->named, analysis, err) != 0 || association_files_check(analysis, err) != 0 ||
        check_memory(run, err) != 0 || prepare_early_design(&run->session, analysis, err) != 0)
        return err->code;
    return run->record.resumed ? 0 : open_output(run, err); /* not before it is known to be the same study */
}

static int go_on(struct associate *run, struct error *err)
{
    struct record *record = &run->record;
    struct log *log = &run->session.log;
    const int64_t count = run->analysis.study.permutations.count;
    if (!record->resumed)
        return 0;
    if (resume_check(&run->analysis, &record->campaign, record->campaign_path, err) != 0 ||
        prepare_log(run->analysis.study.output, log_name, log, err) != 0 ||
        record_make_room(record, count, log, err) != 0 || record_open_units(record, count, log, err) != 0 ||
        clear_output(run, err) != 0)
        return err->code;
    log_info(log, "going on with %s", record->campaign_path);
    return 0;
}

/* K is needed for genetic PCs, an unrelated part of the people, and to warn of relatives. */
static int prepare_kinship(struct associate *run, struct error *err)
{
    struct analysis *analysis = &run->analysis;
    struct ranks *ranks = run->session.ranks;
    enum study_precision *precision = &analysis->study.genotypes.precision;
    bool is_known = false, goes_on = run->record.resumed;
    if (run->record.resumed)
        resume_take_choices(&analysis->study, &run->record.campaign);
    if (collectives_broadcast(ranks, precision, sizeof *precision, 0, err) != 0 ||
        collectives_broadcast(ranks, &goes_on, sizeof goes_on, 0, err) != 0 ||
        broadcast_subjects(ranks, analysis, &is_known, err) != 0 ||
        (analysis->study.associate.permute && same_in_ranks_folder(ranks, analysis, &run->record, err) != 0))
        return err->code;
    if (is_first(run) && !goes_on)
        clear_output(run, err);
    if (agree(run, err) != 0 ||
        session_start_workers(&run->session, &analysis->study, "associate-trace", goes_on, err) != 0)
        return err->code;
    return prepare_gram(&run->session, analysis, err);
}

/* In rank 0, what follows from K. The workers sleep meanwhile. */
static int prepare_analysis(struct associate *run, struct error *err)
{
    struct analysis *analysis = &run->analysis;
    const struct campaign *earlier = run->record.resumed ? &run->record.campaign : NULL;
    runtime_pause(&run->session.runtime);
    if (prepare_people(&run->session, analysis, earlier, err) == 0 && go_on(run, err) == 0 &&
        analysis_warn_association(analysis, err) == 0 && relative_lists_write(analysis, err) == 0)
        named_pairs_analysed(&run->named, analysis, err);
    runtime_resume(&run->session.runtime);
    return err->code;
}

/* From the files to all that graphs compute with. */
static int prepare(struct associate *run, const struct run_request *request, struct error *err)
{
    struct session *session = &run->session;
    struct analysis *analysis = &run->analysis;
    run->record.model = CAMPAIGN_UNIVARIATE;
    run->record.fresh = request->fresh;
    if (prepare_study(session, analysis, &run->record, request->study_path, request->sets, err) != 0)
        return err->code;
    analysis->has_no_scores = true;
    if (is_first(run))
        read_input(run, err);
    if (agree(run, err) != 0 || prepare_kinship(run, err) != 0)
        return err->code;
    if (is_first(run))
        prepare_analysis(run, err);
    if (agree(run, err) != 0 || share_study(session, analysis, &run->named, err) != 0 ||
        targets_in_rows_init(&run->targets, session->ranks, analysis,
                             analysis->cohort.genotypes.variants.count, err) != 0)
        return err->code;
    named_pairs_allocate(&run->named, analysis, err);
    if (run->record.resumed || !analysis->study.associate.permute) {
        free(analysis->gram);
        free(analysis->targets);
        analysis->gram = analysis->targets = NULL;
    }
    return agree(run, err);
}

static int check_counts(struct associate *run, struct error *err)
{
    const struct snp_counts *counts = &run->found.counts;
    size_t tested = counts->filtered.n_kept - counts->n_explained;
    if (counts->n_explained > 0)
        log_note(
            &run->session.log,
            "%zu of %zu SNPs not tested: the covariates explain them, or all but 1e-10 of their variance",
            counts->n_explained, counts->filtered.n_kept);
    if (tested > 0)
        return 0;
    return error_set(
        err, EXIT_CODE_BAD_INPUT,
        "genotypes: the covariates explain each of %zu SNPs; expected one that varies beyond them",
        counts->filtered.n_kept);
}

static int correlate(struct associate *run, const struct snp_stream *stream, struct error *err)
{
    struct session *session = &run->session;
    struct association_graph_input input = {.stream = stream,
                                            .targets = &run->targets.view,
                                            .most_hits = (size_t)run->analysis.study.associate.most_hits,
                                            .full = run->named.full};
    run->found.facts =
        memory_zeroed(stream->n_variants, sizeof *run->found.facts, "the SNPs' frequencies", err);
    if (agree(run, err) != 0)
        return err->code;
    double start = clock_seconds();
    session_begin_progress(session, "associating: SNPs", "SNPs/s", 1, 0);
    association_graph_run(&session->runtime, &input, &run->found, &session->progress, err);
    session_end_progress(session);
    if (err->code == 0)
        check_counts(run, err);
    if (agree(run, err) != 0)
        return err->code;
    double seconds = clock_seconds() - start;
    double pairs = (double)(run->found.counts.filtered.n_kept - run->found.counts.n_explained) *
                   (double)run->targets.view.count;
    log_info(&session->log, "associations: %.6g pairs in %.1f s, %.3g a second", pairs, seconds,
             pairs / seconds);
    return 0;
}

/* ln p up to which p_fwer is .05 or less. */
static double limit_log_p(const struct associate *run)
{
    if (run->maxima.p_fwer == NULL)
        return NAN;
    return student_log_p(run->maxima.sketch.maxima.limit, run->targets.view.degrees);
}

static void show_limit(struct associate *run, FILE *screen)
{
    double log_p = limit_log_p(run);
    if (isnan(log_p))
        return;
    char sentence[256], limit[ASSOCIATION_P_BYTES], shared[ASSOCIATION_P_BYTES];
    double pairs = (double)(run->found.counts.filtered.n_kept - run->found.counts.n_explained) *
                   (double)run->targets.view.count;
    snprintf(sentence, sizeof sentence, "p_fwer <= .05 where p <= %s; .05 over the number of pairs: %s",
             association_rows_limit(log_p, limit), association_rows_p(log(0.05 / pairs), 3, shared));
    log_info(&run->session.log, "results: %s", sentence);
    if (screen != NULL)
        screen_print(screen, "%s\n", sentence);
}

/* "3,021 pairs at p <= 1e-05; the smallest is 3.2e-21: rs123 and amygdala" */
static void show(struct associate *run, FILE *screen)
{
    const struct associations *found = &run->found.associations;
    const struct analysis *analysis = &run->analysis;
    const struct association_tables tables = {analysis, &run->targets, &run->found, NULL, NULL};
    int64_t n_hits = 0;
    size_t best = 0;
    double best_p = INFINITY;
    for (size_t t = 0; t < found->n_targets; t++) {
        struct association_row row =
            association_tables_row(&tables, t, (size_t)found->best[t].variant, found->best[t].r);
        n_hits += found->n_hits[t];
        if (row.log_p < best_p) {
            best_p = row.log_p;
            best = t;
        }
    }
    char sentence[512], count[AMOUNT_BYTES], kept[AMOUNT_BYTES], p[ASSOCIATION_P_BYTES];
    struct variant variant =
        variants_get(&analysis->cohort.genotypes.variants, (size_t)found->best[best].variant);
    snprintf(sentence, sizeof sentence, "%s pair%s at p <= %g; the smallest p is %s: %s and %s",
             amount_exact(n_hits, count), n_hits == 1 ? "" : "s", analysis->study.associate.report_p,
             association_rows_p(best_p, 3, p), variant.id,
             analysis->cohort.target_names.items[analysis->target_column[best]]);
    log_info(&run->session.log, "results: %s", sentence);
    if ((size_t)n_hits > found->n_kept)
        log_note(
            &run->session.log,
            "associations.tsv has the %s pairs of the smallest p (associate.most_hits), of %s at p <= %g",
            amount_exact((int64_t)found->n_kept, kept), count, analysis->study.associate.report_p);
    if (screen != NULL)
        screen_print(screen, "%s\n", sentence);
    show_limit(run, screen);
    const char *folder = analysis->study.output;
    bool has_maps = analysis->cohort.regions != NULL;
    if (screen != NULL)
        fprintf(
            screen,
            "\nreport:       %s\nassociations: %s\ntargets:      %s\nplots:        %s/manhattan.svg, qq.svg\n%s%s%slog:          %s/associate.log\n",
            run->record.page_path, run->record.results_path, run->targets_path, folder,
            has_maps ? "maps:         " : "", has_maps ? folder : "", has_maps ? "/maps\n" : "", folder);
}

/* Every pair as it is, then the permutations. */
static int compute(struct associate *run, struct error *err)
{
    struct analysis *analysis = &run->analysis;
    const struct genotype_filter filter = choices_filter(&analysis->study.genotypes);
    const struct snp_source source = {&analysis->cohort.genotypes, prepare_read_calls};
    const struct snp_stream stream = {.source = &source,
                                      .n_variants = analysis->cohort.genotypes.variants.count,
                                      .filter = &filter,
                                      .covariates = &analysis->covariates};
    if (correlate(run, &stream, err) != 0 || !analysis->study.associate.permute)
        return err->code;
    const struct maxima_input input = {analysis, &run->targets, &stream, &run->found};
    return maxima_compute(&run->maxima, &run->session, &run->record, &input, err);
}

/* What was counted came from the file that is there. */
static int check_there(const struct associate *run, struct error *err)
{
    return run->record.units != NULL ? campaign_units_check_there(run->record.units, err) : 0;
}

static int write_tables(struct associate *run, struct error *err)
{
    const struct association_tables tables = {&run->analysis, &run->targets, &run->found, run->maxima.p_snps,
                                              run->maxima.p_fwer};
    if (check_there(run, err) != 0 || association_maps_write(&tables, err) != 0 ||
        named_tables_write(&tables, &run->named, err) != 0 ||
        association_page_fill(&run->record, &tables, err) != 0 ||
        association_plots_write(&tables, &run->record.campaign, &run->named, limit_log_p(run), err) != 0)
        return err->code;
    return association_tables_write(&tables, run->record.results_path, run->targets_path, err);
}

/* What was written of a campaign that is gone by then: none of it is left that looks finished. What goes
 * wrong here says less than err. */
static int take_back(const struct associate *run, const struct error *err)
{
    struct error ignored = {0};
    association_files_remove(&run->analysis, &ignored);
    return err->code;
}

/* In rank 0. */
static int write_results(struct associate *run, FILE *screen, struct error *err)
{
    if (write_tables(run, err) != 0)
        return err->code;
    if (association_page_write(&run->record, &run->analysis, &run->maxima, err) != 0)
        return err->code;
    if (check_there(run, err) != 0)
        return take_back(run, err);
    show(run, screen);
    log_info(&run->session.log, "done in %.1f s", clock_seconds() - run->session.started);
    return 0;
}

static int run_steps(struct associate *run, const struct run_request *request, struct error *err)
{
    log_info(&run->session.log, "arete %s: associate %s", ARETE_VERSION, request->study_path);
    blas_check_single_thread();
    blas_check_run(err);
    if (agree(run, err) != 0 || prepare(run, request, err) != 0 || compute(run, err) != 0 ||
        session_end_trace(&run->session, err) != 0)
        return err->code;
    if (is_first(run))
        write_results(run, request->screen, err);
    return agree(run, err);
}

static void release(struct associate *run)
{
    targets_in_rows_free(&run->targets, run->session.ranks);
    session_stop_workers(&run->session);
    associations_free(&run->found.associations);
    free(run->found.facts);
    named_pairs_free(&run->named);
    maxima_free(&run->maxima);
    record_free(&run->record);
    free(run->targets_path);
    analysis_free(&run->analysis);
}

int associate_study(const struct run_request *request, struct ranks *ranks, struct error *err)
{
    struct associate run = {0};
    if (session_begin(&run.session, ranks, request->reporter, request->warnings, err) != 0)
        return err->code;
    if (run_steps(&run, request, err) != 0)
        session_fail(&run.session, err);
    release(&run);
    return session_end(&run.session, err);
}
