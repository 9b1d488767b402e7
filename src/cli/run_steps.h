/* The steps of arete run and what they share. Only for run*.c. */
#ifndef ARETE_CLI_RUN_STEPS_H
#define ARETE_CLI_RUN_STEPS_H

#include "base/error.h"
#include "base/log.h"
#include "checkpoint/campaign.h"
#include "cli/analysis.h"
#include "cli/campaign_fill.h"
#include "cli/progress_bar.h"
#include "model/baseline.h"
#include "tasks/factor_graph.h"
#include "tasks/progress.h"
#include "tasks/runtime.h"

#include <stdbool.h>

struct run {
    struct analysis analysis;
    struct log log;
    struct runtime runtime;
    struct progress_bar bar;
    struct progress_sink progress;
    struct baseline scored, covariates_only;
    struct factors factors;
    struct campaign_content content; /* of a new campaign */
    struct campaign earlier;         /* the campaign that was there; resumed = whether */
    bool resumed, fresh;             /* fresh: --fresh, it is to be replaced */
    struct campaign_units *units;    /* of the campaign file, under its lock */
    bool *done;                      /* which of them are done */
    int64_t n_units, n_left;         /* that this study's permutations take; of them not done */
    char *campaign_path, *results_path;
    double started;
};

/* The campaign of this run: the new one or the earlier. */
struct campaign *run_campaign(struct run *run);

void run_begin_progress(struct run *run, const char *label, const char *unit, double scale, double most);

/* Input, output folder and workers: everything that can be wrong is found here, before anything is written.
 */
int run_open(struct run *run, const char *study_path, const struct text_list *sets, bool fresh,
             struct error *err);

/* Folds, design, K (summed, or from the campaign), targets, penalties, permutations; on a resume, that it is
 * the same study. */
int run_prepare(struct run *run, struct error *err);

/* For a new campaign the operators, the observed scores and the file; for an earlier one what is left to do,
 * and the operators if anything is. */
int run_build(struct run *run, struct error *err);

/* The permutations that are not done yet, and the tables. */
int run_finish(struct run *run, struct error *err);

#endif
