#include "output/results.h"

#include "result_example.h"
#include "testing.h"

#include <dirent.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

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
    const char *path =
        testing_write_text(folder, "results.tsv", "target\tn\tan older, longer table\nwith lines\n");
    struct error err = {0};
    CU_ASSERT_EQUAL_FATAL(results_write(path, rows, N_ROWS, &err), 0);
    char *text = contents(path);
    CU_ASSERT_STRING_EQUAL(
        text,
        "target\tn\tn_missing\tr2\tr2_sd\tr\tpenalty\tat_edge\tp\tp_se\tp_fwer\tq_fdr\tnote\n"
        "CD8\t1410\t3\t0.495123\t0.040100\t0.712346\t21.5443\t0.1\t0.000999001\t9.99001e-05\t0.000999001\t0.000999\t\n"
        "flat\t1410\t3\tNA\tNA\tNA\tNA\tNA\tNA\tNA\tNA\tNA\tdoes not vary at all\n"
        "odd name\t7\t3\t-0.250000\tNA\tNA\t1e-12\t0\t0.25\t0.025\t1\t0.5\ta fold is NA\n"
        "MCH\t1580\t3\t0.350000\t0.050000\t0.600000\t100\t0\t9.999e-05\t9.999e-06\t0.5\t0.25\t\n");
    free(text);
    CU_ASSERT_EQUAL(entries(folder), 1); /* no temporary file is left */
}

/* A column that no row has a number of is not there; one number brings it back, with NA in other rows. */
static void optional_columns(void)
{
    struct result_row placed[2] = {rows[0], rows[1]};
    struct error err = {0};
    const char *path = testing_write_text(testing_folder(), "results.tsv", "");
    placed[1].value[RESULT_Y_MM] = -12.5;
    CU_ASSERT_EQUAL_FATAL(results_write(path, placed, 2, &err), 0);
    char *text = contents(path);
    ASSERT_CONTAINS(text, "\tq_fdr\ty_mm\tnote\n");
    ASSERT_CONTAINS(text, "\t0.000999\tNA\t\n");
    ASSERT_CONTAINS(text, "\tNA\t-12.5\tdoes not vary at all\n");
    free(text);
}

static void a_table_that_cannot_be_written(void)
{
    struct error err = {0};
    CU_ASSERT_EQUAL(results_write("/nowhere/results.tsv", rows, N_ROWS, &err), EXIT_CODE_BAD_INPUT);
    CU_ASSERT_STRING_EQUAL(err.message, "/nowhere/results.tsv: cannot be written: No such file or directory");
    const char *folder = testing_folder();
    char path[256];
    snprintf(path, sizeof path, "%s/results.tsv", folder);
    CU_ASSERT_EQUAL_FATAL(mkdir(path, 0777), 0);
    CU_ASSERT_EQUAL(results_write(path, rows, N_ROWS, &err), EXIT_CODE_BAD_INPUT);
    ASSERT_CONTAINS(err.message, "results.tsv: a folder found; expected a file");
    CU_ASSERT_EQUAL(entries(folder), 1);
}

static void a_full_disk_is_seen(void)
{
    /* A limit on the size of files stands for it. */
    const char *folder = testing_folder();
    char path[256];
    snprintf(path, sizeof path, "%s/results.tsv", folder);
    struct error err = {0};
    struct rlimit before, small;
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    small = before;
    small.rlim_cur = 100;
    setrlimit(RLIMIT_FSIZE, &small);
    CU_ASSERT_EQUAL(results_write(path, rows, N_ROWS, &err), EXIT_CODE_FAILED);
    setrlimit(RLIMIT_FSIZE, &before);
    ASSERT_CONTAINS(err.message, "results.tsv: cannot be written whole: File too large");
    CU_ASSERT_EQUAL(entries(folder), 0);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"the_table", the_table},
        {"optional_columns", optional_columns},
        {"a_table_that_cannot_be_written", a_table_that_cannot_be_written},
        {"a_full_disk_is_seen", a_full_disk_is_seen},
    };
    return testing_main(argc, argv, "results", cases, sizeof cases / sizeof *cases);
}
