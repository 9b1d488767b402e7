/* arete simulate when calls fail: the whole study or none of it. */
#include "cli/command.h"

#include "faults.h"
#include "testing.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char settings[] = "subjects: 40\n"
                               "snps: 30\n"
                               "chromosomes: 1\n"
                               "families: {share: 0.5}\n"
                               "missing_calls: 0.05\n"
                               "targets: {count: 2, with_signal: 0.5}\n";

/* bed, bim, fam, causal SNPs, three tables, settings, study */
enum { FILES = 9, PATH_BYTES = 4096 };

struct scene {
    const char *settings;
    char folder[PATH_BYTES];
};

/* Removes every file in the folder; how many there were, and whether the study was among them. */
static size_t empty(const char *folder, bool *study)
{
    DIR *entries = opendir(folder);
    size_t count = 0;
    *study = false;
    for (struct dirent *entry; entries != NULL && (entry = readdir(entries)) != NULL;) {
        char path[2 * PATH_BYTES];
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (entry->d_name[0] == '.')
            continue;
        *study = *study || strcmp(entry->d_name, "study.yaml") == 0;
        count += unlink(path) == 0;
    }
    if (entries != NULL)
        closedir(entries);
    return count;
}

static void prepare(void *context)
{
    (void)context;
}

/* What it says of a success goes nowhere. */
static int run(void *context, struct error *err)
{
    struct scene *scene = context;
    char set[2 * PATH_BYTES], settings_path[PATH_BYTES];
    snprintf(set, sizeof set, "--output=%s", scene->folder);
    snprintf(settings_path, sizeof settings_path, "%s", scene->settings);
    char name[] = "simulate";
    char *argv[] = {name, settings_path, set, NULL};
    return command_simulate.run(3, argv, err);
}

static void check(void *context, int code)
{
    struct scene *scene = context;
    bool study;
    size_t count = empty(scene->folder, &study);
    CU_ASSERT_EQUAL(study, code == 0);
    CU_ASSERT_EQUAL(count, code == 0 ? FILES : 0);
}

static void simulating(void)
{
    static const struct faults_operation operation = {
        .prepare = prepare, .run = run, .check = check, .reads_input = true};
    struct scene scene = {.settings = testing_write_text(testing_folder(), "sim.yaml", settings)};
    snprintf(scene.folder, sizeof scene.folder, "%s", testing_folder());
    int struck[FAULT_KINDS];
    faults_try(&operation, &scene, struck);
    CU_ASSERT(struck[FAULT_OPEN] >= FILES);
    CU_ASSERT(struck[FAULT_FSYNC] >= FILES);
    CU_ASSERT(struck[FAULT_RENAME] >= FILES);
    CU_ASSERT(struck[FAULT_MEMORY] > 100);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {{"simulating", simulating}};
    return testing_main(argc, argv, "faults of a simulation", cases, sizeof cases / sizeof *cases);
}
