#include "input/cohort/cohort_keep.h"

#include "base/memory.h"
#include "input/cohort/cohort_targets.h"
#include "input/cohort/labels.h"

#include <stdlib.h>
#include <string.h>

void cohort_keep_rows(void *array, size_t row_bytes, const size_t *positions, size_t count)
{
    char *bytes = array;
    for (size_t k = 0; k < count; k++)
        memmove(bytes + k * row_bytes, bytes + positions[k] * row_bytes, row_bytes);
}

/* The items at `positions` stay; the others are freed. */
static void keep_items(struct text_list *list, const size_t *positions, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++)
        if (kept < count && positions[kept] == i)
            list->items[kept++] = list->items[i];
        else
            free(list->items[i]);
    list->count = kept;
}

static int keep_labels(struct cohort *cohort, const size_t *positions, size_t count, struct error *err)
{
    struct cohort_labels *others[] = {&cohort->within, &cohort->group, &cohort->fold};
    for (size_t k = 0; k < cohort->n_categorical; k++)
        if (labels_keep(&cohort->categorical[k], positions, count, err) != 0)
            return err->code;
    for (size_t k = 0; k < sizeof others / sizeof *others; k++)
        if (others[k]->level != NULL && labels_keep(others[k], positions, count, err) != 0)
            return err->code;
    return 0;
}

int cohort_keep(struct cohort *cohort, const size_t *positions, size_t count, double max_missing,
                struct log *log, struct error *err)
{
    if (genotypes_keep(&cohort->genotypes, positions, count, err) != 0 ||
        keep_labels(cohort, positions, count, err) != 0)
        return err->code;
    keep_items(&cohort->fid, positions, count);
    keep_items(&cohort->iid, positions, count);
    cohort_keep_rows(cohort->targets, cohort->n_targets * sizeof *cohort->targets, positions, count);
    cohort_keep_rows(cohort->quantitative, cohort->n_quantitative * sizeof *cohort->quantitative, positions,
                     count);
    cohort->n = count;
    return cohort_targets_look_again(cohort, max_missing, log, err);
}
