#include "model/stats/permutation.h"

#include "testing.h"

#include <math.h>
#include <string.h>

enum { MOST = 64 };

static struct permutation_scheme scheme_of(const int32_t *block, size_t n, uint64_t seed)
{
    struct error err = {0};
    struct permutation_scheme scheme;
    CU_ASSERT_EQUAL_FATAL(permutation_scheme_init(&scheme, block, n, seed, &err), 0);
    return scheme;
}

static void draw(const struct permutation_scheme *scheme, uint64_t number, uint32_t *order)
{
    uint32_t workspace[MOST];
    memset(workspace, 0xff, sizeof workspace);
    permutation_draw(scheme, number, order, workspace);
}

static int is_permutation(const uint32_t *order, size_t n)
{
    int seen[MOST] = {0};
    for (size_t i = 0; i < n; i++)
        if (order[i] >= n || seen[order[i]]++ > 0)
            return 0;
    return 1;
}

static const int32_t odd_labels[] = {-7, 1000000, -7, INT32_MAX, INT32_MIN, 0, INT32_MIN,
                                     -7, 1000000, 0,  INT32_MIN, 5,         -7};
enum { N_ODD = sizeof odd_labels / sizeof *odd_labels };

static void number_0_is_the_identity(void)
{
    struct permutation_scheme free_scheme = scheme_of(NULL, MOST, 3),
                              blocks = scheme_of(odd_labels, N_ODD, 3);
    uint32_t order[MOST];
    draw(&free_scheme, 0, order);
    for (size_t i = 0; i < MOST; i++)
        CU_ASSERT_EQUAL(order[i], i);
    draw(&blocks, 0, order);
    for (size_t i = 0; i < N_ODD; i++)
        CU_ASSERT_EQUAL(order[i], i);
    permutation_scheme_free(&free_scheme);
    permutation_scheme_free(&blocks);
}

/* Subjects are swapped with members of their block only; everybody who has one is, sooner or later. */
static void blocks_are_respected(void)
{
    struct permutation_scheme scheme = scheme_of(odd_labels, N_ODD, 11);
    CU_ASSERT_EQUAL(scheme.n_blocks, 6);
    size_t moved[N_ODD] = {0};
    for (uint64_t number = 1; number <= 200; number++) {
        uint32_t order[N_ODD];
        draw(&scheme, number, order);
        CU_ASSERT_TRUE_FATAL(is_permutation(order, N_ODD));
        for (size_t i = 0; i < N_ODD; i++) {
            CU_ASSERT_EQUAL(odd_labels[order[i]], odd_labels[i]);
            moved[i] += order[i] != i;
        }
    }
    for (size_t i = 0; i < N_ODD; i++) {
        int is_alone = odd_labels[i] == 5 || odd_labels[i] == INT32_MAX;
        CU_ASSERT_TRUE(is_alone ? moved[i] == 0 : moved[i] > 50); /* 100 expected in a block of two */
    }
    permutation_scheme_free(&scheme);
}

/* Two blocks of the same size are shuffled independently: all four combinations of swapping come up. */
static void blocks_are_shuffled_independently(void)
{
    static const int32_t label[] = {0, 0, 1, 1};
    struct permutation_scheme scheme = scheme_of(label, 4, 5);
    size_t count[4] = {0};
    for (uint64_t number = 1; number <= 4000; number++) {
        uint32_t order[4];
        draw(&scheme, number, order);
        count[2 * (order[0] == 1) + (order[2] == 3)]++;
    }
    for (size_t k = 0; k < 4; k++)
        ASSERT_NEAR((double)count[k], 1000, 110); /* 4 standard deviations */
    permutation_scheme_free(&scheme);
}

/* Alone, in order, backwards, from another scheme: a number means one order. */
static void a_number_means_one_order(void)
{
    enum { COUNT = 40 };
    static uint32_t forwards[COUNT][MOST];
    struct permutation_scheme scheme = scheme_of(NULL, MOST, 99);
    for (uint64_t number = 0; number < COUNT; number++)
        draw(&scheme, number, forwards[number]);
    for (uint64_t number = COUNT; number-- > 0;) {
        uint32_t again[MOST], alone[MOST];
        draw(&scheme, number, again);
        CU_ASSERT_EQUAL(memcmp(again, forwards[number], sizeof again), 0);
        struct permutation_scheme other = scheme_of(NULL, MOST, 99);
        draw(&other, number, alone);
        CU_ASSERT_EQUAL(memcmp(alone, forwards[number], sizeof alone), 0);
        permutation_scheme_free(&other);
    }
    permutation_scheme_free(&scheme);
    struct permutation_scheme reseeded = scheme_of(NULL, MOST, 100);
    uint32_t order[MOST];
    draw(&reseeded, 1, order);
    CU_ASSERT_NOT_EQUAL(memcmp(order, forwards[1], sizeof order), 0);
    CU_ASSERT_NOT_EQUAL(memcmp(forwards[1], forwards[2], sizeof order), 0);
    permutation_scheme_free(&reseeded);
}

static void all_orders_are_as_likely(void)
{
    enum { ORDERS = 24, EACH = 1000 };
    struct permutation_scheme scheme = scheme_of(NULL, 4, 2024);
    size_t count[256] = {0}, n_seen = 0;
    for (uint64_t number = 1; number <= (uint64_t)ORDERS * EACH; number++) {
        uint32_t order[4];
        draw(&scheme, number, order);
        CU_ASSERT_TRUE_FATAL(is_permutation(order, 4));
        count[order[0] * 64 + order[1] * 16 + order[2] * 4 + order[3]]++;
    }
    double chi_square = 0;
    for (size_t k = 0; k < 256; k++)
        if (count[k] > 0) {
            n_seen++;
            chi_square += ((double)count[k] - EACH) * ((double)count[k] - EACH) / EACH;
        }
    CU_ASSERT_EQUAL(n_seen, ORDERS);
    CU_ASSERT_TRUE(chi_square < 53);  /* 23 degrees of freedom: p > 4e-4 ... */
    CU_ASSERT_TRUE(chi_square > 6.5); /* ... and not suspiciously even either */
    permutation_scheme_free(&scheme);
}

static void number_of_permutations(void)
{
    static const int32_t label[] = {1, 2, 1, 2, 1, 9}; /* 3! 2! 1! */
    struct permutation_scheme blocks = scheme_of(label, 6, 1), all = scheme_of(NULL, 10, 1);
    ASSERT_NEAR(permutation_log10_count(&blocks), log10(12), 1e-12);
    ASSERT_NEAR(permutation_log10_count(&all), log10(3628800), 1e-12);
    CU_ASSERT_TRUE(permutation_allows(&blocks, 11)); /* the identity is one of the twelve */
    CU_ASSERT_FALSE(permutation_allows(&blocks, 12));
    CU_ASSERT_TRUE(permutation_allows(&all, 3628799));
    CU_ASSERT_FALSE(permutation_allows(&all, 3628800));
    permutation_scheme_free(&blocks);
    permutation_scheme_free(&all);
    permutation_scheme_free(&all); /* legal again */
}

/* Of every small number exactly as many as there are; of a large one as many as can be asked for. */
static void the_last_permutation_is_allowed(void)
{
    int32_t label[MOST];
    int64_t different = 1;
    for (size_t n = 1; n <= 20; n++) {
        for (size_t i = 0; i < n; i++)
            label[i] = i < 6 ? 0 : i < 12 ? 1 : 2;
        different *= (int64_t)(n <= 6 ? n : n <= 12 ? n - 6 : n - 12);
        struct permutation_scheme scheme = scheme_of(label, n, 1);
        CU_ASSERT_TRUE(permutation_allows(&scheme, different - 1));
        CU_ASSERT_FALSE(permutation_allows(&scheme, different));
        permutation_scheme_free(&scheme);
    }
    struct permutation_scheme large = scheme_of(NULL, MOST, 1);
    CU_ASSERT_TRUE(permutation_allows(&large, INT64_MAX));
    permutation_scheme_free(&large);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"number_0_is_the_identity", number_0_is_the_identity},
        {"blocks_are_respected", blocks_are_respected},
        {"blocks_are_shuffled_independently", blocks_are_shuffled_independently},
        {"a_number_means_one_order", a_number_means_one_order},
        {"all_orders_are_as_likely", all_orders_are_as_likely},
        {"number_of_permutations", number_of_permutations},
        {"the_last_permutation_is_allowed", the_last_permutation_is_allowed},
    };
    return testing_main(argc, argv, "permutation", cases, sizeof cases / sizeof *cases);
}
