#include "base/screen.h"

#include "testing.h"

#include <pty.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static const char text[] = "warning: one two three, four-and-a-half";

/* What screen_say writes to a terminal of so many columns, without the \r that it adds. */
static void assert_said(unsigned short columns, const char *said, const char *expected)
{
    struct winsize size = {.ws_row = 24, .ws_col = columns};
    int ours, theirs;
    char read_back[512];
    CU_ASSERT_EQUAL_FATAL(openpty(&ours, &theirs, NULL, NULL, &size), 0);
    FILE *out = fdopen(theirs, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(out);
    screen_say(out, "arete:", said);
    fflush(out);
    size_t kept = 0;
    char letter;
    while (kept < strlen(expected) && read(ours, &letter, 1) == 1) /* it arrives piece by piece */
        if (letter != '\r')
            read_back[kept++] = letter;
    read_back[kept] = '\0';
    CU_ASSERT_STRING_EQUAL(read_back, expected);
    fclose(out);
    close(ours);
}

static void lines_break_between_words(void)
{
    assert_said(80, text, "arete: warning: one two three, four-and-a-half\n");
    assert_said(46, text, "arete: warning: one two three, four-and-a-half\n");
    assert_said(45, text, "arete: warning: one two three,\n       four-and-a-half\n");
    assert_said(23, text, "arete: warning: one two\n       three,\n       four-and-a-half\n");
    assert_said(
        18, text,
        "arete: warning:\n       one two\n       three,\n       four-and-a-half\n"); /* no word is cut */
}

static void one_line_where_there_is_no_terminal(void)
{
    char written[200] = "";
    FILE *out = fmemopen(written, sizeof written, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(out);
    screen_say(out, "arete:", text);
    fclose(out);
    CU_ASSERT_STRING_EQUAL(written, "arete: warning: one two three, four-and-a-half\n");
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"lines break between words", lines_break_between_words},
        {"one line where there is no terminal", one_line_where_there_is_no_terminal},
    };
    return testing_main(argc, argv, "base/screen", cases, sizeof cases / sizeof *cases);
}
