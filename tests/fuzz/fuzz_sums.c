/* The sums between passes that a run finds beside its campaign, every checksum believed. One byte: over how
 * many folds they are; four bytes: how long the file is; the file, and the part of rank 1 of it, if there is
 * one. The campaign is support/campaign_example.h's, with orbits. */
#include "campaign_example.h"
#include "checkpoint/fold_sums.h"
#include "checkpoint/part_files.h"
#include "fuzz.h"

#include <unistd.h>

enum { T = 3, PERMUTATIONS = 25, SHIFTS = 5, W = 2, STATE = SHIFTS + 3, MOST_UNITS = 64 };

/* Of how large rows and states the campaign is. */
static struct campaign *campaign(void)
{
    static struct campaign example;
    if (example.n == 0) {
        example = example_orbits(T, PERMUTATIONS, 1);
        example.sum_floats = SHIFTS;
        example.sum_doubles = STATE;
    }
    return &example;
}

/* Once; whose the sums are stands in it. */
static void put_campaign(const char *path)
{
    struct error err = {0};
    if (access(path, F_OK) != 0 && campaign_create(path, campaign(), &err) != 0)
        abort();
}

/* What a pass reads of the folds before: units that are done, one by one. */
static void load(const struct campaign_units *units)
{
    float rows[W * SHIFTS];
    double states[W * STATE];
    int64_t count = campaign_units_count(units);
    bool done[MOST_UNITS];
    struct error err = {0};
    if (count > MOST_UNITS || campaign_units_done(units, done, &err) != 0)
        return;
    for (int64_t u = 0; u < count; u++) {
        err = (struct error){0};
        campaign_units_load(units, u, 1, rows, states, &err);
    }
}

/* What a run does: it reads sums, goes on with those that it was interrupted in, and makes room for more. */
static void go_on(const char *path, const struct fold_sums *found)
{
    struct campaign_units *units = NULL, *longer = NULL;
    struct error err = {0};
    int64_t taken;
    if (fold_sums_open(path, found->through, false, campaign(), &units, &err) == 0)
        load(units);
    campaign_units_close(units);
    units = NULL;
    err = (struct error){0};
    if (fold_sums_open(path, found->through, true, campaign(), &units, &err) == 0 &&
        part_files_merge(units, path, &taken, &err) == 0) {
        struct campaign sums = *campaign();
        sums.sums_from = found->from;
        sums.sums_through = found->through;
        sums.n_permutations = 2 * PERMUTATIONS;
        if (fold_sums_create(path, 0, &sums, units, &longer, &err) == 0)
            load(longer);
        campaign_units_close(longer);
    }
    campaign_units_close(units);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint32_t length;
    char name[64];
    if (size < 1 + sizeof length)
        return 0;
    unsigned through = data[0] % 8;
    memcpy(&length, data + 1, sizeof length);
    data += 1 + sizeof length;
    size -= 1 + sizeof length;
    length = length < size ? length : (uint32_t)size;
    snprintf(name, sizeof name, "campaign.folds-%u.h5", through);
    fuzz_put(name, data, length);
    snprintf(name, sizeof name, "campaign.folds-%u.part-1.h5", through);
    if (size > length)
        fuzz_put(name, data + length, size - length);
    struct fold_sums found[FOLD_SUMS_MOST];
    size_t count = 0;
    struct error err = {0};
    const char *path = fuzz_path("campaign.h5");
    char campaign_path[300];
    snprintf(campaign_path, sizeof campaign_path, "%s", path);
    put_campaign(campaign_path);
    fold_sums_find(campaign_path, campaign(), found, &count, &err);
    for (size_t k = 0; k < count; k++)
        go_on(campaign_path, &found[k]);
    err = (struct error){0};
    fold_sums_remove(campaign_path, 0, &err);
    for (unsigned k = 0; k < 8; k++) { /* what is none is not removed */
        snprintf(name, sizeof name, "campaign.folds-%u.h5", k);
        unlink(fuzz_path(name));
        snprintf(name, sizeof name, "campaign.folds-%u.part-1.h5", k);
        unlink(fuzz_path(name));
    }
    return 0;
}
