#include "associate/maxima.h"

#include "associate/association_record.h"
#include "associate/begun_blocks.h"
#include "associate/maxima_record.h"
#include "base/amount.h"
#include "base/clock.h"
#include "base/memory.h"
#include "checkpoint/block_file.h"
#include "model/orbits/orbit_tiling.h"
#include "planning/cost_association.h"
#include "ranks/collectives.h"
#include "run/broadcast.h"
#include "run/report_orbits.h"
#include "run/rounds.h"
#include "study/campaign_orbits.h"
#include "tasks/maximum_graph.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What the graph reads. */
struct arrays {
    struct orbit_scheme scheme;
    struct orbit_engine engine;
    float *targets; /* n x T */
    float *basis;   /* c x n */
};

static int arrays_init(struct arrays *arrays, const struct record *record, const struct maxima_input *input,
                       struct error *err)
{
    if (err->code != 0)
        return err->code;
    const struct covariates *covariates = &input->analysis->covariates;
    const struct pair_targets *targets = &input->targets->view;
    size_t n = targets->n, count = targets->count, c = covariates->c;
    if (campaign_orbits_scheme(&arrays->scheme, &record->campaign, &input->analysis->scheme, err) != 0 ||
        orbit_engine_init(&arrays->engine, &arrays->scheme, instructions_best(), err) != 0)
        return err->code;
    arrays->targets = memory_aligned(n * count, sizeof *arrays->targets, "the targets", err);
    arrays->basis = memory_aligned(n * c, sizeof *arrays->basis, "the covariates", err);
    if (err->code != 0)
        return err->code;
    for (size_t i = 0; i < n; i++) {
        for (size_t t = 0; t < count; t++)
            arrays->targets[i * count + t] = targets->rounded[t * n + i];
        for (size_t k = 0; k < c; k++)
            arrays->basis[k * n + i] = (float)covariates->basis[i * c + k];
    }
    return 0;
}

static void arrays_free(struct arrays *arrays)
{
    orbit_engine_free(&arrays->engine);
    orbit_scheme_free(&arrays->scheme);
    free(arrays->targets);
    free(arrays->basis);
}

/* Units between two saves: of the permutations that run.block asks for, or of about a minute of work. Whole
 * tiles of columns where there are enough. */
static int64_t units_per_block(const struct campaign *campaign, const struct orbit_tiling *tiling,
                               const struct session *session, int64_t asked, double n_snps)
{
    const double seconds = 60, pair_s = 1e-9, most = COST_ASSOCIATION_COLUMNS; /* bench/NOTES.md */
    double shifts = (double)campaign->n_shifts,
           column_s = pair_s * n_snps * shifts / session->runtime.n_workers;
    double columns =
        asked > 0 ? ceil((double)asked / shifts) * (double)campaign->n_targets : seconds / column_s;
    double of_tile = (double)orbit_tiling_tile_units(tiling),
           tile_columns = of_tile * (double)orbit_tiling_unit_rows(tiling);
    return (int64_t)(of_tile * fmax(1, floor(fmin(most, columns) / tile_columns)));
}

/* The file of a new campaign; one that goes on is open (maxima.h). In rank 0. */
static int open_record(struct session *session, struct record *record, const struct maxima_input *input,
                       struct error *err)
{
    struct analysis *analysis = input->analysis;
    if (!record->resumed) {
        const struct association_tables tables = {analysis, input->targets, input->found, NULL, NULL};
        if (maxima_record_fill(&record->campaign, analysis, &input->found->associations, err) != 0 ||
            association_record_fill(&record->campaign, &tables, err) != 0 ||
            record_create(record, analysis->gram, analysis->targets, err) != 0 ||
            record_open_units(record, analysis->study.permutations.count, &session->log, err) != 0)
            return err->code;
    }
    free(analysis->gram);
    free(analysis->targets);
    analysis->gram = analysis->targets = NULL;
    return 0;
}

/* What rank 0 has opened, in all ranks. Collective. */
static int share_record(struct session *session, struct record *record, struct analysis *analysis,
                        struct error *err)
{
    struct campaign *campaign = &record->campaign;
    struct ranks *ranks = session->ranks;
    if (collectives_agree(ranks, err) != 0 || broadcast_permutations(ranks, campaign, err) != 0 ||
        broadcast_units(ranks, record, err) != 0)
        return err->code;
    if (ranks->rank != 0)
        permutation_scheme_init(&analysis->scheme, campaign->exchangeability, analysis->cohort.n,
                                campaign->seed, err);
    return collectives_agree(ranks, err);
}

static void log_choice(struct session *session, const struct campaign *campaign, int64_t count)
{
    char all[AMOUNT_BYTES];
    log_info(&session->log, "permutations: %s, %lld %s",
             amount_exact(campaign_permutations(campaign, count), all),
             (long long)campaign_orbits(campaign, count),
             campaign->n_shifts > 1 ? "orbits of all shifts"
                                    : "drawn one by one, the data as they are among them");
}

/* What a round computes with, beside what it begins with. */
struct work {
    const struct maxima_input *input;
    struct arrays arrays;
};

static int run_graph(struct session *session, struct record *record, const struct work *work,
                     const struct begun_blocks *begun, bool *stopped, struct error *err)
{
    const struct campaign *campaign = &record->campaign;
    const struct orbit_tiling tiling = orbit_tiling_of(campaign->n_targets, campaign->n_shifts);
    int64_t *workers = NULL;
    struct unit_blocks blocks;
    const struct rounds_cut cut = {.done = begun->taken,
                                   .n_units = record->n_units,
                                   .most_units =
                                       units_per_block(campaign, &tiling, session,
                                                       work->input->analysis->study.run.block_permutations,
                                                       (double)work->input->found->counts.filtered.n_kept),
                                   .n_workers = session->runtime.n_workers};
    if (rounds_cut_blocks(session, &cut, &blocks, &workers, err) == 0) {
        const struct maximum_graph_input graph = {.stream = work->input->stream,
                                                  .engine = &work->arrays.engine,
                                                  .tiling = tiling,
                                                  .targets = work->arrays.targets,
                                                  .basis = work->arrays.basis,
                                                  .study = begun->study,
                                                  .path = begun->own_path,
                                                  .begun = begun->own,
                                                  .n_begun = begun->n_own,
                                                  .n_columns = begun->n_columns};
        session_begin_progress(session, "permutations", "permutations/s",
                               (double)campaign->n_shifts / (double)campaign->n_targets, 0);
        maximum_graph_run(&session->runtime, &graph, record->units, &blocks, &session->progress, err);
        session_end_progress(session);
    }
    free(workers);
    return rounds_agree_on_stop(session, stopped, err);
}

/* Once through what is left. */
static int compute_once(struct session *session, struct record *record, void *context, bool *counts,
                        struct error *err)
{
    const struct work *work = context;
    struct begun_blocks begun = {0};
    bool stopped = false;
    (void)counts;
    if (begun_blocks_init(&begun, session->ranks, record, err) == 0 &&
        record_begin_saving(record, session->ranks, err) == 0 &&
        run_graph(session, record, work, &begun, &stopped, err) == 0 &&
        record_end_saving(record, session->ranks, stopped, err) == 0 && stopped &&
        (session->ranks->rank != 0 || record_look(record, err) == 0))
        rounds_tell_stopped(session, record, record->done, work->input->analysis->study.permutations.count,
                            "", err);
    begun_blocks_free(&begun);
    return err->code;
}

static int compute_left(struct session *session, struct record *record, const struct maxima_input *input,
                        struct error *err)
{
    struct work work = {.input = input};
    int64_t count = input->analysis->study.permutations.count;
    double start = clock_seconds();
    log_info(&session->log, "permutations: %lld, of them %lld done",
             (long long)campaign_permutations(&record->campaign, count),
             (long long)campaign_permutations_done(&record->campaign, record->done, count));
    if (session->ranks->rank == 0 && !record->resumed)
        block_file_remove_all(record->campaign_path, err);
    arrays_init(&work.arrays, record, input, err);
    if (collectives_agree(session->ranks, err) == 0 &&
        rounds_run(session, record, compute_once, &work, err) == 0)
        log_info(&session->log, "permutations: done in %.1f s", clock_seconds() - start);
    arrays_free(&work.arrays);
    return err->code;
}

static int count_p(struct maxima *maxima, struct session *session, const struct record *record,
                   int64_t n_permutations, struct error *err)
{
    size_t t = record->campaign.n_targets;
    double *memory = maxima->counted = memory_aligned(5 * t, sizeof *memory, "p-values", err);
    if (memory == NULL)
        return err->code;
    struct orbit_p p = {.p = memory,
                        .p_fwer = memory + t,
                        .q = memory + 2 * t,
                        .error = memory + 3 * t,
                        .error_fwer = memory + 4 * t};
    maxima->p_snps = p.p;
    maxima->p_fwer = p.p_fwer;
    struct report_watch watch = report_watch_of(session);
    const struct report_extent extent = {
        .n_permutations = n_permutations, .sketch = &maxima->sketch, .watch = &watch};
    if (null_sketch_init(&maxima->sketch, &record->campaign, err) == 0)
        report_orbits_significance(&record->campaign, record->units, &extent, &p, err);
    return err->code;
}

int maxima_compute(struct maxima *maxima, struct session *session, struct record *record,
                   const struct maxima_input *input, struct error *err)
{
    int64_t count = input->analysis->study.permutations.count;
    if (session->ranks->rank == 0)
        open_record(session, record, input, err);
    if (share_record(session, record, input->analysis, err) != 0)
        return err->code;
    log_choice(session, &record->campaign, count);
    if (record->n_left == 0)
        log_info(&session->log, "permutations: all are done");
    else
        compute_left(session, record, input, err);
    if (err->code == 0 && session->ranks->rank == 0)
        count_p(maxima, session, record, count, err);
    return collectives_agree(session->ranks, err);
}

void maxima_free(struct maxima *maxima)
{
    free(maxima->counted);
    null_sketch_free(&maxima->sketch);
    *maxima = (struct maxima){0};
}
