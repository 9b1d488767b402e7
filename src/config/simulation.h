/* A simulation file: the made-up study that a user asks for. It is read from YAML and checked, and every
 * default is filled in. Keys, units, defaults and ranges: docs/simulate.md. */
#ifndef ARETE_CONFIG_SIMULATION_H
#define ARETE_CONFIG_SIMULATION_H

#include "base/error.h"
#include "base/text.h"

#include <stddef.h>
#include <stdint.h>

struct simulation_families {
    double share; /* of the subjects who live in sibships; 0 = nobody */
    int size;     /* siblings of a sibship */
    double shared_environment;
};

struct simulation_ancestries {
    double share; /* of the families that are of the second ancestry; 0 = there is one ancestry */
    double fst;
    double effect; /* second minus first ancestry in every target, in standard deviations */
};

struct simulation_targets {
    size_t count;
    double with_signal;     /* share of the targets */
    double *heritabilities; /* ascending; the targets with signal take them in turn */
    size_t n_heritabilities;
    size_t causal_snps;
    double correlation; /* of the noise of any two targets */
};

struct simulation_covariates {
    double age, sex, site; /* variance that each adds to every target */
    int sites;
};

struct simulation {
    char *path; /* of the simulation file, for messages */
    char *yaml; /* the file with every --set applied, as YAML text */
    size_t n_subjects, n_snps;
    int n_chromosomes;
    double frequency_from, frequency_to; /* of allele 1 */
    double half_distance;                /* SNPs after which the mean r2 of two SNPs has halved; 0 = none */
    double missing_calls;
    struct simulation_families families;
    struct simulation_ancestries ancestries;
    struct simulation_targets targets;
    struct simulation_covariates covariates;
    uint64_t seed;
    char *output; /* folder */
};

/* Like study_load. Bad input is EXIT_CODE_BAD_INPUT with a line for each problem; the simulation is then
 * empty. */
int simulation_load(struct simulation *simulation, const char *path, const struct text_list *sets,
                    struct error *err);
void simulation_free(struct simulation *simulation);

#endif
