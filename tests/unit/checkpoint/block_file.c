#include "checkpoint/block_file.h"

#include "checkpoint/campaign.h"
#include "testing.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FLOATS = 1000, STUDY = 77, PATH_BYTES = 512 };

static const struct block_state state = {STUDY, 12, 5, 3, 40, FLOATS};

static const char *path_of(void)
{
    static char path[PATH_BYTES];
    snprintf(path, sizeof path, "%s/associations.block", testing_folder());
    return path;
}

static void write_it(const char *path)
{
    struct error err = {0};
    float values[FLOATS];
    for (size_t k = 0; k < FLOATS; k++)
        values[k] = (float)k / 3;
    CU_ASSERT_EQUAL(block_file_write(path, &state, values, &err), 0);
}

/* Whether there is one of the study. */
static bool is_there(const char *path, uint64_t study, bool *same)
{
    struct error err = {0};
    struct block_state found;
    float *values;
    CU_ASSERT_EQUAL(block_file_read(path, study, &found, &values, &err), 0);
    bool there = values != NULL;
    CU_ASSERT_EQUAL(there, found.n_units != 0);
    *same = there && memcmp(&found, &state, sizeof state) == 0 && values[999] == 333;
    free(values);
    return there;
}

static void read_back(void)
{
    struct error err = {0};
    const char *path = path_of();
    bool same;
    CU_ASSERT_FALSE(is_there(path, STUDY, &same));
    write_it(path);
    write_it(path); /* in place of its own */
    CU_ASSERT_TRUE(is_there(path, STUDY, &same));
    CU_ASSERT_TRUE(same);
    CU_ASSERT_FALSE(is_there(path, STUDY + 1, &same));
    CU_ASSERT_EQUAL(block_file_remove(path, &err), 0);
    CU_ASSERT_EQUAL(block_file_remove(path, &err), 0);
    CU_ASSERT_FALSE(is_there(path, STUDY, &same));
}

/* Any byte that changes, and any length but its own, make it none. */
static void damage(void)
{
    const char *path = path_of();
    write_it(path);
    FILE *file = fopen(path, "r+b");
    bool same;
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    fseek(file, 0, SEEK_END);
    long bytes = ftell(file);
    for (long at = 0; at < bytes; at += at < 80 ? 1 : 97) {
        fseek(file, at, SEEK_SET);
        int byte = fgetc(file);
        fseek(file, at, SEEK_SET);
        fputc(byte ^ 4, file);
        fflush(file);
        CU_ASSERT_FALSE(is_there(path, STUDY, &same));
        fseek(file, at, SEEK_SET);
        fputc(byte, file);
        fflush(file);
    }
    CU_ASSERT_TRUE(is_there(path, STUDY, &same) && same);
    CU_ASSERT_EQUAL(ftruncate(fileno(file), bytes - 4), 0);
    CU_ASSERT_FALSE(is_there(path, STUDY, &same));
    CU_ASSERT_EQUAL(ftruncate(fileno(file), 10), 0);
    CU_ASSERT_FALSE(is_there(path, STUDY, &same));
    fclose(file);
    unlink(path);
}

static bool is_in(const char *folder, const char *name)
{
    char path[PATH_BYTES];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return access(path, F_OK) == 0;
}

/* Of every rank, whatever its number; those that are damaged or of another study go, other files stay. */
static void found_beside_the_campaign(void)
{
    struct error err = {0};
    const char *folder = testing_folder();
    char campaign[PATH_BYTES], other[PATH_BYTES];
    snprintf(campaign, sizeof campaign, "%s/associations.h5", folder);
    snprintf(other, sizeof other, "%s/campaign.rank-1.block", folder);
    write_it(other);
    for (int rank = 0; rank < 12; rank += 5) {
        char *path = block_file_path(campaign, rank, &err);
        write_it(path);
        CU_ASSERT_TRUE(rank != 5 || truncate(path, 100) == 0);
        free(path);
    }
    struct block_file *found;
    size_t count;
    CU_ASSERT_EQUAL(block_file_find(campaign, STUDY, &found, &count, &err), 0);
    CU_ASSERT_EQUAL_FATAL(count, 2);
    CU_ASSERT_EQUAL(found[0].rank + found[1].rank, 10);
    CU_ASSERT_EQUAL(memcmp(&found[1].state, &state, sizeof state), 0);
    CU_ASSERT_FALSE(is_in(folder, "associations.rank-5.block"));
    free(found);
    CU_ASSERT_EQUAL(block_file_remove_all(campaign, &err), 0);
    CU_ASSERT_FALSE(is_in(folder, "associations.rank-0.block"));
    CU_ASSERT_FALSE(is_in(folder, "associations.rank-10.block"));
    CU_ASSERT_TRUE(is_in(folder, "campaign.rank-1.block"));
}

/* Names and hashes both tell studies apart, and their order. */
static void studies(void)
{
    struct campaign_fingerprint one[] = {{"genotypes", 1}, {"targets", 2}},
                                other[] = {{"genotypes", 2}, {"targets", 1}},
                                third[] = {{"genotypes", 1}, {"covariates", 2}};
    CU_ASSERT_NOT_EQUAL(block_file_study(one, 2), block_file_study(other, 2));
    CU_ASSERT_NOT_EQUAL(block_file_study(one, 2), block_file_study(third, 2));
    CU_ASSERT_NOT_EQUAL(block_file_study(one, 2), block_file_study(one, 1));
    CU_ASSERT_EQUAL(block_file_study(one, 2), block_file_study(one, 2));
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"read_back", read_back},
        {"damage", damage},
        {"found_beside_the_campaign", found_beside_the_campaign},
        {"studies", studies},
    };
    return testing_main(argc, argv, "block_file", cases, sizeof cases / sizeof *cases);
}
