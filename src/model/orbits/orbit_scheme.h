/* Permutations in orbits: which subject's targets stand where under shift s of orbit k.
 *
 * Orbit k is an arrangement g_k, drawn uniformly inside the exchangeability blocks (permutation number k of
 * stats/permutation.h; number 0 is the identity), and all S shifts c^s of it. c moves the subjects of each
 * sequence on by one place inside their blocks. The permuted data are
 *
 *     y o g_k o c^(s - identity):     arrangement first, then shift
 *
 * so that the data as they are stand in orbit 0 at shift `identity` (0 with cycles). In the other order
 * orbits would not be cosets of one set of shifts, and p would not be exact.
 *
 * Exact, with p = #{scores >= the observed one, itself counted} / ((K+1) S): the data are exchangeable inside
 * blocks, so y o g_0 with g_0 uniform is as likely as y, and (g_0 g_k) are K+1 independent uniform
 * arrangements; which of the (K+1) S values is the data's own is uniform, given them all: with cycles because
 * shifts are a group (Hemerik and Goeman 2018, TEST 27:811), with windows because `identity` is drawn
 * uniformly from 0 ... S-1. Only whole orbits count, the identity's included.
 *
 * Which subjects are neighbours in a sequence, and who stands still, is drawn once from the seed; nothing
 * here depends on the data, on how many orbits there are, on workers, ranks or time. */
#ifndef ARETE_MODEL_ORBITS_ORBIT_SCHEME_H
#define ARETE_MODEL_ORBITS_ORBIT_SCHEME_H

#include "base/error.h"
#include "model/orbits/orbit_choice.h"
#include "model/stats/permutation.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ORBIT_NOBODY UINT32_MAX

struct orbit_scheme {
    const struct permutation_scheme *blocks; /* the caller's */
    struct orbit_choice choice;
    size_t n, identity;
    uint32_t *subject; /* r x N: who stands at a place of a sequence; ORBIT_NOBODY where it is empty */
    uint32_t
        *source; /* r x N: whose data stand there at shift 0; ORBIT_NOBODY where nobody's are ever needed */
    uint32_t *fixed; /* n_fixed: who stands still */
};

/* orbit_choose, from the sizes of these blocks. */
int orbit_choose_blocks(const struct permutation_scheme *blocks, struct orbit_choice *choice,
                        struct error *err);

/* blocks must stay as it is for as long as the scheme is used. */
int orbit_scheme_init(struct orbit_scheme *scheme, const struct permutation_scheme *blocks,
                      struct error *err);
/* The same from a layout that is known, as a campaign keeps it: the sequences (copied; negative where
 * nobody is), their shifts and the one of the data as they are. choice.variance and flops are 0. */
struct orbit_scheme_known {
    size_t n_shifts, identity, n_sequences, length, n_fixed;
    const int32_t *subject, *source, *fixed;
};
int orbit_scheme_init_known(struct orbit_scheme *scheme, const struct permutation_scheme *blocks,
                            const struct orbit_scheme_known *known, struct error *err);
/* Permutations one by one, in the same words: orbits of one shift, in which everybody stands still. */
int orbit_scheme_init_single(struct orbit_scheme *scheme, const struct permutation_scheme *blocks,
                             struct error *err);
/* Whether a layout that is known is the one that its blocks and their seed make with as many shifts and
 * places: another program may have chosen these otherwise, but not who is whose neighbour. Its counts may be
 * any; its shifts and places are at least one. */
int orbit_scheme_check_drawn(const struct orbit_scheme *scheme, bool *is_drawn, struct error *err);
void orbit_scheme_free(struct orbit_scheme *scheme);

/* K+1: the fewest orbits, the identity's counted, with at least `n_permutations` permutations, the data as
 * they are counted. */
uint64_t orbit_scheme_orbits(const struct orbit_scheme *scheme, uint64_t n_permutations);

/* order[i]: the subject whose targets stand at subject i. workspace: n words. */
void orbit_scheme_arrangement(const struct orbit_scheme *scheme, uint64_t orbit, uint32_t *order,
                              uint32_t *workspace);
/* The same under one shift, 0 ... S-1. workspace: 2n words. */
void orbit_scheme_order(const struct orbit_scheme *scheme, uint64_t orbit, size_t shift, uint32_t *order,
                        uint32_t *workspace);

#endif
