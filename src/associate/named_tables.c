#include "associate/named_tables.h"

#include "associate/association_files.h"
#include "associate/association_maps.h"
#include "base/folder.h"
#include "base/packed_file.h"

#include <stdlib.h>

/* One file: of target t with all SNPs, or of a SNP with all targets. */
struct named_table {
    const struct association_tables *tables;
    bool is_target;
    size_t which;    /* t, or the variant */
    const double *r; /* of every variant, or of every target */
};

static bool is_tested(const struct association_tables *tables, size_t variant)
{
    return tables->found->facts[variant].length > 0;
}

static const char *target_name(const struct association_tables *tables, size_t t)
{
    return tables->analysis->cohort.target_names.items[tables->analysis->target_column[t]];
}

static void write_rows(const struct named_table *table, FILE *file)
{
    const struct association_tables *tables = table->tables;
    const struct analysis *analysis = tables->analysis;
    association_rows_begin(file, !table->is_target);
    size_t count = table->is_target ? analysis->cohort.genotypes.variants.count : analysis->n_targets;
    for (size_t k = 0; k < count; k++) {
        size_t variant = table->is_target ? k : table->which, t = table->is_target ? table->which : k;
        if (!is_tested(tables, variant))
            continue;
        struct association_row row = association_tables_row(tables, t, variant, table->r[k]);
        association_rows_write(file, table->is_target ? NULL : target_name(tables, t), &row);
    }
}

static int write_table(const struct named_table *table, const char *path, struct error *err)
{
    struct replace replace;
    if (association_rows_open_packed(&replace, path, err) != 0)
        return err->code;
    FILE *file = packed_file_open(&replace, err);
    if (file != NULL) {
        write_rows(table, file);
        packed_file_close(file, &replace, err);
    }
    if (err->code == 0)
        return replace_finish(&replace, err);
    replace_abandon(&replace);
    return err->code;
}

/* In a folder of the output folder, which is made. The caller frees the path. */
static char *path_of(const struct analysis *analysis, const char *what, const char *name, const char *ending,
                     struct error *err)
{
    char *file = named_pairs_path(what, name, ending, err);
    char *path = file != NULL ? folder_path(analysis->study.output, file, err) : NULL;
    free(file);
    return path;
}

static int write_target(const struct association_tables *tables, const struct named_pairs *named, size_t k,
                        struct error *err)
{
    const struct named_table table = {tables, true, named->target[k],
                                      named->full.target_r + k * named->full.n_variants};
    char *path = path_of(tables->analysis, ASSOCIATION_FILES_FULL "/target",
                         target_name(tables, named->target[k]), ".tsv.gz", err);
    if (path != NULL)
        write_table(&table, path, err);
    free(path);
    return err->code;
}

static int write_map(const struct association_tables *tables, const struct named_table *table,
                     const char *name, struct error *err)
{
    if (tables->analysis->cohort.regions == NULL)
        return 0;
    char *path = path_of(tables->analysis, ASSOCIATION_FILES_MAPS "/snp", name, "_t.nii.gz", err);
    if (path != NULL)
        association_maps_write_snp(tables, table->which, table->r, path, err);
    free(path);
    return err->code;
}

static int write_snp(const struct association_tables *tables, const struct named_pairs *named, size_t k,
                     struct error *err)
{
    const struct named_table table = {tables, false, named->variant[k],
                                      named->full.snp_r + k * named->full.n_all_targets};
    const char *name = tables->analysis->study.associate.snps.items[k];
    if (!is_tested(tables, table.which)) {
        log_note(tables->analysis->log,
                 "associate.snps: %s was not tested, as a filter leaves it out or the covariates explain it: "
                 "no table of it",
                 name);
        return 0;
    }
    char *path = path_of(tables->analysis, ASSOCIATION_FILES_FULL "/snp", name, ".tsv.gz", err);
    if (path != NULL && write_table(&table, path, err) == 0)
        write_map(tables, &table, name, err);
    free(path);
    return err->code;
}

int named_tables_write(const struct association_tables *tables, const struct named_pairs *named,
                       struct error *err)
{
    if (named->full.n_targets + named->full.n_snps == 0)
        return 0;
    char *folder = folder_path(tables->analysis->study.output, ASSOCIATION_FILES_FULL, err);
    if (folder != NULL)
        folder_make(folder, err);
    free(folder);
    for (size_t k = 0; err->code == 0 && k < named->full.n_targets; k++)
        write_target(tables, named, k, err);
    for (size_t k = 0; err->code == 0 && k < named->full.n_snps; k++)
        write_snp(tables, named, k, err);
    return err->code;
}
