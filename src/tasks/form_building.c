#include "tasks/form_building.h"

#include "base/memory.h"
#include "codelets/baseline_form.h"
#include "codelets/transform_form.h"
#include "planning/buffers.h"
#include "tasks/handles.h"

#include <stdlib.h>

int form_building_init(struct form_building *building, size_t n_workers, size_t n_penalties,
                       struct error *err)
{
    size_t n = building->folds->n, c = building->baseline->c;
    building->n_slots = buffers_form_slots(n_workers, building->forms->n_outer * n_penalties);
    building->slots = memory_zeroed(building->n_slots, sizeof *building->slots, "forms", err);
    for (size_t s = 0; err->code == 0 && s < building->n_slots; s++) {
        struct form_slot *slot = &building->slots[s];
        slot->criterion = memory_aligned(n * n, sizeof *slot->criterion, "a form", err);
        slot->error = memory_aligned(n * n, sizeof *slot->error, "a form", err);
        if (err->code == 0)
            starpu_void_data_register(&slot->handle);
    }
    if (err->code != 0)
        return err->code;
    handles_register_scratch(&building->workspace, orbit_coefficients_workspace(building->forms->engine),
                             sizeof(float));
    handles_register_scratch(&building->baseline_workspace, forms_baseline_workspace(building->folds, c),
                             sizeof(double));
    return 0;
}

void form_building_free(struct form_building *building)
{
    for (size_t s = 0; building->slots != NULL && s < building->n_slots; s++) {
        struct form_slot *slot = &building->slots[s];
        handles_unregister(&slot->handle, 1);
        free(slot->criterion);
        free(slot->error);
    }
    handles_unregister(&building->workspace, 1);
    handles_unregister(&building->baseline_workspace, 1);
    free(building->slots);
    *building = (struct form_building){0};
}

const struct form_slot *form_building_next(struct form_building *building)
{
    return &building->slots[building->next++ % building->n_slots];
}

static int transform(const struct form_building *building, const float *q, const struct form_slot *slot,
                     size_t form, struct error *err)
{
    struct transform_form_args args = {building->status, building->forms->engine, q, &building->forms->forms,
                                       form};
    return transform_form_submit(&args, slot->handle, building->workspace, err);
}

int form_building_transform(struct form_building *building, const struct form_slot *slot, size_t outer_fold,
                            size_t node, struct error *err)
{
    size_t n_nodes = building->forms->n_nodes, fold = outer_fold - building->forms->first_outer;
    if (transform(building, slot->criterion, slot, form_order_criterion(n_nodes, fold, node), err) != 0)
        return err->code;
    return transform(building, slot->error, slot, form_order_error(n_nodes, fold, node), err);
}

int form_building_baseline(struct form_building *building, size_t outer_fold, struct error *err)
{
    const struct study_forms *forms = building->forms;
    const struct form_slot *slot = form_building_next(building);
    struct baseline_form_args args = {building->status, building->baseline, building->folds, outer_fold,
                                      slot->error};
    size_t form = form_order_baseline(forms->n_nodes, outer_fold - forms->first_outer);
    if (baseline_form_submit(&args, building->baseline_workspace, slot->handle, err) != 0)
        return err->code;
    return transform(building, slot->error, slot, form, err);
}
