#include "run/broadcast.h"

#include "base/memory.h"
#include "model/blas/blas_check.h"
#include "model/ridge/ridge.h"
#include "ranks/agree.h"

#include <stdlib.h>
#include <string.h>

enum { CORE_BYTES = 64 };

/* The numbers by which everything is counted. */
struct shared_sizes {
    int64_t n, n_covariates, n_outer, n_inner, n_penalties, n_targets;
    uint64_t seed;
    int64_t placement;
    char blas_core[CORE_BYTES];
};

static struct shared_sizes sizes_of(const struct analysis *analysis, enum placement_kind placement)
{
    struct shared_sizes sizes = {.n = (int64_t)analysis->cohort.n,
                                 .n_covariates = (int64_t)analysis->covariates.c,
                                 .n_outer = (int64_t)analysis->folds.n_outer,
                                 .n_inner = (int64_t)analysis->folds.n_inner,
                                 .n_penalties = (int64_t)analysis->n_penalties,
                                 .n_targets = (int64_t)analysis->n_targets,
                                 .seed = analysis->study.seed,
                                 .placement = placement};
    memccpy(sizes.blas_core, blas_check_core(), '\0', sizeof sizes.blas_core - 1);
    return sizes;
}

/* Folds, design, penalties and exchangeability blocks as plain arrays; in rank 0 copies of what it has. */
struct shared_arrays {
    int32_t *outer, *inner, *block; /* n; n_outer x n; n */
    double *design, *basis;         /* n x c */
    double *penalties;
};

static int shared_arrays_init(struct shared_arrays *arrays, const struct shared_sizes *sizes,
                              struct error *err)
{
    size_t n = (size_t)sizes->n, c = (size_t)sizes->n_covariates;
    static const char what[] = "what rank 0 tells";
    arrays->outer = memory_zeroed(n, sizeof *arrays->outer, what, err);
    arrays->inner = memory_zeroed((size_t)sizes->n_outer * n, sizeof *arrays->inner, what, err);
    arrays->block = memory_zeroed(n, sizeof *arrays->block, what, err);
    arrays->design = memory_aligned(n * c, sizeof *arrays->design, what, err);
    arrays->basis = memory_aligned(n * c, sizeof *arrays->basis, what, err);
    arrays->penalties = memory_zeroed((size_t)sizes->n_penalties, sizeof *arrays->penalties, what, err);
    return err->code;
}

static void shared_arrays_free(struct shared_arrays *arrays)
{
    free(arrays->outer);
    free(arrays->inner);
    free(arrays->block);
    free(arrays->design);
    free(arrays->basis);
    free(arrays->penalties);
}

static void fill_arrays(struct shared_arrays *arrays, const struct analysis *analysis)
{
    const struct folds *folds = &analysis->folds;
    const struct permutation_scheme *scheme = &analysis->scheme;
    size_t n = folds->n, c = analysis->covariates.c;
    memcpy(arrays->outer, folds->outer, n * sizeof *arrays->outer);
    memcpy(arrays->inner, folds->inner, folds->n_outer * n * sizeof *arrays->inner);
    memcpy(arrays->design, analysis->covariates.design, n * c * sizeof *arrays->design);
    memcpy(arrays->basis, analysis->covariates.basis, n * c * sizeof *arrays->basis);
    memcpy(arrays->penalties, analysis->penalties, analysis->n_penalties * sizeof *arrays->penalties);
    for (size_t b = 0; b < scheme->n_blocks; b++)
        for (size_t k = scheme->start[b]; k < scheme->start[b + 1]; k++)
            arrays->block[scheme->members[k]] = (int32_t)b;
}

static int broadcast_arrays(struct ranks *ranks, struct shared_arrays *arrays,
                            const struct shared_sizes *sizes, struct error *err)
{
    size_t n = (size_t)sizes->n, c = (size_t)sizes->n_covariates;
    agree_broadcast(ranks, arrays->outer, n * sizeof *arrays->outer, 0, err);
    agree_broadcast(ranks, arrays->inner, (size_t)sizes->n_outer * n * sizeof *arrays->inner, 0, err);
    agree_broadcast(ranks, arrays->block, n * sizeof *arrays->block, 0, err);
    agree_broadcast(ranks, arrays->design, n * c * sizeof *arrays->design, 0, err);
    agree_broadcast(ranks, arrays->basis, n * c * sizeof *arrays->basis, 0, err);
    return agree_broadcast(ranks, arrays->penalties, (size_t)sizes->n_penalties * sizeof *arrays->penalties,
                           0, err);
}

/* Another rank's analysis from the arrays, some of which it takes over. */
static int take_arrays(struct analysis *analysis, struct shared_arrays *arrays,
                       const struct shared_sizes *sizes, struct error *err)
{
    size_t n = (size_t)sizes->n;
    analysis->n_targets = (size_t)sizes->n_targets;
    analysis->n_penalties = (size_t)sizes->n_penalties;
    analysis->penalties = arrays->penalties;
    analysis->covariates = (struct covariates){
        .n = n, .c = (size_t)sizes->n_covariates, .design = arrays->design, .basis = arrays->basis};
    arrays->penalties = arrays->design = arrays->basis = NULL;
    if (folds_init_known(&analysis->folds, arrays->outer, arrays->inner, n, (size_t)sizes->n_outer,
                         (size_t)sizes->n_inner, err) != 0)
        return err->code;
    return permutation_scheme_init(&analysis->scheme, arrays->block, n, sizes->seed, err);
}

/* Other kernels round otherwise: allowed, but said. */
static int compare_kernels(struct session *session, const struct shared_sizes *sizes, struct error *err)
{
    int64_t others = strcmp(sizes->blas_core, blas_check_core()) != 0;
    if (agree_sum(session->ranks, &others, 1, err) == 0 && others > 0)
        log_warning(&session->log,
                    "%lld of %d ranks use other BLAS kernels than rank 0 (%s): their scores may differ from "
                    "its in the last digits; machines of one kind, or OPENBLAS_CORETYPE, make them alike",
                    (long long)others, session->ranks->size, sizes->blas_core);
    return err->code;
}

int broadcast_numbers(struct session *session, struct analysis *analysis, enum placement_kind *placement,
                      struct error *err)
{
    struct ranks *ranks = session->ranks;
    struct shared_sizes sizes = sizes_of(analysis, *placement);
    if (ranks->size == 1)
        return 0;
    if (agree_broadcast(ranks, &sizes, sizeof sizes, 0, err) != 0)
        return err->code;
    *placement = sizes.placement == PLACEMENT_BY_PENALTY ? PLACEMENT_BY_PENALTY : PLACEMENT_REPLICATE;
    struct shared_arrays arrays = {0};
    if (shared_arrays_init(&arrays, &sizes, err) == 0 && ranks->rank == 0)
        fill_arrays(&arrays, analysis);
    if (agree_outcome(ranks, err) == 0 && broadcast_arrays(ranks, &arrays, &sizes, err) == 0 &&
        ranks->rank != 0)
        take_arrays(analysis, &arrays, &sizes, err);
    shared_arrays_free(&arrays);
    if (agree_outcome(ranks, err) != 0)
        return err->code;
    return compare_kernels(session, &sizes, err);
}

/* Rank 0's nodes and their weights, as `header` announces them. */
static int broadcast_node_arrays(struct penalty_nodes *nodes, struct ranks *ranks,
                                 const struct analysis *analysis, const int64_t *header, struct error *err)
{
    size_t n_nodes = (size_t)header[0], rows = N_PENALTY_FORMS * analysis->folds.n_outer;
    size_t n_weights = header[1] != 0 ? rows * analysis->n_penalties * (n_nodes + 1) : 0;
    size_t *node = memory_zeroed(n_nodes, sizeof *node, "the penalty nodes", err);
    double *weights = memory_zeroed(n_weights, sizeof *weights, "the penalty nodes", err);
    if (agree_outcome(ranks, err) == 0 && ranks->rank == 0) {
        memcpy(node, nodes->node, n_nodes * sizeof *node);
        if (n_weights > 0)
            memcpy(weights, nodes->weights, n_weights * sizeof *weights);
    }
    agree_broadcast(ranks, node, n_nodes * sizeof *node, 0, err);
    agree_broadcast(ranks, weights, n_weights * sizeof *weights, 0, err);
    if (err->code == 0 && ranks->rank != 0)
        penalty_nodes_init_known(nodes, analysis->n_penalties, analysis->folds.n_outer, n_nodes, node,
                                 n_weights > 0 ? weights : NULL, err);
    free(node);
    free(weights);
    return agree_outcome(ranks, err);
}

int broadcast_nodes(struct ranks *ranks, const struct analysis *analysis, struct penalty_nodes *nodes,
                    enum placement_kind *placement, struct error *err)
{
    int64_t header[] = {(int64_t)nodes->n_nodes, nodes->weights != NULL, *placement};
    if (ranks->size == 1)
        return 0;
    if (agree_broadcast(ranks, header, sizeof header, 0, err) != 0)
        return err->code;
    *placement = (enum placement_kind)header[2];
    return broadcast_node_arrays(nodes, ranks, analysis, header, err);
}

/* What a part file says of its campaign. */
struct shared_campaign {
    int64_t n_permutations, n_units, n_left, n_fingerprints;
    struct {
        char name[FINGERPRINT_NAME_BYTES];
        uint64_t hash;
    } fingerprints[FINGERPRINT_MOST];
};

static void fill_campaign(struct shared_campaign *shared, struct record *record)
{
    const struct campaign *campaign = record_campaign(record);
    shared->n_permutations = campaign->n_permutations;
    shared->n_units = record->n_units;
    shared->n_left = record->n_left;
    for (size_t k = 0; k < campaign->n_fingerprints && k < FINGERPRINT_MOST; k++) {
        shared->n_fingerprints++;
        memccpy(shared->fingerprints[k].name, campaign->fingerprints[k].name, '\0',
                FINGERPRINT_NAME_BYTES - 1);
        shared->fingerprints[k].hash = campaign->fingerprints[k].hash;
    }
}

static int take_campaign(struct record *record, const struct shared_campaign *shared, size_t n_targets,
                         struct error *err)
{
    static char version[] = ARETE_VERSION;
    struct campaign *campaign = &record->content.campaign;
    campaign->arete_version = version;
    campaign->blas_core = memory_string(blas_check_core(), err);
    campaign->n_targets = n_targets;
    campaign->unit_permutations = (int64_t)ridge_grid_of(n_targets).unit_permutations;
    campaign->n_permutations = shared->n_permutations;
    campaign->fingerprints = record->content.fingerprints;
    campaign->n_fingerprints = (size_t)shared->n_fingerprints;
    for (size_t k = 0; err->code == 0 && k < campaign->n_fingerprints; k++) {
        memcpy(record->content.fingerprint_names[k], shared->fingerprints[k].name, FINGERPRINT_NAME_BYTES);
        campaign->fingerprints[k].name = record->content.fingerprint_names[k];
        campaign->fingerprints[k].hash = shared->fingerprints[k].hash;
    }
    record->unit_permutations = campaign->unit_permutations;
    record->n_units = shared->n_units;
    record->n_left = shared->n_left;
    record->done = memory_zeroed((size_t)record->n_units, sizeof *record->done, "the units", err);
    return err->code;
}

int broadcast_units(struct ranks *ranks, struct record *record, size_t n_targets, struct error *err)
{
    struct shared_campaign shared = {0};
    if (ranks->size == 1)
        return 0;
    if (ranks->rank == 0)
        fill_campaign(&shared, record);
    if (agree_broadcast(ranks, &shared, sizeof shared, 0, err) != 0)
        return err->code;
    if (ranks->rank != 0)
        take_campaign(record, &shared, n_targets, err);
    if (agree_outcome(ranks, err) != 0)
        return err->code;
    return agree_broadcast(ranks, record->done, (size_t)record->n_units * sizeof *record->done, 0, err);
}
