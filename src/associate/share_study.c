#include "associate/share_study.h"

#include "base/memory.h"
#include "ranks/collectives.h"
#include "run/broadcast.h"

/* Room for what rank 0 has already. */
static int make_room(struct analysis *analysis, struct named_pairs *named, struct error *err)
{
    static const char what[] = "what rank 0 tells";
    struct covariates *covariates = &analysis->covariates;
    covariates->basis = memory_aligned(covariates->n * covariates->c, sizeof *covariates->basis, what, err);
    named->target = memory_aligned(named->full.n_targets, sizeof *named->target, what, err);
    named->variant = memory_aligned(analysis->study.associate.snps.count, sizeof *named->variant, what, err);
    return err->code;
}

static int share_arrays(struct ranks *ranks, const struct analysis *analysis, const struct named_pairs *named,
                        struct error *err)
{
    const struct covariates *covariates = &analysis->covariates;
    size_t cells = covariates->n * covariates->c, n_snps = analysis->study.associate.snps.count;
    collectives_broadcast(ranks, covariates->basis, cells * sizeof *covariates->basis, 0, err);
    collectives_broadcast(ranks, named->target, named->full.n_targets * sizeof *named->target, 0, err);
    return collectives_broadcast(ranks, named->variant, n_snps * sizeof *named->variant, 0, err);
}

int share_study(struct session *session, struct analysis *analysis, struct named_pairs *named,
                struct error *err)
{
    struct ranks *ranks = session->ranks;
    struct covariates *covariates = &analysis->covariates;
    if (ranks->size == 1)
        return 0;
    uint64_t counts[] = {covariates->c, analysis->n_targets, named->full.n_targets};
    if (broadcast_people(ranks, analysis, err) != 0 ||
        collectives_broadcast(ranks, counts, sizeof counts, 0, err) != 0)
        return err->code;
    covariates->n = analysis->cohort.n;
    covariates->c = counts[0];
    analysis->n_targets = counts[1];
    named->full.n_targets = counts[2];
    if (ranks->rank != 0)
        make_room(analysis, named, err);
    if (collectives_agree(ranks, err) != 0 || share_arrays(ranks, analysis, named, err) != 0)
        return err->code;
    return broadcast_kernels(session, err);
}
