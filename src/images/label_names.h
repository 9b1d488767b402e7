/* The names of an atlas's labels, from the file beside it. */
#ifndef ARETE_IMAGES_LABEL_NAMES_H
#define ARETE_IMAGES_LABEL_NAMES_H

#include "base/error.h"
#include "base/text.h"

#include <stddef.h>
#include <stdint.h>

/* number[k] has the name names.items[k]; numbers ascend. All zeros is none. */
struct label_names {
    int32_t *number;
    size_t capacity;
    struct text_list names;
};

/* A table with the columns `index` and `name` (tabs, as in BIDS), or without a header a number and a name on
 * each line, and what follows them passed over (the AAL kind). A number 0 is the background and is passed
 * over. */
int label_names_read(struct label_names *names, const char *path, struct error *err);
void label_names_free(struct label_names *names);

/* The name of a label, or NULL. */
const char *label_names_find(const struct label_names *names, int32_t number);

/* The path of the names beside an atlas x.nii.gz (or x.nii): x.tsv, x.nii.txt or x.txt, whichever is there
 * first. *path is the caller's, or NULL when there is none. */
int label_names_beside(const char *atlas, char **path, struct error *err);

#endif
