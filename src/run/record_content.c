#include "run/record_content.h"

#include "base/memory.h"
#include "base/text.h"
#include "images/region_centres.h"
#include "model/blas/blas_check.h"
#include "model/ridge/ridge.h"
#include "study/analysis_relatives.h"
#include "study/choices.h"
#include "study/fingerprint.h"

#include <stdlib.h>
#include <string.h>

static const char WHAT[] = "the campaign's content";

static void *copy(const void *values, size_t count, size_t size, struct error *err)
{
    void *copied = memory_aligned(count, size, WHAT, err);
    if (copied != NULL && count > 0)
        memcpy(copied, values, count * size);
    return copied;
}

static char **copy_texts(char *const *texts, size_t count, struct error *err)
{
    char **copied = memory_zeroed(count, sizeof *copied, WHAT, err);
    for (size_t i = 0; copied != NULL && i < count; i++)
        copied[i] = memory_string(texts[i], err);
    return copied;
}

/* The notes of a target: its own, or for an analysed one what concerns every p-value of the study. */
static char *joined_note(const struct analysis *analysis, size_t target, struct error *err)
{
    char *note = memory_string(analysis->target_notes[target], err);
    for (size_t k = 0; k < analysis->notes.count; k++)
        note = text_add_note(note, analysis->notes.items[k], err);
    return note;
}

static void fill_targets(struct campaign *campaign, const struct analysis *analysis, struct error *err)
{
    const struct cohort *cohort = &analysis->cohort;
    size_t all = cohort->n_targets;
    campaign->n_targets_all = all;
    campaign->n_targets = analysis->n_targets;
    campaign->target_name = copy_texts(cohort->target_names.items, all, err);
    campaign->target_n = copy(analysis->target_n, all, sizeof *campaign->target_n, err);
    campaign->target_n_missing = copy(cohort->target_n_missing, all, sizeof *campaign->target_n_missing, err);
    campaign->target_note = memory_zeroed(all, sizeof *campaign->target_note, WHAT, err);
    campaign->target_analysed = memory_zeroed(all, sizeof *campaign->target_analysed, WHAT, err);
    if (err->code != 0)
        return;
    for (size_t t = 0; t < analysis->n_targets; t++)
        campaign->target_analysed[analysis->target_column[t]] = 1;
    for (size_t i = 0; i < all && err->code == 0; i++)
        campaign->target_note[i] = campaign->target_analysed[i]
                                       ? joined_note(analysis, i, err)
                                       : memory_string(analysis->target_notes[i], err);
}

/* Where the targets of images lie. */
static void fill_places(struct campaign *campaign, const struct regions *regions, struct error *err)
{
    campaign->n_placed = regions != NULL ? regions->n_targets : 0;
    campaign->target_mm = memory_zeroed(3 * campaign->n_placed, sizeof *campaign->target_mm, WHAT, err);
    if (campaign->target_mm != NULL && regions != NULL)
        region_centres(regions, campaign->target_mm);
}

/* Which voxels they are, and what maps are drawn over. */
static void fill_maps(struct campaign *campaign, const struct cohort *cohort, struct error *err)
{
    const struct regions *regions = cohort->regions;
    if (regions == NULL || regions->n_voxels == 0)
        return;
    campaign->n_mapped = regions->n_voxels;
    campaign->map_voxel = memory_zeroed(regions->n_voxels, sizeof *campaign->map_voxel, WHAT, err);
    for (size_t v = 0; campaign->map_voxel != NULL && v < regions->n_voxels; v++)
        campaign->map_voxel[v] = (int64_t)regions->voxel[v];
    campaign->map_target = copy(regions->target, regions->n_voxels, sizeof *campaign->map_target, err);
    campaign->map_size = copy(regions->grid.size, 3, sizeof *campaign->map_size, err);
    campaign->map_affine = copy(regions->grid.affine, 12, sizeof *campaign->map_affine, err);
    campaign->map_space = regions->grid.space;
    if (cohort->mean_greys == NULL)
        return;
    campaign->n_mean = cohort->n_mean;
    campaign->mean_stride = (int64_t)cohort->mean_stride;
    campaign->mean_greys = copy(cohort->mean_greys, cohort->n_mean, sizeof *campaign->mean_greys, err);
}

static void fill_subjects(struct campaign *campaign, const struct analysis *analysis, struct error *err)
{
    const struct permutation_scheme *scheme = &analysis->scheme;
    size_t n = analysis->cohort.n;
    campaign->n = n;
    campaign->fid = copy_texts(analysis->cohort.fid.items, n, err);
    campaign->iid = copy_texts(analysis->cohort.iid.items, n, err);
    campaign->seed = analysis->study.seed;
    campaign->exchangeability = memory_zeroed(n, sizeof *campaign->exchangeability, WHAT, err);
    for (size_t b = 0; campaign->exchangeability != NULL && b < scheme->n_blocks; b++)
        for (size_t k = scheme->start[b]; k < scheme->start[b + 1]; k++)
            campaign->exchangeability[scheme->members[k]] = (int32_t)b;
}

/* How related pairs are, from -1 to 1.25. */
static void fill_related(struct campaign *campaign, const struct analysis *analysis, struct error *err)
{
    enum { BINS = 180 };
    const struct relatives relatives = analysis_relatives(analysis);
    if (analysis->gram == NULL)
        return;
    campaign->related_low = -1;
    campaign->related_step = 1.0 / 80;
    campaign->n_related_bins = BINS;
    campaign->related_pairs = memory_zeroed(BINS, sizeof *campaign->related_pairs, WHAT, err);
    if (campaign->related_pairs != NULL)
        relatives_count(&relatives, campaign->related_low, campaign->related_step, BINS,
                        campaign->related_pairs);
}

static void fill_relatives(struct campaign *campaign, const struct analysis *analysis, struct error *err)
{
    const struct text_list *dropped = &analysis->relatives.dropped;
    campaign->heterozygosity =
        copy(analysis->heterozygosity, analysis->cohort.n, sizeof *campaign->heterozygosity, err);
    fill_related(campaign, analysis, err);
    campaign->n_relatives_dropped = dropped->count;
    campaign->relatives_dropped = copy_texts(dropped->items, dropped->count, err);
}

static void fill_model(struct campaign *campaign, const struct analysis *analysis, struct error *err)
{
    const struct covariates *covariates = &analysis->covariates;
    const struct folds *folds = &analysis->folds;
    size_t cells = covariates->n * covariates->c;
    campaign->n_covariates = covariates->c;
    campaign->covariate_name = copy_texts(analysis->covariate_names.items, covariates->c, err);
    campaign->covariates = copy(covariates->design, cells, sizeof *covariates->design, err);
    campaign->covariate_basis = copy(covariates->basis, cells, sizeof *covariates->basis, err);
    campaign->n_outer = folds->n_outer;
    campaign->n_inner = (int32_t)folds->n_inner;
    campaign->outer_fold = copy(folds->outer, folds->n, sizeof *folds->outer, err);
    campaign->inner_fold = copy(folds->inner, folds->n_outer * folds->n, sizeof *folds->inner, err);
    campaign->n_penalties = analysis->n_penalties;
    campaign->penalty = copy(analysis->penalties, analysis->n_penalties, sizeof *analysis->penalties, err);
    campaign->n_snps = (int64_t)analysis->snps.n_kept;
    campaign->gram_is_single = analysis->gram_is_single;
    fill_relatives(campaign, analysis, err);
    campaign->n_permutations = analysis->study.permutations.count;
    campaign->unit_permutations = (int64_t)ridge_tiling_of(analysis->n_targets).unit_permutations;
}

static struct campaign_filter *copy_filters(const struct log_filter *filters, size_t count, struct error *err)
{
    struct campaign_filter *copied = memory_zeroed(count, sizeof *copied, WHAT, err);
    for (size_t k = 0; copied != NULL && k < count; k++)
        copied[k] =
            (struct campaign_filter){memory_string(filters[k].why, err), filters[k].dropped, filters[k].left};
    return copied;
}

/* What was said of the study so far. */
static void fill_told(struct campaign *campaign, const struct log *log, struct error *err)
{
    campaign->n_warnings = log->warnings.count;
    campaign->warning = copy_texts(log->warnings.items, log->warnings.count, err);
    campaign->n_subject_filters = log->filtered[LOG_SUBJECTS].count;
    campaign->subject_filter =
        copy_filters(log->filtered[LOG_SUBJECTS].filters, campaign->n_subject_filters, err);
    campaign->n_snp_filters = log->filtered[LOG_SNPS].count;
    campaign->snp_filter = copy_filters(log->filtered[LOG_SNPS].filters, campaign->n_snp_filters, err);
}

static void fill_power(struct campaign *campaign, const struct power *power, struct error *err)
{
    campaign->n_power = POWER_LEVELS;
    campaign->power_heritability = copy(power->heritability, POWER_LEVELS, sizeof *power->heritability, err);
    campaign->expected_r2 = copy(power->expected_r2, POWER_LEVELS, sizeof *power->expected_r2, err);
    campaign->heritability_error = power->heritability_error;
}

/* Room for the observed numbers. */
static void allocate_observed(struct campaign *campaign, struct error *err)
{
    size_t t = campaign->n_targets, f = campaign->n_outer;
    campaign->r2 = memory_zeroed(t, sizeof *campaign->r2, WHAT, err);
    campaign->r2_everybody = memory_zeroed(t, sizeof *campaign->r2_everybody, WHAT, err);
    campaign->r2_by_fold = memory_zeroed(f * t, sizeof *campaign->r2_by_fold, WHAT, err);
    campaign->penalty_by_fold = memory_zeroed(f * t, sizeof *campaign->penalty_by_fold, WHAT, err);
    campaign->r = memory_zeroed(t, sizeof *campaign->r, WHAT, err);
    campaign->score = memory_zeroed(t, sizeof *campaign->score, WHAT, err);
    campaign->beyond = memory_zeroed(campaign->n_predicted * t, sizeof *campaign->beyond, WHAT, err);
    campaign->predicted = memory_zeroed(campaign->n_predicted * t, sizeof *campaign->predicted, WHAT, err);
}

static void fill_files(struct campaign *campaign, const struct cohort *cohort, struct error *err)
{
    campaign->n_files = cohort->n_files;
    campaign->files = memory_zeroed(cohort->n_files, sizeof *campaign->files, WHAT, err);
    for (size_t f = 0; campaign->files != NULL && f < cohort->n_files; f++)
        campaign->files[f] =
            (struct campaign_file){memory_string(cohort->files[f].path, err), cohort->files[f].size_bytes,
                                   cohort->files[f].modified_ns, cohort->files[f].hash};
}

static void fill_fingerprints(struct campaign *campaign, const struct analysis *analysis, struct error *err)
{
    struct campaign_fingerprint named[FINGERPRINT_MOST];
    campaign->n_fingerprints = fingerprint_fill(analysis, named);
    campaign->fingerprints = copy(named, campaign->n_fingerprints, sizeof *named, err);
    for (size_t k = 0; campaign->fingerprints != NULL && k < campaign->n_fingerprints; k++)
        campaign->fingerprints[k].name = memory_string(named[k].name, err);
}

int record_content_fill_program(struct campaign *campaign, struct error *err)
{
    campaign->arete_version = memory_string(ARETE_VERSION, err);
    campaign->blas_core = memory_string(blas_check_core(), err);
    return err->code;
}

int record_content_fill(struct campaign *campaign, const struct analysis *analysis, struct error *err)
{
    *campaign = (struct campaign){0};
    campaign->yaml = memory_string(analysis->study.yaml, err);
    record_content_fill_program(campaign, err);
    fill_fingerprints(campaign, analysis, err);
    fill_files(campaign, &analysis->cohort, err);
    fill_subjects(campaign, analysis, err);
    fill_targets(campaign, analysis, err);
    fill_places(campaign, analysis->cohort.regions, err);
    fill_maps(campaign, &analysis->cohort, err);
    fill_model(campaign, analysis, err);
    fill_told(campaign, analysis->log, err);
    fill_power(campaign, &analysis->power, err);
    campaign->n_predicted =
        choices_keeps_predictions(analysis->study.run.predictions, campaign->n, campaign->n_targets)
            ? campaign->n
            : 0;
    allocate_observed(campaign, err);
    if (err->code != 0)
        campaign_free(campaign);
    return err->code;
}

int record_content_fill_nodes(struct campaign *campaign, const struct penalty_nodes *nodes, struct error *err)
{
    size_t rows = nodes->weights != NULL ? N_PENALTY_FORMS * nodes->n_outer * nodes->n_penalties : 0;
    campaign->n_nodes = nodes->n_nodes;
    campaign->node = memory_zeroed(nodes->n_nodes, sizeof *campaign->node, WHAT, err);
    for (size_t k = 0; campaign->node != NULL && k < nodes->n_nodes; k++)
        campaign->node[k] = (int32_t)nodes->node[k];
    campaign->n_node_weights = rows;
    campaign->node_weight = copy(nodes->weights, rows * (nodes->n_nodes + 1), sizeof *nodes->weights, err);
    return err->code;
}

int record_content_take(struct analysis *analysis, const struct campaign *campaign, struct error *err)
{
    size_t n = campaign->n, c = campaign->n_covariates;
    analysis->cohort.n = n; /* relatives may have left since the genotypes were read */
    analysis->n_targets = campaign->n_targets;
    analysis->n_penalties = campaign->n_penalties;
    analysis->penalties = copy(campaign->penalty, campaign->n_penalties, sizeof *campaign->penalty, err);
    analysis->covariates = (struct covariates){
        .n = n,
        .c = c,
        .design = copy(campaign->covariates, n * c, sizeof *campaign->covariates, err),
        .basis = copy(campaign->covariate_basis, n * c, sizeof *campaign->covariates, err)};
    if (err->code != 0 || folds_init_known(&analysis->folds, campaign->outer_fold, campaign->inner_fold, n,
                                           campaign->n_outer, (size_t)campaign->n_inner, err) != 0)
        return err->code;
    return permutation_scheme_init(&analysis->scheme, campaign->exchangeability, n, campaign->seed, err);
}

_Static_assert((int)CAMPAIGN_MOST_NODES == (int)PENALTY_NODES_MOST,
               "what a campaign may hold is what scores have room for");

int record_content_take_nodes(struct penalty_nodes *nodes, const struct campaign *campaign, struct error *err)
{
    size_t *node = memory_zeroed(campaign->n_nodes, sizeof *node, "the penalty nodes", err);
    for (size_t k = 0; node != NULL && k < campaign->n_nodes; k++)
        node[k] = (size_t)campaign->node[k];
    if (node != NULL)
        penalty_nodes_init_known(nodes, campaign->n_penalties, campaign->n_outer, campaign->n_nodes, node,
                                 campaign->n_node_weights > 0 ? campaign->node_weight : NULL, err);
    free(node);
    return err->code;
}
