/* What permutations in orbits cost, and whether they cost less than permutations drawn one by one. Formulas:
 * docs/design.md. */
#ifndef ARETE_PLANNING_COST_ORBITS_H
#define ARETE_PLANNING_COST_ORBITS_H

#include "model/orbits/orbit_choice.h"
#include "planning/cost.h"

#include <stdbool.h>

/* A layout as the plan counts it. */
struct cost_orbits cost_orbits_of(const struct orbit_choice *choice);

/* Forms of a study; those that the fullest machine has in a pass (cost_placement.h), and bytes of their
 * coefficients. */
double cost_orbits_forms(const struct cost_shape *shape);
double cost_orbits_pass_forms(const struct cost_shape *shape);
double cost_orbits_bytes(const struct cost_shape *shape);

/* Orbits of all permutations, the identity's counted. */
double cost_orbits_count(const struct cost_shape *shape);

/* In flops of a product in single precision, others weighted by what they take beside it: forms from
 * operators to coefficients; all permutations. */
double cost_orbits_setup(const struct cost_shape *shape);
double cost_orbits_permutations(const struct cost_shape *shape);
/* All permutations in flops of the orbits' own products (cost_orbit_rate.h): what they take. */
double cost_orbits_kernel_flops(const struct cost_shape *shape);

/* Units of all permutations; permutations, groups of 16 columns, and flops, of one. */
double cost_orbits_units(const struct cost_shape *shape);
double cost_orbits_unit_permutations(const struct cost_shape *shape);
double cost_orbits_unit_groups(const struct cost_shape *shape);
double cost_orbits_unit_flops(const struct cost_shape *shape);

/* Bytes of p being counted at the end, in rank 0. */
double cost_orbits_counting_bytes(const struct cost_shape *shape);

/* Bytes of a rank while forms are built, of n_penalties at the same time, beside what operators take, and of
 * a worker's workspace there; and while permutations are computed; of these, and of the campaign, the
 * observed errors in double. */
double cost_orbits_setup_bytes(const struct cost_shape *shape, size_t n_penalties);
double cost_orbits_workspace_bytes(const struct cost_shape *shape);
double cost_orbits_permutation_bytes(const struct cost_shape *shape);
double cost_orbits_error_bytes(const struct cost_shape *shape);

/* How many orbits of how many shifts there are, who stands still, V, and how far chance moves p, in a text of
 * COST_PLACEMENT_BYTES, which it returns. */
const char *cost_orbits_text(const struct cost_shape *shape, char *text);

/* Whether orbits take less than permutations drawn one by one, what is made once included. A function of
 * sizes alone. */
bool cost_orbits_pay(const struct cost_shape *shape);
/* How many times the work of all permutations in orbits so many drawn one by one take; 0: there are no
 * orbits. */
double cost_orbits_saving(const struct cost_shape *shape, double n_permutations);
/* Whether they pay; why: the reason, a text of COST_PLACEMENT_BYTES. */
bool cost_orbits_better(const struct cost_shape *shape, char *why);

#endif
