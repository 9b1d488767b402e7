#include "associate/association_tables.h"

#include "base/memory.h"
#include "model/univariate/student.h"

#include <math.h>
#include <stdlib.h>

/* What x'y misses of those whose residual was filled in with 0: by this, on average, |x|^2 of those who have
 * a value falls short too, beyond what the covariates are among them. 1 where nobody was. */
static double expansion(const struct analysis *analysis, size_t t)
{
    double n_values = analysis->target_n[analysis->target_column[t]];
    return ((double)analysis->cohort.n - (double)analysis->covariates.c) /
           (n_values - (double)analysis->target_rank[t]);
}

struct association_row association_tables_row(const struct association_tables *tables, size_t t,
                                              size_t variant, double r)
{
    const struct analysis *analysis = tables->analysis;
    const struct snp_facts *facts = &tables->found->facts[variant];
    struct variant named = variants_get(&analysis->cohort.genotypes.variants, variant);
    double unit = tables->targets->length[t] / facts->length * expansion(analysis, t);
    double degrees = tables->targets->view.degrees, left = 1 - r * r;
    return (struct association_row){
        .chromosome = named.chromosome,
        .effect_allele = named.counted,
        .other_allele = named.other,
        .variant_id = named.id,
        .position = named.position,
        .beta = r * unit,
        .standard_error = sqrt(left / degrees) * unit,
        .effect_allele_frequency = facts->mean / 2,
        .log_p = student_log_p(r * r, degrees),
        .t = r * sqrt(degrees / left),
        .n = analysis->target_n[analysis->target_column[t]],
    };
}

static int write_pairs(const struct association_tables *tables, const char *path, struct error *err)
{
    const struct analysis *analysis = tables->analysis;
    const struct associations *associations = &tables->found->associations;
    struct replace table;
    if (association_rows_open(&table, path, err) != 0)
        return err->code;
    for (size_t h = 0; h < associations->n_kept; h++) {
        const struct association *hit = &associations->hits[h];
        struct association_row row = association_tables_row(tables, hit->target, hit->variant, hit->r);
        association_rows_write(
            table.file, analysis->cohort.target_names.items[analysis->target_column[hit->target]], &row);
    }
    return replace_finish(&table, err); /* a write that failed above is seen there */
}

/* What concerns a target, then what concerns all. The caller frees it. */
static char *note_of(const struct analysis *analysis, size_t column, bool analysed, struct error *err)
{
    char *note = memory_string(analysis->target_notes[column], err);
    if (analysed && note != NULL && (size_t)analysis->target_n[column] < analysis->cohort.n)
        note = text_add_note(note, "missing values filled in: beta is scaled to those who have one", err);
    for (size_t k = 0; analysed && note != NULL && k < analysis->notes.count; k++)
        note = text_add_note(note, analysis->notes.items[k], err);
    return note;
}

static int write_target(const struct association_tables *tables, FILE *file, size_t column, size_t *t,
                        struct error *err)
{
    const struct analysis *analysis = tables->analysis;
    const struct associations *associations = &tables->found->associations;
    bool analysed = *t < analysis->n_targets && analysis->target_column[*t] == column;
    char *note = note_of(analysis, column, analysed, err);
    if (note == NULL)
        return err->code;
    struct association_target row = {
        .target = analysis->cohort.target_names.items[column], .note = note, .n = analysis->target_n[column]};
    struct association_row best;
    if (analysed) {
        const struct association_best *found = &associations->best[*t];
        best = association_tables_row(tables, *t, (size_t)found->variant, found->r);
        row.best = &best;
        row.n_hits = associations->n_hits[*t];
        row.p_snps = tables->p_snps != NULL ? tables->p_snps[*t] : NAN;
        row.p_fwer = tables->p_fwer != NULL ? tables->p_fwer[*t] : NAN;
        row.lambda = associations_lambda(associations, *t, tables->targets->view.degrees);
        ++*t;
    }
    association_rows_write_target(file, &row);
    free(note);
    return 0;
}

static int write_targets(const struct association_tables *tables, const char *path, struct error *err)
{
    size_t t = 0;
    struct replace table;
    if (association_rows_open_targets(&table, path, err) != 0)
        return err->code;
    for (size_t column = 0; column < tables->analysis->cohort.n_targets; column++)
        if (write_target(tables, table.file, column, &t, err) != 0) {
            replace_abandon(&table);
            return err->code;
        }
    return replace_finish(&table, err);
}

int association_tables_write(const struct association_tables *tables, const char *pairs_path,
                             const char *targets_path, struct error *err)
{
    return write_pairs(tables, pairs_path, err) == 0 ? write_targets(tables, targets_path, err) : err->code;
}
