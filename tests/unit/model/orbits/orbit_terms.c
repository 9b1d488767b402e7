#include "model/orbits/orbit_terms.h"

#include "testing.h"

#include <stdlib.h>

enum { MOST_ROWS = 48, MOST_TERMS = 600 };

static const struct orbit_terms shapes[] = {{12, 1, 0}, {13, 1, 0}, {13, 1, 1}, {6, 3, 0}, {7, 4, 2},
                                            {2, 5, 3},  {1, 0, 4},  {1, 1, 0},  {2, 1, 0}, {3, 2, 1}};
enum { N_SHAPES = sizeof shapes / sizeof *shapes };

/* The frequency at which the product of two rows turns with the shifts. */
static size_t frequency_of(const struct orbit_terms *terms, struct orbit_pair pair)
{
    size_t moving = terms->n_sequences * terms->length;
    return ((pair.a < moving ? pair.a % terms->length : 0) + (pair.b < moving ? pair.b % terms->length : 0)) %
           terms->length;
}

/* Every pair of rows is a term of just one frequency, or of none where it would be one over N/2. */
static void every_pair_of_rows_comes_once(void)
{
    for (size_t k = 0; k < N_SHAPES; k++) {
        const struct orbit_terms *terms = &shapes[k];
        int seen[MOST_ROWS][MOST_ROWS] = {{0}};
        size_t rows = orbit_terms_rows(terms), frequencies = orbit_terms_frequencies(terms);
        for (size_t f = 0; f < frequencies; f++) {
            struct orbit_pair pairs[MOST_TERMS];
            size_t count = orbit_terms_count(terms, f);
            CU_ASSERT_TRUE_FATAL(count <= MOST_TERMS);
            orbit_terms_pairs(terms, f, 0, count, pairs);
            for (size_t p = 0; p < count; p++) {
                CU_ASSERT_TRUE_FATAL(pairs[p].a < rows && pairs[p].b < rows);
                CU_ASSERT_EQUAL(frequency_of(terms, pairs[p]), f);
                seen[pairs[p].a][pairs[p].b]++;
            }
        }
        for (uint32_t a = 0; a < rows; a++)
            for (uint32_t b = 0; b <= a; b++) {
                int times = seen[a][b] + (a != b ? seen[b][a] : 0);
                CU_ASSERT_EQUAL(times, frequency_of(terms, (struct orbit_pair){a, b}) < frequencies);
            }
    }
}

/* Terms from the middle on are those that all of them have there. */
static void terms_may_be_cut_anywhere(void)
{
    for (size_t k = 0; k < N_SHAPES; k++)
        for (size_t f = 0; f < orbit_terms_frequencies(&shapes[k]); f++) {
            struct orbit_pair all[MOST_TERMS], part[MOST_TERMS];
            size_t count = orbit_terms_count(&shapes[k], f);
            orbit_terms_pairs(&shapes[k], f, 0, count, all);
            for (size_t first = 0; first < count; first += 3) {
                size_t some = count - first < 5 ? count - first : 5;
                orbit_terms_pairs(&shapes[k], f, first, some, part);
                for (size_t p = 0; p < some; p++)
                    CU_ASSERT_TRUE(part[p].a == all[first + p].a && part[p].b == all[first + p].b);
            }
        }
}

static void frequencies_follow_one_another(void)
{
    for (size_t k = 0; k < N_SHAPES; k++) {
        size_t sum = 0;
        for (size_t f = 0; f <= orbit_terms_frequencies(&shapes[k]); f++) {
            CU_ASSERT_EQUAL(orbit_terms_before(&shapes[k], f), sum);
            sum += orbit_terms_count(&shapes[k], f);
        }
    }
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"every_pair_of_rows_comes_once", every_pair_of_rows_comes_once},
        {"terms_may_be_cut_anywhere", terms_may_be_cut_anywhere},
        {"frequencies_follow_one_another", frequencies_follow_one_another},
    };
    return testing_main(argc, argv, "orbit_terms", cases, sizeof cases / sizeof *cases);
}
