/* The steps of arete simulate. */
#ifndef ARETE_CLI_SIMULATE_STEPS_H
#define ARETE_CLI_SIMULATE_STEPS_H

#include "config/simulation.h"
#include "model/simulate/simulate_genetic.h"
#include "model/simulate/simulate_people.h"
#include "output/file_set.h"
#include "output/simulated_study.h"

struct simulate_run {
    struct simulation simulation;
    struct simulate_people people;
    struct simulated_study_people people_on_file; /* the same arrays */
    size_t n_with_signal;                         /* targets, the first ones */
    struct simulate_genetic genetic;
    struct file_set files;
    double started; /* runtime_seconds */
};

/* Filesets and the list of causal SNPs, SNPs streaming by; genetic values are finished then. */
int simulate_genotypes_write(struct simulate_run *run, struct error *err);

/* Covariates, targets and what is true of them. */
int simulate_tables_write(struct simulate_run *run, struct error *err);

#endif
