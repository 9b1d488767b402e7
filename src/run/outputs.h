/* What a run writes, before it writes anything: no output is one of the inputs, and none takes the place of a
 * file that is not of its own kind. */
#ifndef ARETE_RUN_OUTPUTS_H
#define ARETE_RUN_OUTPUTS_H

#include "base/error.h"
#include "study/analysis.h"

/* In rank 0, once every input file is known. EXIT_CODE_BAD_INPUT with both names. */
int outputs_check(const struct analysis *analysis, struct error *err);

#endif
