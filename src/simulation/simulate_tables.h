/* The tables of a simulated study: covariates, targets and what is true of them. */
#ifndef ARETE_SIMULATION_SIMULATE_TABLES_H
#define ARETE_SIMULATION_SIMULATE_TABLES_H

#include "base/error.h"
#include "config/simulation.h"
#include "model/simulate/simulate_genetic.h"
#include "model/simulate/simulate_people.h"
#include "output/file_set.h"
#include "output/simulated_study.h"

/* genetic: finished; the first genetic->n_targets targets have signal. on_file: the same people as files show
 * them. */
int simulate_tables_write(const struct simulation *simulation, const struct simulate_people *people,
                          const struct simulated_study_people *on_file,
                          const struct simulate_genetic *genetic, struct file_set *files, struct error *err);

#endif
