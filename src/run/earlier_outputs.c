#include "run/earlier_outputs.h"

#include "base/folder.h"
#include "base/memory.h"
#include "checkpoint/numbered_file.h"
#include "output/map.h"
#include "output/maps.h"
#include "run/prepare.h"
#include "run/relative_lists.h"
#include "run/report.h"
#include "tasks/trace_file.h"

#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int earlier_outputs_remove_own(const char *path, int (*check)(const char *path, struct error *err),
                               struct error *err)
{
    struct error not_own = {0};
    bool is_own = access(path, F_OK) == 0 && check(path, &not_own) == 0;
    return is_own ? prepare_remove(path, err) : 0;
}

int earlier_outputs_remove_maps(const char *folder, struct error *err)
{
    struct text_list maps = {0};
    char *beside = folder_path(folder, "maps", err);
    if (beside != NULL)
        maps_list(beside, &maps, err);
    for (size_t k = 0; err->code == 0 && k < maps.count; k++)
        earlier_outputs_remove_own(maps.items[k], map_check, err);
    text_list_free(&maps);
    free(beside);
    return err->code;
}

/* arete makes no link, nor writes a trace through one. */
static int check_trace(const char *path, struct error *err)
{
    struct stat status;
    if (lstat(path, &status) == 0 && S_ISREG(status.st_mode))
        return trace_file_check(path, err);
    return error_set(err, EXIT_CODE_BAD_INPUT, "%s: no file of its own", path);
}

int earlier_outputs_remove_traces(const char *folder, const char *name, struct error *err)
{
    const struct numbered_file of_rank = {".rank-", ".tsv"};
    struct text_list traces = {0};
    char *stem = folder_path(folder, name, err);
    char *of_first = stem != NULL ? memory_format(err, "%s.tsv", stem) : NULL;
    if (of_first != NULL && text_list_add(&traces, of_first, err) == 0)
        numbered_file_list(stem, &of_rank, &traces, NULL, err);
    for (size_t k = 0; err->code == 0 && k < traces.count; k++)
        earlier_outputs_remove_own(traces.items[k], check_trace, err);
    text_list_free(&traces);
    free(of_first);
    free(stem);
    return err->code;
}

int earlier_outputs_remove(const struct record *record, const char *folder, struct error *err)
{
    if (prepare_remove(record->page_path, err) != 0 || prepare_remove(record->predictions_path, err) != 0 ||
        report_remove_partial(record->results_path, err) != 0 || relative_lists_remove(folder, err) != 0 ||
        earlier_outputs_remove_traces(folder, "trace", err) != 0)
        return err->code;
    return earlier_outputs_remove_maps(folder, err);
}
