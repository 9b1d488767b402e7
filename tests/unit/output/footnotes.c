#include "output/footnotes.h"

#include "testing.h"

#include <string.h>

static void letters(void)
{
    struct footnotes notes = {0};
    struct error err = {0};
    char text[FOOTNOTES_BYTES], number[32];
    CU_ASSERT_EQUAL(footnotes_add(&notes, "", &err), 0);
    CU_ASSERT_EQUAL(notes.texts.count, 0);
    CU_ASSERT_EQUAL(footnotes_add(&notes, "no PCs; relatives; no PC", &err), 0);
    CU_ASSERT_EQUAL(footnotes_add(&notes, "relatives", &err), 0);
    CU_ASSERT_EQUAL(notes.texts.count, 3);
    footnotes_letters(&notes, "relatives; no PCs", text);
    CU_ASSERT_STRING_EQUAL(text, "b,a");
    footnotes_letters(&notes, "no PC", text);
    CU_ASSERT_STRING_EQUAL(text, "c");
    footnotes_letters(&notes, "", text);
    CU_ASSERT_STRING_EQUAL(text, "");
    for (int k = 3; k <= 53; k++) {
        snprintf(number, sizeof number, "note %d", k);
        CU_ASSERT_EQUAL(footnotes_add(&notes, number, &err), 0);
    }
    footnotes_letters(&notes, "note 25; note 26; note 51; note 52; note 53", text);
    CU_ASSERT_STRING_EQUAL(text, "z,aa,az,ba,bb");
    footnotes_free(&notes);
}

/* As of the 5,000 rows of a report, each with a share and an r2 of its own. */
static void many(void)
{
    enum { NOTES = 800 };
    static char seen[NOTES][FOOTNOTES_BYTES];
    struct footnotes notes = {0};
    struct error err = {0};
    char number[32];
    for (int k = 0; k < NOTES; k++) {
        snprintf(number, sizeof number, "note %d", k);
        CU_ASSERT_EQUAL(footnotes_add(&notes, number, &err), 0);
        footnotes_letters(&notes, number, seen[k]);
        for (int before = 0; before < k; before++)
            if (strcmp(seen[before], seen[k]) == 0)
                CU_FAIL("two notes have one letter");
    }
    CU_ASSERT_STRING_EQUAL(seen[701], "zz");
    CU_ASSERT_STRING_EQUAL(seen[702], "aaa");
    CU_ASSERT_STRING_EQUAL(seen[799], "adt");
    footnotes_free(&notes);
}

static void more_than_fit(void)
{
    struct footnotes notes = {0};
    struct error err = {0};
    char note[512] = "", text[FOOTNOTES_BYTES];
    for (int k = 0; k < 60; k++)
        snprintf(note + strlen(note), sizeof note - strlen(note), "%s%d", k > 0 ? "; " : "", k);
    CU_ASSERT_EQUAL(footnotes_add(&notes, note, &err), 0);
    footnotes_letters(&notes, note, text);
    CU_ASSERT(strlen(text) < FOOTNOTES_BYTES);
    ASSERT_CONTAINS(text, "a,b,c,");
    CU_ASSERT_STRING_EQUAL(text + strlen(text) - 4, ",...");
    footnotes_free(&notes);
}

static void lines(void)
{
    struct footnotes notes = {0};
    struct error err = {0};
    char text[512] = "";
    CU_ASSERT_EQUAL(footnotes_add(&notes, "one two  three; caf\xC3\xA9 averyverylongword x", &err), 0);
    FILE *file = fmemopen(text, sizeof text, "w");
    footnotes_print(&notes, file, 0);
    footnotes_print(&notes, file, 10);
    fclose(file);
    CU_ASSERT_STRING_EQUAL(text, "a: one two three\nb: caf\xC3\xA9 averyverylongword x\n"
                                 "a: one two\n   three\nb: caf\xC3\xA9\n   averyverylongword\n   x\n");
    footnotes_free(&notes);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"letters", letters},
        {"many", many},
        {"more_than_fit", more_than_fit},
        {"lines", lines},
    };
    return testing_main(argc, argv, "footnotes", cases, sizeof cases / sizeof *cases);
}
