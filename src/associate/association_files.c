#include "associate/association_files.h"

#include "associate/maxima.h"
#include "associate/named_pairs.h"
#include "associate/plot_file.h"
#include "base/folder.h"
#include "base/memory.h"
#include "checkpoint/block_file.h"
#include "checkpoint/campaign.h"
#include "checkpoint/part_file.h"
#include "output/association_rows.h"
#include "output/map.h"
#include "report/page.h"
#include "run/earlier_outputs.h"
#include "run/outputs.h"
#include "run/prepare.h"
#include "run/relative_lists.h"
#include "run/report_page.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

typedef int check_function(const char *path, struct error *err);

/* Names and, of each, what it may replace; `is_result`: it is made anew at the end of a run. */
struct listing {
    struct text_list names;
    struct {
        check_function *check;
        bool is_result;
    } * kinds;
    size_t capacity;
};

static const struct {
    const char *name;
    check_function *check;
    bool is_result, of_images;
} always[] = {{"associations.tsv", association_rows_check, true, false},
              {"targets.tsv", association_rows_check_targets, true, false},
              {REPORT_PAGE_ASSOCIATIONS, page_check, true, false},
              {"manhattan.svg", plot_file_check, true, false},
              {"qq.svg", plot_file_check, true, false},
              {"maps/best_t.nii.gz", map_check, true, true},
              {"maps/best_logp.nii.gz", map_check, true, true},
              {"maps/best_logp_snps.nii.gz", map_check, true, true},
              {"maps/best_logp_fwer.nii.gz", map_check, true, true},
              {"associations.h5", campaign_check_name, false, false},
              {MAXIMA_BLOCK, block_file_check, false, false},
              {"campaign.lock", NULL, false, false},
              {"relatives.tsv", relative_lists_check_pairs, false, false},
              {"relatives_dropped.tsv", relative_lists_check_dropped, false, false},
              {"associate.log", NULL, false, false},
              {"associate-trace.tsv", NULL, false, false}};

static int add(struct listing *listing, const char *name, check_function *check, bool is_result,
               struct error *err)
{
    void *kinds = memory_grow(listing->kinds, &listing->capacity, listing->names.count + 1,
                              sizeof *listing->kinds, "names of files", err);
    if (kinds == NULL)
        return err->code;
    listing->kinds = kinds;
    listing->kinds[listing->names.count].check = check;
    listing->kinds[listing->names.count].is_result = is_result;
    return text_list_add(&listing->names, name, err);
}

/* A file for each of the names. */
static int add_named(struct listing *listing, const struct text_list *names, const char *what,
                     const char *ending, check_function *check, struct error *err)
{
    for (size_t k = 0; err->code == 0 && k < names->count; k++) {
        char *name = named_pairs_path(what, names->items[k], ending, err);
        if (name != NULL && strlen(name) > NAME_MAX - 64) /* replace.h adds to it */
            error_set(err, EXIT_CODE_BAD_INPUT,
                      "associate: \"%.64s...\" is too long for the name of a file; expected a shorter one",
                      names->items[k]);
        if (err->code == 0)
            add(listing, name, check, true, err);
        free(name);
    }
    return err->code;
}

static int refuse_twice(const struct listing *listing, struct error *err)
{
    struct text_index index;
    if (text_index_init(&index, listing->names.items, listing->names.count, err) != 0)
        return err->code;
    ptrdiff_t twice = text_index_duplicate(&index);
    if (twice != TEXT_NOT_FOUND)
        error_set(err, EXIT_CODE_BAD_INPUT,
                  "associate: two of the names would have one file, %s; expected one of them",
                  listing->names.items[twice]);
    text_index_free(&index);
    return err->code;
}

static int list(struct listing *listing, const struct analysis *analysis, struct error *err)
{
    const struct study_associate *asked = &analysis->study.associate;
    bool images = analysis->cohort.regions != NULL;
    for (size_t k = 0; err->code == 0 && k < sizeof always / sizeof *always; k++)
        if (images || !always[k].of_images)
            add(listing, always[k].name, always[k].check, always[k].is_result, err);
    if (err->code != 0 ||
        add_named(listing, &asked->full, ASSOCIATION_FILES_FULL "/target", ".tsv.gz",
                  association_rows_check_packed, err) != 0 ||
        add_named(listing, &asked->full, ASSOCIATION_FILES_FULL "/target", "_manhattan.svg", plot_file_check,
                  err) != 0 ||
        add_named(listing, &asked->full, ASSOCIATION_FILES_FULL "/target", "_qq.svg", plot_file_check, err) !=
            0 ||
        add_named(listing, &asked->snps, ASSOCIATION_FILES_FULL "/snp", ".tsv.gz",
                  association_rows_check_packed, err) != 0)
        return err->code;
    if (images)
        add_named(listing, &asked->snps, ASSOCIATION_FILES_MAPS "/snp", "_t.nii.gz", map_check, err);
    return err->code == 0 ? refuse_twice(listing, err) : err->code;
}

static void listing_free(struct listing *listing)
{
    text_list_free(&listing->names);
    free(listing->kinds);
}

/* What has a rank's number in its name. */
static int check_numbered(const char *folder, struct error *err)
{
    char *campaign_path = folder_path(folder, "associations.h5", err);
    if (campaign_path != NULL && part_file_check_names(campaign_path, err) == 0)
        block_file_check_names(campaign_path, err);
    free(campaign_path);
    return err->code;
}

int association_files_check(const struct analysis *analysis, struct error *err)
{
    struct listing listing = {0};
    struct outputs_file *files = NULL;
    if (list(&listing, analysis, err) == 0)
        files = memory_zeroed(listing.names.count, sizeof *files, "names of files", err);
    for (size_t k = 0; files != NULL && k < listing.names.count; k++)
        files[k] = (struct outputs_file){listing.names.items[k], listing.kinds[k].check};
    if (files != NULL && outputs_check_files(analysis, files, listing.names.count, false, err) == 0)
        check_numbered(analysis->study.output, err);
    free(files);
    listing_free(&listing);
    return err->code;
}

/* Of an earlier study of images, where the present one is of tables. */
static int remove_maps(const char *folder, struct error *err)
{
    for (size_t k = 0; err->code == 0 && k < sizeof always / sizeof *always; k++) {
        char *path = always[k].of_images ? folder_path(folder, always[k].name, err) : NULL;
        if (path != NULL)
            earlier_outputs_remove_own(path, always[k].check, err);
        free(path);
    }
    return err->code;
}

int association_files_remove(const struct analysis *analysis, struct error *err)
{
    struct listing listing = {0};
    list(&listing, analysis, err);
    for (size_t k = 0; err->code == 0 && k < listing.names.count; k++) {
        char *path = listing.kinds[k].is_result
                         ? folder_path(analysis->study.output, listing.names.items[k], err)
                         : NULL;
        if (path != NULL)
            prepare_remove(path, err);
        free(path);
    }
    listing_free(&listing);
    return err->code == 0 && analysis->cohort.regions == NULL ? remove_maps(analysis->study.output, err)
                                                              : err->code;
}
