#include "model/ridge/folds.h"

#include "testing.h"

#include <string.h>

enum { MOST = 200 };

static void count_sizes(const int32_t *fold, size_t n, size_t n_folds, size_t *size)
{
    memset(size, 0, n_folds * sizeof *size);
    for (size_t i = 0; i < n; i++)
        if (fold[i] >= 0) {
            CU_ASSERT_TRUE_FATAL(fold[i] < (int32_t)n_folds);
            size[fold[i]]++;
        }
}

static size_t difference(const size_t *size, size_t n_folds)
{
    size_t smallest = size[0], largest = size[0];
    for (size_t f = 1; f < n_folds; f++) {
        smallest = size[f] < smallest ? size[f] : smallest;
        largest = size[f] > largest ? size[f] : largest;
    }
    return largest - smallest;
}

/* Draws outer folds and puts labels (may be NULL) and folds in the order of the outer folds. */
static void draw_sorted(const int32_t *group, size_t n, size_t n_outer, uint64_t seed, int32_t *outer,
                        int32_t *sorted_group)
{
    int32_t drawn[MOST];
    size_t order[MOST];
    struct error err = {0};
    CU_ASSERT_EQUAL_FATAL(folds_draw_outer(group, n, n_outer, seed, drawn, &err), 0);
    folds_sort(drawn, n, n_outer, order);
    for (size_t k = 0; k < n; k++) {
        outer[k] = drawn[order[k]];
        if (group != NULL)
            sorted_group[k] = group[order[k]];
        CU_ASSERT_TRUE(k == 0 || outer[k] > outer[k - 1] ||
                       (outer[k] == outer[k - 1] && order[k] > order[k - 1]));
    }
}

static void sizes_differ_by_at_most_one(void)
{
    static const size_t cases[][3] = {{100, 10, 5}, {103, 10, 5}, {47, 4, 3}, {10, 10, 3}, {6, 2, 3}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        size_t n = cases[k][0], n_outer = cases[k][1], n_inner = cases[k][2], size[MOST];
        int32_t outer[MOST];
        struct folds folds;
        struct error err = {0};
        draw_sorted(NULL, n, n_outer, 7, outer, NULL);
        count_sizes(outer, n, n_outer, size);
        CU_ASSERT_TRUE(difference(size, n_outer) <= 1);
        CU_ASSERT_EQUAL_FATAL(
            folds_init(&folds, &(struct folds_outer){outer, NULL, n, n_outer}, n_inner, 7, &err), 0);
        for (size_t o = 0; o < n_outer; o++) {
            count_sizes(folds.inner + o * n, n, n_inner, size);
            CU_ASSERT_TRUE(difference(size, n_inner) <= 1);
        }
        folds_free(&folds);
    }
}

/* inner is -1 exactly in the test set, and `rows` says the same as the labels. */
static void assert_rows_match_labels(const struct folds *folds)
{
    for (size_t o = 0; o < folds->n_outer; o++) {
        const struct fold_rows *rows = &folds->rows[o];
        const int32_t *inner = folds->inner + o * folds->n;
        int seen[MOST] = {0};
        for (size_t i = 0; i < folds->n; i++) {
            CU_ASSERT_EQUAL(inner[i] == -1, folds->outer[i] == (int32_t)o);
            int in_range = i >= rows->first_test && i < rows->first_test + rows->n_test;
            CU_ASSERT_EQUAL(in_range, folds->outer[i] == (int32_t)o);
        }
        CU_ASSERT_EQUAL(rows->n_test + rows->n_train, folds->n);
        CU_ASSERT_EQUAL(rows->inner_start[0], 0);
        CU_ASSERT_EQUAL(rows->inner_start[folds->n_inner], rows->n_train);
        for (size_t b = 0; b < folds->n_inner; b++)
            for (size_t k = rows->inner_start[b]; k < rows->inner_start[b + 1]; k++) {
                CU_ASSERT_EQUAL(inner[rows->train[k]], (int32_t)b);
                CU_ASSERT_EQUAL(seen[rows->train[k]]++, 0);
            }
    }
}

static void inner_folds_stand_beside_the_test_set(void)
{
    int32_t outer[MOST];
    struct folds folds;
    struct error err = {0};
    draw_sorted(NULL, 53, 5, 21, outer, NULL);
    CU_ASSERT_EQUAL_FATAL(folds_init(&folds, &(struct folds_outer){outer, NULL, 53, 5}, 4, 21, &err), 0);
    assert_rows_match_labels(&folds);
    CU_ASSERT_EQUAL(folds_smallest_test(&folds), 10);
    CU_ASSERT_EQUAL(folds_largest_test(&folds), 11);
    CU_ASSERT_EQUAL(folds_largest_inner(&folds), 11);           /* 43 or 42 into 4 */
    CU_ASSERT_EQUAL(folds_smallest_inner_training(&folds), 31); /* 42 - 11 */
    folds_free(&folds);
    folds_free(&folds); /* legal again */
}

/* Families of 1 to 6 with scattered labels and scattered members. */
static void make_families(int32_t *group, size_t n)
{
    int32_t family = -50;
    for (size_t i = 0, left = 0; i < n; i++, left--) {
        if (left == 0) {
            family += 13;
            left = 1 + (size_t)(family + 50) / 13 % 6;
        }
        group[i * 37 % n] = family; /* n is prime to 37 */
    }
}

static void groups_are_never_split(void)
{
    enum { N = 120 };
    int32_t group[N], sorted[N], outer[N];
    size_t size[MOST];
    make_families(group, N);
    draw_sorted(group, N, 6, 3, outer, sorted);
    count_sizes(outer, N, 6, size);
    CU_ASSERT_TRUE(difference(size, 6) <= 1); /* single subjects come last and fill up */
    struct folds folds;
    struct error err = {0};
    CU_ASSERT_EQUAL_FATAL(folds_init(&folds, &(struct folds_outer){outer, sorted, N, 6}, 4, 3, &err), 0);
    assert_rows_match_labels(&folds);
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < i; j++)
            for (size_t o = 0; o < 6 && sorted[i] == sorted[j]; o++) {
                CU_ASSERT_EQUAL(outer[i], outer[j]);
                CU_ASSERT_EQUAL(folds.inner[o * N + i], folds.inner[o * N + j]);
            }
    for (size_t o = 0; o < 6; o++) {
        count_sizes(folds.inner + o * N, N, 4, size);
        CU_ASSERT_TRUE(difference(size, 4) <= 2);
    }
    folds_free(&folds);
}

/* Larger groups first, each to the emptiest fold: 7 | 5 | 3 | then thirty alone make nine of each. Without
 * room to fill up, folds differ by at most the largest group. */
static void groups_of_unequal_size_are_balanced(void)
{
    int32_t group[MOST], fold[MOST];
    size_t size[5], n = 0;
    struct error err = {0};
    for (int32_t i = 0; i < 30; i++)
        group[n++] = 100 + i;
    for (size_t i = 0; i < 15; i++)
        group[n++] = i < 7 ? 1 : i < 12 ? 2 : 3;
    for (uint64_t seed = 0; seed < 20; seed++) {
        CU_ASSERT_EQUAL_FATAL(folds_draw_outer(group, n, 5, seed, fold, &err), 0);
        count_sizes(fold, n, 5, size);
        CU_ASSERT_EQUAL(difference(size, 5), 0);
    }
    static const size_t families[] = {5, 4, 3, 3, 3, 2};
    n = 0;
    for (size_t g = 0; g < 6; g++)
        for (size_t i = 0; i < families[g]; i++)
            group[n++] = (int32_t)g;
    CU_ASSERT_EQUAL_FATAL(folds_draw_outer(group, n, 2, 1, fold, &err), 0);
    count_sizes(fold, n, 2, size);
    CU_ASSERT_EQUAL(difference(size, 2), 0); /* 5 + 3 + 2 and 4 + 3 + 3 */
}

static void the_seed_decides(void)
{
    int32_t first[MOST], again[MOST], other[MOST];
    struct error err = {0};
    folds_draw_outer(NULL, MOST, 10, 5, first, &err);
    folds_draw_outer(NULL, MOST, 10, 5, again, &err);
    folds_draw_outer(NULL, MOST, 10, 6, other, &err);
    CU_ASSERT_EQUAL(err.code, 0);
    CU_ASSERT_EQUAL(memcmp(first, again, sizeof first), 0);
    size_t same = 0, in_file_order = 0;
    for (size_t i = 0; i < MOST; i++) {
        same += first[i] == other[i];
        in_file_order += first[i] == (int32_t)(i * 10 / MOST);
    }
    CU_ASSERT_TRUE(same < 45); /* 20 expected, 4.2 a standard deviation */
    CU_ASSERT_TRUE(in_file_order < 45);
}

/* By another program, from Philox's definition: other folds would change every result, and campaigns of
 * before would not go on. */
static void folds_of_a_seed_stand_for_good(void)
{
    enum { SUBJECTS = 12, OUTER = 3 };
    static const int32_t drawn[SUBJECTS] = {2, 0, 2, 0, 2, 2, 1, 1, 0, 1, 1, 0};
    static const int32_t inner[OUTER][SUBJECTS] = {{-1, -1, -1, -1, 0, 1, 0, 1, 1, 0, 0, 1},
                                                   {1, 0, 1, 0, -1, -1, -1, -1, 0, 0, 1, 1},
                                                   {0, 0, 0, 1, 1, 0, 1, 1, -1, -1, -1, -1}};
    static const int32_t sorted[SUBJECTS] = {0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2};
    int32_t fold[SUBJECTS];
    struct folds folds;
    struct error err = {0};
    CU_ASSERT_EQUAL_FATAL(folds_draw_outer(NULL, SUBJECTS, OUTER, 1, fold, &err), 0);
    CU_ASSERT_EQUAL(memcmp(fold, drawn, sizeof drawn), 0);
    CU_ASSERT_EQUAL_FATAL(
        folds_init(&folds, &(struct folds_outer){sorted, NULL, SUBJECTS, OUTER}, 2, 1, &err), 0);
    CU_ASSERT_EQUAL(memcmp(folds.inner, inner, sizeof inner), 0);
    folds_free(&folds);
}

static void known_folds_come_back(void)
{
    int32_t outer[MOST];
    struct folds drawn, known;
    struct error err = {0};
    draw_sorted(NULL, 41, 3, 8, outer, NULL);
    CU_ASSERT_EQUAL_FATAL(folds_init(&drawn, &(struct folds_outer){outer, NULL, 41, 3}, 4, 8, &err), 0);
    CU_ASSERT_EQUAL_FATAL(folds_init_known(&known, drawn.outer, drawn.inner, 41, 3, 4, &err), 0);
    assert_rows_match_labels(&known);
    CU_ASSERT_EQUAL(memcmp(known.outer, drawn.outer, 41 * sizeof *outer), 0);
    CU_ASSERT_EQUAL(memcmp(known.inner, drawn.inner, 3 * 41 * sizeof *outer), 0);
    for (size_t o = 0; o < 3; o++) {
        CU_ASSERT_EQUAL(known.rows[o].first_test, drawn.rows[o].first_test);
        CU_ASSERT_EQUAL(
            memcmp(known.rows[o].train, drawn.rows[o].train, drawn.rows[o].n_train * sizeof(uint32_t)), 0);
        CU_ASSERT_EQUAL(memcmp(known.rows[o].inner_start, drawn.rows[o].inner_start, 5 * sizeof(size_t)), 0);
    }
    folds_free(&drawn);
    folds_free(&known);
}

static void assert_refused(const int32_t *outer, const int32_t *inner, size_t n, const char *expected)
{
    struct folds folds;
    struct error err = {0};
    CU_ASSERT_EQUAL(folds_init_known(&folds, outer, inner, n, 2, 2, &err), EXIT_CODE_BAD_INPUT);
    CU_ASSERT_STRING_EQUAL(err.message, expected);
    folds_free(&folds);
}

static void folds_without_a_subject_are_refused(void)
{
    static const int32_t outer[] = {0, 0, 0, 1, 1, 1}, group[] = {1, 2, 3, 9, 9, 9};
    struct folds folds;
    struct error err = {0};
    CU_ASSERT_EQUAL(folds_init(&folds, &(struct folds_outer){outer, group, 6, 2}, 2, 1, &err),
                    EXIT_CODE_BAD_INPUT);
    CU_ASSERT_STRING_EQUAL(err.message,
                           "outer fold 1: inner fold 2 has no subject (of 3 training subjects); expected "
                           "fewer inner folds or smaller groups");
    folds_free(&folds);
    static const int32_t inner[] = {-1, -1, -1, 0, 1, 0, 0, 0, 0, -1, -1, -1};
    assert_refused(outer, inner, 6,
                   "outer fold 2: inner fold 2 has no subject (of 3 training subjects); expected fewer inner "
                   "folds or smaller groups");
    static const int32_t one_fold[] = {0, 0, 0, 0};
    static const int32_t no_training[] = {-1, -1, -1, -1, 0, 1, 0, 1};
    assert_refused(one_fold, no_training, 4,
                   "outer fold 1: inner fold 1 has no subject (of 0 training subjects); expected fewer inner "
                   "folds or smaller groups");
}

static void folds_that_leave_a_subject_out_are_refused(void)
{
    static const int32_t outer[] = {0, 0, 0, 1, 1, 1};
    static const int32_t nowhere[] = {-1, -1, -1, 0, 1, -1, 0, 1, 0, -1, -1, -1};
    assert_refused(outer, nowhere, 6,
                   "outer fold 1: 3 test and 2 training subjects of 6; expected at least one test subject "
                   "and every subject in one of the two");
    /* One subject of the test set is also a training subject while another is nowhere: the sum is right. */
    static const int32_t both[] = {-1, -1, 0, 0, 1, -1, 0, 1, 0, -1, -1, -1};
    assert_refused(outer, both, 6,
                   "outer fold 1: 3 test and 2 training subjects of 6; expected at least one test subject "
                   "and every subject in one of the two");
    static const int32_t no_test[] = {1, 1, 1, 1}, all_train[] = {0, 1, 0, 1, -1, -1, -1, -1};
    assert_refused(no_test, all_train, 4,
                   "outer fold 1: 0 test and 4 training subjects of 4; expected at least one test subject "
                   "and every subject in one of the two");
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"sizes_differ_by_at_most_one", sizes_differ_by_at_most_one},
        {"inner_folds_stand_beside_the_test_set", inner_folds_stand_beside_the_test_set},
        {"groups_are_never_split", groups_are_never_split},
        {"groups_of_unequal_size_are_balanced", groups_of_unequal_size_are_balanced},
        {"the_seed_decides", the_seed_decides},
        {"folds_of_a_seed_stand_for_good", folds_of_a_seed_stand_for_good},
        {"known_folds_come_back", known_folds_come_back},
        {"folds_without_a_subject_are_refused", folds_without_a_subject_are_refused},
        {"folds_that_leave_a_subject_out_are_refused", folds_that_leave_a_subject_out_are_refused},
    };
    return testing_main(argc, argv, "folds", cases, sizeof cases / sizeof *cases);
}
