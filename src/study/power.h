/* What a study of its size can find, from the spread of K alone: no target has a part in it. */
#ifndef ARETE_STUDY_POWER_H
#define ARETE_STUDY_POWER_H

#include <stddef.h>

enum { POWER_LEVELS = 3, POWER_TEXT_BYTES = 256 };

struct power {
    double heritability_error;         /* standard error of a heritability estimated in these subjects */
    double heritability[POWER_LEVELS]; /* of a target ... */
    double expected_r2[POWER_LEVELS];  /* ... and the r2 to expect of it in people related as these */
};

/* spread: standard deviation of K_ij, i != j, where K has a mean eigenvalue of 1
 * (model/kinship/relatedness.h). n_train: subjects of an outer training set. */
void power_compute(struct power *power, double spread, size_t n, size_t n_train);

/* "SE(h2) = 0.123; expected r2 in people related as these at h2 = 0.2, 0.5, 0.8: ...": any number of levels,
 * cut to the text's room. */
void power_text(double heritability_error, const double *heritability, const double *expected_r2,
                size_t n_levels, char text[POWER_TEXT_BYTES]);

#endif
