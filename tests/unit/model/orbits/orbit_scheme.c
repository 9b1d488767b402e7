#include "model/orbits/orbit_scheme.h"

#include "testing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 64 };

/* The second points into the first. */
struct made_scheme {
    struct permutation_scheme blocks;
    struct orbit_scheme orbits;
    int32_t label[MOST];
};

/* Subjects of different blocks alternate for as long as there are any left. */
static void made_scheme_init(struct made_scheme *made, const size_t *size, size_t n_blocks, uint64_t seed)
{
    struct error err = {0};
    size_t n = 0;
    for (size_t round = 0; round < MOST; round++)
        for (size_t b = 0; b < n_blocks; b++)
            if (round < size[b])
                made->label[n++] = (int32_t)(100 - b);
    CU_ASSERT_EQUAL_FATAL(permutation_scheme_init(&made->blocks, made->label, n, seed, &err), 0);
    CU_ASSERT_EQUAL_FATAL(orbit_scheme_init(&made->orbits, &made->blocks, &err), 0);
}

static void made_scheme_free(struct made_scheme *made)
{
    orbit_scheme_free(&made->orbits);
    permutation_scheme_free(&made->blocks);
}

static void order_of(const struct made_scheme *made, uint64_t orbit, size_t shift, uint32_t *order)
{
    uint32_t workspace[2 * MOST];
    memset(workspace, 0xff, sizeof workspace);
    memset(order, 0xff, made->orbits.n * sizeof *order);
    orbit_scheme_order(&made->orbits, orbit, shift, order, workspace);
}

/* Blocks of every kind of layout. */
static const struct {
    size_t n_blocks, size[8];
} layouts[] = {{1, {12}},
               {1, {13}},
               {1, {31}},
               {3, {8, 8, 8}},
               {2, {9, 8}},
               {3, {20, 14, 9}},
               {5, {17, 5, 1, 4, 1}},
               {3, {30, 2, 2}},
               {4, {2, 2, 2, 2}},
               {3, {1, 1, 1}}};
enum { N_LAYOUTS = sizeof layouts / sizeof *layouts };

static void for_every_layout(void (*check)(const struct made_scheme *made))
{
    for (size_t k = 0; k < N_LAYOUTS; k++) {
        struct made_scheme made;
        made_scheme_init(&made, layouts[k].size, layouts[k].n_blocks, 7 + k);
        check(&made);
        made_scheme_free(&made);
    }
}

static void keeps_to_the_blocks(const struct made_scheme *made)
{
    for (uint64_t orbit = 0; orbit < 3; orbit++)
        for (size_t shift = 0; shift < made->orbits.choice.n_shifts; shift++) {
            uint32_t order[MOST];
            int seen[MOST] = {0};
            order_of(made, orbit, shift, order);
            for (size_t i = 0; i < made->orbits.n; i++) {
                CU_ASSERT_TRUE_FATAL(order[i] < made->orbits.n);
                CU_ASSERT_EQUAL(seen[order[i]]++, 0);
                CU_ASSERT_EQUAL(made->label[order[i]], made->label[i]);
            }
        }
}

static void every_shift_stays_inside_its_block(void)
{
    for_every_layout(keeps_to_the_blocks);
}

static void has_the_data_once(const struct made_scheme *made)
{
    for (size_t shift = 0; shift < made->orbits.choice.n_shifts; shift++) {
        uint32_t order[MOST];
        bool is_identity = true;
        order_of(made, 0, shift, order);
        for (size_t i = 0; i < made->orbits.n; i++)
            is_identity = is_identity && order[i] == i;
        CU_ASSERT_EQUAL(is_identity, shift == made->orbits.identity);
    }
}

static void the_data_as_they_are_stand_at_the_identity(void)
{
    for_every_layout(has_the_data_once);
}

/* y o g_k o c^s, from the permutation itself and from what one shift of the identity's orbit does, repeated.
 */
static void is_arranged_first(const struct made_scheme *made)
{
    const struct orbit_scheme *orbits = &made->orbits;
    if (orbits->choice.n_shifts < 2)
        return;
    uint32_t step[MOST], arrangement[MOST], workspace[MOST], order[MOST];
    order_of(made, 0, (orbits->identity + 1) % orbits->choice.n_shifts,
             step); /* c, or its inverse to the power S - 1 */
    bool forwards = orbits->identity + 1 < orbits->choice.n_shifts;
    if (!forwards)
        order_of(made, 0, orbits->identity - 1, step);
    permutation_draw(&made->blocks, 5, arrangement, workspace);
    for (size_t shift = forwards ? orbits->identity : 0; shift < orbits->choice.n_shifts; shift++) {
        size_t steps = forwards ? shift - orbits->identity : orbits->identity - shift;
        order_of(made, 5, shift, order);
        for (size_t i = 0; i < orbits->n; i++) {
            uint32_t at = (uint32_t)i;
            for (size_t k = 0; k < steps; k++)
                at = step[at];
            CU_ASSERT_EQUAL(order[i], arrangement[at]);
        }
    }
}

static void arrangement_first_then_shift(void)
{
    for_every_layout(is_arranged_first);
}

/* V by counting: how often two shifts of an orbit have one subject's data in the same place, the worst
 * block's mean over its subjects. */
static void varies_as_it_says(const struct made_scheme *made)
{
    size_t shifts = made->orbits.choice.n_shifts;
    static uint32_t orders[MOST][MOST];
    if (shifts < 2)
        return;
    for (size_t s = 0; s < shifts; s++)
        order_of(made, 3, s, orders[s]);
    double worst = 1;
    for (size_t b = 0; b < made->blocks.n_blocks; b++) {
        size_t first = made->blocks.start[b], m = made->blocks.start[b + 1] - first, same = 0;
        for (size_t k = first; m > 1 && k < first + m; k++)
            for (size_t s = 0; s < shifts; s++)
                for (size_t t = 0; t < s; t++)
                    same += orders[s][made->blocks.members[k]] == orders[t][made->blocks.members[k]] ? 2 : 0;
        double p = (double)same / (double)(m * shifts * (shifts - 1));
        if (m > 1)
            worst = fmax(worst, 1 + (double)(shifts - 1) * (p - (1 - p) / (double)(m - 1)));
    }
    CU_ASSERT_TRUE(made->orbits.choice.variance >= worst - 1e-9);
    CU_ASSERT_TRUE(made->orbits.choice.variance <= ORBIT_MOST_VARIANCE);
}

static void variance_is_that_of_the_worst_block(void)
{
    for_every_layout(varies_as_it_says);
}

static struct orbit_choice choice_of(size_t a, size_t b, size_t c)
{
    struct error err = {0};
    struct orbit_choice choice;
    const size_t size[3] = {a, b, c};
    CU_ASSERT_EQUAL_FATAL(orbit_choose(size, c > 0 ? 3 : 1, &choice, &err), 0);
    return choice;
}

static void layouts_are_chosen_by_sizes(void)
{
    struct orbit_choice free_exchange = choice_of(1500, 0, 0), prime = choice_of(1499, 0, 0);
    CU_ASSERT_EQUAL(free_exchange.n_shifts, 1500);
    CU_ASSERT_EQUAL(free_exchange.n_fixed, 0);
    CU_ASSERT_EQUAL(prime.n_shifts, 1498); /* 2 x 7 x 107: no convolution */
    CU_ASSERT_EQUAL(prime.n_fixed, 1);
    ASSERT_NEAR(prime.variance, 1 - 1. / 1498 + 1. / 1498, 0.01);
    struct orbit_choice even = choice_of(501, 500, 500), uneven = choice_of(610, 480, 410);
    CU_ASSERT_FALSE(even.windows);
    CU_ASSERT_EQUAL(even.n_sequences, 3);
    CU_ASSERT_EQUAL(even.n_shifts, 500);
    CU_ASSERT_TRUE(uneven.windows);
    CU_ASSERT_EQUAL(uneven.n_fixed, 0);
    CU_ASSERT_TRUE(uneven.length >= 1500 + 3 * (uneven.n_shifts - 1));
    CU_ASSERT_TRUE(uneven.n_shifts > 400);
}

/* Of small blocks many layouts would serve worse than the limit. */
static void no_layout_varies_too_much(void)
{
    struct error err = {0};
    struct orbit_choice choice;
    for (size_t a = 1; a < 20; a++)
        for (size_t b = a; b < 20; b++) {
            CU_ASSERT_EQUAL_FATAL(orbit_choose((const size_t[]){a, b}, 2, &choice, &err), 0);
            CU_ASSERT_TRUE(choice.variance <= ORBIT_MOST_VARIANCE);
        }
}

static void orbits_are_whole(void)
{
    static const size_t size[] = {40};
    struct made_scheme made;
    made_scheme_init(&made, size, 1, 1);
    CU_ASSERT_EQUAL(orbit_scheme_orbits(&made.orbits, 1), 1);
    CU_ASSERT_EQUAL(orbit_scheme_orbits(&made.orbits, 40), 1);
    CU_ASSERT_EQUAL(orbit_scheme_orbits(&made.orbits, 41), 2);
    CU_ASSERT_EQUAL(orbit_scheme_orbits(&made.orbits, 80), 2);
    CU_ASSERT_EQUAL(orbit_scheme_orbits(&made.orbits, 10000), 250);
    made_scheme_free(&made);
}

/* Where the order of a sequence comes from: the seed, and nothing else. */
static void sequences_follow_from_the_seed(void)
{
    static const size_t size[] = {20, 14, 9};
    struct made_scheme made, again, other;
    made_scheme_init(&made, size, 3, 1);
    made_scheme_init(&again, size, 3, 1);
    made_scheme_init(&other, size, 3, 2);
    size_t places = made.orbits.choice.n_sequences * made.orbits.choice.length;
    CU_ASSERT_EQUAL(memcmp(made.orbits.subject, again.orbits.subject, places * sizeof(uint32_t)), 0);
    CU_ASSERT_EQUAL(made.orbits.identity, again.orbits.identity);
    CU_ASSERT_NOT_EQUAL(memcmp(made.orbits.subject, other.orbits.subject, places * sizeof(uint32_t)), 0);
    made_scheme_free(&made);
    made_scheme_free(&again);
    made_scheme_free(&other);
}

/* A linear one, squared, or products of neighbours in the sequence, which shifts do not change. */
static double statistic(const double *y, const uint32_t *order, const uint32_t *next, size_t n)
{
    double across = 0, along = 0;
    for (size_t i = 0; i < n; i++) {
        across += y[order[i]] * sin((double)(i * i));
        along += next != NULL ? y[order[i]] * y[order[next[i]]] : 0;
    }
    return next != NULL ? along : across * across;
}

/* As order_of; where `wrong`, shift first and then arrangement. */
static bool is_drawn(const struct orbit_scheme *scheme)
{
    struct error err = {0};
    bool found = false;
    CU_ASSERT_EQUAL(orbit_scheme_check_drawn(scheme, &found, &err), 0);
    return found;
}

static void exchange(uint32_t *one, uint32_t *other)
{
    uint32_t kept = *one;
    *one = *other;
    *other = kept;
}

/* Neither two people who have changed places, nor sizes that the blocks do not have, are taken for drawn. */
static void is_known_again(const struct made_scheme *made)
{
    struct orbit_scheme scheme = made->orbits;
    const struct orbit_choice choice = scheme.choice;
    if (choice.n_shifts < 2)
        return;
    CU_ASSERT_TRUE(is_drawn(&scheme));
    exchange(&scheme.subject[0], &scheme.subject[1]);
    CU_ASSERT_FALSE(is_drawn(&scheme));
    exchange(&scheme.subject[0], &scheme.subject[1]);
    exchange(&scheme.source[0], &scheme.source[1]);
    CU_ASSERT_FALSE(is_drawn(&scheme));
    exchange(&scheme.source[0], &scheme.source[1]);
    scheme.identity++;
    CU_ASSERT_FALSE(is_drawn(&scheme));
    scheme.identity--;
    for (int what = 0; what < 5; what++) {
        scheme.choice = choice;
        scheme.choice.length = what == 0 ? 1 : choice.length;
        scheme.choice.n_sequences += what == 1;
        scheme.choice.n_fixed += what == 2;
        scheme.choice.n_shifts += what == 3 ? scheme.choice.length : 0;
        scheme.choice.n_shifts = what == 4 ? 1 : scheme.choice.n_shifts;
        scheme.choice.windows = scheme.choice.length != scheme.choice.n_shifts;
        CU_ASSERT_FALSE(is_drawn(&scheme));
    }
    scheme.choice = choice;
    CU_ASSERT_TRUE(is_drawn(&scheme));
}

static void a_layout_is_known_again(void)
{
    struct error err = {0};
    struct permutation_scheme blocks;
    struct orbit_scheme single;
    for_every_layout(is_known_again);
    CU_ASSERT_EQUAL_FATAL(permutation_scheme_init(&blocks, NULL, 9, 3, &err), 0);
    CU_ASSERT_EQUAL_FATAL(orbit_scheme_init_single(&single, &blocks, &err), 0);
    CU_ASSERT_TRUE(is_drawn(&single));
    exchange(&single.fixed[0], &single.fixed[1]);
    CU_ASSERT_FALSE(is_drawn(&single));
    orbit_scheme_free(&single);
    permutation_scheme_free(&blocks);
}

static void order_either_way(const struct made_scheme *made, uint64_t orbit, size_t shift, bool wrong,
                             uint32_t *order)
{
    uint32_t shifted[MOST], arranged[MOST], workspace[MOST];
    order_of(made, orbit, shift, order);
    if (!wrong)
        return;
    order_of(made, 0, shift, shifted);
    orbit_scheme_arrangement(&made->orbits, orbit, arranged, workspace);
    for (size_t i = 0; i < made->orbits.n; i++)
        order[i] = shifted[arranged[i]];
}

/* Among all values of `n_orbits` orbits, those that are at least the data's own. */
static size_t rank_of(const struct made_scheme *made, const double *y, uint64_t n_orbits, bool aligned,
                      bool wrong)
{
    size_t rank = 0, n = made->orbits.n;
    uint32_t order[MOST], step[MOST], *next = aligned ? step : NULL;
    order_of(made, 0, 1, step);
    order_of(made, 0, made->orbits.identity, order);
    double observed = statistic(y, order, next, n);
    for (uint64_t orbit = 0; orbit < n_orbits; orbit++)
        for (size_t shift = 0; shift < made->orbits.choice.n_shifts; shift++) {
            order_either_way(made, orbit, shift, wrong, order);
            rank += statistic(y, order, next, n) >= observed - 1e-12;
        }
    return rank;
}

static double normal(void)
{
    double sum = -6;
    for (int k = 0; k < 12; k++)
        sum += (double)rand() / RAND_MAX;
    return sum;
}

/* Chi-square of the ranks of many data sets over five classes of as many ranks each: 4 degrees of freedom.
 * Data are exchangeable inside blocks, which differ in level. */
static double chi_square_of_ranks(const size_t *size, size_t n_blocks, uint64_t n_orbits, bool aligned,
                                  bool wrong)
{
    enum { DATA_SETS = 4000, CLASSES = 5 };
    double count[CLASSES] = {0}, chi_square = 0;
    srand(3);
    for (uint64_t set = 0; set < DATA_SETS; set++) {
        struct made_scheme made;
        double y[MOST];
        made_scheme_init(&made, size, n_blocks, set);
        size_t all = n_orbits * made.orbits.choice.n_shifts;
        CU_ASSERT_EQUAL_FATAL(all % CLASSES, 0);
        for (size_t i = 0; i < made.orbits.n; i++)
            y[i] = made.label[i] % 5 + normal();
        count[(rank_of(&made, y, n_orbits, aligned, wrong) - 1) * CLASSES / all]++;
        made_scheme_free(&made);
    }
    for (size_t k = 0; k < CLASSES; k++)
        chi_square += pow(count[k] - (double)DATA_SETS / CLASSES, 2) / ((double)DATA_SETS / CLASSES);
    return chi_square;
}

static const size_t free_exchange[] = {10}, even[] = {5, 5}, uneven[] = {20, 14, 9};

static void p_is_uniform(void)
{
    CU_ASSERT_TRUE(chi_square_of_ranks(free_exchange, 1, 1, false, false) < 23.5); /* p > 1e-4 */
    CU_ASSERT_TRUE(chi_square_of_ranks(free_exchange, 1, 5, false, false) < 23.5);
    CU_ASSERT_TRUE(chi_square_of_ranks(free_exchange, 1, 5, true, false) < 23.5);
    CU_ASSERT_TRUE(chi_square_of_ranks(even, 2, 5, true, false) < 23.5);
    CU_ASSERT_TRUE(chi_square_of_ranks(uneven, 3, 5, false, false) < 23.5);
}

/* The test above would see shifts before the arrangement. */
static void p_is_not_uniform_in_the_wrong_order(void)
{
    CU_ASSERT_TRUE(chi_square_of_ranks(free_exchange, 1, 5, true, true) > 200);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"every_shift_stays_inside_its_block", every_shift_stays_inside_its_block},
        {"the_data_as_they_are_stand_at_the_identity", the_data_as_they_are_stand_at_the_identity},
        {"arrangement_first_then_shift", arrangement_first_then_shift},
        {"variance_is_that_of_the_worst_block", variance_is_that_of_the_worst_block},
        {"layouts_are_chosen_by_sizes", layouts_are_chosen_by_sizes},
        {"no_layout_varies_too_much", no_layout_varies_too_much},
        {"orbits_are_whole", orbits_are_whole},
        {"sequences_follow_from_the_seed", sequences_follow_from_the_seed},
        {"a_layout_is_known_again", a_layout_is_known_again},
        {"p_is_uniform", p_is_uniform},
        {"p_is_not_uniform_in_the_wrong_order", p_is_not_uniform_in_the_wrong_order},
    };
    return testing_main(argc, argv, "orbit_scheme", cases, sizeof cases / sizeof *cases);
}
