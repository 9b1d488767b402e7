/* What a run writes, before it writes anything: no output is one of the inputs, and none takes the place of a
 * file that is not of its own kind. */
#ifndef ARETE_RUN_OUTPUTS_H
#define ARETE_RUN_OUTPUTS_H

#include "base/error.h"
#include "study/analysis.h"

#include <stdbool.h>
#include <stddef.h>

/* In rank 0, once every input file is known. EXIT_CODE_BAD_INPUT with both names. */
int outputs_check(const struct analysis *analysis, struct error *err);

/* The same of other files. */
struct outputs_file {
    const char *name; /* in the output folder */
    int (*check)(const char *path,
                 struct error *err); /* whether it may be replaced; NULL: seen to elsewhere */
};
int outputs_check_files(const struct analysis *analysis, const struct outputs_file *files, size_t count,
                        bool maps, struct error *err);

#endif
