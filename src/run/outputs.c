#include "run/outputs.h"

#include "base/durable.h"
#include "base/folder.h"
#include "base/same_file.h"
#include "checkpoint/campaign.h"
#include "checkpoint/fold_sums.h"
#include "checkpoint/part_file.h"
#include "output/map.h"
#include "output/maps.h"
#include "output/predictions_table.h"
#include "output/results.h"
#include "report/page.h"
#include "run/relative_lists.h"

#include <stdlib.h>

static int list_inputs(const struct analysis *analysis, struct text_list *inputs, struct error *err)
{
    text_list_add(inputs, analysis->study.path, err);
    for (size_t f = 0; err->code == 0 && f < analysis->cohort.n_files; f++)
        text_list_add(inputs, analysis->cohort.files[f].path, err);
    return err->code;
}

/* Whether a file of the folder may be replaced, and its name to the others. check NULL: it is none that is
 * replaced, or that is looked at where it is opened. */
static int add(struct text_list *outputs, const char *folder, const char *name,
               int (*check)(const char *path, struct error *err), struct error *err)
{
    char *path = folder_path(folder, name, err);
    if (path != NULL && text_list_add(outputs, path, err) == 0 && check != NULL)
        check(path, err);
    free(path);
    return err->code;
}

/* Folders inside the output folder are made when something is written to them, hours later. */
static void check_folders(const struct text_list *outputs, struct error *err)
{
    for (size_t k = 0; err->code == 0 && k < outputs->count; k++) {
        char *folder = durable_folder(outputs->items[k], err);
        if (folder != NULL)
            folder_check(folder, err);
        free(folder);
    }
}

static int add_maps(struct text_list *outputs, const char *output, struct error *err)
{
    struct text_list maps = {0};
    char *folder = folder_path(output, "maps", err);
    if (folder != NULL)
        maps_list(folder, &maps, err);
    for (size_t k = 0; err->code == 0 && k < maps.count; k++)
        if (text_list_add(outputs, maps.items[k], err) == 0)
            map_check(maps.items[k], err);
    text_list_free(&maps);
    free(folder);
    return err->code;
}

int outputs_check_files(const struct analysis *analysis, const struct outputs_file *files, size_t count,
                        bool maps, struct error *err)
{
    const char *folder = analysis->study.output;
    struct text_list inputs = {0}, outputs = {0};
    struct error kinds = {0};
    list_inputs(analysis, &inputs, err);
    for (size_t k = 0; k < count; k++)
        add(&outputs, folder, files[k].name, files[k].check, &kinds);
    if (maps)
        add_maps(&outputs, folder, &kinds);
    check_folders(&outputs, &kinds);
    if (err->code == 0 && same_file_check(&inputs, &outputs, err) == 0 && kinds.code != 0)
        *err = kinds; /* that it is an input says more */
    text_list_free(&inputs);
    text_list_free(&outputs);
    return err->code;
}

/* What has a number in its name. */
static int check_numbered(const char *folder, struct error *err)
{
    char *campaign_path = folder_path(folder, "campaign.h5", err);
    if (campaign_path != NULL && part_file_check_names(campaign_path, err) == 0)
        fold_sums_check_names(campaign_path, err);
    free(campaign_path);
    return err->code;
}

int outputs_check(const struct analysis *analysis, struct error *err)
{
    static const struct outputs_file files[] = {{"campaign.h5", campaign_check_name},
                                                {"results.tsv", results_check},
                                                {"results.partial.tsv", results_check},
                                                {"report.html", page_check},
                                                {"predictions.tsv", predictions_table_check},
                                                {"relatives.tsv", relative_lists_check_pairs},
                                                {"relatives_dropped.tsv", relative_lists_check_dropped},
                                                {"campaign.lock", NULL},
                                                {"run.log", NULL},
                                                {"trace.tsv", NULL},
                                                {"relatives.tsv", NULL},
                                                {"relatives_dropped.tsv", NULL}};
    bool images = analysis->cohort.regions != NULL;
    if (outputs_check_files(analysis, files, sizeof files / sizeof *files, images, err) != 0)
        return err->code;
    return check_numbered(analysis->study.output, err);
}
