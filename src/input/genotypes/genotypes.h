/* Genotypes: calls of a study's subjects at its variants (SNPs), whatever files they stand in.
 *
 * Several filesets (one a chromosome, say), of one format or of several, must hold the same subjects, matched
 * by FID and IID, in any order. Their variants follow each other in the order of the filesets and files. How
 * to add a format: genotype_format.h. */
#ifndef ARETE_INPUT_GENOTYPES_GENOTYPES_H
#define ARETE_INPUT_GENOTYPES_GENOTYPES_H

#include "base/error.h"
#include "base/text.h"
#include "input/genotypes/genotype_format.h"
#include "input/genotypes/variants.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Which variants are looked at at all. */
struct genotype_selection {
    bool all_chromosomes; /* else 1-22, with or without "chr" */
    const char *extract;  /* path of a list of SNP IDs, one a line; or NULL */
    const char *exclude;
};

/* What became of a list of SNPs. */
struct genotype_list_use {
    size_t n_listed, n_absent;          /* different IDs; those that are in none of the files */
    char absent[VARIANT_EXAMPLE_BYTES]; /* one of the latter */
};

struct genotypes {
    struct text_list fid, iid; /* subjects, in the order of the first fileset, until genotypes_keep */
    size_t n_subjects;
    struct variants variants; /* selected, over all filesets */
    struct genotype_fileset *filesets;
    size_t n_filesets;
    struct variant_counts dropped; /* by the selection, for the log */
    struct genotype_list_use extract, exclude;
};

/* Opens every fileset and checks what can be checked without reading the calls. On error it is empty. */
int genotypes_open(struct genotypes *genotypes, const struct text_list *names,
                   const struct genotype_selection *selection, struct error *err);
void genotypes_close(struct genotypes *genotypes);

/* Keeps the subjects whose positions are given, in the order given (positions in the current order, all
 * different). */
int genotypes_keep(struct genotypes *genotypes, const size_t *positions, size_t count, struct error *err);

/* Reads variants first ... first+count-1: calls[k * n_subjects + i] is the call of subject i at variant first
 * + k, copies of its counted allele or GENOTYPE_CALL_MISSING. `calls` is the caller's, count x n_subjects
 * bytes. May be called from several threads at once. */
int genotypes_read_calls(const struct genotypes *genotypes, size_t first, size_t count, uint8_t *calls,
                         struct error *err);

/* One pass over all variants, at the speed of the disk or of memory: missing[i] = missing calls of subject i;
 * *hash = XXH3-64 of everybody's calls, also of those who are not kept. */
int genotypes_scan(const struct genotypes *genotypes, uint32_t *missing, uint64_t *hash, struct error *err);

/* values[i * columns->count + k] of subject i: numbers that stand beside the subjects of the first fileset;
 * NaN = missing. */
int genotypes_read_columns(const struct genotypes *genotypes, const struct genotype_columns *columns,
                           double *values, struct error *err);

/* The file that names variant k. */
const char *genotypes_path_of(const struct genotypes *genotypes, size_t k);

/* The file that names the subjects, and the first that names variants: for messages. */
const char *genotypes_subjects_path(const struct genotypes *genotypes);
const char *genotypes_variants_path(const struct genotypes *genotypes);

/* What tells these filesets from others without reading the calls: numbers of subjects and variants, and all
 * that is known of the selected variants. Equal on every machine that has the same files. */
uint64_t genotypes_digest(const struct genotypes *genotypes);

/* What sizes and times of change of the files of calls hash to. Equal on machines that share them; where it
 * is not, calls may still be the same: genotypes_scan tells. A file that is gone counts as an empty one. */
uint64_t genotypes_stamp(const struct genotypes *genotypes);

#endif
