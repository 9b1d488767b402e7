/* associations.tsv and targets.tsv. */
#ifndef ARETE_ASSOCIATE_ASSOCIATION_TABLES_H
#define ARETE_ASSOCIATE_ASSOCIATION_TABLES_H

#include "associate/targets_in_rows.h"
#include "base/error.h"
#include "output/association_rows.h"
#include "study/analysis.h"
#include "tasks/association_graph.h"

struct association_tables {
    const struct analysis *analysis;
    const struct targets_in_rows *targets;
    const struct association_graph_output *found;
    const double *p_snps, *p_fwer; /* T; NULL: not permuted */
};

/* A pair as it stands in a table; t: among the analysed targets. Points into the analysis. */
struct association_row association_tables_row(const struct association_tables *tables, size_t t,
                                              size_t variant, double r);

/* Replaces the tables (base/replace.h). */
int association_tables_write(const struct association_tables *tables, const char *pairs_path,
                             const char *targets_path, struct error *err);

#endif
