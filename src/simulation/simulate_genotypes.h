/* The genotypes of a simulated study, SNPs streaming by. */
#ifndef ARETE_SIMULATION_SIMULATE_GENOTYPES_H
#define ARETE_SIMULATION_SIMULATE_GENOTYPES_H

#include "base/error.h"
#include "base/reporter.h"
#include "config/simulation.h"
#include "model/simulate/simulate_genetic.h"
#include "model/simulate/simulate_people.h"
#include "output/file_set.h"
#include "output/simulated_study.h"

/* Writes a fileset a chromosome and, where genetic->n_targets > 0, the list of causal SNPs. `genetic` begins
 * as simulate_genetic_init leaves it, and its values are finished afterwards. on_file: the same people as
 * files show them. EXIT_CODE_STOPPED when the reporter says so. */
int simulate_genotypes_write(const struct simulation *simulation, const struct simulate_people *people,
                             const struct simulated_study_people *on_file, struct simulate_genetic *genetic,
                             struct file_set *files, const struct reporter *reporter, struct error *err);

#endif
