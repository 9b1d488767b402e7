/* The files from which a study could be made, by their names. */
#ifndef ARETE_STARTER_FOUND_FILES_H
#define ARETE_STARTER_FOUND_FILES_H

#include "base/error.h"
#include "base/text.h"

#include <stdbool.h>

/* Paths as they were given, or "<folder>/<name>", each list in the order of numbered names: chr2 before
 * chr10. */
struct found_files {
    struct text_list filesets; /* PLINK 1 prefixes, of which .bed, .bim and .fam are there */
    struct text_list tables;   /* .tsv, .csv, .txt, .pheno, .phen, .cov, .covar, packed or not */
    struct text_list images;   /* .nii, .nii.gz */
    struct text_list foreign;  /* genotypes that arete does not read */
};

/* Looks at files, and at the files of folders, but not at folders inside them. A path that is not there is
 * EXIT_CODE_BAD_INPUT. On error `found` is empty. */
int found_files_look(struct found_files *found, const struct text_list *paths, struct error *err);
void found_files_free(struct found_files *found);

/* The name without its folders. */
const char *found_files_name(const char *path);

/* Whether the name without its folders has one of the words in it, in any case; `words` ends with NULL. */
bool found_files_named(const char *path, const char *const *words);

#endif
