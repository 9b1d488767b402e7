/* The tables of a made-up study, and the study file that goes with them. Whether the bytes arrived is seen
 * where the file is closed. */
#ifndef ARETE_OUTPUT_SIMULATED_STUDY_H
#define ARETE_OUTPUT_SIMULATED_STUDY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct simulated_study_people {
    size_t n_subjects;
    const uint32_t *family, *site; /* from 0: n_subjects each */
    const double *age;             /* years: n_subjects */
    const uint8_t *sex;            /* 1 male, 2 female: n_subjects */
    const uint8_t *ancestry;       /* from 0: n_subjects; NULL when there is one */
};

void simulated_study_fam(FILE *file, const struct simulated_study_people *people);
void simulated_study_covariates(FILE *file, const struct simulated_study_people *people);

/* values: n_subjects x n_targets. Targets are called T0001 ... T1000, as wide as they need. */
void simulated_study_targets(FILE *file, const struct simulated_study_people *people, const float *values,
                             size_t n_targets);

/* heritability: n_targets. */
void simulated_study_truth(FILE *file, const double *heritability, size_t n_targets);

struct simulated_study_settings {
    const char *folder; /* of the files; printable, without braces */
    size_t n_subjects, n_snps;
    int n_chromosomes;
    double missing_calls;
    bool has_families, has_sites;
    uint64_t seed;
};

void simulated_study_yaml(FILE *file, const struct simulated_study_settings *settings);

#endif
