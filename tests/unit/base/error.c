#include "base/error.h"

#include "testing.h"

#include <string.h>

static void set_overwrites_and_returns_the_code(void)
{
    struct error err = {0};
    CU_ASSERT_EQUAL(error_set(&err, EXIT_CODE_FAILED, "first"), EXIT_CODE_FAILED);
    CU_ASSERT_EQUAL(error_set(&err, EXIT_CODE_BAD_INPUT, "x.bim:%d: %s", 3, "short"), EXIT_CODE_BAD_INPUT);
    CU_ASSERT_EQUAL(err.code, EXIT_CODE_BAD_INPUT);
    CU_ASSERT_STRING_EQUAL(err.message, "x.bim:3: short");
}

static void add_line_lists_problems(void)
{
    struct error err = {0};
    strcpy(err.message, "left over from before");
    CU_ASSERT_EQUAL(error_add_line(&err, EXIT_CODE_BAD_INPUT, "a: %d", 1), EXIT_CODE_BAD_INPUT);
    error_add_line(&err, EXIT_CODE_BAD_INPUT, "b: %d", 2);
    error_add_line(&err, EXIT_CODE_BAD_INPUT, "c");
    CU_ASSERT_STRING_EQUAL(err.message, "a: 1\nb: 2\nc");
    error_append(&err, " (outer fold %d)", 3);
    CU_ASSERT_STRING_EQUAL(err.message, "a: 1\nb: 2\nc (outer fold 3)");
    CU_ASSERT_EQUAL(err.code, EXIT_CODE_BAD_INPUT);
}

/* Lines that do not fit are dropped whole: what stands is the lines before, complete. */
static void add_line_drops_what_does_not_fit(void)
{
    enum { LINE = 100 };
    char line[LINE];
    memset(line, 'x', LINE - 1);
    line[LINE - 1] = '\0';
    struct error err = {0};
    for (int i = 0; i < 1000; i++)
        error_add_line(&err, EXIT_CODE_BAD_INPUT, "%s", line);
    size_t n_lines = ERROR_MESSAGE_BYTES / LINE; /* each takes its length and a line break or the end */
    CU_ASSERT_EQUAL(strlen(err.message), n_lines * LINE - 1);
    CU_ASSERT_STRING_EQUAL(strrchr(err.message, '\n') + 1, line);
    CU_ASSERT_EQUAL(err.code, EXIT_CODE_BAD_INPUT);
}

/* Every length of a first message around the room there is: the first message is never touched. */
static void add_line_keeps_a_message_that_fills_the_room(void)
{
    for (size_t length = ERROR_MESSAGE_BYTES - 5; length < ERROR_MESSAGE_BYTES; length++) {
        struct error err = {.code = EXIT_CODE_BAD_INPUT};
        memset(err.message, 'y', length);
        error_add_line(&err, EXIT_CODE_BAD_INPUT, "z");
        int fits = length + 2 < ERROR_MESSAGE_BYTES;
        CU_ASSERT_EQUAL(strlen(err.message), fits ? length + 2 : length);
        CU_ASSERT_EQUAL(strspn(err.message, "y"), length);
    }
}

static void long_texts_are_cut(void)
{
    char text[2 * ERROR_MESSAGE_BYTES];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    struct error err = {0};
    error_set(&err, EXIT_CODE_FAILED, "%s", text);
    CU_ASSERT_EQUAL(strlen(err.message), ERROR_MESSAGE_BYTES - 1);
    error_append(&err, "no room");
    CU_ASSERT_EQUAL(strspn(err.message, "x"), ERROR_MESSAGE_BYTES - 1);
    err = (struct error){0};
    error_add_line(&err, EXIT_CODE_FAILED, "%s", text);
    CU_ASSERT_EQUAL(strlen(err.message), ERROR_MESSAGE_BYTES - 1);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"set_overwrites_and_returns_the_code", set_overwrites_and_returns_the_code},
        {"add_line_lists_problems", add_line_lists_problems},
        {"add_line_drops_what_does_not_fit", add_line_drops_what_does_not_fit},
        {"add_line_keeps_a_message_that_fills_the_room", add_line_keeps_a_message_that_fills_the_room},
        {"long_texts_are_cut", long_texts_are_cut},
    };
    return testing_main(argc, argv, "error", cases, sizeof cases / sizeof *cases);
}
