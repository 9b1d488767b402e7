/* PLINK 1 filesets: .bed (SNP-major, two bits a call), .bim (variants), .fam (subjects). Calls count allele
 * 1, the first of the two alleles of a .bim line. Only for plink1*.c and the table of formats. */
#ifndef ARETE_INPUT_GENOTYPES_PLINK1_H
#define ARETE_INPUT_GENOTYPES_PLINK1_H

#include "input/genotypes/genotype_format.h"

#include <sys/stat.h>

enum { PLINK1_HEADER_BYTES = 3 };

/* A fileset's state. */
struct plink1_bed {
    int file;           /* descriptor, open for reading */
    struct stat opened; /* what it was then */
};

extern const struct genotype_format plink1_format;

/* The members of plink1_format, as genotype_format.h says. */
int plink1_subjects_read(const char *path, struct subjects *subjects, struct error *err);
int plink1_subjects_read_columns(const char *path, const struct genotype_columns *columns,
                                 const ptrdiff_t *subject_of_row, size_t n_rows, double *values,
                                 struct error *err);
int plink1_variants_read(const char *path, struct variant_sink *sink, struct error *err);
int plink1_calls_read(const struct genotype_fileset *fileset, size_t first, size_t count, uint8_t *calls,
                      struct error *err);
int plink1_calls_scan(const struct genotype_fileset *fileset, XXH3_state_t *hash, uint32_t *missing,
                      struct error *err);

#endif
