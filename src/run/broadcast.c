#include "run/broadcast.h"

#include "base/memory.h"
#include "checkpoint/campaign_schema.h"
#include "checkpoint/schema_broadcast.h"
#include "model/blas/blas_check.h"
#include "ranks/collectives.h"
#include "run/record_content.h"

#include <stdlib.h>
#include <string.h>

enum { CORE_BYTES = 64 };

static int broadcast_bytes(void *ranks, void *bytes, size_t count, struct error *err)
{
    return collectives_broadcast(ranks, bytes, count, 0, err);
}

static int share_outcome(void *ranks, struct error *err)
{
    return collectives_agree(ranks, err);
}

/* The campaign's fields that take part in `which`. */
static int broadcast_fields(struct ranks *ranks, struct campaign *campaign, unsigned which, struct error *err)
{
    const struct schema_processes processes = {.is_root = ranks->rank == 0,
                                               .context = ranks,
                                               .broadcast = broadcast_bytes,
                                               .outcome = share_outcome};
    return schema_broadcast(&campaign_schema, campaign, which, &processes, err);
}

/* Other kernels round otherwise: allowed, but said. */
int broadcast_kernels(struct session *session, struct error *err)
{
    char first[CORE_BYTES] = "";
    memccpy(first, blas_check_core(), '\0', sizeof first - 1);
    if (collectives_broadcast(session->ranks, first, sizeof first, 0, err) != 0)
        return err->code;
    int64_t others = strcmp(first, blas_check_core()) != 0;
    if (collectives_sum(session->ranks, &others, 1, err) == 0 && others > 0)
        log_run_warning(
            &session->log,
            "%lld of %d ranks use other BLAS kernels than rank 0 (%s): their scores may differ from "
            "its in the last digits; machines of one kind, or OPENBLAS_CORETYPE, make them alike",
            (long long)others, session->ranks->size, first);
    return err->code;
}

int broadcast_study(struct session *session, struct analysis *analysis, struct campaign *campaign,
                    enum placement_kind *placement, struct error *err)
{
    struct ranks *ranks = session->ranks;
    int64_t kind = *placement;
    if (ranks->size == 1)
        return 0;
    if (broadcast_fields(ranks, campaign, CAMPAIGN_BROADCAST_STUDY, err) != 0)
        return err->code;
    if (ranks->rank != 0)
        record_content_take(analysis, campaign, err);
    if (collectives_agree(ranks, err) != 0 || collectives_broadcast(ranks, &kind, sizeof kind, 0, err) != 0)
        return err->code;
    *placement = kind == PLACEMENT_BY_FOLD ? PLACEMENT_BY_FOLD : PLACEMENT_REPLICATE;
    return broadcast_kernels(session, err);
}

int broadcast_nodes(struct ranks *ranks, struct campaign *campaign, enum placement_kind *placement,
                    struct error *err)
{
    int64_t kind = *placement;
    if (ranks->size == 1)
        return 0;
    if (broadcast_fields(ranks, campaign, CAMPAIGN_BROADCAST_NODES, err) == 0 &&
        collectives_broadcast(ranks, &kind, sizeof kind, 0, err) == 0)
        *placement = (enum placement_kind)kind;
    return err->code;
}

int broadcast_permutations(struct ranks *ranks, struct campaign *campaign, struct error *err)
{
    return ranks->size == 1
               ? 0
               : broadcast_fields(ranks, campaign, CAMPAIGN_BROADCAST_STUDY | CAMPAIGN_BROADCAST_NODES, err);
}

int broadcast_units(struct ranks *ranks, struct record *record, struct error *err)
{
    struct campaign *campaign = &record->campaign;
    int64_t counts[] = {record->n_units, record->n_left};
    if (ranks->size == 1)
        return 0;
    if (broadcast_fields(ranks, campaign, CAMPAIGN_BROADCAST_UNITS, err) != 0 ||
        collectives_broadcast(ranks, counts, sizeof counts, 0, err) != 0)
        return err->code;
    if (ranks->rank != 0) {
        record->n_units = counts[0];
        record->n_left = counts[1];
        record->done = memory_zeroed((size_t)record->n_units, sizeof *record->done, "the units", err);
        record_content_fill_program(campaign, err);
        record_is_begun(record);
    }
    if (collectives_agree(ranks, err) != 0)
        return err->code;
    return collectives_broadcast(ranks, record->done, (size_t)record->n_units * sizeof *record->done, 0, err);
}
