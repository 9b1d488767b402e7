/* Tables of associations of a SNP and a target: the columns, and how numbers stand in them.
 *
 * Names and order are those of GWAS-SSF, the GWAS Catalog's standard for summary statistics (Hayhurst et al.
 * 2022): its eight mandatory columns first, then variant_id (the .bim's: theirs is made of place and alleles)
 * and n, then what it has no name for.
 */
#ifndef ARETE_OUTPUT_ASSOCIATION_ROWS_H
#define ARETE_OUTPUT_ASSOCIATION_ROWS_H

#include "base/error.h"
#include "base/replace.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Of one SNP and one target. Nothing is owned. */
struct association_row {
    const char *chromosome, *effect_allele, *other_allele, *variant_id;
    int64_t position;                                               /* base pairs; 0 or less: unknown */
    double beta, standard_error, effect_allele_frequency, log_p, t; /* log_p: natural */
    int64_t n;
};

/* Of one target. */
struct association_target {
    const char *target, *note;
    int64_t n, n_hits;
    double lambda;                      /* NaN: not known */
    double p_snps, p_fwer;              /* by permutation; NaN: not permuted */
    const struct association_row *best; /* NULL: the target is not analysed */
};

/* What may be replaced by these tables. */
int association_rows_check(const char *path, struct error *err);
int association_rows_check_targets(const char *path, struct error *err);

/* Opens a table under a temporary name (base/replace.h) and writes its header: of many targets, with their
 * names in front, or of the targets themselves. */
int association_rows_open(struct replace *table, const char *path, struct error *err);
int association_rows_open_targets(struct replace *table, const char *path, struct error *err);

/* A table packed by gzip (base/packed_file.h): its check, its place, and its header. */
int association_rows_check_packed(const char *path, struct error *err);
int association_rows_open_packed(struct replace *table, const char *path, struct error *err);
void association_rows_begin(FILE *file, bool with_targets);

/* target: NULL in a table without that column. */
void association_rows_write(FILE *file, const char *target, const struct association_row *row);
void association_rows_write_target(FILE *file, const struct association_target *target);

/* "0.0123", "3.21e-45", "1.7e-4002": p of its natural logarithm, also where no double is so small. */
enum { ASSOCIATION_P_BYTES = 48 };
const char *association_rows_p(double log_p, int digits, char text[ASSOCIATION_P_BYTES]);
/* Three digits, rounded down: what is under the text is under p too. */
const char *association_rows_limit(double log_p, char text[ASSOCIATION_P_BYTES]);

#endif
