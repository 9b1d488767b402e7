/* Whether all processes of a run do the same work: a job may have started them with other options, in other
 * folders, or on machines that have files of their own. All are collective, and do nothing with one rank. */
#ifndef ARETE_RUN_SAME_IN_RANKS_H
#define ARETE_RUN_SAME_IN_RANKS_H

#include "base/error.h"
#include "ranks/ranks.h"
#include "run/record.h"
#include "study/analysis.h"

/* The program, the command, --fresh, and the study but for how many workers each has; in every rank as soon
 * as its own study file has been read. Else EXIT_CODE_BAD_INPUT. */
int same_in_ranks_study(struct ranks *ranks, const struct analysis *analysis, const struct record *record,
                        struct error *err);

/* The output folder, which rank 0 has made: seen by a file that it makes there for a moment. Else
 * EXIT_CODE_BAD_INPUT. */
int same_in_ranks_folder(struct ranks *ranks, const struct analysis *analysis, const struct record *record,
                         struct error *err);

#endif
