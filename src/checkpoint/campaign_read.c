#include "checkpoint/campaign_read.h"

#include "base/durable.h"
#include "base/memory.h"
#include "checkpoint/catalog.h"
#include "checkpoint/crc32c.h"
#include "checkpoint/pack.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Everything in the catalog but the datasets; takes over its strings. */
static void take_catalog(struct campaign *campaign, struct catalog *catalog)
{
    const uint64_t *length = catalog->length;
    *campaign = (struct campaign){
        .arete_version = catalog->arete_version,
        .blas_core = catalog->blas_core,
        .n_fingerprints = length[LAYOUT_FINGERPRINTS],
        .n_files = length[LAYOUT_FILES],
        .n = length[LAYOUT_SUBJECTS],
        .seed = catalog->seed,
        .n_targets_all = length[LAYOUT_TARGETS_ALL],
        .n_targets = length[LAYOUT_TARGETS],
        .n_covariates = length[LAYOUT_COVARIATES],
        .covariate_name = catalog->covariate_name,
        .n_outer = (int32_t)length[LAYOUT_OUTER_FOLDS],
        .n_inner = catalog->n_inner,
        .n_penalties = length[LAYOUT_PENALTIES],
        .n_nodes = length[LAYOUT_NODES],
        .n_node_weights = length[LAYOUT_NODE_WEIGHTS],
        .n_snps = catalog->n_snps,
        .n_permutations = catalog->n_permutations,
        .unit_permutations = catalog->unit_permutations,
    };
    catalog->arete_version = catalog->blas_core = NULL;
    catalog->covariate_name = NULL;
}

static int read_dataset(struct campaign *campaign, int descriptor, const char *path, enum layout_id id,
                        const struct catalog_dataset *entry, struct error *err)
{
    const struct layout_dataset *dataset = layout_dataset(id);
    if (entry->absent)
        return 0;
    void *bytes = memory_aligned(entry->count_bytes, 1, dataset->path, err);
    if (bytes == NULL)
        return err->code;
    int code = durable_read(descriptor, path, bytes, entry->count_bytes, entry->offset, err);
    uint32_t crc = code == 0 ? crc32c_of(bytes, entry->count_bytes) : 0;
    if (code == 0 && crc != entry->crc)
        code = error_set(err, EXIT_CODE_FAILED, "%s: %s is damaged: CRC-32C %08x found; expected %08x", path,
                         dataset->path, crc, entry->crc);
    if (code != 0) {
        free(bytes);
        return code;
    }
    return pack_restore(campaign, dataset, entry->count, entry->width, bytes, err);
}

/* What is used as an index or a count must be one, whoever wrote the file. */
static int check_values(const struct campaign *campaign, const char *path, struct error *err)
{
    size_t n = campaign->n, outer = (size_t)campaign->n_outer;
    const char *wrong = NULL;
    for (size_t i = 0; i < n; i++)
        if (campaign->outer_fold[i] < 0 || campaign->outer_fold[i] >= campaign->n_outer)
            wrong = "/folds/outer";
    for (size_t i = 0; i < outer * n; i++)
        if (campaign->inner_fold[i] < -1 || campaign->inner_fold[i] >= campaign->n_inner)
            wrong = "/folds/inner";
    if (wrong != NULL)
        return error_set(err, EXIT_CODE_FAILED,
                         "%s: %s names a fold that is none of the %d outer, %d inner ones", path, wrong,
                         campaign->n_outer, campaign->n_inner);
    size_t weights = 2 * outer * campaign->n_penalties;
    for (size_t k = 0; k < campaign->n_nodes; k++)
        if (campaign->node[k] < (k > 0 ? campaign->node[k - 1] + 1 : 0) ||
            (size_t)campaign->node[k] >= campaign->n_penalties)
            wrong = "/nodes/penalty";
    if (campaign->n_node_weights != (campaign->n_nodes == campaign->n_penalties ? 0 : weights))
        wrong = "/nodes/weight";
    if (wrong != NULL)
        return error_set(
            err, EXIT_CODE_FAILED,
            "%s: %s: %zu nodes with %zu rows of weights, or not ascending, found; expected some of "
            "%zu penalties, with %zu rows if not all",
            path, wrong, campaign->n_nodes, campaign->n_node_weights, campaign->n_penalties, weights);
    size_t analysed = 0;
    for (size_t i = 0; i < campaign->n_targets_all; i++)
        analysed += campaign->target_analysed[i] != 0;
    if (analysed != campaign->n_targets)
        return error_set(err, EXIT_CODE_FAILED, "%s: /targets/analysed marks %zu targets; expected %zu", path,
                         analysed, campaign->n_targets);
    return 0;
}

/* Reads the static datasets first ... last, and what stands in attributes. */
static int read_datasets(struct campaign *campaign, const char *path, enum layout_kind kind, int first,
                         int last, struct error *err)
{
    *campaign = (struct campaign){0};
    struct catalog catalog;
    int descriptor;
    int code = catalog_open(&catalog, &descriptor, path, kind, O_RDONLY, err);
    if (code != 0)
        return code;
    take_catalog(campaign, &catalog);
    for (int id = first; code == 0 && id <= last; id++)
        code = read_dataset(campaign, descriptor, path, (enum layout_id)id, &catalog.dataset[id], err);
    close(descriptor);
    catalog_free(&catalog);
    return code;
}

int campaign_read(struct campaign *campaign, const char *path, struct error *err)
{
    int code = read_datasets(campaign, path, LAYOUT_CAMPAIGN, 0, LAYOUT_STATIC - 1, err);
    if (code == 0)
        code = check_values(campaign, path, err);
    if (code != 0)
        campaign_free(campaign);
    return code;
}

int campaign_read_study(struct campaign *campaign, const char *path, enum layout_kind kind, struct error *err)
{
    int code = read_datasets(campaign, path, kind, LAYOUT_ID_FINGERPRINT, LAYOUT_ID_FINGERPRINT, err);
    if (code != 0)
        campaign_free(campaign);
    return code;
}

int campaign_read_fingerprints(struct campaign *campaign, const char *path, struct error *err)
{
    return campaign_read_study(campaign, path, LAYOUT_CAMPAIGN, err);
}

bool campaign_is_same_study(const struct campaign *campaign, const struct campaign *other)
{
    if (campaign->n_fingerprints != other->n_fingerprints)
        return false;
    for (size_t k = 0; k < campaign->n_fingerprints; k++)
        if (strcmp(campaign->fingerprints[k].name, other->fingerprints[k].name) != 0 ||
            campaign->fingerprints[k].hash != other->fingerprints[k].hash)
            return false;
    return true;
}
