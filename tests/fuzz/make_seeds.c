/* Makes inputs of fuzz_campaign and fuzz_sums that are right: campaigns with the part of a second rank, sums
 * between passes, each half done.
 *
 *     fuzz_make_seeds FOLDER     such as tests/fuzz/corpus; the test is that they are accepted */
#include "campaign_example.h"
#include "checkpoint/fold_sums.h"
#include "checkpoint/part_files.h"
#include "fuzz.h"

#include <unistd.h>

enum { T = 3, N = 25, G = 4, S = 5, W = 2, STATE = S + 3, MOST = 4096, MOST_UNITS = 8 };

static void check(int code, const struct error *err)
{
    if (code == 0)
        return;
    fprintf(stderr, "%s\n", err->message);
    exit(1);
}

static void append(FILE *seed, const char *path)
{
    FILE *file = fopen(path, "r");
    for (int byte; file != NULL && (byte = getc(file)) != EOF;)
        putc(byte, seed);
    if (file == NULL || fclose(file) != 0)
        exit(1);
}

static void write_seed(const char *folder, const char *name, int first_byte, const char *path,
                       const char *part)
{
    char to[600];
    snprintf(to, sizeof to, "%s/%s", folder, name);
    FILE *whole = fopen(path, "r"), *seed = fopen(to, "w");
    if (whole == NULL || seed == NULL || fseek(whole, 0, SEEK_END) != 0)
        exit(1);
    uint32_t length = (uint32_t)ftell(whole);
    fclose(whole);
    if (first_byte >= 0)
        putc(first_byte, seed);
    fwrite(&length, sizeof length, 1, seed);
    append(seed, path);
    append(seed, part);
    if (fclose(seed) != 0)
        exit(1);
}

static void save(struct campaign_units *units, int64_t first, int64_t count)
{
    static float rows[MOST];
    static double states[MOST];
    struct error err = {0};
    for (size_t k = 0; k < MOST; k++) {
        rows[k] = (float)(k % 17) / 17;
        states[k] = 1e-6 * (double)(k % 5);
    }
    check(campaign_units_save(units, first, count, rows, states, &err), &err);
    campaign_units_close(units);
}

static void check_taken(struct campaign_units *units, const char *path)
{
    struct error err = {0};
    int64_t taken;
    check(part_files_merge(units, path, &taken, &err), &err);
    campaign_units_close(units);
    if (taken != 1)
        exit(1);
}

/* Of units 0, 1 ... the campaign has the first, its part the second. */
static void make_campaign(const char *folder, const char *name, struct campaign *campaign)
{
    struct error err = {0};
    struct campaign_units *units;
    char path[300];
    snprintf(path, sizeof path, "%s", fuzz_path("campaign.h5"));
    const char *part = fuzz_path("campaign.part-1.h5");
    unlink(path);
    for (size_t i = 0; i < campaign->n * campaign->n_targets; i++)
        campaign->residual[i] = (double)(i * i % 11) - 5;
    check(campaign_create(path, campaign, &err), &err);
    check(campaign_units_open(&units, path, &err), &err);
    save(units, 0, 1);
    check(part_files_create(path, 1, campaign, &units, &err), &err);
    save(units, 1, 1);
    write_seed(folder, name, -1, path, part);
    check(campaign_units_open(&units, path, &err), &err);
    check_taken(units, path);
    campaign_free(campaign);
}

static void make_sums(const char *folder, const char *name)
{
    enum { THROUGH = 2 };
    struct error err = {0};
    struct campaign_units *units;
    struct campaign campaign = example_orbits(T, N, 1);
    char path[300];
    snprintf(path, sizeof path, "%s", fuzz_path("campaign.h5"));
    const char *sums = fuzz_path("campaign.folds-2.h5"), *part = fuzz_path("campaign.folds-2.part-1.h5");
    campaign.sum_floats = S;
    campaign.sum_doubles = STATE;
    campaign.sums_through = THROUGH;
    for (int rank = 0; rank < 2; rank++) {
        check(fold_sums_create(path, rank, &campaign, NULL, &units, &err), &err);
        save(units, rank, 1);
    }
    write_seed(folder, name, THROUGH, sums, part);
    check(fold_sums_open(path, THROUGH, true, &campaign, &units, &err), &err);
    check_taken(units, path);
    check(fold_sums_remove(path, 0, &err), &err);
    campaign_free(&campaign);
}

int main(int argc, char **argv)
{
    char folder[300];
    struct campaign campaign;
    if (argc != 2)
        return 2;
    snprintf(folder, sizeof folder, "%s/campaign", argv[1]);
    campaign = example_campaign(T, N, G);
    make_campaign(folder, "half_of_it_and_a_part", &campaign);
    campaign = example_orbits(T, N, 1);
    make_campaign(folder, "orbits_and_a_part", &campaign);
    snprintf(folder, sizeof folder, "%s/sums", argv[1]);
    make_sums(folder, "half_of_the_sums_and_a_part");
    return 0;
}
