#include "base/replace.h"

#include "testing.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char *path_in(const char *folder, const char *name)
{
    static char paths[4][512];
    static size_t next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
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

static size_t entries(const char *folder)
{
    DIR *open_folder = opendir(folder);
    size_t count = 0;
    while (readdir(open_folder) != NULL)
        count++;
    closedir(open_folder);
    return count - 2; /* . and .. */
}

static struct replace begin(const char *path, const char *text)
{
    struct error err = {0};
    struct replace replace;
    CU_ASSERT_EQUAL_FATAL(replace_open(&replace, path, &replace_any, &err), 0);
    fputs(text, replace.file);
    return replace;
}

static void the_old_or_the_new(void)
{
    struct error err = {0};
    const char *folder = testing_folder(), *path = testing_write_text(folder, "table.tsv", "old");
    struct replace replace = begin(path, "given up");
    replace_abandon(&replace);
    CU_ASSERT(holds(path, "old"));
    CU_ASSERT_EQUAL(entries(folder), 1);
    replace = begin(path, "new");
    CU_ASSERT_EQUAL(replace_sync(&replace, &err), 0);
    CU_ASSERT(holds(path, "old"));
    CU_ASSERT_EQUAL(replace_finish(&replace, &err), 0);
    CU_ASSERT(holds(path, "new"));
    CU_ASSERT_EQUAL(entries(folder), 1);
    replace_abandon(&replace); /* legal afterwards */
}

static void the_umask_holds(void)
{
    struct error err = {0};
    const char *path = path_in(testing_folder(), "table.tsv");
    mode_t before = umask(027);
    struct replace replace = begin(path, "new");
    umask(before);
    struct stat status;
    CU_ASSERT_EQUAL(replace_finish(&replace, &err), 0);
    CU_ASSERT_EQUAL_FATAL(stat(path, &status), 0);
    CU_ASSERT_EQUAL(status.st_mode & 0777, 0640);
}

static mode_t mode_of(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 ? status.st_mode & 0777 : 0;
}

static void files_of_people_are_private(void)
{
    static const struct replace_kind kind = {.a_file = "a list of people", .is_private = true};
    struct error err = {0};
    const char *path = path_in(testing_folder(), "people.tsv");
    mode_t before = umask(022);
    struct replace replace;
    CU_ASSERT_EQUAL_FATAL(replace_open(&replace, path, &kind, &err), 0);
    umask(before);
    CU_ASSERT_EQUAL(replace_finish(&replace, &err), 0);
    CU_ASSERT_EQUAL(mode_of(path), 0640);
}

static void permissions_are_kept(void)
{
    struct error err = {0};
    const char *path = testing_write_text(testing_folder(), "table.tsv", "old");
    CU_ASSERT_EQUAL_FATAL(chmod(path, 0600), 0);
    struct replace replace = begin(path, "new");
    CU_ASSERT_EQUAL(replace_finish(&replace, &err), 0);
    CU_ASSERT_EQUAL(mode_of(path), 0600);
    CU_ASSERT(holds(path, "new"));
}

/* Only a file of its own kind goes, or an empty one. */
static void kinds(void)
{
    static const struct replace_kind kind = {"a table of results", "target\t", 7, "q_fdr", false};
    struct error err = {0};
    struct replace replace;
    const char *folder = testing_folder();
    static const char *const others[] = {"targets\t", "target", "target\tn\tr2", "\tq_fdr"};
    static const char *const own[] = {"", "target\tq_fdr\n", "target\tn\tq_fdr\tnote\n1\n"};
    for (size_t k = 0; k < sizeof others / sizeof *others; k++) {
        const char *path = testing_write_text(folder, "table.tsv", others[k]);
        err = (struct error){0};
        CU_ASSERT_EQUAL(replace_open(&replace, path, &kind, &err), EXIT_CODE_BAD_INPUT);
        ASSERT_CONTAINS(err.message, "table.tsv: is not a table of results but another file");
        CU_ASSERT(holds(path, others[k]));
    }
    err = (struct error){0};
    for (size_t k = 0; k < sizeof own / sizeof *own; k++)
        CU_ASSERT_EQUAL(replace_check(testing_write_text(folder, "table.tsv", own[k]), &kind, &err), 0);
    CU_ASSERT_EQUAL(replace_check(path_in(folder, "none"), &kind, &err), 0);
    CU_ASSERT_EQUAL(replace_check(folder, &kind, &err), EXIT_CODE_BAD_INPUT);
    ASSERT_CONTAINS(err.message, ": a folder found; expected a file");
    CU_ASSERT_EQUAL_FATAL(mkfifo(path_in(folder, "pipe"), 0600), 0);
    CU_ASSERT_EQUAL(replace_check(path_in(folder, "pipe"), &kind, &err), EXIT_CODE_BAD_INPUT);
    ASSERT_CONTAINS(err.message, "pipe: a pipe or device found; expected a file");
}

static void names_differ(void)
{
    const char *path = path_in(testing_folder(), "table.tsv");
    struct replace first = begin(path, "1"), second = begin(path, "2"); /* and neither removes the other's */
    CU_ASSERT_STRING_NOT_EQUAL(first.temporary, second.temporary);
    struct error err = {0};
    CU_ASSERT_EQUAL(replace_finish(&first, &err), 0);
    CU_ASSERT_EQUAL(replace_finish(&second, &err), 0);
    CU_ASSERT(holds(path, "2"));
}

static void what_is_a_temporary_name(void)
{
    CU_ASSERT(replace_is_temporary("a.h5.0123456789ab.tmp", "a.h5"));
    CU_ASSERT_FALSE(replace_is_temporary("a.h5.0123456789ab.tmp", "a"));
    CU_ASSERT_FALSE(replace_is_temporary("a.h5.0123456789ab.tmp", "b.h5"));
    CU_ASSERT_FALSE(replace_is_temporary("a.h5.0123456789ab.tmp2", "a.h5"));
    CU_ASSERT_FALSE(replace_is_temporary("a.h5.0123456789abc.tmp", "a.h5"));
    CU_ASSERT_FALSE(replace_is_temporary("a.h5.0123456789AB.tmp", "a.h5"));
    CU_ASSERT_FALSE(replace_is_temporary("a.h5.tmp", "a.h5"));
    CU_ASSERT_FALSE(replace_is_temporary("a.h5", "a.h5"));
}

/* Somebody puts a link, or another file, where the temporary one stood: nothing is written through it, and it
 * does not get the name. */
static void a_link_in_its_place(void)
{
    struct error err = {0};
    const char *folder = testing_folder(), *path = testing_write_text(folder, "table.tsv", "old");
    const char *victim = testing_write_text(testing_folder(), "letters", "precious");
    struct replace replace = begin(path, "new");
    CU_ASSERT_EQUAL_FATAL(unlink(replace.temporary), 0);
    CU_ASSERT_EQUAL_FATAL(symlink(victim, replace.temporary), 0);
    char way[REPLACE_WAY_BYTES];
    replace_way(&replace, way);
    FILE *file = fopen(way, "we"); /* as a library would that knows only names */
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    fclose(file);
    CU_ASSERT_EQUAL(replace_finish(&replace, &err), EXIT_CODE_FAILED);
    ASSERT_CONTAINS(err.message, "table.tsv: cannot be replaced: ");
    ASSERT_CONTAINS(err.message, ".tmp is another file now");
    CU_ASSERT(holds(path, "old"));
    CU_ASSERT(holds(victim, "precious"));
}

/* The way leads to the file that is renamed. */
static void written_by_its_way(void)
{
    struct error err = {0};
    const char *path = path_in(testing_folder(), "table.tsv");
    struct replace replace = begin(path, "");
    char way[REPLACE_WAY_BYTES];
    replace_way(&replace, way);
    FILE *file = fopen(way, "we");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    fputs("by name", file);
    fclose(file);
    CU_ASSERT_EQUAL(replace_finish(&replace, &err), 0);
    CU_ASSERT(holds(path, "by name"));
}

/* A process that is killed leaves its file, which the next writer of the same path removes; one at work keeps
 * its own. */
static void leftovers(void)
{
    struct error err = {0};
    const char *folder = testing_folder(), *path = path_in(folder, "table.tsv");
    int ready[2];
    CU_ASSERT_EQUAL_FATAL(pipe(ready), 0);
    pid_t child = fork();
    if (child == 0) {
        struct replace replace;
        if (replace_open(&replace, path, &replace_any, &err) == 0 && write(ready[1], "", 1) == 1)
            pause();
        _exit(1);
    }
    char byte;
    CU_ASSERT_EQUAL_FATAL(read(ready[0], &byte, 1), 1);
    testing_write_text(folder, "table.tsv.00000000000.tmp", "no name of ours");
    struct replace replace = begin(path, "while the other writes");
    CU_ASSERT_EQUAL(entries(folder), 3);
    kill(child, SIGKILL);
    CU_ASSERT_EQUAL(waitpid(child, NULL, 0), child);
    CU_ASSERT_EQUAL(replace_finish(&replace, &err), 0);
    replace = begin(path, "after it");
    CU_ASSERT_EQUAL(entries(folder), 3); /* the table, this one, and what is no temporary name */
    CU_ASSERT_EQUAL(replace_finish(&replace, &err), 0);
    CU_ASSERT_EQUAL(entries(folder), 2);
    close(ready[0]);
    close(ready[1]);
}

static void clearing(void)
{
    struct error err = {0};
    const char *folder = testing_folder(), *path = path_in(folder, "table.tsv");
    testing_write_text(folder, "table.tsv.tmp", "of an older arete");
    testing_write_text(folder, "table.tsv.00ff00ff00ff.tmp", "left");
    testing_write_text(folder, "other.tsv.00ff00ff00ff.tmp", "of another file");
    CU_ASSERT_EQUAL(replace_clear(path, &err), 0);
    CU_ASSERT_EQUAL(entries(folder), 1);
    CU_ASSERT_EQUAL(replace_clear("/nowhere/table.tsv", &err), 0);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"the_old_or_the_new", the_old_or_the_new},
        {"the_umask_holds", the_umask_holds},
        {"files_of_people_are_private", files_of_people_are_private},
        {"permissions_are_kept", permissions_are_kept},
        {"kinds", kinds},
        {"names_differ", names_differ},
        {"what_is_a_temporary_name", what_is_a_temporary_name},
        {"a_link_in_its_place", a_link_in_its_place},
        {"written_by_its_way", written_by_its_way},
        {"leftovers", leftovers},
        {"clearing", clearing},
    };
    return testing_main(argc, argv, "replacing files", cases, sizeof cases / sizeof *cases);
}
