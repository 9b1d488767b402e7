/* The cost of a study that has been read. */
#ifndef ARETE_CLI_ANALYSIS_COST_H
#define ARETE_CLI_ANALYSIS_COST_H

#include "base/error.h"
#include "cli/analysis.h"
#include "model/cost.h"

/* From what is known by now: before the filters have run, upper bounds. */
struct cost_shape analysis_cost_shape(const struct analysis *analysis);

/* Refuses (EXIT_CODE_BAD_INPUT) a study that needs more than run.memory, or (auto) more than this machine or
 * cgroup has. */
int analysis_check_memory(const struct analysis *analysis, struct error *err);

#endif
