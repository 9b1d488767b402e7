/* Campaigns, parts and merge trees, as the commands read them, every checksum believed. Four bytes: how long
 * the campaign is; the campaign, and the part of rank 1 beside it, if there is one. Without a campaign the
 * rest is a tree. */
#include "checkpoint/campaign.h"
#include "checkpoint/parcel_tree.h"
#include "checkpoint/part_files.h"
#include "cli/command.h"
#include "fuzz.h"
#include "report/null_sketch.h"
#include "run/report_orbits.h"
#include "study/campaign_orbits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What a command says goes nowhere; what a sanitizer says is still seen. */
static int run(const struct command *command, const char *path, const char *more, const char *last)
{
    static FILE *nowhere;
    FILE *out = stdout, *errors = stderr;
    if (nowhere == NULL)
        nowhere = fopen("/dev/null", "w");
    if (nowhere == NULL)
        abort();
    stdout = stderr = nowhere;
    struct error err = {0};
    char *arguments[] = {(char *)(uintptr_t) "arete", (char *)(uintptr_t)path, (char *)(uintptr_t)more,
                         (char *)(uintptr_t)last, NULL};
    int code = command->run(last != NULL ? 4 : more != NULL ? 3 : 2, arguments, &err);
    stdout = out;
    stderr = errors;
    return code;
}

static void count_p(const struct campaign *campaign, const char *path, struct null_sketch *sketch)
{
    struct error err = {0};
    struct campaign_units *units = NULL;
    double *p = calloc(5 * campaign->n_targets, sizeof *p);
    if (p == NULL)
        abort();
    const struct orbit_p into = {p, p + campaign->n_targets, p + 2 * campaign->n_targets,
                                 p + 3 * campaign->n_targets, p + 4 * campaign->n_targets};
    const struct report_extent extent = {.n_permutations = campaign->n_permutations, .sketch = sketch};
    if (campaign_units_open_read(&units, path, &err) == 0)
        report_orbits_significance(campaign, units, &extent, &into, &err);
    campaign_units_close(units);
    free(p);
}

/* What arete associate takes from its campaign: the orbits, and p in the end. */
static void associate(const char *path)
{
    struct error err = {0};
    struct campaign campaign = {0};
    struct permutation_scheme blocks = {0};
    struct orbit_scheme scheme = {0};
    struct null_sketch sketch = {0};
    if (campaign_read(&campaign, path, &err) == 0 && campaign_has_orbits(&campaign) &&
        permutation_scheme_init(&blocks, campaign.exchangeability, campaign.n, campaign.seed, &err) == 0 &&
        campaign_orbits_scheme(&scheme, &campaign, &blocks, &err) == 0 && campaign.model != NULL &&
        null_sketch_init(&sketch, &campaign, &err) == 0)
        count_p(&campaign, path, &sketch);
    null_sketch_free(&sketch);
    orbit_scheme_free(&scheme);
    permutation_scheme_free(&blocks);
    campaign_free(&campaign);
}

/* What a run does with a campaign that it finds: it takes parts over, and makes room for more. */
static void go_on(const char *path)
{
    enum { MOST_PERMUTATIONS = 1000 };
    struct error err = {0};
    struct campaign campaign = {0};
    struct campaign_units *units = NULL;
    int64_t taken, n_permutations = 0;
    if (campaign_read(&campaign, path, &err) == 0)
        n_permutations = campaign.n_permutations;
    campaign_free(&campaign);
    if (n_permutations > 0 && campaign_units_open(&units, path, &err) == 0) {
        part_files_merge(units, path, &taken, &err);
        err = (struct error){0};
        if (n_permutations < MOST_PERMUTATIONS)
            campaign_extend(&units, n_permutations + 3, &err);
        campaign_units_close(units);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint32_t length;
    if (size < sizeof length)
        return 0;
    memcpy(&length, data, sizeof length);
    data += sizeof length;
    size -= sizeof length;
    length = length < size ? length : (uint32_t)size;
    char path[300];
    snprintf(path, sizeof path, "%s", fuzz_put("campaign.h5", data, length));
    if (length == 0) {
        struct error err = {0};
        struct parcel_tree tree;
        if (parcel_tree_read(&tree, fuzz_put("tree.h5", data, size), &err) == 0)
            parcel_tree_free(&tree);
        return 0;
    }
    if (size > length)
        fuzz_put("campaign.part-1.h5", data + length, size - length);
    else
        unlink(fuzz_path("campaign.part-1.h5"));
    /* What one refuses nearly all do, at the same place: then they are asked once in eight times. */
    if (run(&command_status, path, NULL, NULL) != 0 && data[length / 2] % 8 > 0)
        return 0;
    run(&command_results, path, fuzz_path("results.tsv"), NULL);
    run(&command_report, path, fuzz_path("report.html"), NULL);
    run(&command_permutation, path, "1", NULL);
    run(&command_permutation, path, "1", "2");
    associate(path);
    go_on(path);
    run(&command_status, path, "--json", NULL);
    return 0;
}
