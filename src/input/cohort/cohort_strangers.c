#include "input/cohort/cohort_strangers.h"

#include "base/memory.h"
#include "input/tables/id_forms.h"

#include <stdlib.h>

static int make_room(struct id_forms_side *side, bool has_fids, size_t n, struct error *err)
{
    *side = (struct id_forms_side){.iid = memory_zeroed(n, sizeof *side->iid, "who does not fit", err)};
    if (has_fids)
        side->fid = memory_zeroed(n, sizeof *side->fid, "who does not fit", err);
    return err->code;
}

static void add(struct id_forms_side *side, const struct text_list *fid, const struct text_list *iid,
                size_t i)
{
    if (side->fid != NULL)
        side->fid[side->count] = fid->items[i];
    side->iid[side->count++] = iid->items[i];
}

static void free_side(struct id_forms_side *side)
{
    free(side->fid);
    free(side->iid);
}

static void name_example(char name[SUBJECTS_NAME_BYTES], const struct id_forms_side *side, size_t position)
{
    name[0] = '\0';
    if (side->count > 0)
        subjects_name(name, side->fid != NULL ? side->fid[position] : NULL, side->iid[position]);
}

static int add_theirs(struct id_forms_side *theirs, const struct subjects *others, const ptrdiff_t *found,
                      size_t n, struct error *err)
{
    bool *taken = memory_zeroed(others->iid.count, sizeof *taken, "who does not fit", err);
    if (taken == NULL)
        return err->code;
    for (size_t i = 0; i < n; i++)
        if (found[i] != TEXT_NOT_FOUND)
            taken[found[i]] = true;
    for (size_t k = 0; k < others->iid.count; k++)
        if (!taken[k])
            add(theirs, &others->fid, &others->iid, k);
    free(taken);
    return 0;
}

int cohort_strangers_find(struct cohort_strangers *strangers, const struct cohort_build *build,
                          const struct subjects *others, const ptrdiff_t *found, struct error *err)
{
    const struct genotypes *genotypes = &build->cohort->genotypes;
    struct id_forms_side ours = {0}, theirs = {0};
    struct id_forms forms = {0};
    int code = make_room(&ours, true, build->n, err);
    if (code == 0)
        code = make_room(&theirs, others->fid.count > 0, others->iid.count, err);
    for (size_t i = 0; code == 0 && i < build->n; i++)
        if (build->in[i] && found[i] == TEXT_NOT_FOUND)
            add(&ours, &genotypes->fid, &genotypes->iid, i);
    if (code == 0)
        code = add_theirs(&theirs, others, found, build->n, err);
    if (code == 0)
        code = id_forms_find(&forms, &ours, &theirs, err);
    if (code == 0) {
        *strangers = (struct cohort_strangers){
            .n_ours = ours.count, .n_theirs = theirs.count, .difference = forms.difference};
        name_example(strangers->ours, &ours, forms.ours);
        name_example(strangers->theirs, &theirs, forms.theirs);
    }
    free_side(&ours);
    free_side(&theirs);
    return code;
}
