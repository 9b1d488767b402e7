#include "run/run_steps.h"

#include "base/clock.h"
#include "base/folder.h"
#include "run/resume.h"
#include "study/analysis_cost.h"
#include "study/choices.h"
#include "study/fingerprint.h"

#include "base/memory.h"
#include "checkpoint/campaign_part.h"
#include "model/blas/blas_check.h"
#include "ranks/agree.h"
#include "ranks/watch.h"
#include "tasks/gram_graph.h"
#include "tasks/trace.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int name_outputs(struct run *run, struct error *err)
{
    const char *folder = run->analysis.study.output;
    run->campaign_path = folder_path(folder, "campaign.h5", err);
    run->results_path = folder_path(folder, "results.tsv", err);
    return err->code;
}

/* The output folder and the log in it. An older results.tsv goes: a run that fails must not leave one that
 * looks finished. */
static int open_output(struct run *run, struct error *err)
{
    const char *folder = run->analysis.study.output;
    if (folder_make(folder, err) != 0)
        return err->code;
    if (unlink(run->results_path) != 0 && errno != ENOENT)
        return error_set(err, EXIT_CODE_BAD_INPUT, "%s: cannot be replaced: %s", run->results_path,
                         strerror(errno));
    char *log_path = folder_path(folder, "run.log", err);
    if (log_path != NULL)
        log_attach(&run->log, log_path, err);
    free(log_path);
    return err->code;
}

/* One that goes on adds to the trace of what is finished. Each rank has its own. */
static int start_trace(const struct run *run, struct error *err)
{
    char name[64] = "trace.tsv";
    if (!run->analysis.study.run.trace)
        return 0;
    if (run->ranks->rank > 0)
        snprintf(name, sizeof name, "trace.rank-%d.tsv", run->ranks->rank);
    char *path = folder_path(run->analysis.study.output, name, err);
    if (path != NULL)
        trace_start(path, run->resumed, run->started, err);
    free(path);
    return err->code;
}

/* How many cores work, and how to use the others. */
static int log_workers(struct run *run, struct error *err)
{
    const struct runtime *runtime = &run->runtime;
    int asked = run->analysis.study.run.workers, most = runtime->most_workers;
    int64_t sums[] = {runtime->n_workers, run->ranks->first_on_host ? ranks_cores_of_host() : 0,
                      run->ranks->first_on_host, runtime->n_workers > runtime->n_cores};
    if (agree_sum(run->ranks, sums, 4, err) != 0)
        return err->code;
    long long workers = sums[0], cores = sums[1], hosts = sums[2];
    if (run->ranks->size > 1)
        log_info(&run->log, "ranks: %d on %lld machines", run->ranks->size, hosts);
    log_info(&run->log, "workers: %lld of %lld cores; BLAS kernels %s", workers, cores, blas_check_core());
    if (asked > most)
        log_warning(&run->log, "%d workers of %d: this StarPU was built for at most %d in a process",
                    runtime->n_workers, asked, most);
    if (workers < cores && asked == 0)
        log_info(&run->log,
                 "to use all %lld cores: mpirun -n %lld --bind-to none arete run ..., a rank for every %d "
                 "cores",
                 cores, hosts * ((cores / hosts + most - 1) / most), most);
    if (sums[3] > 0)
        log_warning(&run->log, "%d workers share %d cores: slower than one worker a core", runtime->n_workers,
                    runtime->n_cores);
    return 0;
}

static int start_runtime(struct run *run, struct error *err)
{
    if (start_trace(run, err) == 0)
        runtime_start(&run->runtime, run->ranks, run->analysis.study.run.workers, err);
    run->runtime.abandon = run_abandon;
    run->runtime.abandon_context = run;
    if (agree_outcome(run->ranks, err) != 0)
        return err->code;
    return log_workers(run, err);
}

/* Before anything is touched or computed; the campaign's own lock is taken when its units are opened. */
static int refuse_while_running(const struct run *run, struct error *err)
{
    char holder[CAMPAIGN_HOLDER_BYTES];
    bool held;
    if (campaign_lock_holder(run->campaign_path, &held, holder, err) != 0 || !held)
        return err->code;
    return error_set(err, EXIT_CODE_FAILED,
                     "%s: another arete run is working on it (%s); wait for it or stop it",
                     run->campaign_path, holder);
}

static int load_study(struct run *run, const char *study_path, const struct text_list *sets,
                      struct error *err)
{
    if (analysis_load_study(&run->analysis, study_path, sets, &run->log, err) == 0)
        name_outputs(run, err);
    if (agree_outcome(run->ranks, err) != 0)
        return err->code;
    run->stop_after_s = run->analysis.study.run.stop_after_s;
    watch_for_stop(run->ranks, run_asked_to_stop, run);
    return run->analysis.study.run.shared_memory ? 0 : ranks_separate(run->ranks, err);
}

int run_place(struct run *run, struct error *err)
{
    const struct ranks *ranks = run->ranks;
    bool nodes_are_known = run->nodes.n_nodes > 0;
    const struct study_model *model = &run->analysis.study.model;
    size_t fewest = analysis_chooses_nodes(model) ? PENALTY_NODES_EXACT_GRID : model->n_penalties;
    struct analysis_spread spread = {.n_machines = ranks->n_hosts,
                                     .ranks_per_machine = (ranks->size + ranks->n_hosts - 1) / ranks->n_hosts,
                                     .workers_per_rank =
                                         runtime_worker_count(run->analysis.study.run.workers),
                                     .n_nodes = (int)(nodes_are_known ? run->nodes.n_nodes : fewest)};
    char why[COST_PLACEMENT_BYTES];
    if (analysis_place(&run->analysis, &spread, &run->placement.kind, why, err) != 0)
        return err->code;
    if (ranks->size > 1 && nodes_are_known)
        log_info(&run->log, "placement: %s", why);
    return 0;
}

static int open_input(struct run *run, struct error *err)
{
    struct analysis *analysis = &run->analysis;
    bool exists = access(run->campaign_path, F_OK) == 0;
    if (exists && refuse_while_running(run, err) != 0)
        return err->code;
    run->resumed = exists && !run->fresh;
    if (run->resumed && campaign_read(&run->earlier, run->campaign_path, err) != 0)
        return err->code;
    int code = run->resumed ? resume_load_cohort(analysis, &run->earlier, err)
                            : analysis_load_cohort(analysis, false, NULL, err);
    if (code != 0 || run_stop_here(run, "after reading the input", err) != 0)
        return err->code;
    log_info(&run->log, "study file with every --set applied:\n%s", analysis->study.yaml);
    /* Folds and design before K where they can be: a study that cannot work is refused before the long part.
     */
    if (analysis_draw_folds(analysis, err) != 0 || analysis_build_design(analysis, err) != 0 ||
        run_place(run, err) != 0)
        return err->code;
    return run->resumed ? 0 : open_output(run, err);
}

int run_open(struct run *run, const struct run_request *request, struct error *err)
{
    run->fresh = request->fresh;
    if (load_study(run, request->study_path, request->sets, err) != 0 ||
        run_on_first(run, open_input, err) != 0)
        return err->code;
    return run_share_subjects(run, err);
}

static int read_calls(const void *context, size_t first, size_t count, uint8_t *calls, struct error *err)
{
    return plink_read_calls(context, first, count, calls, err);
}

static void log_snps(struct run *run, const struct genotype_filter *filter, double seconds)
{
    const struct genotype_counts *snps = &run->analysis.snps;
    log_info(&run->log, "SNPs: %zu dropped: more than %g of their calls missing", snps->n_missing,
             filter->max_missing);
    log_info(&run->log, "SNPs: %zu dropped: do not vary", snps->n_constant);
    log_info(&run->log, "SNPs: %zu dropped: rarer allele under %g", snps->n_rare,
             filter->min_allele_frequency);
    log_info(&run->log, "SNPs: %zu kept; K in %.1f s", snps->n_kept, seconds);
}

static int sum_gram(struct run *run, struct error *err)
{
    struct analysis *analysis = &run->analysis;
    const struct study_genotypes *genotypes = &analysis->study.genotypes;
    size_t n = analysis->cohort.n;
    struct genotype_filter filter = {genotypes->min_allele_frequency, genotypes->max_missing_per_snp,
                                     choices_genotype_scale(genotypes->scale)};
    struct snp_source source = {&analysis->cohort.plink, read_calls};
    if (run->ranks->rank == 0)
        analysis->gram =
            memory_aligned(n * n, sizeof *analysis->gram, "the Gram matrix (n x n doubles)", err);
    if (agree_outcome(run->ranks, err) != 0)
        return err->code;
    double start = clock_seconds();
    run_begin_progress(run, "reading genotypes: SNPs", "SNPs/s", 1, 0);
    int code = gram_graph_run(&run->runtime, &source, n, analysis->cohort.plink.n_snps, &filter,
                              analysis->gram, &analysis->snps, &run->progress, err);
    reporter_end(run->reporter);
    if (code != 0)
        return code;
    log_snps(run, &filter, clock_seconds() - start);
    return 0;
}

/* What follows from K. The workers sleep meanwhile. */
static int prepare_analysis(struct run *run, struct error *err)
{
    struct analysis *analysis = &run->analysis;
    runtime_pause(&run->runtime);
    if (analysis_draw_folds(analysis, err) == 0 && analysis_build_design(analysis, err) == 0 &&
        analysis_prepare_targets(analysis, err) == 0) {
        cohort_release_targets(&analysis->cohort, fingerprint_targets(&analysis->cohort));
        if (analysis_set_penalties(analysis, err) == 0 && analysis_set_permutations(analysis, err) == 0)
            analysis_warn(analysis, err);
    }
    runtime_resume(&run->runtime);
    return err->code;
}

static int take_earlier_gram(struct run *run, struct error *err)
{
    return run->resumed ? resume_take_gram(&run->analysis, &run->earlier, err) : 0;
}

/* What follows from K, in rank 0. */
static int follow_gram(struct run *run, struct error *err)
{
    struct analysis *analysis = &run->analysis;
    if (run_stop_here(run, "after reading genotypes: nothing is kept of that", err) != 0 ||
        prepare_analysis(run, err) != 0)
        return err->code;
    if (!run->resumed)
        return 0;
    if (resume_check(analysis, &run->earlier, run->campaign_path, err) != 0 ||
        resume_take_numbers(analysis, &run->earlier, err) != 0 || open_output(run, err) != 0)
        return err->code;
    log_info(&run->log, "going on with %s", run->campaign_path);
    return 0;
}

int run_prepare(struct run *run, struct error *err)
{
    if (run_on_first(run, take_earlier_gram, err) != 0 || start_runtime(run, err) != 0 ||
        (!run->resumed && sum_gram(run, err) != 0) || run_on_first(run, follow_gram, err) != 0)
        return err->code;
    return run_share_numbers(run, err);
}
