/* Permutation tests of small studies by orbits made the slow way, for tests of what p is worth. */
#ifndef ARETE_TEST_ORBIT_NULL_H
#define ARETE_TEST_ORBIT_NULL_H

#include "model/orbits/orbit_significance.h"
#include "model/stats/significance.h"
#include "orbit_reference.h"

/* Subjects of every study here; a study's folds and penalties. */
enum { NULL_N = 40, NULL_OUTER = 4, NULL_INNER = 3, NULL_PENALTIES = 3, NULL_TWINS = 4 };

/* How permutations are made: the shifts c^s, s = -(n_shifts - 1) ... n_shifts - 1, and who may change places
 * with whom. */
struct exchange {
    size_t n_shifts;
    uint32_t *shift; /* (2 n_shifts - 1) x NULL_N */
    struct permutation_scheme arrangements;
};

/* A random order of subjects, block after block (block NULL: one). */
static inline void exchange_order(const int32_t *block, uint64_t seed, uint32_t *order)
{
    struct error err = {0};
    struct permutation_scheme scheme;
    uint32_t drawn[NULL_N], workspace[NULL_N];
    CU_ASSERT_EQUAL_FATAL(permutation_scheme_init(&scheme, block, NULL_N, seed, &err), 0);
    permutation_draw(&scheme, 1, drawn, workspace);
    for (size_t i = 0; i < NULL_N; i++)
        order[i] = drawn[scheme.members[i]];
    permutation_scheme_free(&scheme);
}

static inline void exchange_powers(struct exchange *exchange, const uint32_t *next)
{
    struct error err = {0};
    uint32_t back[NULL_N];
    size_t n_shifts = exchange->n_shifts;
    exchange->shift = memory_zeroed((2 * n_shifts - 1) * NULL_N, sizeof *exchange->shift, "a test", &err);
    for (uint32_t i = 0; i < NULL_N; i++) {
        back[next[i]] = i;
        exchange->shift[(n_shifts - 1) * NULL_N + i] = i;
    }
    for (size_t s = 1; s < n_shifts; s++)
        for (size_t i = 0; i < NULL_N; i++) {
            uint32_t *zero = exchange->shift + (n_shifts - 1) * NULL_N + i;
            zero[s * NULL_N] = next[zero[(s - 1) * NULL_N]];
            *(zero - s * NULL_N) = back[*(zero - (s - 1) * NULL_N)];
        }
}

/* Cycles of n_shifts positions inside each block, as many as it has room for and most_cycles allows; order:
 * the subjects, block after block. */
static inline void exchange_init(struct exchange *exchange, const uint32_t *order, size_t n_shifts,
                                 size_t most_cycles, const int32_t *block, uint64_t seed)
{
    struct error err = {0};
    uint32_t next[NULL_N], in_cycles[NULL_N];
    size_t n_in_cycles = 0;
    CU_ASSERT_EQUAL_FATAL(permutation_scheme_init(&exchange->arrangements, block, NULL_N, seed, &err), 0);
    for (size_t b = 0; b < exchange->arrangements.n_blocks; b++) {
        size_t first = exchange->arrangements.start[b], size = exchange->arrangements.start[b + 1] - first;
        size_t n_cycles = size / n_shifts < most_cycles ? size / n_shifts : most_cycles;
        for (size_t k = 0; k < n_cycles * n_shifts; k++)
            in_cycles[n_in_cycles++] = order[first + k];
    }
    exchange->n_shifts = n_shifts;
    reference_cycles(in_cycles, NULL_N, n_shifts, n_in_cycles / n_shifts, next);
    exchange_powers(exchange, next);
}

/* Every block one ring of its own size, n_shifts of whose shifts are taken. */
static inline void exchange_init_rings(struct exchange *exchange, const uint32_t *order, size_t n_shifts,
                                       const int32_t *block, uint64_t seed)
{
    struct error err = {0};
    uint32_t next[NULL_N];
    CU_ASSERT_EQUAL_FATAL(permutation_scheme_init(&exchange->arrangements, block, NULL_N, seed, &err), 0);
    const size_t *start = exchange->arrangements.start;
    for (size_t b = 0; b < exchange->arrangements.n_blocks; b++)
        for (size_t k = start[b]; k < start[b + 1]; k++)
            next[order[k]] = order[k + 1 < start[b + 1] ? k + 1 : start[b]];
    exchange->n_shifts = n_shifts;
    exchange_powers(exchange, next);
}

static inline void exchange_free(struct exchange *exchange)
{
    free(exchange->shift);
    permutation_scheme_free(&exchange->arrangements);
}

/* The right order of composition, y o g o c^s, and the wrong one, y o c^s o g. */
enum composition { ARRANGEMENT_FIRST, SHIFT_FIRST };

/* Where an orbit's columns go: column `lane` of n x (shifts x lanes), the data as they are at shift
 * `identity`. */
struct null_place {
    size_t identity, lane, lanes;
    double *columns;
};

/* The orbit of arrangement `number` (0: the identity) of one target. y: NULL_N with a stride. */
static inline void null_put_orbit(const struct exchange *exchange, enum composition composition,
                                  uint64_t number, const double *y, size_t stride,
                                  const struct null_place *place)
{
    uint32_t g[NULL_N], workspace[NULL_N];
    permutation_draw(&exchange->arrangements, number, g, workspace);
    for (size_t s = 0; s < exchange->n_shifts; s++) {
        const uint32_t *shift = exchange->shift + (exchange->n_shifts - 1 + s - place->identity) * NULL_N;
        for (size_t i = 0; i < NULL_N; i++) {
            uint32_t from = composition == ARRANGEMENT_FIRST ? g[shift[i]] : shift[g[i]];
            place->columns[(i * exchange->n_shifts + s) * place->lanes + place->lane] = y[from * stride];
        }
    }
}

/* Scores of columns of shift x lanes + lane, as lanes x n_shifts. */
static inline void null_score(const struct reference *reference, size_t n_shifts, size_t lanes,
                              const double *columns, float *scores)
{
    double *nothing = example_doubles(n_shifts * lanes);
    float *across = example_rounded(nothing, n_shifts * lanes);
    reference_score_columns(reference, columns, n_shifts, lanes, across);
    for (size_t s = 0; s < n_shifts; s++)
        for (size_t lane = 0; lane < lanes; lane++)
            scores[lane * n_shifts + s] = across[s * lanes + lane];
    free(nothing);
    free(across);
}

/* What a test is about: whose orbits are how composed. Targets y: NULL_N x count. Each target has
 * arrangements of its own (as if it were a data set), or all have the same ones, as the targets of a study.
 */
struct null_test {
    const struct reference *reference;
    const struct exchange *exchange;
    enum composition composition;
    bool together;
    const double *y;
    size_t count, n_orbits;
    uint64_t first_number;  /* of the first orbit's arrangement; 0: the identity, then each target's own */
    const size_t *identity; /* of each target: the shift at which the data are as they are; NULL: 0 */
};

/* n_orbits x count x n_shifts; the caller frees them. */
static inline float *null_scores(const struct null_test *test)
{
    enum { AT_A_TIME = 20 };
    size_t n_shifts = test->exchange->n_shifts, count = test->count;
    double *nothing = example_doubles(test->n_orbits * count * n_shifts),
           *columns = example_doubles(NULL_N * n_shifts * AT_A_TIME);
    float *scores = example_rounded(nothing, test->n_orbits * count * n_shifts);
    for (size_t k = 0; k < test->n_orbits; k++)
        for (size_t first = 0; first < count; first += AT_A_TIME) {
            size_t lanes = count - first < AT_A_TIME ? count - first : AT_A_TIME;
            for (size_t lane = 0; lane < lanes; lane++) {
                uint64_t own = test->together ? 0 : (first + lane) * test->n_orbits;
                uint64_t number = test->first_number + (k > 0 ? own + k : 0);
                size_t identity = test->identity != NULL ? test->identity[first + lane] : 0;
                const struct null_place place = {identity, lane, lanes, columns};
                null_put_orbit(test->exchange, test->composition, number, test->y + first + lane, count,
                               &place);
            }
            null_score(test->reference, n_shifts, lanes, columns, scores + (k * count + first) * n_shifts);
        }
    free(nothing);
    free(columns);
    return scores;
}

struct null_p {
    double *p, *p_fwer, *q, *error, *error_fwer;
};

/* From scores of whole orbits, the observed ones among them. The caller frees p.p. */
static inline struct null_p null_p_of(const float *scores, size_t count, size_t n_shifts, size_t n_orbits,
                                      const size_t *identity)
{
    struct error err = {0};
    struct orbit_significance significance;
    double *p = example_doubles(5 * count), *tolerance = example_doubles(count), maxima[NULL_N] = {0};
    float *observed = example_rounded(tolerance, count), *maximum = example_rounded(maxima, NULL_N);
    for (size_t t = 0; t < count; t++) {
        tolerance[t] = SIGNIFICANCE_TIE;
        observed[t] = scores[t * n_shifts + (identity != NULL ? identity[t] : 0)];
    }
    orbit_significance_init(&significance, observed, tolerance, count, n_shifts, &err);
    for (size_t k = 0; k < n_orbits; k++) {
        const float *orbit = scores + k * count * n_shifts;
        for (size_t s = 0; s < n_shifts; s++)
            maximum[s] = -INFINITY;
        orbit_significance_add(&significance, 0, count, orbit);
        orbit_significance_maximum(&significance, 0, count, orbit, maximum);
        orbit_significance_add_family(&significance, 0, count, orbit, maximum);
    }
    const struct orbit_p into = {p, p + count, p + 2 * count, p + 3 * count, p + 4 * count};
    CU_ASSERT_EQUAL(orbit_significance_finish(&significance, &into, &err), 0);
    orbit_significance_free(&significance);
    free(tolerance);
    free(observed);
    free(maximum);
    return (struct null_p){into.p, into.p_fwer, into.q, into.error, into.error_fwer};
}

/* A study of its own genotypes, with the indicators of blocks (0, 1 ...; or NULL) as covariates. With `twins`
 * subjects 2k and 2k + 20 (k < 4), in different folds, are alike, and next to nobody else is. */
static inline void null_study(struct reference *reference, uint64_t seed, bool twins, const int32_t *block)
{
    static const double penalties[NULL_PENALTIES] = {.1, .3, 1};
    size_t p = twins ? 4000 : 100, c = 1;
    double *x = example_normals(p * NULL_N, seed), design[NULL_N * 4] = {0};
    for (size_t k = 0; twins && k < p; k++)
        for (size_t i = 0; i < NULL_TWINS; i++)
            x[k * NULL_N + 2 * i + 20] = x[k * NULL_N + 2 * i];
    double *gram = example_product(x, x, NULL_N, p, NULL_N, true);
    for (size_t i = 0; i < NULL_N * NULL_N; i++)
        gram[i] /= (double)p;
    for (size_t i = 0; block != NULL && i < NULL_N; i++)
        c = c > (size_t)block[i] + 1 ? c : (size_t)block[i] + 1;
    for (size_t i = 0; i < NULL_N; i++) {
        design[i * c] = 1;
        if (block != NULL && block[i] > 0)
            design[i * c + (size_t)block[i]] = 1;
    }
    const struct reference_shape shape = {
        NULL_N, c,      NULL_OUTER, NULL_INNER, NULL_PENALTIES, BASELINE_COVARIATES,
        gram,   design, penalties,  seed};
    reference_init(reference, &shape);
    free(x);
    free(gram);
}

#endif
