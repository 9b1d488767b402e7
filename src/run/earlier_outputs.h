/* Results of an earlier study in the output folder of one that begins: beside it they would look like its
 * own. Not for a campaign that is gone on with, whose they are. */
#ifndef ARETE_RUN_EARLIER_OUTPUTS_H
#define ARETE_RUN_EARLIER_OUTPUTS_H

#include "base/error.h"
#include "run/record.h"

/* Of arete run, all but results.tsv, which every run removes: the report, predictions, the table of what was
 * finished, and what stands in `folder` under other names, lists of relatives, traces and maps. */
int earlier_outputs_remove(const struct record *record, const char *folder, struct error *err);

/* The maps of arete run alone. */
int earlier_outputs_remove_maps(const char *folder, struct error *err);

/* Traces of all ranks, "NAME.tsv" and "NAME.rank-R.tsv" in the folder. */
int earlier_outputs_remove_traces(const char *folder, const char *name, struct error *err);

/* Removes a file where `check` says that it may be replaced, for names at which nobody has looked yet: the
 * study that begins has no use for all of them. */
int earlier_outputs_remove_own(const char *path, int (*check)(const char *path, struct error *err),
                               struct error *err);

#endif
