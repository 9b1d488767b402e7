#include "input/tables/id_forms.h"

#include "testing.h"

#include <stdio.h>
#include <string.h>

enum { MOST = 8 };

/* "f1 a, f2 b" as a side; without FIDs when there is one field a person. */
struct side {
    char text[300], *fid[MOST], *iid[MOST];
    struct id_forms_side side;
};

static const struct id_forms_side *make_side(struct side *side, const char *people)
{
    strcpy(side->text, people);
    side->side = (struct id_forms_side){.fid = side->fid, .iid = side->iid};
    char *rest = side->text, *person;
    while ((person = strsep(&rest, ";")) != NULL) {
        char *iid = person;
        side->fid[side->side.count] = strsep(&iid, " ");
        if (iid == NULL) {
            iid = person;
            side->side.fid = NULL;
        }
        side->iid[side->side.count++] = iid;
    }
    return &side->side;
}

static void assert_form(const char *ours, const char *theirs, const char *difference, size_t n_alike)
{
    struct side left, right;
    struct id_forms forms;
    struct error err = {0};
    CU_ASSERT_EQUAL_FATAL(id_forms_find(&forms, make_side(&left, ours), make_side(&right, theirs), &err), 0);
    CU_ASSERT_EQUAL(forms.n_alike, n_alike);
    if (difference == NULL)
        CU_ASSERT_PTR_NULL(forms.difference);
    if (difference != NULL) {
        CU_ASSERT_PTR_NOT_NULL_FATAL(forms.difference);
        ASSERT_CONTAINS(forms.difference, difference);
    }
}

static void test_forms(void)
{
    assert_form("1 S007;2 S010;3 S123", "S7;S10;S99", "leading zeros", 2);
    assert_form("001 001;100 100", "1 1;100 101", "leading zeros", 1);
    assert_form("a A1;b A2;c A3", "a a1;b a2;c A9", "small and capital letters", 2);
    assert_form("a 1;b 2", "x 1;y 2", "the FIDs differ", 2);
    assert_form("a sub-1;b 2", "1;sub-2", "sub- in front", 2);
    assert_form("a 1;b 2", "1.0;2.0", ".0 at the end", 2);
    assert_form("a a;b b", "a,a;b,b", "commas", 2);
    assert_form("f1 a;f2 b", "f1_a;f2_b", "IIDs there are FID_IID", 2);
    assert_form("0 f1_a;0 f2_b", "f1 a;f2 b", "IIDs of the genotypes are FID_IID", 2);
    assert_form("0 1_1;0 2_2", "1;2", "IIDs of the genotypes are IID_IID", 2);
    assert_form("a 1;b 2", "1_1;2_2", "IIDs there are IID_IID", 2);
    assert_form("a S1;b S2", "S1\xC2\xA0;S2\xE2\x80\x8B", "nobody sees", 2);
    assert_form("a R\xC3\xA9mi;b Zo\xC3\xAB", "Re\xCC\x81mi;Zoe\xCC\x88", "an accent", 2);
    assert_form("a S-1;b S-2", "S_1;S.2", "characters such as", 2);
    assert_form("a 1;b 2", "3;4", NULL, 0);
    assert_form("a 00;b 0", "000;10", NULL, 0); /* two of ours become the same */
}

/* Where IIDs repeat they say nothing: members 1 and 2 of every family. */
static void test_only_one_each(void)
{
    assert_form("a 1;a 2;b 1;b 2", "c 1;c 2;d 1;d 2", NULL, 0);
    assert_form("a 1;a 2;b 1;b 3", "c 1;c 2;d 1;d 4", "the FIDs differ", 1);
}

static void test_example(void)
{
    struct side left, right;
    struct id_forms forms;
    struct error err = {0};
    id_forms_find(&forms, make_side(&left, "a X1;b X2;c 0X"), make_side(&right, "q;x2"), &err);
    CU_ASSERT_EQUAL(forms.ours, 1);
    CU_ASSERT_EQUAL(forms.theirs, 1);
}

/* A single one of many is chance. */
static void test_too_few(void)
{
    enum { N = 40 };
    static char texts[2][N][16];
    char *iid[2][N];
    struct id_forms forms;
    struct error err = {0};
    for (int side = 0; side < 2; side++)
        for (int i = 0; i < N; i++) {
            snprintf(texts[side][i], 16, "%s%d", i == 0 ? (side == 0 ? "s" : "S") : side == 0 ? "a" : "b", i);
            iid[side][i] = texts[side][i];
        }
    const struct id_forms_side ours = {.iid = iid[0], .count = N}, theirs = {.iid = iid[1], .count = N};
    CU_ASSERT_EQUAL(id_forms_find(&forms, &ours, &theirs, &err), 0);
    CU_ASSERT_PTR_NULL(forms.difference);
    const struct id_forms_side few = {.iid = iid[1], .count = 10};
    CU_ASSERT_EQUAL(id_forms_find(&forms, &ours, &few, &err), 0);
    CU_ASSERT_PTR_NOT_NULL(forms.difference);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"forms", test_forms},
        {"only_one_each", test_only_one_each},
        {"example", test_example},
        {"too_few", test_too_few},
    };
    return testing_main(argc, argv, "input/tables/id_forms", cases, sizeof cases / sizeof *cases);
}
