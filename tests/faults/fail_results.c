/* results.tsv when calls fail: the old table or the new one. */
#include "output/results.h"

#include "faults.h"
#include "testing.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

static const struct result_row rows[] = {
    {.target = "CD8",
     .note = "",
     .value = {[RESULT_N] = 1410, [RESULT_R2] = 0.49, [RESULT_P] = 0.1, [RESULT_P_FWER] = 0.2}},
    {.target = "flat", .note = "does not vary", .value = {[RESULT_N] = 0}},
};
static const char older[] = "target\tn\tthe table of an older run\n";

struct scene {
    const char *folder, *path;
    char newer[1024];
};

static void read_text(const char *path, char *text, size_t bytes)
{
    FILE *file = fopen(path, "r");
    size_t count = file != NULL ? fread(text, 1, bytes - 1, file) : 0;
    text[count] = '\0';
    if (file != NULL)
        fclose(file);
}

static void prepare(void *context)
{
    const struct scene *scene = context;
    FILE *file = fopen(scene->path, "w");
    if (file == NULL || fputs(older, file) < 0 || fclose(file) != 0)
        abort();
}

static int run(void *context, struct error *err)
{
    const struct scene *scene = context;
    return results_write(scene->path, rows, sizeof rows / sizeof *rows, err);
}

static void check(void *context, int code)
{
    const struct scene *scene = context;
    char text[1024];
    read_text(scene->path, text, sizeof text);
    CU_ASSERT(strcmp(text, scene->newer) == 0 || (code != 0 && strcmp(text, older) == 0));
    DIR *folder = opendir(scene->folder);
    for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder))
        CU_ASSERT(entry->d_name[0] == '.' || strcmp(entry->d_name, "results.tsv") == 0);
    closedir(folder);
}

static void writing(void)
{
    static const struct faults_operation operation = {.prepare = prepare, .run = run, .check = check};
    struct scene scene = {.folder = testing_folder()};
    struct error err = {0};
    int struck[FAULT_KINDS];
    scene.path = testing_write_text(scene.folder, "results.tsv", older);
    CU_ASSERT_EQUAL_FATAL(run(&scene, &err), 0);
    read_text(scene.path, scene.newer, sizeof scene.newer);
    faults_try(&operation, &scene, struck);
    CU_ASSERT(struck[FAULT_FSYNC] > 0 && struck[FAULT_RENAME] > 0);
    CU_ASSERT(struck[FAULT_OPEN] > 0 && struck[FAULT_MEMORY] > 0);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {{"writing", writing}};
    return testing_main(argc, argv, "faults of results.tsv", cases, sizeof cases / sizeof *cases);
}
