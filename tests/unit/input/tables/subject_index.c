#include "input/tables/subject_index.h"

#include "base/text.h"
#include "testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *fids[] = {"f2", "f1", "f", "f1", "f10", "f2"};
static char *iids[] = {"1", "1", "1 2", "2", "2", "1"};
enum { N = 6 };

static struct subject_index open_index(char *const *fid, char *const *iid, size_t count, bool participants)
{
    struct subject_index index;
    struct error err = {0};
    if (subject_index_init(&index, fid, iid, count, participants, &err) != 0)
        abort();
    return index;
}

/* By both IDs; of one who stands twice, the first. */
static void test_find(void)
{
    struct subject_index index = open_index(fids, iids, N, false);
    for (size_t i = 0; i < N; i++)
        CU_ASSERT_EQUAL(subject_index_find(&index, fids[i], iids[i]), i == 5 ? 0 : (ptrdiff_t)i);
    CU_ASSERT_EQUAL(subject_index_find_second(&index, "f2", "1"), 5);
    CU_ASSERT_EQUAL(subject_index_find_second(&index, "f1", "1"), TEXT_NOT_FOUND);
    CU_ASSERT_EQUAL(subject_index_find(&index, "f1", "3"), TEXT_NOT_FOUND);
    CU_ASSERT_EQUAL(subject_index_find(&index, "f10", "1"), TEXT_NOT_FOUND);
    CU_ASSERT_EQUAL(subject_index_find(&index, "", ""), TEXT_NOT_FOUND);
    CU_ASSERT_EQUAL(subject_index_find(&index, "sub-f1", "1"), TEXT_NOT_FOUND);
    size_t n_repeats = 0;
    for (size_t k = 1; k < index.count; k++)
        n_repeats += subject_index_repeats(&index, k);
    CU_ASSERT_EQUAL(n_repeats, 1);
    subject_index_free(&index);
    CU_ASSERT_EQUAL(subject_index_find(&index, "f1", "1"), TEXT_NOT_FOUND);
}

static void test_iid_alone(void)
{
    struct subject_index index = open_index(NULL, iids, N, false);
    CU_ASSERT_EQUAL(subject_index_find(&index, "anybody", "1"), 0);
    CU_ASSERT_EQUAL(subject_index_find(&index, "anybody", "2"), 3);
    CU_ASSERT_EQUAL(subject_index_find(&index, NULL, "1 2"), 2);
    subject_index_free(&index);
}

static void test_participants(void)
{
    char *ids[] = {"sub-01", "02", "sub-sub-3", "subject"};
    struct subject_index index = open_index(NULL, ids, 4, true);
    CU_ASSERT_EQUAL(subject_index_find(&index, "x", "01"), 0);
    CU_ASSERT_EQUAL(subject_index_find(&index, "x", "sub-02"), 1);
    CU_ASSERT_EQUAL(subject_index_find(&index, "x", "sub-sub-3"), 2);
    CU_ASSERT_EQUAL(subject_index_find(&index, "x", "sub-3"), TEXT_NOT_FOUND);
    CU_ASSERT_EQUAL(subject_index_find(&index, "x", "subject"), 3);
    subject_index_free(&index);
}

/* Many people in a shuffled order: each is found where it stands. */
static void test_many(void)
{
    enum { PEOPLE = 5003, STEP = 1777 };
    static char texts[PEOPLE][2][16];
    static char *fid[PEOPLE], *iid[PEOPLE];
    for (size_t i = 0; i < PEOPLE; i++) {
        size_t who = i * STEP % PEOPLE;
        snprintf(fid[i] = texts[i][0], 16, "f%zu", who / 3);
        snprintf(iid[i] = texts[i][1], 16, "%zu", who % 3);
    }
    struct subject_index index = open_index(fid, iid, PEOPLE, false);
    size_t n_wrong = 0;
    for (size_t i = 0; i < PEOPLE; i++)
        n_wrong += subject_index_find(&index, texts[i][0], texts[i][1]) != (ptrdiff_t)i;
    CU_ASSERT_EQUAL(n_wrong, 0);
    subject_index_free(&index);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"find", test_find},
        {"iid_alone", test_iid_alone},
        {"participants", test_participants},
        {"many", test_many},
    };
    return testing_main(argc, argv, "input/tables/subject_index", cases, sizeof cases / sizeof *cases);
}
