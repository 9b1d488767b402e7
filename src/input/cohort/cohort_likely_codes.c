#include "input/cohort/cohort_likely_codes.h"

#include "base/memory.h"
#include "input/tables/missing_codes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const double likely[] = {-99, -999, -9999, 99, 999, 9999};
enum { N_LIKELY = sizeof likely / sizeof *likely, FEWEST_OTHERS = 10 };

/* A column: how often it has each of them, and what else it has. */
struct column {
    size_t n_others;
    double smallest, largest; /* of the others */
    uint32_t count[N_LIKELY];
};

/* Columns of one kind: n x count values, row-major; NaN is missing. */
struct columns {
    const double *values;
    size_t n, count;
    char *const *names, *const *notes; /* notes[k], unless NULL: the column is left out */
    const struct missing_codes *codes;
    size_t least; /* people who have it: a covariate's single one is told of by name, as it decides alone */
};

static size_t which(double value)
{
    size_t k = 0;
    while (k < N_LIKELY && likely[k] != value)
        k++;
    return k;
}

static void add(struct column *column, double value)
{
    if (isnan(value))
        return;
    size_t k = which(value);
    if (k < N_LIKELY) {
        column->count[k]++;
        return;
    }
    column->n_others++;
    column->smallest = fmin(column->smallest, value);
    column->largest = fmax(column->largest, value);
}

/* The one that lies far from the others, or N_LIKELY. Of ages to 90 a 99 does not. */
static size_t find_far(const struct column *column, size_t least, const struct missing_codes *codes)
{
    double width = column->largest - column->smallest;
    if (column->n_others < FEWEST_OTHERS)
        return N_LIKELY;
    for (size_t k = 0; k < N_LIKELY; k++)
        if (column->count[k] >= least && column->count[k] < column->n_others &&
            !missing_codes_has_value(codes, likely[k]) &&
            (likely[k] < column->smallest - width || likely[k] > column->largest + width))
            return k;
    return N_LIKELY;
}

static void tell(const struct cohort_build *build, const struct columns *columns, const struct column *found)
{
    size_t first = 0, far = 0, count = 0;
    const char *section = columns->codes->section;
    for (size_t t = 0; t < columns->count; t++) {
        if (columns->notes != NULL && columns->notes[t] != NULL)
            continue;
        size_t k = find_far(&found[t], columns->least, columns->codes);
        if (k < N_LIKELY && count++ == 0) {
            far = k;
            first = t;
        }
    }
    char more[60] = "";
    if (count > 1)
        snprintf(more, sizeof more, " (and such values in %zu more)", count - 1);
    if (count > 0)
        log_warning(build->log,
                    "%s: %s has %g in %u of %zu people, far from all other values%s: a code for a missing "
                    "value? Then write targets.missing_codes: [%g] in the study file, else %s.not_missing: "
                    "[%g]",
                    section, columns->names[first], likely[far], found[first].count[far], columns->n, more,
                    likely[far], section, likely[far]);
}

static int look_at(const struct cohort_build *build, const struct columns *columns, struct error *err)
{
    struct column *found = memory_zeroed(columns->count, sizeof *found, "what columns hold", err);
    if (found == NULL)
        return err->code;
    for (size_t t = 0; t < columns->count; t++)
        found[t] = (struct column){.smallest = INFINITY, .largest = -INFINITY};
    for (size_t i = 0; i < columns->n; i++)
        for (size_t t = 0; t < columns->count; t++)
            add(&found[t], columns->values[i * columns->count + t]);
    tell(build, columns, found);
    free(found);
    return 0;
}

int cohort_likely_codes_tell(const struct cohort_build *build, struct error *err)
{
    const struct cohort *cohort = build->cohort;
    const struct columns targets = {.values = cohort->targets,
                                    .n = cohort->n,
                                    .count = cohort->n_targets,
                                    .names = cohort->target_names.items,
                                    .notes = cohort->target_notes,
                                    .codes = &build->target_codes,
                                    .least = 1},
                         covariates = {.values = cohort->quantitative,
                                       .n = cohort->n,
                                       .count = cohort->n_quantitative,
                                       .names = cohort->quantitative_names.items,
                                       .codes = &build->covariate_codes,
                                       .least = 2};
    if (build->request->images == NULL && cohort->targets != NULL && look_at(build, &targets, err) != 0)
        return err->code;
    return look_at(build, &covariates, err);
}
