/* What arete plan prints. */
#ifndef ARETE_CLI_PLAN_PRINT_H
#define ARETE_CLI_PLAN_PRINT_H

#include "cli/plan_options.h"
#include "planning/cost.h"
#include "planning/cost_association.h"
#include "planning/cost_time.h"

/* Everything that a plan says; the placement stands in the shape. */
struct plan_numbers {
    struct cost_shape shape;
    struct cost cost;
    struct cost_rates rates;
    struct cost_seconds seconds;
    struct cost_network network;
    char why[COST_PLACEMENT_BYTES];        /* so many passes */
    char why_method[COST_PLACEMENT_BYTES]; /* orbits, or permutations drawn one by one */
    struct cost_association association;   /* what arete associate would do of it */
    int n_cores, most_workers;             /* of this machine; of a process */
    bool relatives_are_unknown;            /* people will be left out for relatives: who, K decides */
    bool cores_are_given; /* --shape: a machine has a core for each worker, whatever this one has */
};

void plan_print(const struct plan_numbers *plan);
/* The options of sbatch: half as much again in time, a quarter in memory. */
void plan_print_sbatch(const struct plan_numbers *plan);
/* "slurm:    sbatch ..." with the script, the study file and its settings. */
int plan_print_command(const struct plan_numbers *plan, const struct arguments *arguments, struct error *err);

#endif
