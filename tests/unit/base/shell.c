#include "base/shell.h"

#include "testing.h"

#include <stdio.h>
#include <stdlib.h>

/* What a shell makes of the word is the text. */
static void words_as_a_shell_reads_them(void)
{
    static const char *const texts[] = {
        "out/study.yaml", "my out/study.yaml", "it's", "", "$HOME", "a;b", "*", "\"q\"", "~/x", "a\nb", "''"};
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
        struct error err = {0};
        char *word = shell_word(texts[k], &err), command[200], read[100];
        snprintf(command, sizeof command, "printf %%s %s", word);
        FILE *shell = popen(command, "r");
        CU_ASSERT_PTR_NOT_NULL_FATAL(shell);
        read[fread(read, 1, sizeof read - 1, shell)] = '\0';
        CU_ASSERT_EQUAL(pclose(shell), 0);
        CU_ASSERT_STRING_EQUAL(read, texts[k]);
        free(word);
    }
}

static void plain_words_stay(void)
{
    struct error err = {0};
    char *word = shell_word("results/chr1_a-b.h5", &err);
    CU_ASSERT_STRING_EQUAL(word, "results/chr1_a-b.h5");
    free(word);
    word = shell_word("sim out/study.yaml", &err);
    CU_ASSERT_STRING_EQUAL(word, "'sim out/study.yaml'");
    free(word);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"words as a shell reads them", words_as_a_shell_reads_them},
        {"plain words stay", plain_words_stay},
    };
    return testing_main(argc, argv, "base/shell", cases, sizeof cases / sizeof *cases);
}
