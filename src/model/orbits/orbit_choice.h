/* How long an orbit is. An orbit is one arrangement of the targets and all that follows from it by moving
 * every subject's data on by one place, again and again, inside its exchangeability block. What it costs and
 * how well its S shifts serve as draws depends on how the places are laid out:
 *
 *   cycles   r cycles of L places in a ring, each inside one block; S = N = L shifts. What is left of a block
 *            stands still. Free exchange: one ring of n, or of n - 1 where that is quicker to transform.
 *   windows  every block of two and more is a ring of its own size m. Shifts of rings of unequal size do not
 *            come round together, so they are not a group; S of them in a row are taken, and the data as they
 *            are stand at a shift that is drawn at random (Besag and Clifford 1989, Biometrika 76:633). A
 *            ring is written out over m + S - 1 places in a row, all rings in one sequence of N >= sum(m + S
 * - 1).
 *
 * Orbits serve as well as independent draws where one case, wherever it stands, is not found at the same
 * place too often. With P the share of pairs of shifts that leave it where it is (standing still: fixed/m, a
 * ring of m under S shifts: about 1/m once it has come round), two shifts of an orbit correlate by P - (1 -
 * P)/(m - 1), and a mean over S shifts has
 *
 *     V = 1 + (S - 1) (P - (1 - P)/(m - 1))         for cycles: 1 + (L - 1)(fixed - 1)/(m - 1)
 *
 * times the variance of S independent draws. The second measure is how far whole blocks come back together:
 * 1 + (S - 1) sum over blocks of P (m/n)^2. V is the largest of all.
 *
 * The choice is the layout with the least flops a permutation x V among those with V <= ORBIT_MOST_VARIANCE.
 * It depends on the sizes of the blocks alone. */
#ifndef ARETE_MODEL_ORBITS_ORBIT_CHOICE_H
#define ARETE_MODEL_ORBITS_ORBIT_CHOICE_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

#define ORBIT_MOST_VARIANCE 1.1

struct orbit_choice {
    bool windows;       /* or cycles */
    size_t length;      /* N: of a transform */
    size_t n_sequences; /* r: of N places each; 1 with windows */
    size_t n_shifts;    /* S */
    size_t n_fixed;     /* subjects that stand still, those that are alone in their block among them */
    double variance;    /* V */
    double flops;       /* of one permutation and form */
};

/* size[b]: subjects of block b. No block of two: n_shifts = 1 and everybody stands still. */
int orbit_choose(const size_t *size, size_t n_blocks, struct orbit_choice *choice, struct error *err);

#endif
