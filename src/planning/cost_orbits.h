/* What permutations in orbits cost, and whether they cost less than permutations drawn one by one. Formulas:
 * docs/design.md. */
#ifndef ARETE_PLANNING_COST_ORBITS_H
#define ARETE_PLANNING_COST_ORBITS_H

#include "model/orbits/orbit_choice.h"
#include "planning/cost.h"

#include <stdbool.h>

/* A layout as the plan counts it. */
struct cost_orbits cost_orbits_of(const struct orbit_choice *choice);

/* Forms of a study, and bytes of all their coefficients. */
double cost_orbits_forms(const struct cost_shape *shape);
double cost_orbits_bytes(const struct cost_shape *shape);

/* Orbits of all permutations, the identity's counted. */
double cost_orbits_count(const struct cost_shape *shape);

/* In flops of a product in single precision, others weighted by what they take beside it: forms from
 * operators to coefficients; all permutations. */
double cost_orbits_setup(const struct cost_shape *shape);
double cost_orbits_permutations(const struct cost_shape *shape);

/* Whether orbits take less than permutations drawn one by one, what is made once included. A function of
 * sizes alone. */
bool cost_orbits_pay(const struct cost_shape *shape);

#endif
