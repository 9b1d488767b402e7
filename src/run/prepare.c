#include "run/prepare.h"

#include "base/clock.h"
#include "base/folder.h"
#include "base/machine.h"
#include "base/memory.h"
#include "ranks/collectives.h"
#include "ranks/shared_memory.h"
#include "run/earlier_outputs.h"
#include "run/genetic_components.h"
#include "run/outputs.h"
#include "run/record_content.h"
#include "run/relative_lists.h"
#include "run/resume.h"
#include "run/same_in_ranks.h"
#include "study/analysis_relatives.h"
#include "study/choices.h"
#include "study/fingerprint.h"
#include "tasks/gram_graph.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int prepare_study(struct session *session, struct analysis *analysis, struct record *record,
                  const char *study_path, const struct text_list *sets, struct error *err)
{
    if (analysis_load_study(analysis, study_path, sets, &session->log, err) == 0)
        record_name_files(record, analysis->study.output, err);
    if (collectives_agree(session->ranks, err) != 0 ||
        same_in_ranks_study(session->ranks, analysis, record, err) != 0)
        return err->code;
    session_heed_stops(session, analysis->study.run.stop_after_s);
    return analysis->study.run.shared_memory ? 0 : ranks_separate(session->ranks, err);
}

int prepare_remove(const char *results_path, struct error *err)
{
    if (unlink(results_path) == 0 || errno == ENOENT)
        return 0;
    return error_set(err, EXIT_CODE_BAD_INPUT, "%s: cannot be replaced: %s", results_path, strerror(errno));
}

int prepare_log(const char *folder, const char *name, struct log *log, struct error *err)
{
    char *log_path = folder_path(folder, name, err);
    if (log_path != NULL)
        log_attach(log, log_path, err);
    free(log_path);
    return err->code;
}

int prepare_folder(const char *folder, const char *log_name, struct record *record, struct log *log,
                   struct error *err)
{
    if (folder_make(folder, err) != 0 || record_begin(record, err) != 0)
        return err->code;
    return prepare_log(folder, log_name, log, err);
}

int prepare_clear(const struct analysis *analysis, const struct record *record, struct error *err)
{
    return prepare_remove(record->results_path, err) == 0
               ? earlier_outputs_remove(record, analysis->study.output, err)
               : err->code;
}

int prepare_early_design(struct session *session, struct analysis *analysis, struct error *err)
{
    if (session_stop_here(session, "after reading the input", err) != 0)
        return err->code;
    log_info(&session->log, "study file with every --set applied:\n%s", analysis->study.yaml);
    if (analysis_draw_folds(analysis, err) == 0)
        analysis_build_design(analysis, err);
    return err->code;
}

static int load_input(struct session *session, struct analysis *analysis, struct record *record,
                      struct error *err)
{
    if (record_find_earlier(record, err) != 0)
        return err->code;
    int code = record->resumed ? resume_load_cohort(analysis, &record->campaign, err)
                               : analysis_load_cohort(analysis, false, NULL, err);
    if (code != 0 || outputs_check(analysis, err) != 0)
        return err->code;
    return prepare_early_design(session, analysis, err);
}

/* A campaign's file is made when all but the permutations is computed, and memory that ranks share when K is,
 * which may be hours: where there is no room for them, that is said before. Relatives who are left out later
 * may make them smaller. */
static int check_room(const struct session *session, const struct analysis *analysis,
                      const struct record *record, const struct node_operators *operators, struct error *err)
{
    bool may_shrink = analysis->study.genotypes.max_relatedness > 0;
    if (may_shrink ||
        shared_memory_check_room(session->ranks, operators->window_bytes,
                                 "the singular vectors and what is made of them", err) != 0 ||
        folder_make(analysis->study.output, err) != 0)
        return err->code;
    double bytes = operators->campaign_bytes, room = machine_room_bytes(analysis->study.output);
    if (room >= bytes)
        return 0;
    return error_set(err, EXIT_CODE_FAILED, "%s: %s: %.1f MB free; expected %.1f MB for it",
                     record->campaign_path, strerror(ENOSPC), room / 1e6, bytes / 1e6);
}

int prepare_input(struct session *session, struct analysis *analysis, struct record *record,
                  struct node_operators *operators, struct error *err)
{
    if (load_input(session, analysis, record, err) != 0)
        return err->code;
    operators->orbits_are_known = record->resumed;
    operators->orbits = campaign_has_orbits(&record->campaign);
    if (node_operators_place(operators, session, analysis, err) != 0)
        return err->code;
    if (record->resumed || check_room(session, analysis, record, operators, err) != 0)
        return err->code;
    return prepare_folder(analysis->study.output, "run.log", record, &session->log, err);
}

int prepare_read_calls(const void *context, size_t first, size_t count, uint8_t *calls, struct error *err)
{
    return genotypes_read_calls(context, first, count, calls, err);
}

static void log_snps(struct log *log, const struct genotype_counts *snps,
                     const struct genotype_filter *filter, double seconds)
{
    size_t left = snps->n_kept + snps->n_rare;
    log_filter(log, LOG_SNPS, snps->n_missing, left + snps->n_constant, "more than %g of their calls missing",
               filter->max_missing);
    log_filter(log, LOG_SNPS, snps->n_constant, left, "do not vary");
    log_filter(log, LOG_SNPS, snps->n_rare, snps->n_kept, "rarer allele under %g",
               filter->min_allele_frequency);
    log_info(log, "SNPs: %zu kept; K in %.1f s", snps->n_kept, seconds);
    size_t n_read = snps->n_kept + snps->n_missing + snps->n_constant + snps->n_rare;
    if (log_is_large_loss(snps->n_missing, n_read))
        log_warning(
            log,
            "%zu of %zu SNPs dropped: more than %g of their calls missing (genotypes.max_missing_per_snp)",
            snps->n_missing, n_read, filter->max_missing);
    if (snps->n_constant + snps->n_rare > n_read / 2)
        log_note(log,
                 "%zu of %zu SNPs dropped: %zu do not vary, the rarer allele of %zu is under %g "
                 "(genotypes.min_allele_frequency)",
                 snps->n_constant + snps->n_rare, n_read, snps->n_constant, snps->n_rare,
                 filter->min_allele_frequency);
}

int prepare_gram(struct session *session, struct analysis *analysis, struct error *err)
{
    const struct study_genotypes *genotypes = &analysis->study.genotypes;
    size_t n = analysis->cohort.n;
    struct genotype_filter filter = choices_filter(genotypes);
    struct snp_source source = {&analysis->cohort.genotypes, prepare_read_calls};
    if (session->ranks->rank == 0) {
        analysis->gram =
            memory_aligned(n * n, sizeof *analysis->gram, "the Gram matrix (n x n doubles)", err);
        analysis->heterozygosity = memory_aligned(n, sizeof *analysis->heterozygosity, "heterozygosity", err);
    }
    if (collectives_agree(session->ranks, err) != 0)
        return err->code;
    size_t n_snps = analysis->cohort.genotypes.variants.count;
    analysis->gram_is_single = choices_gram_is_single(genotypes->precision, n, n_snps);
    double start = clock_seconds();
    session_begin_progress(session, "reading genotypes: SNPs", "SNPs/s", 1, 0);
    int code = gram_graph_run(
        &session->runtime, &(struct gram_graph_input){&source, n, n_snps, &filter, analysis->gram_is_single},
        &(struct gram_graph_sums){analysis->gram, analysis->heterozygosity}, &analysis->snps,
        &session->progress, err);
    session_end_progress(session);
    if (code == 0)
        log_snps(&session->log, &analysis->snps, &filter, clock_seconds() - start);
    if (code == 0 && analysis->gram_is_single)
        log_info(&session->log, "K: products in single precision, sums in double (genotypes.precision)");
    return code;
}

int prepare_people(struct session *session, struct analysis *analysis, const struct campaign *earlier,
                   struct error *err)
{
    if (session_stop_here(session, "after reading genotypes: nothing is kept of that", err) != 0 ||
        cohort_check_unchanged(&analysis->cohort, err) != 0)
        return err->code;
    if (analysis_drop_relatives(analysis, err) != 0 || analysis_draw_folds(analysis, err) != 0 ||
        genetic_components_find(session, analysis, earlier, err) != 0 ||
        analysis_build_design(analysis, err) != 0 || analysis_prepare_targets(analysis, err) != 0)
        return err->code;
    cohort_release_targets(&analysis->cohort, fingerprint_targets(&analysis->cohort));
    return analysis_set_permutations(analysis, err);
}

/* What follows from K. The workers sleep meanwhile. */
static int prepare_analysis(struct session *session, struct analysis *analysis,
                            const struct campaign *earlier, struct error *err)
{
    runtime_pause(&session->runtime);
    if (prepare_people(session, analysis, earlier, err) == 0 && analysis_set_penalties(analysis, err) == 0)
        analysis_warn(analysis, err);
    runtime_resume(&session->runtime);
    return err->code;
}

/* The campaign that goes on has room for all permutations, and what it lacks is known, before results.tsv of
 * before goes. */
static int go_on(struct session *session, struct analysis *analysis, struct record *record, struct error *err)
{
    const int64_t count = analysis->study.permutations.count;
    struct log *log = &session->log;
    if (resume_check(analysis, &record->campaign, record->campaign_path, err) != 0 ||
        resume_take_numbers(analysis, &record->campaign, err) != 0 ||
        prepare_log(analysis->study.output, "run.log", log, err) != 0 ||
        record_make_room(record, count, log, err) != 0 || record_open_units(record, count, log, err) != 0 ||
        prepare_remove(record->results_path, err) != 0)
        return err->code;
    log_info(log, "going on with %s", record->campaign_path);
    return 0;
}

int prepare_numbers(struct session *session, struct analysis *analysis, struct record *record,
                    struct error *err)
{
    if (prepare_analysis(session, analysis, record->resumed ? &record->campaign : NULL, err) != 0)
        return err->code;
    if (record->resumed)
        return go_on(session, analysis, record, err);
    return relative_lists_write(analysis, err) == 0 ? record_content_fill(&record->campaign, analysis, err)
                                                    : err->code;
}
