/* Made-up people: families, ancestry, age, sex, site. Siblings come first; then people without relatives,
 * each a family of one. */
#ifndef ARETE_MODEL_SIMULATE_SIMULATE_PEOPLE_H
#define ARETE_MODEL_SIMULATE_SIMULATE_PEOPLE_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

struct simulate_people_plan {
    uint64_t seed;
    size_t n_subjects;
    double in_sibships; /* share of the subjects who have siblings */
    size_t sibship_size;
    double second_ancestry; /* probability that a family is of the second ancestry */
    uint32_t n_sites;
};

struct simulate_people {
    size_t n_subjects, n_families, n_sibships, sibship_size, n_sites;
    uint32_t *family;  /* of each subject, from 0, ascending: n_subjects */
    uint8_t *ancestry; /* 0 or 1, a family's: n_subjects */
    double *age;       /* years, 18.0 to 80.0 in steps of 0.1: n_subjects */
    uint8_t *sex;      /* 1 male, 2 female: n_subjects */
    uint32_t *site;    /* from 0, a family's: n_subjects */
};

int simulate_people_init(struct simulate_people *people, const struct simulate_people_plan *plan,
                         struct error *err);
void simulate_people_free(struct simulate_people *people);

#endif
