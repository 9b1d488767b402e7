/* What a genotype format is to the program. One file fills in this table, genotype_formats.c names it, and
 * the rest of the program need not know.
 *
 * A fileset is what a name in the study file stands for: files that hold the calls of some subjects at some
 * variants, which are numbered from 0 as they stand in the file ("rows"). */
#ifndef ARETE_INPUT_GENOTYPES_GENOTYPE_FORMAT_H
#define ARETE_INPUT_GENOTYPES_GENOTYPE_FORMAT_H

#include "base/error.h"
#include "base/text.h"
#include "input/genotypes/variant_sink.h"
#include "input/tables/missing_codes.h"
#include "input/tables/subjects.h"

#include <stddef.h>
#include <stdint.h>
#include <xxhash.h>

/* A call of one subject at one variant. */
enum { GENOTYPE_CALL_MISSING = 3 }; /* else 0, 1, 2 copies of the counted allele */

/* Where a fileset's calls, variants and subjects stand; one file may be two of them, or all. */
struct genotype_files {
    const struct genotype_format *format;
    char *calls, *variants, *subjects; /* paths */
};

struct genotype_fileset {
    char *name; /* as the study file has it */
    struct genotype_files files;
    size_t n_subjects_in_file, n_variants_in_file;
    size_t n_subjects;      /* kept ... */
    uint32_t *subject_rows; /* ... and which of the file's each is */
    size_t n_variants;      /* selected ... */
    uint32_t *variant_rows; /* ... and which of the file's they are, ascending */
    void *state;            /* the format's, between open_calls and close_calls */
};

/* Numbers that stand in columns beside the subjects. */
struct genotype_columns {
    char *const *names; /* for messages */
    const int *columns; /* from 1 */
    size_t count;
    const struct missing_codes *missing_codes;
};

struct genotype_format {
    const char *name;                        /* for messages */
    const char *calls, *variants, *subjects; /* the endings of its files' names */

    /* Every subject, in the order of the file; checks that none stands twice. On error `subjects` is empty.
     */
    int (*read_subjects)(const char *path, struct subjects *subjects, struct error *err);

    /* Gives every variant to the sink, in the order of the file. */
    int (*read_variants)(const char *path, struct variant_sink *sink, struct error *err);

    /* Checks the calls' file as far as that costs nothing and opens it. Everything but n_subjects, state and
     * the rows is filled in. close_calls is called also when this failed, if there is a state. */
    int (*open_calls)(struct genotype_fileset *fileset, struct error *err);
    void (*close_calls)(struct genotype_fileset *fileset);

    /* calls[k * n_subjects + i] is the call of kept subject i at selected variant first + k, k < count > 0.
     * Called from several threads at once. (A format of dosages will have read_dosages beside this, with
     * floats; for the others, calls are dosages.) */
    int (*read_calls)(const struct genotype_fileset *fileset, size_t first, size_t count, uint8_t *calls,
                      struct error *err);

    /* One pass over the selected variants: adds to missing[r] the missing calls of the subject of row r, and
     * puts everybody's calls into the hash, as the file has them. `missing` may be written for
     * GENOTYPE_SCAN_PADDING rows too many. NULL: it is done with read_calls. */
    int (*scan)(const struct genotype_fileset *fileset, XXH3_state_t *hash, uint32_t *missing,
                struct error *err);

    /* values[s * count + k] of subject s = subject_of_row[row]; rows of TEXT_NOT_FOUND are not looked at.
     * NULL: the format has no such columns. */
    int (*read_columns)(const char *path, const struct genotype_columns *columns,
                        const ptrdiff_t *subject_of_row, size_t n_rows, double *values, struct error *err);
};

enum { GENOTYPE_SCAN_PADDING = 64 };

#endif
