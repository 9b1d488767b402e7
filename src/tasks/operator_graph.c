#include "tasks/operator_graph.h"

#include "base/larger.h"
#include "base/memory.h"
#include "codelets/apply_operator.h"
#include "codelets/load_fold.h"
#include "codelets/round_operator.h"
#include "codelets/run_status.h"
#include "codelets/tile_product.h"
#include "ranks/collectives.h"
#include "tasks/handles.h"

#include <stdlib.h>

/* A penalty needs its P in double only until its folds are built. So there is room for few, used in turn
 * (operators_at_once). */
enum { MOST_SLOTS = 2 };

static const char interrupted[] = "while building the operators";

/* What is built of one penalty in double. The handles of the tiles guard all of P, those of the slices all of
 * `fitted`. */
struct operator_slot {
    double *p;      /* P, n x n */
    double *fitted; /* w = P y, n x T, and behind it P S, n x probes */
    starpu_data_handle_t tiles[OPERATORS_MOST_TILES],
        slices[OPERATORS_MOST_SLICES + 1]; /* of the targets; then the probes */
};

struct operator_run {
    struct runtime *runtime;
    const struct operator_graph_input *input;
    size_t n, n_outer;
    size_t n_parts;                  /* that P's rows and columns are cut into */
    size_t n_built;                  /* penalties that this rank builds */
    struct operator_layout *layouts; /* n_outer */
    struct lost_directions *lost;    /* n_outer */
    size_t n_slots;
    struct operator_slot slots[MOST_SLOTS];
    starpu_data_handle_t workspace; /* each worker's, of the largest that a task needs */
    struct form_building building;  /* where forms are asked for */
};

/* The folds that have anything to do. */
static struct fold_span busy_folds(const struct operator_run *run)
{
    const struct operator_graph_input *input = run->input;
    if (input->observed == NULL && input->sketch == NULL && input->operators != NULL)
        return input->operators->span;
    if (input->observed == NULL && input->sketch == NULL && input->forms != NULL)
        return (struct fold_span){input->forms->first_outer, input->forms->n_outer};
    return (struct fold_span){0, run->n_outer};
}

/* What of a penalty is this rank's. A machine without folds of its own builds nothing. */
static struct fold_span own_folds(const struct operator_run *run, size_t penalty)
{
    return placement_folds(run->input->placement, run->runtime->ranks->rank, penalty, busy_folds(run));
}

static bool builds(const struct operator_run *run, size_t penalty)
{
    return own_folds(run, penalty).count > 0;
}

static size_t n_targets(const struct operator_run *run)
{
    return run->input->observed != NULL ? run->input->observed->n_targets : 0;
}

/* How many columns P is applied to: targets and probes. */
static size_t fitted_columns(const struct operator_run *run)
{
    return n_targets(run) + (run->input->sketch != NULL ? run->input->sketch->n_probes : 0);
}

static size_t slice_count(const struct operator_run *run)
{
    return operators_slices(n_targets(run)) + (run->input->sketch != NULL);
}

static int slot_init(struct operator_run *run, struct operator_slot *slot, struct error *err)
{
    size_t n = run->n, n_fitted = n * fitted_columns(run);
    slot->p = memory_aligned(n * n, sizeof *slot->p, "P", err);
    slot->fitted = memory_aligned(n_fitted, sizeof *slot->fitted, "P y", err);
    if (err->code != 0)
        return err->code;
    for (size_t k = 0; k < slice_count(run); k++)
        starpu_void_data_register(&slot->slices[k]);
    for (size_t i = 0, k = 0; i < run->n_parts; i++)
        for (size_t j = 0; j <= i; j++, k++) {
            size_t row = operators_part_start(run->n, i), column = operators_part_start(run->n, j);
            handles_register_matrix(&slot->tiles[k], slot->p + row * n + column,
                                    operators_part_start(run->n, i + 1) - row,
                                    operators_part_start(run->n, j + 1) - column, n, sizeof *slot->p);
        }
    return 0;
}

static void slot_free(struct operator_run *run, struct operator_slot *slot)
{
    handles_unregister(slot->tiles, operators_tiles(run->n));
    handles_unregister(slot->slices, slice_count(run));
    free(slot->p);
    free(slot->fitted);
}

/* A fold's task, but for what differs from penalty to penalty. */
static struct load_fold_args fold_args(const struct operator_run *run, size_t outer_fold)
{
    const struct operator_graph_input *input = run->input;
    return (struct load_fold_args){.status = run->runtime->status,
                                   .folds = input->folds,
                                   .layout = &run->layouts[outer_fold],
                                   .lost = &run->lost[outer_fold],
                                   .outer_fold = outer_fold,
                                   .observed = input->observed,
                                   .sketch = input->sketch};
}

/* What does not depend on the penalty; the most elements of a fold's operators, and doubles of workspace. */
static int folds_init_all(struct operator_run *run, size_t *elements, size_t *workspace, struct error *err)
{
    const struct operator_graph_input *input = run->input;
    run->layouts = memory_zeroed(run->n_outer, sizeof *run->layouts, "the operators", err);
    run->lost = memory_zeroed(run->n_outer, sizeof *run->lost, "lost directions", err);
    for (size_t o = 0; err->code == 0 && o < run->n_outer; o++) {
        operator_layout_init(&run->layouts[o], &input->folds->rows[o], input->folds->n_inner, err);
        lost_directions_init(&run->lost[o], input->covariates, input->folds, o, err);
        if (err->code != 0)
            break;
        struct load_fold_args args = fold_args(run, o);
        *elements = larger(*elements, run->layouts[o].count);
        *workspace = larger(*workspace, load_fold_workspace(&args));
    }
    return err->code;
}

static int init_building(struct operator_run *run, size_t n_elements, struct error *err)
{
    const struct operator_graph_input *input = run->input;
    run->building = (struct form_building){.status = run->runtime->status,
                                           .forms = input->forms,
                                           .baseline = input->baseline,
                                           .folds = input->folds,
                                           .workspace = run->workspace};
    return form_building_init(&run->building, (size_t)run->runtime->n_workers, run->n_slots, n_elements, err);
}

static int init_builder(struct operator_run *run, struct error *err)
{
    const struct operator_graph_input *input = run->input;
    size_t elements = 0, widest = (run->n + run->n_parts - 1) / run->n_parts;
    size_t workspace = input->svd->svd.rank * widest;
    if (folds_init_all(run, &elements, &workspace, err) != 0)
        return err->code;
    if (input->forms != NULL)
        workspace = larger(workspace, form_building_workspace(input->forms, input->baseline, input->folds));
    handles_register_scratch(&run->workspace, workspace, sizeof(double));
    run->n_slots =
        operators_at_once(run->n, fitted_columns(run), (size_t)run->runtime->n_workers, run->n_built);
    if (input->forms != NULL && init_building(run, elements, err) != 0)
        return err->code;
    for (size_t s = 0; err->code == 0 && s < run->n_slots; s++)
        slot_init(run, &run->slots[s], err);
    return err->code;
}

static int run_init(struct operator_run *run, struct error *err)
{
    for (size_t k = 0; k < run->input->placement->n_penalties; k++)
        run->n_built += builds(run, k);
    if (run->n_built > 0)
        init_builder(run, err);
    return collectives_agree(run->runtime->ranks, err);
}

static void run_free(struct operator_run *run)
{
    form_building_free(&run->building);
    for (size_t s = 0; s < run->n_slots; s++)
        slot_free(run, &run->slots[s]);
    handles_unregister(&run->workspace, 1);
    for (size_t o = 0; run->lost != NULL && o < run->n_outer; o++)
        lost_directions_free(&run->lost[o], run->input->folds->n_inner);
    for (size_t o = 0; run->layouts != NULL && o < run->n_outer; o++)
        operator_layout_free(&run->layouts[o]);
    free(run->lost);
    free(run->layouts);
}

static int submit_tiles(struct operator_run *run, struct operator_slot *slot, double penalty,
                        struct error *err)
{
    for (size_t i = 0, k = 0; i < run->n_parts; i++)
        for (size_t j = 0; j <= i; j++, k++) {
            struct tile_product_args args = {
                .status = run->runtime->status,
                .svd = &run->input->svd->svd,
                .penalty = penalty,
                .first_row = operators_part_start(run->n, i),
                .n_rows = operators_part_start(run->n, i + 1) - operators_part_start(run->n, i),
                .first_column = operators_part_start(run->n, j),
                .n_columns = operators_part_start(run->n, j + 1) - operators_part_start(run->n, j),
                .p = slot->p};
            if (tile_product_submit(&args, run->input->svd->vectors, run->workspace, slot->tiles[k], err) !=
                0)
                return err->code;
        }
    return 0;
}

/* Forms and operators may be those of a pass, which is some of the folds. */
static bool has_forms(const struct operator_run *run, size_t outer_fold)
{
    const struct study_forms *forms = run->input->forms;
    return forms != NULL && outer_fold >= forms->first_outer &&
           outer_fold < forms->first_outer + forms->n_outer;
}

/* Whether a fold has anything to do but forms. operators: where its own are kept. */
static bool wants_fold(const struct operator_run *run, starpu_data_handle_t operators)
{
    return operators != NULL || run->input->observed != NULL || run->input->sketch != NULL;
}

static int submit_fold(struct operator_run *run, const struct operator_slot *slot, size_t k,
                       size_t outer_fold, struct error *err)
{
    const struct shared_operators *operators = run->input->operators;
    struct load_fold_args args = fold_args(run, outer_fold);
    struct load_fold_data data = {.tiles = slot->tiles,
                                  .fitted = slot->slices,
                                  .n_tiles = operators_tiles(run->n),
                                  .n_fitted = slice_count(run)};
    args.p = slot->p;
    args.penalty = k;
    args.fitted = slot->fitted;
    data.workspace = run->workspace;
    data.operators = operators != NULL ? shared_operators_fold(operators, k, outer_fold) : NULL;
    if (!has_forms(run, outer_fold))
        return wants_fold(run, data.operators) ? load_fold_submit(&args, &data, err) : 0;
    const struct form_slot *form_slot = form_building_next(&run->building);
    struct forms_fold fold = {slot->p, args.folds, outer_fold, args.layout, form_slot->operators};
    args.forms = form_building_begun(&run->building, form_slot, outer_fold);
    data.forms = form_slot->operators_handle;
    if (load_fold_submit(&args, &data, err) != 0 ||
        form_building_submit(&run->building, form_slot, &fold, k, slot->tiles, operators_tiles(run->n),
                             err) != 0)
        return err->code;
    /* The baseline's form is one builder's of this fold: the penalties have it in turn. */
    return outer_fold % run->input->placement->n_penalties == k
               ? form_building_baseline(&run->building, outer_fold, err)
               : 0;
}

static int submit_folds(struct operator_run *run, const struct operator_slot *slot, size_t k,
                        struct error *err)
{
    struct fold_span own = own_folds(run, k);
    for (size_t i = 0; err->code == 0 && i < own.count; i++)
        submit_fold(run, slot, k, own.first + i, err);
    return err->code;
}

/* w = P y, slice by slice of the targets, and P S. */
static int submit_products(struct operator_run *run, const struct operator_slot *slot, struct error *err)
{
    const struct operator_graph_input *input = run->input;
    struct apply_operator_args args = {
        .status = run->runtime->status, .p = slot->p, .n = run->n, .ld = n_targets(run)};
    size_t n_slices = operators_slices(n_targets(run));
    for (size_t k = 0; k < n_slices; k++) {
        size_t first = k * args.ld / n_slices;
        args.columns = input->targets + first;
        args.fitted = slot->fitted + first;
        args.count = (k + 1) * args.ld / n_slices - first;
        if (apply_operator_submit(&args, slot->tiles, operators_tiles(run->n), slot->slices[k], err) != 0)
            return err->code;
    }
    if (input->sketch == NULL)
        return 0;
    args.columns = input->sketch->probes;
    args.fitted = slot->fitted + run->n * n_targets(run);
    args.ld = args.count = input->sketch->n_probes;
    return apply_operator_submit(&args, slot->tiles, operators_tiles(run->n), slot->slices[n_slices], err);
}

/* All tasks of penalty k. `number` counts the penalties that this rank builds: slots are used in turn. */
static int submit_penalty(struct operator_run *run, size_t k, size_t number, struct error *err)
{
    const struct shared_operators *shared = run->input->operators;
    bool has_first = own_folds(run, k).first == busy_folds(run).first; /* one of its builders rounds P */
    starpu_data_handle_t kept = shared != NULL && has_first ? shared->p_handles[k] : NULL;
    struct operator_slot *slot = &run->slots[number % run->n_slots];
    struct round_operator_args round = {.status = run->runtime->status, .p = slot->p, .n = run->n};
    if (submit_tiles(run, slot, run->input->penalties[k], err) != 0)
        return err->code;
    if (kept != NULL && round_operator_submit(&round, slot->tiles, operators_tiles(run->n), kept, err) != 0)
        return err->code;
    if (submit_products(run, slot, err) != 0)
        return err->code;
    return submit_folds(run, slot, k, err);
}

/* Progress adds up what all ranks tell. A penalty is counted by who has its first fold and, by fold, on the
 * first machine. */
static bool counts(const struct operator_run *run, size_t k)
{
    bool by_fold = run->input->placement->kind == PLACEMENT_BY_FOLD;
    return own_folds(run, k).first == busy_folds(run).first &&
           (!by_fold || run->runtime->ranks->machine == 0);
}

static int build(struct operator_run *run, const struct progress_sink *progress, struct error *err)
{
    size_t number = 0, counted = 0, n_penalties = run->input->placement->n_penalties;
    size_t of_fold = run->input->forms != NULL ? form_building_tasks(run->input->folds) : 0;
    int two_penalties = (int)(operators_tiles(run->n) + 1 + slice_count(run) + (1 + of_fold) * run->n_outer);
    for (size_t k = 0; err->code == 0 && k < n_penalties; k++) {
        if (!builds(run, k))
            continue;
        progress->update(progress->context, (int64_t)counted, (int64_t)n_penalties);
        counted += counts(run, k);
        submit_penalty(run, k, number++, err);
        /* At most two penalties' tasks wait: memory does not grow with the number of penalties. */
        runtime_wait_for_room(run->runtime, two_penalties, progress, interrupted);
        runtime_heed_stop(run->runtime, progress, interrupted);
    }
    if (runtime_wait(run->runtime, progress, interrupted, err) == 0)
        progress->update(progress->context, (int64_t)counted, (int64_t)n_penalties);
    return err->code;
}

/* An array with as many numbers for each penalty, in groups that are alike. In a group those of an outer fold
 * are together, fold after fold: so many for the fold, or so many for each of its test subjects. */
struct of_penalties {
    double *numbers;
    size_t n_of_penalty, n_groups, n_of_fold, n_of_subject;
};

static size_t fold_begins(const struct operator_run *run, const struct of_penalties *array, size_t fold)
{
    const struct folds *folds = run->input->folds;
    size_t subjects = fold < run->n_outer ? folds->rows[fold].first_test : run->n;
    return fold * array->n_of_fold + subjects * array->n_of_subject;
}

/* Brings what `rank` has built of penalty k to rank 0. */
static int collect_part(const struct operator_run *run, const struct of_penalties *array, size_t k, int rank,
                        struct fold_span part, struct error *err)
{
    size_t first = fold_begins(run, array, part.first);
    size_t count = fold_begins(run, array, part.first + part.count) - first;
    for (size_t g = 0; err->code == 0 && count > 0 && g < array->n_groups; g++) {
        double *at = array->numbers + k * array->n_of_penalty + g * (array->n_of_penalty / array->n_groups);
        collectives_copy(run->runtime->ranks, at + first, count * sizeof *at, rank, 0, err);
    }
    return err->code;
}

static int collect(const struct operator_run *run, const struct of_penalties *array, struct error *err)
{
    const struct placement *placement = run->input->placement;
    const struct fold_span all = {0, run->n_outer};
    for (size_t k = 0; err->code == 0 && k < placement->n_penalties; k++) {
        int machine = placement_machine(placement, k);
        for (int number = 0; number < placement_builders(placement, machine); number++)
            collect_part(run, array, k, placement_rank(placement, machine, number),
                         placement_part(placement, machine, number, k, all), err);
    }
    return err->code;
}

static int collect_all(const struct operator_run *run, struct error *err)
{
    const struct observed *observed = run->input->observed;
    const struct penalty_sketch *sketch = run->input->sketch;
    if (observed != NULL) {
        size_t t = observed->n_targets, n_arrays = observed->has_filled ? 5 : 4;
        double *arrays[] = {observed->criterion, observed->error, observed->sum, observed->product,
                            observed->seen_error};
        for (size_t a = 0; a < n_arrays; a++)
            collect(run, &(struct of_penalties){arrays[a], run->n_outer * t, 1, t, 0}, err);
        if (observed->residual != NULL)
            collect(run, &(struct of_penalties){observed->residual, run->n * t, 1, 0, t}, err);
    }
    if (sketch != NULL)
        collect(run,
                &(struct of_penalties){sketch->packed, sketch->n_of_penalty, N_PENALTY_FORMS,
                                       sketch->n_packed, 0},
                err);
    return err->code;
}

/* What permutations compute with: each machine has built its own folds, or builders have built them for all.
 */
static int share(const struct operator_run *run, struct error *err)
{
    const struct operator_graph_input *input = run->input;
    struct ranks *ranks = run->runtime->ranks;
    if (input->placement->kind == PLACEMENT_BY_FOLD)
        return shared_memory_sync(ranks, err);
    if (input->operators != NULL)
        shared_operators_broadcast(input->operators, ranks, input->placement, err);
    if (err->code == 0 && input->forms != NULL)
        study_forms_broadcast(input->forms, ranks, err);
    return err->code;
}

int operator_graph_run(struct runtime *runtime, const struct operator_graph_input *input,
                       const struct progress_sink *progress, struct error *err)
{
    struct operator_run run = {.runtime = runtime,
                               .input = input,
                               .n = input->folds->n,
                               .n_outer = input->folds->n_outer,
                               .n_parts = operators_parts(input->folds->n)};
    if (run_init(&run, err) == 0)
        build(&run, progress, err);
    if (collectives_agree(runtime->ranks, err) == 0)
        collect_all(&run, err);
    if (collectives_agree(runtime->ranks, err) == 0)
        share(&run, err);
    run_free(&run);
    return err->code;
}
