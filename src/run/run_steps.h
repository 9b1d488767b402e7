/* The steps of arete run and what they share. Only for run*.c. */
#ifndef ARETE_RUN_RUN_STEPS_H
#define ARETE_RUN_RUN_STEPS_H

#include "base/error.h"
#include "base/log.h"
#include "base/reporter.h"
#include "checkpoint/campaign.h"
#include "model/ridge/baseline.h"
#include "model/ridge/penalty_nodes.h"
#include "planning/placement.h"
#include "ranks/ranks.h"
#include "ranks/window.h"
#include "run/campaign_fill.h"
#include "run/run.h"
#include "study/analysis.h"
#include "tasks/factor_graph.h"
#include "tasks/permutation_graph.h"
#include "tasks/progress.h"
#include "tasks/runtime.h"

#include <stdbool.h>

/* With several ranks rank 0 reads the input, keeps the campaign and writes the results; the others are told
 * what they need (run_share.c) and take part in the graphs. What is marked with a star is there in rank 0
 * alone. */
struct run {
    struct ranks *ranks;
    struct analysis analysis; /* in other ranks the study, folds, covariates, penalties and permutations */
    struct log log;           /* silent in other ranks */
    struct runtime runtime;
    const struct reporter *reporter;
    FILE *screen;
    struct progress_sink progress;
    struct penalty_nodes nodes;   /* the penalties that permutations compute */
    struct placement placement;   /* of their operators */
    struct window targets;        /* n x T floats, of the machine's ranks together */
    struct window targets_double; /* the same in double while observed scores are computed; empty on the first
                                     machine, for rank 0 has them in `analysis` */
    struct baseline scored, covariates_only;
    struct factors factors;
    struct campaign_content content; /* * of a new campaign; in other ranks what a part file says of it */
    struct campaign earlier;         /* * the campaign that was there; resumed = whether */
    bool resumed, fresh;             /* fresh: --fresh, it is to be replaced */
    struct campaign_units *units;    /* of the campaign file, under its lock; of a part file in other ranks */
    bool *done;                      /* which of the campaign's are done */
    int64_t n_units, n_left;         /* that this study's permutations take; of them not done */
    char *campaign_path, *results_path;
    double started, stop_after_s; /* stop_after_s: of the study */
};

/* A step of rank 0 alone, whose outcome all ranks share. */
int run_on_first(struct run *run, int (*step)(struct run *run, struct error *err), struct error *err);

/* Ends the process after an error that others heard of while messages may be under way (struct runtime). */
_Noreturn void run_abandon(void *run, const struct error *err);

/* Whether this rank was asked to stop; the ranks' watcher asks too, from its thread. */
bool run_asked_to_stop(void *run);
/* Whether this rank or another was. */
bool run_should_stop(void *run);
/* EXIT_CODE_STOPPED if so: between the graphs, which notice by themselves. */
int run_stop_here(struct run *run, const char *when, struct error *err);

/* The campaign of this run: the new one or the earlier. */
struct campaign *run_campaign(struct run *run);

void run_begin_progress(struct run *run, const char *label, const char *unit, double scale, double most);

/* Input and output folder: everything that can be wrong is found here, before anything is written. */
int run_open(struct run *run, const struct run_request *request, struct error *err);

/* Workers; folds, design, K (summed, or from the campaign), targets, penalties, permutations; on a resume,
 * that it is the same study. */
int run_prepare(struct run *run, struct error *err);

/* For a new campaign the operators, the observed scores and the file; for an earlier one what is left to do,
 * and the operators if anything is. */
int run_build(struct run *run, struct error *err);

/* The permutations that are not done yet, and the tables. */
int run_finish(struct run *run, struct error *err);

/* Where operators stand, so that each machine's part fits into its memory: run->placement.kind. In rank 0,
 * from the penalty nodes or, before they are known, from as few of them as there may be. */
int run_place(struct run *run, struct error *err);

/* What rank 0 knows and others need (run_share.c); with one rank only what is marked so happens.
 * subjects: whose genotypes the other ranks read. numbers: all that the graphs compute with; the targets'
 * windows, also with one rank. nodes: the penalty nodes; their placement, also with one rank. units: which of
 * them are done, and what part files say. */
int run_share_subjects(struct run *run, struct error *err);
int run_share_numbers(struct run *run, struct error *err);
int run_share_nodes(struct run *run, struct error *err);
int run_share_units(struct run *run, struct error *err);

/* The models that scores are measured against. */
int run_build_baselines(struct run *run, struct error *err);
/* The penalty nodes, their operators, and in rank 0 the observed scores in double, into its content. */
int run_observe(struct run *run, struct error *err);
/* The nodes of an earlier campaign and their operators. */
int run_rebuild_operators(struct run *run, struct error *err);

/* The graphs' view of the run. */
enum score_kind run_score_kind(const struct run *run);
struct permutation_graph_input run_permutation_input(const struct run *run);

/* Permutations of a unit. */
int64_t run_unit_permutations(const struct run *run);

#endif
