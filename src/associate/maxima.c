#include "associate/maxima.h"

#include "associate/association_record.h"
#include "associate/maxima_record.h"
#include "base/amount.h"
#include "base/clock.h"
#include "base/folder.h"
#include "base/memory.h"
#include "checkpoint/block_file.h"
#include "model/orbits/orbit_tiling.h"
#include "planning/cost_association.h"
#include "run/report_orbits.h"
#include "run/resume.h"
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

/* Columns between two saves: of the permutations that run.block asks for, or about a minute of work. */
static size_t block_columns(const struct campaign *campaign, const struct session *session, int64_t asked,
                            double n_snps)
{
    const double seconds = 60, pair_s = 1e-9, most = COST_ASSOCIATION_COLUMNS; /* bench/NOTES.md */
    double shifts = (double)campaign->n_shifts,
           column_s = pair_s * n_snps * shifts / session->runtime.n_workers;
    double columns =
        asked > 0 ? ceil((double)asked / shifts) * (double)campaign->n_targets : seconds / column_s;
    return (size_t)fmax(1, fmin(most, columns));
}

/* The campaign's file, new or with room for all permutations, and what of it is done. */
static int open_record(struct session *session, struct record *record, const struct maxima_input *input,
                       struct error *err)
{
    struct analysis *analysis = input->analysis;
    int64_t count = analysis->study.permutations.count;
    if (!record->resumed) {
        const struct association_tables tables = {analysis, input->targets, input->found, NULL, NULL};
        if (maxima_record_fill(&record->campaign, analysis, &input->found->associations, err) != 0 ||
            association_record_fill(&record->campaign, &tables, err) != 0 ||
            record_create(record, analysis->gram, analysis->targets, err) != 0)
            return err->code;
    } else if (record_make_room(record, count, &session->log, err) != 0) {
        return err->code;
    }
    free(analysis->gram);
    free(analysis->targets);
    analysis->gram = analysis->targets = NULL;
    return record_open_units(record, count, &session->log, err);
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

static int run_graph(struct session *session, struct record *record, const struct maxima_input *input,
                     struct maximum_graph_input *graph, struct error *err)
{
    const struct campaign *campaign = &record->campaign;
    double start = clock_seconds();
    if (record_begin_saving(record, session->ranks, err) != 0)
        return err->code;
    graph->most_columns = block_columns(campaign, session, input->analysis->study.run.block_permutations,
                                        (double)input->found->counts.filtered.n_kept);
    session_begin_progress(session, "permutations", "permutations/s",
                           (double)campaign->n_shifts / (double)campaign->n_targets, 0);
    maximum_graph_run(&session->runtime, graph, record->units, record->done, record->n_units,
                      &session->progress, err);
    session_end_progress(session);
    if (err->code != 0 || record_end_saving(record, session->ranks, false, err) != 0)
        return err->code;
    log_info(&session->log, "permutations: done in %.1f s", clock_seconds() - start);
    return 0;
}

/* Units that rot, or that somebody writes over, while others are computed are computed again. */
static int run_graphs(struct session *session, struct record *record, const struct maxima_input *input,
                      struct maximum_graph_input *graph, struct error *err)
{
    enum { MOST_ROUNDS = 3 };
    int64_t count = input->analysis->study.permutations.count;
    if (!record->resumed && block_file_remove(graph->part_path, err) != 0)
        return err->code;
    log_info(&session->log, "permutations: %lld, of them %lld done",
             (long long)campaign_permutations(&record->campaign, count),
             (long long)campaign_permutations_done(&record->campaign, record->done, count));
    for (int round = 0; err->code == 0 && record->n_left > 0; round++) {
        if (round == MOST_ROUNDS)
            return error_set(err, EXIT_CODE_FAILED,
                             "%s: %lld of %lld units are damaged or missing though each was saved %d times; "
                             "expected a disk that keeps them",
                             record->campaign_path, (long long)record->n_left, (long long)record->n_units,
                             MOST_ROUNDS);
        if (round > 0)
            log_run_warning(&session->log,
                            "%s: %lld of %lld units were saved and are not whole any more: they are computed "
                            "again",
                            record->campaign_path, (long long)record->n_left, (long long)record->n_units);
        run_graph(session, record, input, graph, err);
    }
    return err->code;
}

static int compute_left(struct session *session, struct record *record, const struct maxima_input *input,
                        struct error *err)
{
    const struct campaign *campaign = &record->campaign;
    struct arrays arrays = {0};
    char *part_path = folder_path(input->analysis->study.output, MAXIMA_BLOCK, err);
    if (part_path != NULL && arrays_init(&arrays, record, input, err) == 0) {
        struct maximum_graph_input graph = {
            .stream = input->stream,
            .engine = &arrays.engine,
            .tiling = orbit_tiling_of(campaign->n_targets, campaign->n_shifts),
            .targets = arrays.targets,
            .basis = arrays.basis,
            .part_path = part_path,
            .study = block_file_study(campaign->fingerprints, campaign->n_fingerprints)};
        run_graphs(session, record, input, &graph, err);
    }
    arrays_free(&arrays);
    free(part_path);
    return err->code;
}

static int count_p(struct maxima *maxima, const struct record *record, int64_t n_permutations,
                   struct error *err)
{
    size_t t = record->campaign.n_targets;
    double *memory = maxima->memory = memory_aligned(5 * t, sizeof *memory, "p-values", err);
    if (memory == NULL)
        return err->code;
    struct orbit_p p = {.p = memory,
                        .p_fwer = memory + t,
                        .q = memory + 2 * t,
                        .error = memory + 3 * t,
                        .error_fwer = memory + 4 * t};
    maxima->p_snps = p.p;
    maxima->p_fwer = p.p_fwer;
    struct null_sketch sketch;
    const struct report_extent extent = {.n_permutations = n_permutations, .sketch = &sketch};
    if (null_sketch_init(&sketch, &record->campaign, err) == 0 &&
        report_orbits_significance(&record->campaign, record->units, &extent, &p, err) == 0)
        maxima->limit_r_squared = null_sketch_limit(&sketch, 0.05, 0);
    null_sketch_free(&sketch);
    return err->code;
}

int maxima_compute(struct maxima *maxima, struct session *session, struct record *record,
                   const struct maxima_input *input, struct error *err)
{
    int64_t count = input->analysis->study.permutations.count;
    if (open_record(session, record, input, err) != 0)
        return err->code;
    log_choice(session, &record->campaign, count);
    if (record->n_left == 0)
        log_info(&session->log, "permutations: all are done");
    else
        compute_left(session, record, input, err);
    return err->code == 0 ? count_p(maxima, record, count, err) : err->code;
}

void maxima_free(struct maxima *maxima)
{
    free(maxima->memory);
    *maxima = (struct maxima){0};
}
