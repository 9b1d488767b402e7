#include "testing.h"

#include <CUnit/Basic.h>
#include <ftw.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char **kept; /* strings and folders handed out, released at the end */
static size_t n_kept;
static char folder_root[] = "/tmp/arete-test-XXXXXX";
static int folder_made, n_folders;

static char *keep(char *text)
{
    kept = realloc(kept, (n_kept + 1) * sizeof *kept);
    if (kept == NULL || text == NULL)
        abort();
    kept[n_kept++] = text;
    return text;
}

static int remove_entry(const char *path, const struct stat *status, int flag, struct FTW *walk)
{
    (void)status, (void)flag, (void)walk;
    return remove(path);
}

static void clean_up(void)
{
    if (folder_made)
        nftw(folder_root, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    for (size_t i = 0; i < n_kept; i++)
        free(kept[i]);
    free(kept);
}

const char *testing_folder(void)
{
    if (!folder_made && mkdtemp(folder_root) == NULL)
        abort();
    folder_made = 1;
    char *path = NULL;
    if (asprintf(&path, "%s/%d", folder_root, n_folders++) < 0)
        abort();
    char *command = NULL;
    if (asprintf(&command, "mkdir %s", path) < 0 || system(command) != 0)
        abort();
    free(command);
    return keep(path);
}

const char *testing_write(const char *folder, const char *name, const void *bytes, size_t count)
{
    char *path = NULL;
    if (asprintf(&path, "%s/%s", folder, name) < 0)
        abort();
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(bytes, 1, count, file) != count || fclose(file) != 0)
        abort();
    return keep(path);
}

const char *testing_write_text(const char *folder, const char *name, const char *text)
{
    return testing_write(folder, name, text, strlen(text));
}

void testing_contains(const char *text, const char *part, const char *file, unsigned line)
{
    int found = strstr(text, part) != NULL;
    if (!found)
        fprintf(stderr, "%s:%u: expected to contain: %s\n  found: %s\n", file, line, part, text);
    CU_assertImplementation(found, line, "text contains", file, "", CU_FALSE);
}

void testing_near(double found, double expected, double tolerance, const char *file, unsigned line)
{
    int near = fabs(found - expected) <= tolerance; /* false for NaN */
    if (!near)
        fprintf(stderr, "%s:%u: found %.17g, expected %.17g within %g\n", file, line, found, expected,
                tolerance);
    CU_assertImplementation(near, line, "numbers are near", file, "", CU_FALSE);
}

int testing_main(int argc, char **argv, const char *suite, const struct test_case *cases, size_t count)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    if (CU_initialize_registry() != CUE_SUCCESS)
        return 1;
    CU_pSuite added = CU_add_suite(suite, NULL, NULL);
    size_t n_added = 0;
    for (size_t i = 0; added != NULL && i < count; i++) {
        int wanted = argc < 2;
        for (int a = 1; a < argc; a++)
            wanted |= strcmp(argv[a], cases[i].name) == 0;
        if (wanted && CU_add_test(added, cases[i].name, cases[i].run) != NULL)
            n_added++;
    }
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    int failed = CU_get_number_of_failures() > 0 || n_added == 0 || CU_get_number_of_tests_run() != n_added;
    CU_cleanup_registry();
    clean_up();
    return failed;
}
