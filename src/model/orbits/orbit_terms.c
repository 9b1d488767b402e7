#include "model/orbits/orbit_terms.h"

size_t orbit_terms_frequencies(const struct orbit_terms *terms)
{
    return terms->length / 2 + 1;
}

size_t orbit_terms_rows(const struct orbit_terms *terms)
{
    return terms->n_sequences * terms->length + terms->n_fixed;
}

/* k = l once where N is odd, twice or never where it is even. */
size_t orbit_terms_inside(const struct orbit_terms *terms, size_t f)
{
    size_t n = terms->length;
    return n % 2 == 1 ? (n + 1) / 2 : n / 2 + (f % 2 == 0);
}

static size_t couples(size_t count)
{
    return count * (count - 1) / 2;
}

size_t orbit_terms_count(const struct orbit_terms *terms, size_t f)
{
    size_t r = terms->n_sequences, fixed = terms->n_fixed;
    size_t moving = r * orbit_terms_inside(terms, f) + (r > 0 ? couples(r) * terms->length : 0);
    return moving + r * fixed + (f == 0 && fixed > 0 ? couples(fixed + 1) : 0);
}

size_t orbit_terms_before(const struct orbit_terms *terms, size_t f)
{
    if (f == 0)
        return 0;
    size_t odd = orbit_terms_count(terms, 1), even = orbit_terms_count(terms, 2);
    return orbit_terms_count(terms, 0) + (f - 1) / 2 * (odd + even) + (f - 1) % 2 * odd;
}

/* Term `at` among the pairs of sequences (or of subjects) that are counted (0,1), (0,2), (1,2) ...; the
 * larger one. */
static size_t larger_of_couple(size_t at)
{
    size_t b = 1;
    while (couples(b + 1) <= at)
        b++;
    return b;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Terms j ... j+count-1 of frequency f of two sequences. */
static void moving_pairs(const struct orbit_terms *terms, size_t f, size_t a, size_t b, size_t j,
                         size_t count, struct orbit_pair *pairs)
{
    size_t n = terms->length, k = (f - f / 2 + j) % n, l = (f / 2 + n - j) % n;
    for (size_t p = 0; p < count; p++) {
        pairs[p] = (struct orbit_pair){(uint32_t)(a * n + k), (uint32_t)(b * n + l)};
        k = k + 1 < n ? k + 1 : 0;
        l = l > 0 ? l - 1 : n - 1;
    }
}

/* The terms from `at` on that belong together, at most `most`; how many they are. */
static size_t next_pairs(const struct orbit_terms *terms, size_t f, size_t at, size_t most,
                         struct orbit_pair *pairs)
{
    size_t n = terms->length, r = terms->n_sequences, u = terms->n_fixed,
           inside = orbit_terms_inside(terms, f);
    if (at < r * inside) {
        size_t count = least(most, inside - at % inside);
        moving_pairs(terms, f, at / inside, at / inside, at % inside, count, pairs);
        return count;
    }
    at -= r * inside;
    if (r > 0 && at < couples(r) * n) {
        size_t b = larger_of_couple(at / n), count = least(most, n - at % n);
        moving_pairs(terms, f, at / n - couples(b), b, at % n, count, pairs);
        return count;
    }
    at -= r > 0 ? couples(r) * n : 0;
    if (at < r * u) {
        pairs[0] = (struct orbit_pair){(uint32_t)(at / u * n + f), (uint32_t)(r * n + at % u)};
        return 1;
    }
    at -= r * u;
    size_t j = larger_of_couple(at) - 1;
    pairs[0] = (struct orbit_pair){(uint32_t)(r * n + at - couples(j + 1)), (uint32_t)(r * n + j)};
    return 1;
}

void orbit_terms_pairs(const struct orbit_terms *terms, size_t f, size_t first, size_t count,
                       struct orbit_pair *pairs)
{
    for (size_t done = 0; done < count;)
        done += next_pairs(terms, f, first + done, count - done, pairs + done);
}
