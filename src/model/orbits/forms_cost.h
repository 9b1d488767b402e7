/* What building the forms of a study costs, in flops of products in double and in single precision. */
#ifndef ARETE_MODEL_ORBITS_FORMS_COST_H
#define ARETE_MODEL_ORBITS_FORMS_COST_H

#include "model/ridge/folds.h"

#include <stddef.h>

struct forms_cost {
    double in_double, in_single;
};

/* Both forms of one outer fold at one penalty node, all pieces. */
struct forms_cost forms_cost_of(const struct folds *folds, size_t outer_fold);

/* The same for n subjects in F outer and J inner folds of equal sizes, for the plan: with a = 1 - 1/F,
 *
 *     in double  (2/F^2 + 2 a^2/F + a^3/J) n^3        E; P_bo E; R_b times what it leaves
 *     in single  (1/F + a^3) n^3                      products of the error's and the criterion's rows
 *
 * together 1.15 n^3 for 10 x 5 folds. */
struct forms_cost forms_cost_even(double n, double n_outer, double n_inner);

/* forms_build_baseline of one outer fold of n_test subjects; c covariates. */
struct forms_cost forms_cost_baseline(double n, double n_test, double c);

#endif
