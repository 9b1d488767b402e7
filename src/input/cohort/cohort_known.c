/* What an earlier pass over the same files found, in place of another one. */
#include "input/cohort/cohort_known.h"

#include "base/memory.h"
#include "input/tables/subject_index.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int cohort_known_find(const struct cohort_build *build, const struct cohort_known *known, ptrdiff_t *found,
                      struct error *err)
{
    const struct genotypes *genotypes = &build->cohort->genotypes;
    struct subject_index index;
    if (subject_index_init(&index, known->fid, known->iid, known->n, false, err) != 0)
        return err->code;
    for (size_t i = 0; i < build->n; i++)
        found[i] = subject_index_find(&index, genotypes->fid.items[i], genotypes->iid.items[i]);
    subject_index_free(&index);
    return 0;
}

static bool are_known(const struct cohort_known *known, const struct text_list *names)
{
    if (known == NULL || known->targets.names == NULL || known->targets.n_targets != names->count)
        return false;
    for (size_t t = 0; t < names->count; t++)
        if (strcmp(known->targets.names[t], names->items[t]) != 0)
            return false;
    return true;
}

bool cohort_known_has_targets(const struct cohort_build *build)
{
    const struct cohort_known *known = build->request->known;
    return are_known(known, &build->cohort->regions->names) && known->targets.values != NULL;
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

int cohort_known_take_notes(struct cohort_build *build, struct error *err)
{
    const struct cohort_known *known = build->request->known;
    return are_known(known, &build->cohort->target_names) ? take_notes(build->cohort, &known->targets, err)
                                                          : 0;
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
        for (size_t t = 0; t < cohort->n_targets; t++) {
            double value = targets->analysed[t] ? *values++ : NAN;
            bool was_filled = value == 0 && signbit(value); /* model/ridge/targets.h */
            cohort->targets[i * cohort->n_targets + t] = was_filled ? NAN : value;
        }
    }
    free(found);
    cohort->has_targets_hash = true;
    cohort->targets_hash = targets->hash;
    log_info(build->log, "images: as in the campaign; they have kept size and time and were not read again");
    return 0;
}
