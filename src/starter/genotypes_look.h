/* Which filesets belong together, who is in them, and which chromosomes. */
#ifndef ARETE_STARTER_GENOTYPES_LOOK_H
#define ARETE_STARTER_GENOTYPES_LOOK_H

#include "base/error.h"
#include "input/tables/subjects.h"
#include "starter/found_files.h"

#include <stdbool.h>

enum { GENOTYPES_LOOK_AUTOSOMES = 22 };

struct genotypes_look {
    size_t n_filesets;
    struct text_list names;                 /* their prefixes, folded: chr{1..22} */
    struct text_list left_out;              /* prefixes of filesets that are not of these */
    char *subjects_path;                    /* of the first fileset */
    struct subjects people;                 /* in it */
    bool has[GENOTYPES_LOOK_AUTOSOMES + 1]; /* chromosome k, with or without "chr" */
};

/* Takes those filesets whose names differ in numbers alone, of which there are most; of several such the
 * first. There is one at least. On error `look` is empty. */
int genotypes_look_read(struct genotypes_look *look, const struct found_files *found, struct error *err);
void genotypes_look_free(struct genotypes_look *look);

/* Autosomes from 1 on without a gap, up to 22: 19 in mice. 0 where there is a gap. */
int genotypes_look_autosomes(const struct genotypes_look *look);

#endif
