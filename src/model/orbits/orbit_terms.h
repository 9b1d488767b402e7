/* What a form's value under all shifts is a sum of. With x_a the transform of the data along sequence a, and
 * u those that stand still,
 *
 *     y(s)'Q y(s) = sum over f = 0 ... N-1 of exp(+2 pi i f s / N) c(f),     c(N - f) = conj(c(f))
 *     c(f) = sum over the terms of frequency f of coefficient x product
 *
 *     terms                                            product             coefficient
 *     sequence a:          pairs {k, l}, k + l = f     x_a(k) x_a(l)       w/N^2 Qt_aa(k, l), w = 1 where k =
 * l, else 2 sequences a < b:     (k, l), k + l = f           x_a(k) x_b(l)       2/N^2 Qt_ab(k, l) a and j
 * still:                                   x_a(f) u(j)         2/N sum over t of Q(t, j) exp(+2 pi i f t / N)
 *     i <= j still, f = 0:                             u(i) u(j)           w Q(i, j)
 *
 * with k + l taken modulo N, Qt_ab(k, l) = sum over places t of a, u of b of Q(t, u) exp(+2 pi i (k t + l
 * u)/N) and x_a(k) = sum over t of y(t) exp(-2 pi i k t/N). Only f = 0 ... N/2 are needed.
 *
 * A spectrum has rows (orbit_transform.h): sequence a's frequency k is row a N + k, who stands still
 * follows, with imaginary parts of zero. Terms of a frequency stand in the order of the table; the pairs (a,
 * b) in the order (0,1), (0,2), (1,2), (0,3) ...; those of one line from k = ceil(f/2) up and l = floor(f/2)
 * down, so that frequencies that follow one another read the same rows. */
#ifndef ARETE_MODEL_ORBITS_ORBIT_TERMS_H
#define ARETE_MODEL_ORBITS_ORBIT_TERMS_H

#include <stddef.h>
#include <stdint.h>

struct orbit_terms {
    size_t length, n_sequences, n_fixed; /* N, r, u */
};

/* The rows whose product a term is. */
struct orbit_pair {
    uint32_t a, b;
};

size_t orbit_terms_frequencies(const struct orbit_terms *terms); /* N/2 + 1 */
size_t orbit_terms_rows(const struct orbit_terms *terms);        /* r N + u */

/* Pairs inside one sequence at frequency f. */
size_t orbit_terms_inside(const struct orbit_terms *terms, size_t f);
/* Terms of frequency f; of all frequencies before f. */
size_t orbit_terms_count(const struct orbit_terms *terms, size_t f);
size_t orbit_terms_before(const struct orbit_terms *terms, size_t f);

/* Terms first ... first+count-1 of frequency f. */
void orbit_terms_pairs(const struct orbit_terms *terms, size_t f, size_t first, size_t count,
                       struct orbit_pair *pairs);

#endif
