/* Whether p of each target holds its level: what its own values do to permutation. */
#include "base/amount.h"
#include "base/memory.h"
#include "study/analysis.h"
#include "study/analysis_filled.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAMES_BYTES = 256, NAMES_MOST = 3 };

/* Targets that something is said of. */
struct told {
    const char *note; /* in results.tsv */
    size_t count;
    char names[NAMES_BYTES]; /* the first ones */
};

static int tell(struct told *told, struct analysis *analysis, size_t t, struct error *err)
{
    size_t column = analysis->target_column[t], used = strlen(told->names);
    if (told->count < NAMES_MOST)
        snprintf(told->names + used, NAMES_BYTES - used, "%s%.60s", told->count > 0 ? ", " : "",
                 analysis->cohort.target_names.items[column]);
    else if (told->count == NAMES_MOST)
        snprintf(told->names + used, NAMES_BYTES - used, " ...");
    told->count++;
    analysis->target_notes[column] = text_add_note(analysis->target_notes[column], told->note, err);
    return err->code;
}

static void warn(const struct told *told, const struct analysis *analysis, const char *text)
{
    char count[AMOUNT_BYTES], all[AMOUNT_BYTES];
    if (told->count > 0)
        log_warning(analysis->log, "in %s of %s targets (%s) %s", amount_exact((int64_t)told->count, count),
                    amount_exact((int64_t)analysis->n_targets, all), told->names, text);
}

/* Missing values that go with genotypes. */
static int warn_of_likeness(struct analysis *analysis, struct error *err)
{
    struct told told = {.note = "p may be too small: values are missing by relatedness or ancestry"};
    double ratio = 0;
    char text[512];
    bool *alike = memory_zeroed(analysis->n_targets, sizeof *alike, "patterns of missing values", err);
    if (alike != NULL)
        analysis_filled_find(analysis, alike, &ratio, err);
    for (size_t t = 0; err->code == 0 && t < analysis->n_targets; t++)
        if (alike[t])
            tell(&told, analysis, t, err);
    free(alike);
    if (err->code != 0)
        return err->code;
    snprintf(
        text, sizeof text,
        "values are missing by relatedness or ancestry, and targets.missing: mean fills them in: p may be "
        "too small (K_ij^2 over pairs with a value is up to %.2f times that of as many people at random; "
        "targets.missing: drop-subject, or permutations.within: groups in which values are missing at "
        "random)",
        ratio);
    warn(&told, analysis, text);
    return 0;
}

int analysis_warn_of_level(struct analysis *analysis, struct error *err)
{
    return warn_of_likeness(analysis, err);
}
