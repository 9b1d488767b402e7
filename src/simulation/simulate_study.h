/* A study of made-up people whose truth is known. */
#ifndef ARETE_SIMULATION_SIMULATE_STUDY_H
#define ARETE_SIMULATION_SIMULATE_STUDY_H

#include "base/error.h"
#include "base/reporter.h"
#include "base/text.h"
#include "config/simulation.h"
#include "model/simulate/simulate_genetic.h"
#include "model/simulate/simulate_people.h"
#include "output/file_set.h"
#include "output/simulated_study.h"

#include <stdbool.h>
#include <stdio.h>

struct simulate_request {
    const char *path;             /* of the simulation's file of keys */
    const struct text_list *sets; /* "key=value", each in place of a key of that file */
    bool fresh;                   /* replaces a study that a simulation made in the same folder before */
    const struct reporter *reporter;
    FILE *screen; /* where what was made is named */
};

/* Makes the study; all files appear together at the end, or none. Returns the exit code. */
int simulate_study(const struct simulate_request *request, struct error *err);

/* What one step leaves for the next; only for this room. */
struct simulate_run {
    const struct reporter *reporter;
    FILE *screen;
    struct simulation simulation;
    struct simulate_people people;
    struct simulated_study_people people_on_file; /* the same arrays */
    size_t n_with_signal;                         /* targets, the first ones */
    struct simulate_genetic genetic;
    struct file_set files;
    double started; /* clock_seconds */
};

/* Filesets and the list of causal SNPs, SNPs streaming by; genetic values are finished then. */
int simulate_genotypes_write(struct simulate_run *run, struct error *err);

/* Covariates, targets and what is true of them. */
int simulate_tables_write(struct simulate_run *run, struct error *err);

#endif
