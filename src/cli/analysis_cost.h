/* The cost of a study that has been read. */
#ifndef ARETE_CLI_ANALYSIS_COST_H
#define ARETE_CLI_ANALYSIS_COST_H

#include "base/error.h"
#include "cli/analysis.h"
#include "model/cost.h"

/* From what is known by now: before the filters have run, upper bounds. */
struct cost_shape analysis_cost_shape(const struct analysis *analysis);

/* Refuses (EXIT_CODE_BAD_INPUT) a study that is larger than the program can do (subjects, targets), or needs
 * more memory than run.memory, or (auto) than this machine, its cgroup or the limit of the address space
 * have. */
int analysis_check_size(const struct analysis *analysis, struct error *err);

#endif
