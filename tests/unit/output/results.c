#include "output/results.h"

#include "testing.h"

#include <dirent.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Numbers of the columns n, r2, r2_sd, r, penalty, at_edge, p, p_fwer, q_fdr. */
#define ROW(name, text, n, r2, r2_sd, r, penalty, at_edge, p, p_fwer, q_fdr)                                 \
    {                                                                                                        \
        .target = name, .note = text, .value = {                                                             \
            [RESULT_N] = n,                                                                                  \
            [RESULT_N_MISSING] = 3,                                                                          \
            [RESULT_R2] = r2,                                                                                \
            [RESULT_R2_SD] = r2_sd,                                                                          \
            [RESULT_R] = r,                                                                                  \
            [RESULT_PENALTY] = penalty,                                                                      \
            [RESULT_AT_EDGE] = at_edge,                                                                      \
            [RESULT_P] = p,                                                                                  \
            [RESULT_P_FWER] = p_fwer,                                                                        \
            [RESULT_Q_FDR] = q_fdr                                                                           \
        }                                                                                                    \
    }

static const struct result_row rows[] = {
    ROW("CD8", "", 1410, 0.4951234567, 0.0401, 0.7123456, 21.544346900318832, 0.1, 1.0 / 1001, 1.0 / 1001,
        0.000999),
    ROW("flat", "does not\tvary\nat all", 1410, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN),
    ROW("odd\tname", "a fold is NA", 7, -0.25, NAN, NAN, 1e-12, 0, 0.25, 1, 0.5),
    ROW("MCH", "", 1580, 0.35, 0.05, 0.6, 100, 0, 1.0 / 10001, 0.5, 0.25),
};
enum { N_ROWS = sizeof rows / sizeof *rows };

static char *contents(const char *path)
{
    char *text = calloc(1, 4096);
    FILE *file = fopen(path, "r");
    if (file == NULL || text == NULL)
        abort();
    size_t count = fread(text, 1, 4095, file);
    text[count] = '\0';
    fclose(file);
    return text;
}

static size_t entries(const char *folder)
{
    DIR *open_folder = opendir(folder);
    size_t count = 0;
    while (readdir(open_folder) != NULL)
        count++;
    closedir(open_folder);
    return count - 2; /* . and .. */
}

static void the_table(void)
{
    const char *folder = testing_folder();
    const char *path = testing_write_text(folder, "results.tsv", "an older, longer table\nwith lines\n");
    struct error err = {0};
    CU_ASSERT_EQUAL_FATAL(results_write(path, rows, N_ROWS, &err), 0);
    char *text = contents(path);
    CU_ASSERT_STRING_EQUAL(
        text,
        "target\tn\tn_missing\tr2\tr2_sd\tr\tpenalty\tat_edge\tp\tp_fwer\tq_fdr\tnote\n"
        "CD8\t1410\t3\t0.495123\t0.040100\t0.712346\t21.5443\t0.1\t0.000999001\t0.000999001\t0.000999\t\n"
        "flat\t1410\t3\tNA\tNA\tNA\tNA\tNA\tNA\tNA\tNA\tdoes not vary at all\n"
        "odd name\t7\t3\t-0.250000\tNA\tNA\t1e-12\t0\t0.25\t1\t0.5\ta fold is NA\n"
        "MCH\t1580\t3\t0.350000\t0.050000\t0.600000\t100\t0\t9.999e-05\t0.5\t0.25\t\n");
    free(text);
    CU_ASSERT_EQUAL(entries(folder), 1); /* no temporary file is left */
}

static void a_table_that_cannot_be_written(void)
{
    struct error err = {0};
    CU_ASSERT_EQUAL(results_write("/nowhere/results.tsv", rows, N_ROWS, &err), EXIT_CODE_FAILED);
    CU_ASSERT_STRING_EQUAL(err.message,
                           "/nowhere/results.tsv.tmp: cannot be written: No such file or directory");
    const char *folder = testing_folder();
    char path[256];
    snprintf(path, sizeof path, "%s/results.tsv", folder);
    CU_ASSERT_EQUAL_FATAL(mkdir(path, 0777), 0);
    CU_ASSERT_EQUAL(results_write(path, rows, N_ROWS, &err), EXIT_CODE_FAILED);
    ASSERT_CONTAINS(err.message, "results.tsv: cannot be replaced: Is a directory");
    CU_ASSERT_EQUAL(entries(folder), 1);
}

static void a_full_disk_is_seen(void)
{
    /* Written through a link to the device that is always full. */
    const char *folder = testing_folder();
    char command[512], path[256];
    snprintf(command, sizeof command, "ln -s /dev/full %s/results.tsv.tmp", folder);
    CU_ASSERT_EQUAL_FATAL(system(command), 0);
    snprintf(path, sizeof path, "%s/results.tsv", folder);
    struct error err = {0};
    CU_ASSERT_EQUAL(results_write(path, rows, N_ROWS, &err), EXIT_CODE_FAILED);
    ASSERT_CONTAINS(err.message, "results.tsv.tmp: cannot be written whole: No space left on device");
    CU_ASSERT_EQUAL(entries(folder), 0);
}

enum { TEXT_BYTES = 2048 };

static void print_to(char text[TEXT_BYTES], const struct result_row *table, size_t count, size_t limit)
{
    FILE *file = fmemopen(text, TEXT_BYTES, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    results_print(file, table, count, limit);
    CU_ASSERT_EQUAL(fclose(file), 0);
}

static void the_table_for_people(void)
{
    char text[TEXT_BYTES];
    print_to(text, rows, N_ROWS, 10);
    CU_ASSERT_STRING_EQUAL(
        text, "target       n       r2   r2_sd       r  penalty         p    p_fwer     q_fdr  note\n"
              "CD8       1410   0.4951  0.0401  0.7123    21.54  0.000999  0.000999  0.000999\n"
              "MCH       1580   0.3500  0.0500  0.6000      100    0.0001       0.5      0.25\n"
              "odd name     7  -0.2500      NA      NA    1e-12      0.25         1       0.5  a fold is NA\n"
              "flat      1410       NA      NA      NA       NA        NA        NA        NA  does not vary "
              "at all\n");
    print_to(text, rows, N_ROWS, 2);
    ASSERT_CONTAINS(text, "\nMCH ");
    ASSERT_CONTAINS(text, "\n(2 of 4 targets, smallest p_fwer first)\n");
    CU_ASSERT_PTR_NULL(strstr(text, "odd"));
    print_to(text, rows, 0, 5);
    CU_ASSERT_STRING_EQUAL(text, "target  n  r2  r2_sd  r  penalty  p  p_fwer  q_fdr  note\n");
}

/* Equal p-values: by p, then the larger r2, then the order of the table; columns stay aligned beside accents.
 */
static void ties_and_accents(void)
{
    const struct result_row tied[] = {
        ROW("caf\xC3\xA9", "", 1, 0.1, 0, 0, 1, 0, 0.5, 0.5, 0.5),
        ROW("b", "", 2, 0.1, 0, 0, 1, 0, 0.5, 0.5, 0.5),
        ROW("c", "", 3, 0.2, 0, 0, 1, 0, 0.5, 0.5, 0.5),
        ROW("a name that is far too long for a column of a terminal", "", 4, 0, 0, 0, 1, 0, 0.25, 0.5, 0.5),
    };
    char text[TEXT_BYTES];
    print_to(text, tied, 4, 4);
    ASSERT_CONTAINS(text, "\na name that is far too long for   4  ");
    ASSERT_CONTAINS(text, "\nc                                 3  ");
    ASSERT_CONTAINS(text, "\ncaf\xC3\xA9                              1  ");
    const char *longest = strstr(text, "\na name"), *best = strstr(text, "\nc  ");
    const char *first = strstr(text, "\ncaf"), *second = strstr(text, "\nb ");
    CU_ASSERT(longest < best && best < first && first < second);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"the_table", the_table},
        {"a_table_that_cannot_be_written", a_table_that_cannot_be_written},
        {"a_full_disk_is_seen", a_full_disk_is_seen},
        {"the_table_for_people", the_table_for_people},
        {"ties_and_accents", ties_and_accents},
    };
    return testing_main(argc, argv, "results", cases, sizeof cases / sizeof *cases);
}
