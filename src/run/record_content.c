#include "run/record_content.h"

#include "base/memory.h"
#include "images/region_centres.h"
#include "model/blas/blas_check.h"
#include "model/ridge/ridge.h"

#include <stdlib.h>
#include <string.h>

/* The notes of a target: its own, or for an analysed one what concerns every p-value of the study. */
static char *joined_note(const struct analysis *analysis, size_t target, struct error *err)
{
    char *note = memory_string(analysis->target_notes[target], err);
    for (size_t k = 0; note != NULL && k < analysis->notes.count; k++) {
        char *longer =
            memory_format(err, "%s%s%s", note, *note != '\0' ? "; " : "", analysis->notes.items[k]);
        free(note);
        note = longer;
    }
    return note;
}

static int fill_targets(struct campaign *campaign, const struct analysis *analysis, struct error *err)
{
    size_t all = analysis->cohort.n_targets;
    campaign->n_targets_all = all;
    campaign->n_targets = analysis->n_targets;
    campaign->target_name = analysis->cohort.target_names.items;
    campaign->target_n = analysis->target_n;
    campaign->target_n_missing = analysis->cohort.target_n_missing;
    campaign->residual = analysis->targets;
    campaign->target_note = memory_zeroed(all, sizeof *campaign->target_note, "the targets' notes", err);
    campaign->target_analysed =
        memory_zeroed(all, sizeof *campaign->target_analysed, "the targets' notes", err);
    if (err->code != 0)
        return err->code;
    for (size_t t = 0; t < analysis->n_targets; t++)
        campaign->target_analysed[analysis->target_column[t]] = 1;
    for (size_t i = 0; i < all && err->code == 0; i++)
        campaign->target_note[i] = campaign->target_analysed[i]
                                       ? joined_note(analysis, i, err)
                                       : memory_string(analysis->target_notes[i], err);
    return err->code;
}

/* Where the targets of images lie. */
static int fill_places(struct campaign *campaign, const struct regions *regions, struct error *err)
{
    campaign->n_placed = regions != NULL ? regions->n_targets : 0;
    campaign->target_mm =
        memory_zeroed(3 * campaign->n_placed, sizeof *campaign->target_mm, "the targets' places", err);
    if (campaign->target_mm != NULL && regions != NULL)
        region_centres(regions, campaign->target_mm);
    return err->code;
}

static int fill_subjects(struct campaign *campaign, const struct analysis *analysis, struct error *err)
{
    const struct permutation_scheme *scheme = &analysis->scheme;
    campaign->n = analysis->cohort.n;
    campaign->fid = analysis->cohort.fid.items;
    campaign->iid = analysis->cohort.iid.items;
    campaign->seed = analysis->study.seed;
    campaign->exchangeability =
        memory_zeroed(campaign->n, sizeof *campaign->exchangeability, "the blocks", err);
    if (campaign->exchangeability == NULL)
        return err->code;
    for (size_t b = 0; b < scheme->n_blocks; b++)
        for (size_t k = scheme->start[b]; k < scheme->start[b + 1]; k++)
            campaign->exchangeability[scheme->members[k]] = (int32_t)b;
    return 0;
}

/* Room for the observed numbers. */
static int allocate_observed(struct record_content *content, struct error *err)
{
    struct campaign *campaign = &content->campaign;
    size_t t = campaign->n_targets, f = (size_t)campaign->n_outer;
    content->numbers = memory_zeroed(2 * t + 2 * f * t, sizeof(double), "the observed scores", err);
    campaign->score = memory_zeroed(t, sizeof(float), "the observed scores", err);
    if (err->code != 0)
        return err->code;
    campaign->r2 = content->numbers;
    campaign->r = campaign->r2 + t;
    campaign->r2_by_fold = campaign->r + t;
    campaign->penalty_by_fold = campaign->r2_by_fold + f * t;
    return 0;
}

static int fill_files(struct campaign *campaign, const struct cohort *cohort, struct error *err)
{
    campaign->files = memory_zeroed(cohort->n_files, sizeof *campaign->files, "the list of files", err);
    if (campaign->files == NULL)
        return err->code;
    campaign->n_files = cohort->n_files;
    for (size_t f = 0; f < cohort->n_files; f++)
        campaign->files[f] = (struct campaign_file){cohort->files[f].path, cohort->files[f].size_bytes,
                                                    cohort->files[f].modified_ns, cohort->files[f].hash};
    return 0;
}

int record_content_init(struct record_content *content, const struct analysis *analysis, struct error *err)
{
    *content = (struct record_content){0};
    struct campaign *campaign = &content->campaign;
    static char version[] = ARETE_VERSION;
    campaign->arete_version = version;
    campaign->yaml = analysis->study.yaml;
    campaign->fingerprints = content->fingerprints;
    campaign->n_fingerprints = fingerprint_fill(analysis, content->fingerprints);
    campaign->n_covariates = analysis->covariates.c;
    campaign->covariate_name = analysis->covariate_names.items;
    campaign->covariates = analysis->covariates.design;
    campaign->n_outer = analysis->folds.n_outer;
    campaign->n_inner = (int32_t)analysis->folds.n_inner;
    campaign->outer_fold = analysis->folds.outer;
    campaign->inner_fold = analysis->folds.inner;
    campaign->n_penalties = analysis->n_penalties;
    campaign->penalty = analysis->penalties;
    campaign->gram = analysis->gram;
    campaign->n_snps = (int64_t)analysis->snps.n_kept;
    campaign->n_permutations = analysis->study.permutations.count;
    campaign->unit_permutations = (int64_t)ridge_grid_of(analysis->n_targets).unit_permutations;
    campaign->blas_core = memory_string(blas_check_core(), err);
    if (campaign->blas_core == NULL || fill_subjects(campaign, analysis, err) != 0 ||
        fill_targets(campaign, analysis, err) != 0 ||
        fill_places(campaign, analysis->cohort.regions, err) != 0 ||
        fill_files(campaign, &analysis->cohort, err) != 0 || allocate_observed(content, err) != 0)
        record_content_free(content);
    return err->code;
}

int record_content_set_nodes(struct record_content *content, const struct penalty_nodes *nodes,
                             struct error *err)
{
    struct campaign *campaign = &content->campaign;
    content->node = memory_zeroed(nodes->n_nodes, sizeof *content->node, "the penalty nodes", err);
    for (size_t k = 0; content->node != NULL && k < nodes->n_nodes; k++)
        content->node[k] = (int32_t)nodes->node[k];
    campaign->n_nodes = nodes->n_nodes;
    campaign->node = content->node;
    campaign->n_node_weights =
        nodes->weights != NULL ? N_PENALTY_FORMS * nodes->n_outer * nodes->n_penalties : 0;
    campaign->node_weight = nodes->weights;
    return err->code;
}

void record_content_free(struct record_content *content)
{
    struct campaign *campaign = &content->campaign;
    for (size_t i = 0; campaign->target_note != NULL && i < campaign->n_targets_all; i++)
        free(campaign->target_note[i]);
    free(campaign->target_note);
    free(campaign->target_analysed);
    free(campaign->target_mm);
    free(campaign->exchangeability);
    free(campaign->files);
    free(campaign->blas_core);
    free(campaign->score);
    free(content->node);
    free(content->numbers);
    *content = (struct record_content){0};
}
