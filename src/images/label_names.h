/* The names of the labels of an atlas, from a file beside it. */
#ifndef ARETE_IMAGES_LABEL_NAMES_H
#define ARETE_IMAGES_LABEL_NAMES_H

#include "base/error.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Label number[k] has the name names.items[k]; numbers ascend. A zeroed struct has no names. */
struct label_names {
    int32_t *number;
    size_t capacity;
    struct text_list names;
};

/* Reads a table with the columns `index` and `name`, in capitals too, between tabs, commas or semicolons. Or,
 * without a header, a number and a name on each line, whatever stands between and after them that is a number
 * (AAL, FreeSurfer's and ITK-SNAP's colour tables). Lines with # do not count. Number 0 is the background and
 * is left out. */
int label_names_read(struct label_names *names, const char *path, struct error *err);
/* Whether a file begins like one of names: reads it up to the first label. If not, why_not says so; a file
 * that cannot be read is an error. */
int label_names_begin(const char *path, bool *begins, struct error *why_not, struct error *err);
void label_names_free(struct label_names *names);

/* The name of a label, or NULL. */
const char *label_names_find(const struct label_names *names, int32_t number);

/* Finds the names beside an atlas x.nii.gz (or x.nii): the first that exists of x.tsv, x.nii.txt, x.txt,
 * x.csv. *path is the caller's to free; NULL if there is none. */
int label_names_beside(const char *atlas, char **path, struct error *err);

#endif
