/* From a name in the study file to the files it stands for. */
#ifndef ARETE_INPUT_GENOTYPES_GENOTYPE_FILES_H
#define ARETE_INPUT_GENOTYPES_GENOTYPE_FILES_H

#include "base/error.h"
#include "input/genotypes/genotype_format.h"

#include <stdbool.h>

/* Takes the format whose calls are there; where none is, the paths are those of the first format, which
 * cannot be opened. A file's name in place of the fileset's is bad input. On error `files` is empty. */
int genotype_files_find(struct genotype_files *files, const char *name, struct error *err);
void genotype_files_free(struct genotype_files *files);

/* Whether a path is of a file of calls, by its ending. */
bool genotype_files_has_calls(const char *path);

#endif
