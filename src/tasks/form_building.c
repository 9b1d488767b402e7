#include "tasks/form_building.h"

#include "base/larger.h"
#include "base/memory.h"
#include "codelets/baseline_form.h"
#include "codelets/finish_form.h"
#include "codelets/form_rows.h"
#include "codelets/form_tile.h"
#include "codelets/transform_form.h"
#include "planning/buffers.h"
#include "tasks/handles.h"

#include <stdlib.h>

size_t form_building_tasks(const struct folds *folds)
{
    return folds->n_inner + 2 * (operators_tiles(folds->n) + 2);
}

size_t form_building_workspace(const struct study_forms *forms, const struct baseline *baseline,
                               const struct folds *folds)
{
    size_t transform = (orbit_coefficients_workspace(forms->engine) + 1) / 2;
    return larger(larger(transform, form_rows_workspace(folds)),
                  forms_baseline_workspace(folds, baseline->c));
}

static void register_voids(starpu_data_handle_t *handles, size_t count)
{
    for (size_t i = 0; i < count; i++)
        starpu_void_data_register(&handles[i]);
}

static int slot_init(const struct form_building *building, struct form_slot *slot, size_t n_elements,
                     struct error *err)
{
    const struct folds *folds = building->folds;
    size_t n = folds->n, error_rows = folds_largest_test(folds) * n;
    slot->criterion = memory_aligned(n * n, sizeof *slot->criterion, "a form", err);
    slot->error = memory_aligned(n * n, sizeof *slot->error, "a form", err);
    slot->error_single = memory_aligned(error_rows, sizeof *slot->error_single, "a form's rows", err);
    slot->error_rows = memory_aligned(error_rows, sizeof *slot->error_rows, "a form's rows", err);
    slot->operators = memory_aligned(n_elements, sizeof *slot->operators, "a fold's operators", err);
    slot->squares = memory_aligned((folds->n_inner + 1) * n, sizeof *slot->squares, "a form's rows", err);
    slot->rows = memory_zeroed(folds->n_inner, sizeof *slot->rows, "a form's rows", err);
    if (err->code != 0)
        return err->code;
    register_voids(&slot->operators_handle, 1);
    register_voids(slot->rows, folds->n_inner);
    register_voids(slot->criterion_tiles, OPERATORS_MOST_TILES);
    register_voids(slot->error_tiles, OPERATORS_MOST_TILES);
    register_voids(&slot->no_rows, 1);
    register_voids(&slot->no_error, 1);
    return 0;
}

static void slot_free(struct form_slot *slot, size_t n_inner)
{
    handles_unregister(&slot->operators_handle, 1);
    handles_unregister(slot->rows, n_inner);
    handles_unregister(slot->criterion_tiles, OPERATORS_MOST_TILES);
    handles_unregister(slot->error_tiles, OPERATORS_MOST_TILES);
    handles_unregister(&slot->no_rows, 1);
    handles_unregister(&slot->no_error, 1);
    free(slot->criterion);
    free(slot->error);
    free(slot->error_single);
    free(slot->error_rows);
    free(slot->operators);
    free(slot->squares);
    free(slot->rows);
}

int form_building_init(struct form_building *building, size_t n_workers, size_t n_penalties,
                       size_t n_elements, struct error *err)
{
    building->n_slots =
        buffers_form_slots(building->folds->n, n_workers, building->forms->n_outer * n_penalties);
    building->slots = memory_zeroed(building->n_slots, sizeof *building->slots, "forms", err);
    for (size_t s = 0; err->code == 0 && s < building->n_slots; s++)
        slot_init(building, &building->slots[s], n_elements, err);
    return err->code;
}

void form_building_free(struct form_building *building)
{
    for (size_t s = 0; building->slots != NULL && s < building->n_slots; s++)
        slot_free(&building->slots[s], building->folds->n_inner);
    free(building->slots);
    *building = (struct form_building){0};
}

const struct form_slot *form_building_next(struct form_building *building)
{
    return &building->slots[building->next++ % building->n_slots];
}

static struct form_factor error_factor(const struct form_building *building, const struct form_slot *slot,
                                       size_t outer_fold)
{
    const struct folds *folds = building->folds;
    return forms_error_factor(folds, outer_fold, slot->error_single,
                              slot->squares + folds->n_inner * folds->n);
}

struct load_fold_forms form_building_begun(const struct form_building *building, const struct form_slot *slot,
                                           size_t outer_fold)
{
    return (struct load_fold_forms){slot->operators, slot->error_rows,
                                    error_factor(building, slot, outer_fold)};
}

/* The tiles of a form, each once `after` is ready. Returns how many there are in n_tiles. */
static int submit_tiles(const struct form_building *building, const struct form_factor *factor, float *form,
                        const starpu_data_handle_t *after, size_t n_after, const starpu_data_handle_t *tiles,
                        size_t *n_tiles, struct error *err)
{
    *n_tiles = 0;
    for (size_t i = 0; err->code == 0 && i < form_factor_parts(factor); i++)
        for (size_t j = 0; err->code == 0 && j <= i; j++) {
            struct form_tile_args args = {building->status, *factor, i, j, form, building->folds->n};
            form_tile_submit(&args, after, n_after, tiles[(*n_tiles)++], err);
        }
    return err->code;
}

static int transform(const struct form_building *building, const float *q, size_t form,
                     const starpu_data_handle_t *tiles, size_t n_tiles, starpu_data_handle_t done,
                     struct error *err)
{
    struct transform_form_args args = {building->status, building->forms->engine, q, &building->forms->forms,
                                       form};
    return transform_form_submit(&args, tiles, n_tiles, building->workspace, done, err);
}

static int submit_rows(const struct form_building *building, const struct form_slot *slot,
                       const struct forms_fold *fold, const struct form_factor *factor,
                       const starpu_data_handle_t *tiles, size_t n_tiles, struct error *err)
{
    for (size_t b = 0; err->code == 0 && b < building->folds->n_inner; b++) {
        struct form_rows_args args = {building->status, *fold, b, slot->error_rows, *factor};
        struct form_rows_data data = {
            tiles, n_tiles, building->workspace, slot->operators_handle, slot->no_error, slot->rows[b]};
        form_rows_submit(&args, &data, err);
    }
    return err->code;
}

static int submit_criterion(const struct form_building *building, const struct form_slot *slot,
                            const struct forms_fold *fold, size_t form, const starpu_data_handle_t *tiles,
                            size_t n_tiles, struct error *err)
{
    const struct folds *folds = building->folds;
    size_t n_own;
    struct form_factor factor = forms_criterion_factor(folds, fold->outer_fold, slot->error, slot->squares);
    struct finish_form_args finish = {building->status, factor, folds,
                                      fold->outer_fold, true,   slot->criterion};
    if (submit_rows(building, slot, fold, &factor, tiles, n_tiles, err) != 0 ||
        submit_tiles(building, &factor, slot->criterion, slot->rows, folds->n_inner, slot->criterion_tiles,
                     &n_own, err) != 0 ||
        finish_form_submit(&finish, slot->criterion_tiles, n_own, slot->no_rows, err) != 0)
        return err->code;
    /* The next criterion in this array may have more tiles, if it has more training subjects. */
    return transform(building, slot->criterion, form, slot->criterion_tiles, operators_tiles(folds->n), NULL,
                     err);
}

static int submit_error(const struct form_building *building, const struct form_slot *slot, size_t outer_fold,
                        size_t form, struct error *err)
{
    const starpu_data_handle_t after[] = {slot->operators_handle, slot->no_rows};
    size_t n_own;
    struct form_factor factor = error_factor(building, slot, outer_fold);
    struct finish_form_args finish = {building->status, factor, building->folds,
                                      outer_fold,       false,  slot->error};
    if (submit_tiles(building, &factor, slot->error, after, 2, slot->error_tiles, &n_own, err) != 0 ||
        finish_form_submit(&finish, slot->error_tiles, n_own, slot->operators_handle, err) != 0)
        return err->code;
    return transform(building, slot->error, form, slot->error_tiles, n_own, slot->no_error, err);
}

int form_building_submit(struct form_building *building, const struct form_slot *slot,
                         const struct forms_fold *fold, size_t node, const starpu_data_handle_t *tiles,
                         size_t n_tiles, struct error *err)
{
    size_t n_nodes = building->forms->n_nodes, k = fold->outer_fold - building->forms->first_outer;
    if (submit_criterion(building, slot, fold, form_order_criterion(n_nodes, k, node), tiles, n_tiles, err) !=
        0)
        return err->code;
    return submit_error(building, slot, fold->outer_fold, form_order_error(n_nodes, k, node), err);
}

int form_building_baseline(struct form_building *building, size_t outer_fold, struct error *err)
{
    const struct study_forms *forms = building->forms;
    const struct form_slot *slot = form_building_next(building);
    struct baseline_form_args args = {building->status, building->baseline, building->folds, outer_fold,
                                      slot->error};
    size_t form = form_order_baseline(forms->n_nodes, outer_fold - forms->first_outer);
    if (baseline_form_submit(&args, building->workspace, slot->error_tiles[0], err) != 0)
        return err->code;
    return transform(building, slot->error, form, slot->error_tiles, 1, slot->no_error, err);
}
