#include "model/stats/null_maxima.h"

#include "testing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { KEPT = NULL_MAXIMA_KEPT, MANY = 2000000 };

static int compare_floats(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* From all of them, sorted: as many as may be larger, or as large, are passed by. */
static double limit_of(const float *values, size_t count, size_t n_data)
{
    float *sorted = malloc(count * sizeof *sorted);
    CU_ASSERT_PTR_NOT_NULL_FATAL(sorted);
    memcpy(sorted, values, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, compare_floats);
    double allowed = ceil(0.05 * (double)(count + n_data) - 1e-9) - 1 - (double)n_data;
    double limit = allowed < 0 ? NAN : (double)sorted[count - 1 - (size_t)allowed];
    free(sorted);
    return limit;
}

struct told {
    double count, above;
    double edge;
    double low, high;
};

static void tell(void *context, double value, double count)
{
    struct told *told = context;
    told->count += count;
    told->above += value > told->edge ? count : 0;
    told->low = fmin(told->low, value);
    told->high = fmax(told->high, value);
}

/* Bytes of the arrays that it has. */
static double bytes_of(const struct null_maxima *maxima)
{
    return (double)maxima->capacity * sizeof *maxima->kept +
           (maxima->bins != NULL ? (double)NULL_MAXIMA_BINS * sizeof *maxima->bins : 0);
}

/* All of it against plain sorting, with room for `most`; how often they had to be added. */
static int check_of(const float *values, size_t count, size_t n_data, size_t most)
{
    struct error err = {0};
    struct null_maxima maxima;
    bool again = true;
    int times = 0;
    null_maxima_init(&maxima, n_data);
    maxima.most = most;
    for (; again && times < 3; times++) {
        for (size_t k = 0; k < count; k += 1000) /* in pieces or at once is the same */
            null_maxima_add(&maxima, values + k, count - k < 1000 ? count - k : 1000, &err);
        CU_ASSERT_EQUAL_FATAL(null_maxima_finish(&maxima, &again, &err), 0);
    }
    double expected = limit_of(values, count, n_data), smallest = INFINITY, largest = -INFINITY, above = 0;
    for (size_t k = 0; k < count; k++) {
        smallest = fmin(smallest, (double)values[k]);
        largest = fmax(largest, (double)values[k]);
        above += (double)values[k] > 0.5;
    }
    CU_ASSERT_TRUE(maxima.limit == expected || (isnan(maxima.limit) && isnan(expected)));
    CU_ASSERT_EQUAL(maxima.count, (int64_t)count);
    CU_ASSERT_EQUAL((double)maxima.smallest, smallest);
    CU_ASSERT_EQUAL((double)maxima.largest, largest);
    CU_ASSERT_TRUE(most < KEPT || bytes_of(&maxima) <= fmax(null_maxima_bytes((double)count), 64));
    struct told told = {.edge = 0.5, .low = INFINITY, .high = -INFINITY}; /* .5 begins a bin */
    null_maxima_each(&maxima, tell, &told);
    CU_ASSERT_EQUAL(told.count, (double)count);
    ASSERT_NEAR(told.low, smallest, fabs(smallest) / 2048 + 1e-40);
    ASSERT_NEAR(told.high, largest, fabs(largest) / 2048 + 1e-40);
    CU_ASSERT_TRUE(count > most || told.above == above);
    null_maxima_free(&maxima);
    return times;
}

static int check(const float *values, size_t count, size_t n_data)
{
    return check_of(values, count, n_data, KEPT);
}

static uint64_t next(uint64_t *state)
{
    *state = *state * 6364136223846793005U + 1442695040888963407U;
    return *state >> 40; /* 24 bits */
}

/* Skewed as maxima are, about `middle`. */
static float *make(size_t count, double middle, uint64_t seed)
{
    float *values = malloc(count * sizeof *values);
    CU_ASSERT_PTR_NOT_NULL_FATAL(values);
    for (size_t k = 0; k < count; k++)
        values[k] = (float)(middle - 0.01 * log(-log(((double)next(&seed) + 0.5) / 16777216.0)));
    return values;
}

static void a_few_by_hand(void)
{
    float values[100];
    struct null_maxima maxima;
    struct error err = {0};
    bool again;
    for (int k = 0; k < 100; k++)
        values[k] = (float)((k * 37) % 100);
    null_maxima_init(&maxima, 0);
    CU_ASSERT_EQUAL(null_maxima_add(&maxima, values, 100, &err), 0);
    CU_ASSERT_EQUAL(null_maxima_add(&maxima, (const float[]){NAN, -INFINITY, INFINITY}, 3, &err), 0);
    CU_ASSERT_EQUAL(null_maxima_finish(&maxima, &again, &err), 0);
    CU_ASSERT_FALSE(again);
    CU_ASSERT_EQUAL(maxima.count, 100);
    CU_ASSERT_EQUAL(maxima.limit, 95); /* 96 ... 99 are larger: 4 of 100 */
    null_maxima_free(&maxima);
    check(values, 100, 1);
    check(values, 20, 0);
}

static void too_few(void)
{
    struct null_maxima maxima;
    struct error err = {0};
    bool again;
    null_maxima_init(&maxima, 1);
    CU_ASSERT_EQUAL(null_maxima_finish(&maxima, &again, &err), 0);
    CU_ASSERT_TRUE(isnan(maxima.limit) && !again);
    null_maxima_free(&maxima);
    const float values[30] = {0.1F};
    check(values, 30, 1);
    check(values, 19, 1);
    check(values, 1, 0);
}

/* The limit stays among what is kept, so that once is enough. */
static void many(void)
{
    for (uint64_t seed = 1; seed <= 2; seed++) {
        float *values = make(MANY, seed == 2 ? -0.03 : 0.02, seed); /* the second time about 0 */
        CU_ASSERT_EQUAL(check(values, MANY, seed % 2), 1);
        free(values);
    }
}

static void as_many_as_are_kept(void)
{
    float *values = make(KEPT + 2, 0.1, 5);
    for (size_t count = KEPT - 1; count <= KEPT + 2; count++)
        CU_ASSERT_EQUAL(check(values, count, 0), 1);
    free(values);
}

/* Orders that no permutations have: the limit that is expected moves, and leaves what is kept. */
static void in_order(void)
{
    float *values = make(MANY, 0.05, 7);
    qsort(values, MANY, sizeof *values, compare_floats);
    CU_ASSERT_EQUAL(check(values, MANY, 0), 2);
    for (size_t k = 0; k < MANY / 2; k++) {
        float other = values[k];
        values[k] = values[MANY - 1 - k];
        values[MANY - 1 - k] = other;
    }
    CU_ASSERT_EQUAL(check(values, MANY, 1), 2);
    free(values);
}

/* People that may hardly change places give few different scores, each very often. */
static void few_different(void)
{
    float *values = malloc(MANY * sizeof *values);
    CU_ASSERT_PTR_NOT_NULL_FATAL(values);
    for (uint64_t kinds = 1; kinds <= 64; kinds = kinds * 4 + 1) {
        uint64_t state = kinds;
        for (size_t k = 0; k < MANY; k++)
            values[k] = (float)(next(&state) % kinds) / 64 - 0.1F;
        CU_ASSERT_EQUAL(check(values, MANY, 0), 1);
    }
    for (size_t k = 0; k < MANY; k++) /* a share that is as large as the limit's own */
        values[k] = k % 20 == 0 ? 0.7F : k % 3 == 0 ? 0.2F : (float)k / MANY / 4;
    check(values, MANY, 0);
    check(values, MANY, 1);
    free(values);
}

/* What comes where little is kept: of any kind, in any order. */
static void little_room(void)
{
    enum { MOST_VALUES = 6000, TRIALS = 400 };
    uint64_t state = 11;
    int times[4] = {0};
    for (int trial = 0; trial < TRIALS; trial++) {
        size_t most = (size_t)8 << next(&state) % 6, count = 1 + next(&state) % MOST_VALUES;
        uint64_t kinds = next(&state) % 3 == 0 ? 1 + next(&state) % 40 : 16777216, order = next(&state) % 6;
        float *values = make(count, 0.02, next(&state));
        for (size_t k = 0; k < count && kinds < 1000; k++)
            values[k] = (float)(next(&state) % kinds) / 32 - 0.5F;
        if (order < 2)
            qsort(values, count, sizeof *values, compare_floats);
        for (size_t k = 0; k < count / 2 && order == 1; k++) {
            float other = values[k];
            values[k] = values[count - 1 - k];
            values[count - 1 - k] = other;
        }
        times[check_of(values, count, (size_t)trial % 2, most)]++;
        free(values);
    }
    CU_ASSERT_TRUE(times[1] > TRIALS / 2 && times[2] > 10);
}

static void what_it_takes(void)
{
    CU_ASSERT_EQUAL(null_maxima_bytes(1000), 8000);
    CU_ASSERT_EQUAL(null_maxima_bytes(1e9), null_maxima_bytes(1e6));
    CU_ASSERT_TRUE(null_maxima_bytes(1e9) < 7e6);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"a_few_by_hand", a_few_by_hand},
        {"too_few", too_few},
        {"many", many},
        {"as_many_as_are_kept", as_many_as_are_kept},
        {"in_order", in_order},
        {"few_different", few_different},
        {"little_room", little_room},
        {"what_it_takes", what_it_takes},
    };
    return testing_main(argc, argv, "model/stats/null_maxima", cases, sizeof cases / sizeof *cases);
}
