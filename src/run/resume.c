#include "run/resume.h"

#include "base/memory.h"
#include "config/study_changes.h"
#include "input/genotypes/genotype_files.h"
#include "input/tables/subject_index.h"
#include "model/blas/blas_check.h"
#include "run/held_against.h"
#include "run/other_study.h"
#include "run/same_places.h"
#include "study/analysis_relatives.h"
#include "study/fingerprint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whether every file of the campaign is as it was; *calls_hash is that of its genotypes. */
static bool all_unchanged(const struct campaign *campaign, uint64_t *calls_hash)
{
    for (size_t f = 0; f < campaign->n_files; f++) {
        if (!other_study_has_file(&campaign->files[f]))
            return false;
        if (genotype_files_has_calls(campaign->files[f].path))
            *calls_hash = campaign->files[f].hash;
    }
    return true;
}

/* Whether the study still names the same files. */
static bool same_files(const struct cohort *cohort, const struct campaign *campaign)
{
    if (cohort->n_files != campaign->n_files)
        return false;
    for (size_t f = 0; f < cohort->n_files; f++)
        if (strcmp(cohort->files[f].path, campaign->files[f].path) != 0)
            return false;
    return true;
}

/* The campaign's hash of a thing; false when it has none. */
static bool find_fingerprint(const struct campaign *campaign, const char *name, uint64_t *hash)
{
    for (size_t k = 0; k < campaign->n_fingerprints; k++)
        if (strcmp(campaign->fingerprints[k].name, name) == 0) {
            *hash = campaign->fingerprints[k].hash;
            return true;
        }
    return false;
}

/* Targets from images; those of a table are few to read, and read again. */
static struct cohort_known_targets known_targets(const struct campaign *campaign)
{
    struct cohort_known_targets targets = {.n_targets = campaign->n_targets_all,
                                           .names = campaign->target_name,
                                           .notes = campaign->target_note,
                                           .analysed = campaign->target_analysed};
    if (find_fingerprint(campaign, "targets", &targets.hash))
        targets.values = campaign->residual;
    return targets;
}

/* Whether the study asks for the same of its files: one list may have been `extract` and be `exclude` now. */
static bool asks_for_the_same(const struct study *study, const struct campaign *campaign)
{
    struct error unheard = {0}; /* without memory to compare them the files are read again */
    char *changes = study_changes(campaign->yaml, study->yaml, &unheard);
    bool same = changes != NULL && changes[0] == '\0';
    free(changes);
    return same;
}

int resume_load_cohort(struct analysis *analysis, const struct campaign *campaign, struct error *err)
{
    struct cohort_known known = {.fid = campaign->fid, .iid = campaign->iid, .n = campaign->n};
    known.targets = known_targets(campaign);
    if (!asks_for_the_same(&analysis->study, campaign) || !all_unchanged(campaign, &known.calls_hash))
        return analysis_load_cohort(analysis, false, NULL, err);
    if (analysis_load_cohort(analysis, false, &known, err) != 0 || same_files(&analysis->cohort, campaign))
        return err->code;
    cohort_free(&analysis->cohort);
    return analysis_load_cohort(analysis, false, NULL, err);
}

int resume_find_subjects(const struct analysis *analysis, const struct campaign *campaign, size_t *position,
                         struct error *err)
{
    const struct cohort *cohort = &analysis->cohort;
    struct subject_index index;
    if (subject_index_init(&index, campaign->fid, campaign->iid, campaign->n, false, err) != 0)
        return err->code;
    for (size_t i = 0; err->code == 0 && i < cohort->n; i++) {
        ptrdiff_t found = subject_index_find(&index, cohort->fid.items[i], cohort->iid.items[i]);
        if (found == TEXT_NOT_FOUND)
            other_study_refuse(analysis, campaign, "subjects", err);
        position[i] = (size_t)found;
    }
    subject_index_free(&index);
    return err->code;
}

static void take_heterozygosity(struct analysis *analysis, const struct campaign *campaign,
                                const size_t *position, struct error *err)
{
    size_t n = analysis->cohort.n;
    analysis->heterozygosity = memory_aligned(n, sizeof *analysis->heterozygosity, "heterozygosity", err);
    for (size_t i = 0; analysis->heterozygosity != NULL && i < n; i++)
        analysis->heterozygosity[i] = campaign->heterozygosity[position[i]];
}

/* Whoever left for relatives when the campaign was begun leaves again. Where the calls were not read again
 * nobody of them is there. */
static int drop_relatives(struct analysis *analysis, const struct campaign *campaign, struct error *err)
{
    analysis->relatives.are_dropped = true;
    analysis->relatives.n_dropped = campaign->n_relatives_dropped;
    if (campaign->n_relatives_dropped == 0 || analysis->cohort.n == campaign->n)
        return 0;
    return analysis_drop_listed(analysis, campaign->relatives_dropped, campaign->n_relatives_dropped, err);
}

int resume_take_gram(struct analysis *analysis, struct campaign *campaign, struct error *err)
{
    if (drop_relatives(analysis, campaign, err) != 0)
        return err->code;
    size_t n = analysis->cohort.n;
    if (n != campaign->n)
        return other_study_refuse(analysis, campaign, "subjects", err);
    size_t *position = memory_zeroed(n, sizeof *position, "the campaign's subjects", err);
    analysis->gram = memory_aligned(n * n, sizeof *analysis->gram, "the Gram matrix (n x n doubles)", err);
    if (position != NULL && analysis->gram != NULL &&
        resume_find_subjects(analysis, campaign, position, err) == 0)
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++)
                analysis->gram[i * n + j] = campaign->gram[position[i] * n + position[j]];
    if (err->code == 0 && campaign->heterozygosity != NULL)
        take_heterozygosity(analysis, campaign, position, err);
    free(position);
    free(campaign->gram);
    campaign->gram = NULL;
    analysis->snps.n_kept = (size_t)campaign->n_snps;
    analysis->gram_is_single = campaign->gram_is_single != 0;
    return err->code;
}

static enum study_method method_of(const struct campaign *campaign)
{
    bool single = campaign->model != NULL && campaign->n_shifts == 1; /* orbits of one permutation */
    return campaign_has_orbits(campaign) && !single ? STUDY_METHOD_ORBITS : STUDY_METHOD_INDEPENDENT;
}

static enum study_precision precision_of(const struct campaign *campaign)
{
    return campaign->gram_is_single != 0 ? STUDY_PRECISION_SINGLE : STUDY_PRECISION_DOUBLE;
}

void resume_take_choices(struct study *study, const struct campaign *campaign)
{
    if (study->genotypes.precision == STUDY_PRECISION_AUTO)
        study->genotypes.precision = precision_of(campaign);
}

/* A key that is in no fingerprint, because `auto` goes on with what is there, and asks for something else;
 * NULL: none does. */
static const char *other_choice(const struct study *study, const struct campaign *campaign)
{
    enum study_predictions predictions =
        campaign->n_predicted > 0 ? STUDY_PREDICTIONS_YES : STUDY_PREDICTIONS_NO;
    if (study->genotypes.precision != STUDY_PRECISION_AUTO &&
        study->genotypes.precision != precision_of(campaign))
        return "genotypes.precision";
    if (study->permutations.method != STUDY_METHOD_AUTO && study->permutations.method != method_of(campaign))
        return "permutations.method";
    if (campaign->model == NULL && study->run.predictions != STUDY_PREDICTIONS_AUTO &&
        study->run.predictions != predictions)
        return "run.predictions";
    return NULL;
}

/* Whether the same targets were found worth analysing. */
static bool same_analysed(const struct analysis *analysis, const struct campaign *campaign)
{
    if (analysis->n_targets != campaign->n_targets || analysis->cohort.n_targets != campaign->n_targets_all)
        return false;
    for (size_t t = 0; t < analysis->n_targets; t++)
        if (!campaign->target_analysed[analysis->target_column[t]])
            return false;
    return true;
}

/* The fingerprints that differ, with commas between them; "" for none. */
static void list_changed(const struct analysis *analysis, const struct campaign *campaign, char *changed,
                         size_t size)
{
    struct campaign_fingerprint now[FINGERPRINT_MOST];
    size_t count = fingerprint_fill(analysis, now);
    *changed = '\0';
    for (size_t k = 0; k < count; k++) {
        uint64_t before;
        if (campaign->model != NULL && fingerprint_is_of_ridge(now[k].name))
            continue;
        if (find_fingerprint(campaign, now[k].name, &before) && before == now[k].hash)
            continue;
        size_t used = strlen(changed);
        snprintf(changed + used, size - used, "%s%s", used > 0 ? ", " : "", now[k].name);
    }
}

int resume_check(const struct analysis *analysis, const struct campaign *campaign, const char *campaign_path,
                 struct error *err)
{
    char changed[512];
    list_changed(analysis, campaign, changed, sizeof changed);
    const char *choice = other_choice(&analysis->study, campaign);
    if (changed[0] == '\0' && choice != NULL)
        snprintf(changed, sizeof changed, "%s", choice);
    if (changed[0] != '\0')
        return other_study_refuse(analysis, campaign, changed, err);
    if (!same_analysed(analysis, campaign))
        return other_study_refuse(analysis, campaign, "analysed targets", err);
    if (same_places_check(analysis, campaign, err) != 0 ||
        held_against_study(analysis, campaign, campaign_path, err) != 0)
        return err->code;
    if (strcmp(campaign->blas_core, blas_check_core()) != 0)
        log_run_warning(
            analysis->log,
            "%s was begun with OpenBLAS's %s kernels and goes on with %s: scores computed from here "
            "on may differ in "
            "the last digits",
            campaign_path, campaign->blas_core, blas_check_core());
    return 0;
}

static int take_design(struct analysis *analysis, const struct campaign *campaign, struct error *err)
{
    size_t n = campaign->n, c = campaign->n_covariates;
    if (analysis->covariates.c == c &&
        memcmp(analysis->covariates.design, campaign->covariates, n * c * sizeof(double)) == 0)
        return 0;
    bool *kept = memory_zeroed(c, sizeof *kept, "the covariates", err);
    covariates_free(&analysis->covariates);
    if (kept != NULL)
        covariates_init(&analysis->covariates, campaign->covariates, n, c, kept, err);
    free(kept);
    return err->code;
}

int resume_take_numbers(struct analysis *analysis, struct campaign *campaign, struct error *err)
{
    free(analysis->targets);
    analysis->targets = campaign->residual;
    campaign->residual = NULL;
    memcpy(analysis->penalties, campaign->penalty, campaign->n_penalties * sizeof *analysis->penalties);
    if (take_design(analysis, campaign, err) != 0)
        return err->code;
    if (analysis->covariates.c != campaign->n_covariates)
        return other_study_refuse(analysis, campaign, "covariates", err);
    size_t cells = campaign->n * campaign->n_covariates;
    campaign->covariate_basis = memory_aligned(cells, sizeof(double), "the covariates", err);
    if (campaign->covariate_basis != NULL)
        memcpy(campaign->covariate_basis, analysis->covariates.basis, cells * sizeof(double));
    return err->code;
}
