#include "base/utf8.h"

#include "testing.h"

#include <string.h>

static void characters_and_what_is_none(void)
{
    CU_ASSERT_EQUAL(utf8_bytes("a"), 1);
    CU_ASSERT_EQUAL(utf8_bytes("\xC3\xA9"), 2);
    CU_ASSERT_EQUAL(utf8_bytes("\xE2\x82\xAC"), 3);
    CU_ASSERT_EQUAL(utf8_bytes("\xF0\x9F\xA7\xA0"), 4);
    CU_ASSERT_EQUAL(utf8_bytes("\xE9t"), 0);            /* Latin-1 */
    CU_ASSERT_EQUAL(utf8_bytes("\xC3"), 0);             /* cut */
    CU_ASSERT_EQUAL(utf8_bytes("\xC0\xAF"), 0);         /* longer than need be */
    CU_ASSERT_EQUAL(utf8_bytes("\xED\xA0\x80"), 0);     /* half of a pair */
    CU_ASSERT_EQUAL(utf8_bytes("\xF4\x90\x80\x80"), 0); /* beyond the last */
}

static void what_is_shown(void)
{
    static const char *const orders[] = {"",         "\n",       "\x1b[2J",      "\x7f",
                                         "\xC2\x9B", "\xC2\x85", "\xE2\x80\xA8", "\xFF"};
    for (size_t k = 0; k < sizeof orders / sizeof *orders; k++)
        CU_ASSERT_EQUAL(utf8_shown_bytes(orders[k]), 0);
    CU_ASSERT_EQUAL(utf8_shown_bytes(" "), 1);
    CU_ASSERT_EQUAL(utf8_shown_bytes("\xC2\xA0"), 2);
    CU_ASSERT_EQUAL(utf8_shown_bytes("\xE2\x80\xA6"), 3);
}

static void the_first_byte_that_is_none(void)
{
    static const char text[] = "Wei\xC3\x9F und mehr als ein Wort";
    char mended[] = "cut here \xC3, \xE2\x82 and at the end \xC3\xA9\xE2\x82";
    CU_ASSERT_PTR_NULL(utf8_find_other(""));
    CU_ASSERT_PTR_NULL(utf8_find_other(text));
    for (size_t k = 0; k < sizeof text - 1; k++) {
        char other[sizeof text];
        memcpy(other, text, sizeof text);
        other[k] = (char)0xFF;
        const char *found = utf8_find_other(other);
        CU_ASSERT_PTR_EQUAL(found, other + (k == 4 ? 3 : k)); /* the second byte of a character */
        utf8_mend(other);
        CU_ASSERT_PTR_NULL(utf8_find_other(other));
    }
    utf8_mend(mended);
    CU_ASSERT_STRING_EQUAL(mended, "cut here ?, ?? and at the end \xC3\xA9??");
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"characters, and what is none", characters_and_what_is_none},
        {"what is shown", what_is_shown},
        {"the first byte that is none", the_first_byte_that_is_none},
    };
    return testing_main(argc, argv, "base/utf8", cases, sizeof cases / sizeof *cases);
}
