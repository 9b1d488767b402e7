/* Where a format puts the variants of a file, one after the other: those that are selected are kept. */
#ifndef ARETE_INPUT_GENOTYPES_VARIANT_SINK_H
#define ARETE_INPUT_GENOTYPES_VARIANT_SINK_H

#include "base/error.h"
#include "input/genotypes/variants.h"
#include "input/tables/id_list.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { VARIANT_CHROMOSOME_BYTES = 32, VARIANT_EXAMPLE_BYTES = 80 };

/* What the selection dropped, each variant counted at the first rule that drops it, in this order. */
struct variant_counts {
    size_t n_in_files, n_off_chromosome, n_not_extracted, n_excluded;
    size_t n_negative;                          /* selected ones with a negative position */
    char first[VARIANT_EXAMPLE_BYTES];          /* the ID of the first one in the files */
    char off_chromosome[VARIANT_EXAMPLE_BYTES]; /* "rs3 on X", the first that n_off_chromosome counts */
    char negative[VARIANT_EXAMPLE_BYTES];       /* the ID of the first that n_negative counts */
};

struct variant_sink {
    bool all_chromosomes;              /* else 1-22, with or without "chr" */
    struct id_list *extract, *exclude; /* or NULL */
    struct variants *variants;         /* those selected are added */
    struct variant_counts *counts;
    /* of the fileset that is read */
    size_t room; /* those after so many are only counted: its calls hold fewer */
    size_t n_in_file;
    uint32_t *rows; /* which of its variants are selected, ascending: n_rows */
    size_t n_rows, rows_capacity;
    char chromosome[VARIANT_CHROMOSOME_BYTES]; /* the last one looked at, unless it is longer; and ... */
    bool is_autosome;                          /* ... whether it is one */
};

/* The next variant of the file. */
int variant_sink_add(struct variant_sink *sink, const struct variant *variant, struct error *err);

#endif
