#include "run/same_in_ranks.h"

#include "base/folder.h"
#include "base/memory.h"
#include "base/replace.h"
#include "config/study_changes.h"
#include "ranks/collectives.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* "arete 0.2.0 run --fresh" on a line, then the study. */
static char *describe(const struct analysis *analysis, const struct record *record, struct error *err)
{
    return memory_format(err, "arete %s %s%s\n%s", ARETE_VERSION, record->model != NULL ? "associate" : "run",
                         record->fresh ? " --fresh" : "", analysis->study.yaml);
}

/* Both texts are taken apart. */
static int compare(const struct analysis *analysis, char *there, char *here, struct error *err)
{
    const char *program_there = strsep(&there, "\n"), *program_here = strsep(&here, "\n");
    if (there == NULL || here == NULL || strcmp(program_there, program_here) != 0)
        return error_set(err, EXIT_CODE_BAD_INPUT,
                         "%s: %s found here, %s in rank 0; expected the same program, command and options in "
                         "every process",
                         analysis->study.path, program_here, program_there);
    char *differences = study_differences(there, here, err);
    if (differences != NULL && differences[0] != '\0')
        error_set(err, EXIT_CODE_BAD_INPUT,
                  "%s: another study than in rank 0 (there) found here; expected the same in every process "
                  "(of several studies start each by itself): %s",
                  analysis->study.path, differences);
    free(differences);
    return err->code;
}

int same_in_ranks_study(struct ranks *ranks, const struct analysis *analysis, const struct record *record,
                        struct error *err)
{
    if (ranks->size == 1)
        return 0;
    char *here = describe(analysis, record, err);
    char *there = ranks->rank == 0 && here != NULL ? memory_string(here, err) : NULL;
    if (collectives_agree(ranks, err) == 0 && collectives_broadcast_text(ranks, &there, err) == 0 &&
        ranks->rank != 0)
        compare(analysis, there, here, err);
    free(there);
    free(here);
    return collectives_agree(ranks, err);
}

/* A file system that machines share may show a new file a moment later. */
static bool is_there(const char *path)
{
    enum { LOOKS = 50 }; /* for five seconds */
    const struct timespec pause = {.tv_nsec = 100000000};
    for (int look = 0; look < LOOKS; look++) {
        if (access(path, F_OK) == 0)
            return true;
        nanosleep(&pause, NULL);
    }
    return false;
}

/* `mark`: the name of rank 0's file, without its folder. */
static int look_for(const char *mark, const char *folder, struct error *err)
{
    char *path = folder_path(folder, mark, err);
    if (path != NULL && !is_there(path))
        error_set(
            err, EXIT_CODE_BAD_INPUT,
            "%s: is another folder here than where rank 0 runs, or none; expected an output folder that "
            "all machines share",
            folder);
    free(path);
    return err->code;
}

int same_in_ranks_folder(struct ranks *ranks, const struct analysis *analysis, const struct record *record,
                         struct error *err)
{
    struct replace mark = {0};
    char *name = NULL;
    if (ranks->size == 1)
        return 0;
    if (ranks->rank == 0 && replace_open(&mark, record->campaign_path, &replace_any, err) == 0)
        name = memory_string(strrchr(mark.temporary, '/') + 1, err);
    if (collectives_agree(ranks, err) == 0 && collectives_broadcast_text(ranks, &name, err) == 0 &&
        ranks->rank != 0)
        look_for(name, analysis->study.output, err);
    collectives_agree(ranks, err);
    replace_abandon(&mark);
    free(name);
    return err->code;
}
