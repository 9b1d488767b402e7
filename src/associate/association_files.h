/* The files that arete associate writes into the output folder. */
#ifndef ARETE_ASSOCIATE_ASSOCIATION_FILES_H
#define ARETE_ASSOCIATE_ASSOCIATION_FILES_H

#include "base/error.h"
#include "study/analysis.h"

/* Folders in it. */
#define ASSOCIATION_FILES_FULL "full"
#define ASSOCIATION_FILES_MAPS "maps"

/* Needs the cohort. No output is one of the inputs, none takes the place of a file of another kind, and no
 * two have one name: else EXIT_CODE_BAD_INPUT. */
int association_files_check(const struct analysis *analysis, struct error *err);

/* Removes what an earlier run left, so that one that fails leaves nothing that looks finished. */
int association_files_remove(const struct analysis *analysis, struct error *err);

#endif
