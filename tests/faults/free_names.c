/* A file that must be new, where the file system does not know the ways to name it in one step. */
#include "base/replace.h"

#include "testing.h"
#include "wrapped_calls.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PATH_BYTES = 4096 };

static int unknown; /* ways that the file system does not know: renameat2 on NFS, link on FAT too */

enum verdict wrapped_call(enum fault_kind kind)
{
    if (kind != FAULT_RENAME || unknown-- <= 0)
        return WHOLE;
    errno = EINVAL;
    return FAIL;
}

static size_t count_entries(const char *folder)
{
    DIR *entries = opendir(folder);
    size_t count = 0;
    while (readdir(entries) != NULL)
        count++;
    closedir(entries);
    return count - 2; /* . and .. */
}

static bool holds(const char *path, const char *text)
{
    char found[100] = "";
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return false;
    found[fread(found, 1, sizeof found - 1, file)] = '\0';
    fclose(file);
    return strcmp(found, text) == 0;
}

/* Whether the file got its name; a link that leads nowhere takes it as a file does. */
static void try_name(int n_unknown, bool taken, bool by_link)
{
    struct error err = {0};
    struct replace replace;
    char path[PATH_BYTES];
    const char *folder = testing_folder();
    snprintf(path, sizeof path, "%s/study.yaml", folder);
    unknown = 0;
    CU_ASSERT_EQUAL_FATAL(replace_open_new(&replace, path, "a new name", &err), 0);
    fputs("new", replace.file);
    if (taken && by_link)
        CU_ASSERT_EQUAL_FATAL(symlink("nowhere", path), 0);
    if (taken && !by_link)
        testing_write_text(folder, "study.yaml", "somebody's");
    unknown = n_unknown;
    CU_ASSERT_EQUAL(replace_finish(&replace, &err), taken ? EXIT_CODE_BAD_INPUT : 0);
    if (taken)
        ASSERT_CONTAINS(err.message, "study.yaml: is there already, and stays; expected a new name");
    CU_ASSERT_EQUAL(count_entries(folder), 1);
    CU_ASSERT(by_link || holds(path, taken ? "somebody's" : "new"));
}

static void test_free(void)
{
    for (int n_unknown = 0; n_unknown <= 2; n_unknown++)
        try_name(n_unknown, false, false);
}

static void test_taken(void)
{
    for (int n_unknown = 0; n_unknown <= 2; n_unknown++) {
        try_name(n_unknown, true, false);
        try_name(n_unknown, true, true);
    }
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {{"free", test_free}, {"taken", test_taken}};
    return testing_main(argc, argv, "names that must be free", cases, sizeof cases / sizeof *cases);
}
