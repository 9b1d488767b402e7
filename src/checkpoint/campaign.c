#include "checkpoint/campaign.h"

#include "checkpoint/pack.h"

#include <stdlib.h>

int64_t campaign_unit_count(const struct campaign *campaign)
{
    int64_t whole = campaign->n_permutations / campaign->unit_permutations;
    return whole + (campaign->n_permutations % campaign->unit_permutations != 0);
}

void campaign_free(struct campaign *campaign)
{
    for (size_t i = 0; campaign->fingerprints != NULL && i < campaign->n_fingerprints; i++)
        free(campaign->fingerprints[i].name);
    for (size_t i = 0; campaign->files != NULL && i < campaign->n_files; i++)
        free(campaign->files[i].path);
    pack_free_texts(campaign->fid, campaign->n);
    pack_free_texts(campaign->iid, campaign->n);
    pack_free_texts(campaign->target_name, campaign->n_targets_all);
    pack_free_texts(campaign->target_note, campaign->n_targets_all);
    pack_free_texts(campaign->covariate_name, campaign->n_covariates);
    void *const arrays[] = {campaign->arete_version,
                            campaign->blas_core,
                            campaign->yaml,
                            campaign->fingerprints,
                            campaign->files,
                            campaign->exchangeability,
                            campaign->target_analysed,
                            campaign->target_n,
                            campaign->target_n_missing,
                            campaign->residual,
                            campaign->covariates,
                            campaign->outer_fold,
                            campaign->inner_fold,
                            campaign->penalty,
                            campaign->node,
                            campaign->node_weight,
                            campaign->gram,
                            campaign->r2,
                            campaign->r2_by_fold,
                            campaign->penalty_by_fold,
                            campaign->r,
                            campaign->score};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        free(arrays[i]);
    *campaign = (struct campaign){0};
}

int64_t campaign_unit_size(int64_t unit, int64_t unit_permutations, int64_t count)
{
    int64_t left = count - unit * unit_permutations;
    return left <= 0 ? 0 : left < unit_permutations ? left : unit_permutations;
}
