/* What an earlier pass over the same files found, in place of another one. */
#include "input/cohort/cohort_known.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static char *key_of(const char *fid, const char *iid, struct error *err)
{
    return memory_format(err, "%s\t%s", fid, iid);
}

int cohort_known_find(const struct cohort_build *build, const struct cohort_known *known, ptrdiff_t *found,
                      struct error *err)
{
    const struct plink *plink = &build->cohort->plink;
    struct text_list keys = {0};
    struct text_index index = {0};
    int code = 0;
    for (size_t i = 0; code == 0 && i < known->n; i++) {
        char *key = key_of(known->fid[i], known->iid[i], err);
        code = key != NULL ? text_list_add(&keys, key, err) : err->code;
        free(key);
    }
    if (code == 0)
        code = text_index_init(&index, keys.items, keys.count, err);
    for (size_t i = 0; code == 0 && i < build->n; i++) {
        char *key = key_of(plink->fid.items[i], plink->iid.items[i], err);
        code = key != NULL ? 0 : err->code;
        found[i] = code == 0 ? text_index_find(&index, key) : TEXT_NOT_FOUND;
        free(key);
    }
    text_index_free(&index);
    text_list_free(&keys);
    return code;
}

bool cohort_known_has_targets(const struct cohort_build *build)
{
    const struct cohort_known *known = build->request->known;
    const struct text_list *names = &build->cohort->regions->names;
    if (known == NULL || known->targets.values == NULL || known->targets.n_targets != names->count)
        return false;
    for (size_t t = 0; t < names->count; t++)
        if (strcmp(known->targets.names[t], names->items[t]) != 0)
            return false;
    return true;
}

/* A target that was left out stays so, with its note. */
static int take_notes(struct cohort *cohort, const struct cohort_known_targets *targets, struct error *err)
{
    for (size_t t = 0; t < cohort->n_targets; t++) {
        if (targets->analysed[t] || cohort->target_notes[t] != NULL)
            continue;
        cohort->target_notes[t] = memory_string(targets->notes[t], err);
        if (cohort->target_notes[t] == NULL)
            return err->code;
    }
    return 0;
}

int cohort_known_take_targets(struct cohort_build *build, struct error *err)
{
    struct cohort *cohort = build->cohort;
    const struct cohort_known_targets *targets = &build->request->known->targets;
    size_t n_analysed = 0;
    ptrdiff_t *found = memory_zeroed(build->n, sizeof *found, "the subjects of the campaign", err);
    if (found == NULL || cohort_known_find(build, build->request->known, found, err) != 0 ||
        take_notes(cohort, targets, err) != 0) {
        free(found);
        return err->code;
    }
    for (size_t t = 0; t < cohort->n_targets; t++)
        n_analysed += targets->analysed[t];
    for (size_t i = 0; i < build->n; i++) { /* whoever is not in the campaign is dropped with the calls */
        const double *values =
            targets->values + (size_t)(found[i] == TEXT_NOT_FOUND ? 0 : found[i]) * n_analysed;
        for (size_t t = 0; t < cohort->n_targets; t++)
            cohort->targets[i * cohort->n_targets + t] = targets->analysed[t] ? *values++ : NAN;
    }
    free(found);
    cohort->has_targets_hash = true;
    cohort->targets_hash = targets->hash;
    log_info(build->log, "images: as in the campaign; they have not changed and were not read again");
    return 0;
}
