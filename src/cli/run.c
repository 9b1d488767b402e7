/* arete run: the order of a study's steps, each of them elsewhere. */
#include "cli/analysis.h"
#include "cli/analysis_cost.h"
#include "cli/arguments.h"
#include "cli/campaign_fill.h"
#include "cli/command.h"
#include "cli/folder.h"
#include "cli/progress_bar.h"
#include "cli/report.h"

#include "base/memory.h"
#include "model/baseline.h"
#include "model/blas_check.h"
#include "model/observed.h"
#include "tasks/factor_graph.h"
#include "tasks/gram_graph.h"
#include "tasks/permutation_graph.h"
#include "tasks/runtime.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
    "usage: arete run study.yaml [options]\n"
    "\n"
    "Runs a study: reads genotypes, targets and covariates, fits every target in nested cross-validation, "
    "tests it by\n"
    "permutation, and writes results.tsv, campaign.h5 and run.log to the study's output folder.\n"
    "\n"
    "  --set KEY=VALUE   replaces a key of the study file, such as --set permutations.count=100 (may be "
    "repeated)\n"
    "  --threads N       the same as --set run.workers=N\n"
    "  --memory SIZE     the same as --set run.memory=SIZE, such as 8G\n"
    "  --seed S          the same as --set seed=S\n"
    "  --output FOLDER   the same as --set output=FOLDER\n"
    "  --fresh           replaces a campaign that stands in the output folder\n"
    "\n"
    "docs/study-file.md tells about every key. Exit codes: 0 done; 1 it failed; 2 bad command line, study "
    "file or input.\n";

/* What run's steps share. */
struct run {
    struct analysis analysis;
    struct log log;
    struct runtime runtime;
    struct progress_bar bar;
    struct progress_sink progress;
    struct baseline scored, covariates_only; /* covariates_only is used when `scored` is another one */
    struct factors factors;
    struct campaign_content content;
    char *campaign_path, *results_path;
    double started;
};

static void begin_progress(struct run *run, const char *label, const char *unit, double scale, double most)
{
    progress_bar_begin(&run->bar, stderr, label, unit, scale, most);
    run->progress = (struct progress_sink){progress_bar_update, &run->bar};
}

/* The output folder, the log in it, and whether a campaign is in the way. Nothing is written before the input
 * has been read. */
static int open_output(struct run *run, bool fresh, struct error *err)
{
    const char *folder = run->analysis.study.output;
    if (folder_make(folder, err) != 0)
        return err->code;
    run->campaign_path = folder_path(folder, "campaign.h5", err);
    run->results_path = folder_path(folder, "results.tsv", err);
    char *log_path = folder_path(folder, "run.log", err);
    if (err->code == 0 && !fresh && access(run->campaign_path, F_OK) == 0)
        error_set(
            err, EXIT_CODE_BAD_INPUT,
            "%s: a campaign is there already; expected an output folder without one (--fresh replaces it)",
            run->campaign_path);
    if (err->code == 0 && unlink(run->results_path) != 0 &&
        errno != ENOENT) /* a failed run must not leave old results */
        error_set(err, EXIT_CODE_BAD_INPUT, "%s: cannot be replaced: %s", run->results_path, strerror(errno));
    if (err->code == 0)
        log_attach(&run->log, log_path, err);
    free(log_path);
    return err->code;
}

static int start_runtime(struct run *run, struct error *err)
{
    int asked = run->analysis.study.run.workers;
    if (runtime_start(&run->runtime, asked, err) != 0)
        return err->code;
    const struct runtime *runtime = &run->runtime;
    log_info(&run->log, "workers: %d of %d cores; BLAS kernels %s", runtime->n_workers, runtime->n_cores,
             blas_check_core());
    int wanted = asked > 0 ? asked : runtime->n_cores;
    if (wanted > runtime->n_workers)
        log_warning(&run->log, "%d workers of %d: this StarPU was built for at most %d in a process",
                    runtime->n_workers, wanted, runtime->most_workers);
    return 0;
}

static int read_calls(const void *context, size_t first, size_t count, uint8_t *calls, struct error *err)
{
    return plink_read_calls(context, first, count, calls, err);
}

static enum genotype_scale scale_of(enum study_scale scale)
{
    return scale == STUDY_SCALE_SAMPLE ? GENOTYPE_SCALE_SAMPLE
           : scale == STUDY_SCALE_NONE ? GENOTYPE_SCALE_NONE
                                       : GENOTYPE_SCALE_ALLELE_FREQUENCY;
}

static int sum_gram(struct run *run, struct error *err)
{
    struct analysis *analysis = &run->analysis;
    const struct study_genotypes *genotypes = &analysis->study.genotypes;
    size_t n = analysis->cohort.n;
    struct genotype_filter filter = {genotypes->min_allele_frequency, genotypes->max_missing_per_snp,
                                     scale_of(genotypes->scale)};
    struct snp_source source = {&analysis->cohort.plink, read_calls};
    analysis->gram = memory_aligned(n * n, sizeof *analysis->gram, "the Gram matrix (n x n doubles)", err);
    if (analysis->gram == NULL)
        return err->code;
    double start = runtime_seconds();
    begin_progress(run, "reading genotypes: SNPs", "SNPs/s", 512, (double)analysis->cohort.plink.n_snps);
    int code = gram_graph_run(&run->runtime, &source, n, analysis->cohort.plink.n_snps, &filter,
                              analysis->gram, &analysis->snps, &run->progress, err);
    progress_bar_end(&run->bar);
    if (code != 0)
        return code;
    const struct genotype_counts *snps = &analysis->snps;
    log_info(&run->log, "SNPs: %zu dropped: more than %g of their calls missing", snps->n_missing,
             filter.max_missing);
    log_info(&run->log, "SNPs: %zu dropped: do not vary", snps->n_constant);
    log_info(&run->log, "SNPs: %zu dropped: rarer allele under %g", snps->n_rare,
             filter.min_allele_frequency);
    log_info(&run->log, "SNPs: %zu kept; K in %.1f s", snps->n_kept, runtime_seconds() - start);
    return 0;
}

/* Folds and design before K where they can be, so that a study that cannot work is refused before the long
 * part. */
static int prepare(struct run *run, struct error *err)
{
    struct analysis *analysis = &run->analysis;
    if (analysis_draw_folds(analysis, err) != 0 || analysis_build_design(analysis, err) != 0 ||
        analysis_check_memory(analysis, err) != 0 || sum_gram(run, err) != 0)
        return err->code;
    runtime_pause(&run->runtime);
    if (analysis_draw_folds(analysis, err) == 0 && analysis_build_design(analysis, err) == 0 &&
        analysis_prepare_targets(analysis, err) == 0 && analysis_set_penalties(analysis, err) == 0 &&
        analysis_set_permutations(analysis, err) == 0)
        analysis_warn(analysis, err);
    runtime_resume(&run->runtime);
    return err->code;
}

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

/* The operators of every penalty and, on the way, the observed scores in double. */
static int build_factors(struct run *run, struct error *err)
{
    const struct analysis *analysis = &run->analysis;
    struct campaign *campaign = &run->content.campaign;
    struct observed observed;
    double start = runtime_seconds();
    if (observed_init(&observed, analysis->targets, analysis->n_targets, analysis->n_penalties,
                      &analysis->folds, &run->scored, &run->covariates_only, err) != 0)
        return err->code;
    struct factor_graph_input input = {.gram = analysis->gram,
                                       .covariates = &analysis->covariates,
                                       .folds = &analysis->folds,
                                       .penalties = analysis->penalties,
                                       .n_penalties = analysis->n_penalties,
                                       .targets = analysis->targets,
                                       .n_targets = analysis->n_targets,
                                       .observed = &observed};
    begin_progress(run, "building operators: penalties", "penalties/s", 1, 0);
    if (factor_graph_run(&run->factors, &run->runtime, &input, &run->progress, err) == 0) {
        observed_finish(&observed, score_of(&analysis->study), &analysis->folds, analysis->penalties,
                        campaign->r2, campaign->r2_by_fold, campaign->penalty_by_fold, campaign->r);
        log_info(&run->log, "SVD, operators and observed scores in %.1f s; operators %.0f MB",
                 runtime_seconds() - start,
                 factors_bytes_per_penalty(&analysis->folds) * (double)analysis->n_penalties / 1e6);
    }
    progress_bar_end(&run->bar);
    observed_free(&observed);
    return err->code;
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

static int64_t block_units(const struct run *run, double unit_seconds, int64_t n_units)
{
    const struct campaign *campaign = &run->content.campaign;
    int64_t asked = run->analysis.study.run.block_permutations, g = campaign->unit_permutations;
    if (asked > 0)
        return (asked + g - 1) / g;
    size_t unit_bytes = (size_t)g * campaign->n_targets * sizeof(float);
    return permutation_graph_block_units(unit_seconds, unit_bytes, n_units, run->runtime.n_workers);
}

static int run_permutations(struct run *run, struct campaign_units *units, double unit_seconds,
                            struct error *err)
{
    struct campaign *campaign = &run->content.campaign;
    struct permutation_graph_input input = permutation_input(run);
    int64_t n_units = campaign_unit_count(campaign), per_block = block_units(run, unit_seconds, n_units);
    bool *done = memory_zeroed((size_t)n_units, sizeof *done, "the units", err);
    if (done == NULL || campaign_units_done(units, done, err) != 0) {
        free(done);
        return err->code;
    }
    double start = runtime_seconds();
    log_info(&run->log, "permutations: %lld in blocks of %lld", (long long)campaign->n_permutations,
             (long long)(per_block * campaign->unit_permutations));
    begin_progress(run, "permutations", "permutations/s", (double)campaign->unit_permutations,
                   (double)campaign->n_permutations);
    permutation_graph_run(&run->runtime, &input, units, done, n_units, per_block, &run->progress, err);
    progress_bar_end(&run->bar);
    double seconds = runtime_seconds() - start;
    if (err->code == 0)
        log_info(&run->log, "permutations: %lld in %.1f s (%.3g a second)",
                 (long long)campaign->n_permutations, seconds, (double)campaign->n_permutations / seconds);
    free(done);
    return err->code;
}

/* From the observed scores to results.tsv: the campaign file exists from here on. */
static int run_campaign(struct run *run, struct error *err)
{
    struct permutation_graph_input input = permutation_input(run);
    struct campaign *campaign = &run->content.campaign;
    struct campaign_units *units = NULL;
    double unit_seconds = 0;
    if (permutation_graph_observed(&run->runtime, &input, campaign->score, &unit_seconds, err) != 0)
        return err->code;
    match_missing_scores(campaign);
    if (campaign_create(run->campaign_path, campaign, err) != 0 ||
        campaign_units_open(&units, run->campaign_path, err) != 0)
        return err->code;
    free(run->analysis.gram); /* it stands in the file: the permutations have no use for it */
    campaign->gram = run->analysis.gram = NULL;
    if (run_permutations(run, units, unit_seconds, err) == 0) {
        report_write(campaign, units, campaign->n_permutations, run->results_path, stdout, err);
        log_info(&run->log, "done in %.1f s", runtime_seconds() - run->started);
    }
    campaign_units_close(units);
    return err->code;
}

static int run_study(struct run *run, const struct arguments *arguments, struct error *err)
{
    run->started = runtime_seconds();
    log_info(&run->log, "arete %s: %s", ARETE_VERSION, arguments->study_path);
    blas_check_single_thread();
    if (blas_check_run(err) != 0 ||
        analysis_load(&run->analysis, arguments->study_path, &arguments->sets, false, &run->log, err) != 0)
        return err->code;
    log_info(&run->log, "study file with every --set applied:\n%s", run->analysis.study.yaml);
    if (open_output(run, arguments->fresh, err) != 0 || start_runtime(run, err) != 0 ||
        prepare(run, err) != 0 || campaign_content_init(&run->content, &run->analysis, err) != 0 ||
        build_baselines(run, err) != 0 || build_factors(run, err) != 0 || run_campaign(run, err) != 0)
        return err->code;
    printf("\nresults:  %s\ncampaign: %s\nlog:      %s/run.log\n", run->results_path, run->campaign_path,
           run->analysis.study.output);
    return 0;
}

static int run_command(int argc, char **argv, struct error *err)
{
    struct arguments arguments;
    if (arguments_read(&arguments, argc, argv, true, err) != 0)
        return err->code;
    struct run run = {0};
    if (log_init(&run.log, stderr, err) == 0) {
        if (run_study(&run, &arguments, err) != 0)
            log_info(&run.log, "failed: %s", err->message);
        factors_free(&run.factors);
        runtime_stop(&run.runtime);
        baseline_free(&run.scored);
        baseline_free(&run.covariates_only);
        campaign_content_free(&run.content);
        analysis_free(&run.analysis);
        free(run.campaign_path);
        free(run.results_path);
        struct error log_error = {0};
        if (log_close(&run.log, &log_error) != 0 && err->code == 0)
            *err = log_error;
    }
    arguments_free(&arguments);
    return err->code;
}

const struct command command_run = {
    .name = "run",
    .summary = "run a study: from files to results.tsv",
    .help = help,
    .run = run_command,
};
