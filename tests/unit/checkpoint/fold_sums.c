/* Sums between passes: which files are found, that units come back, and what is not taken for the campaign's.
 */
#include "checkpoint/fold_sums.h"

#include "campaign_example.h"
#include "checkpoint/part_files.h"
#include "checkpoint/units.h"

enum { T = 3, PERMUTATIONS = 25 }; /* of 5 shifts: 5 orbits, 2 slices of 2 targets: 10 units */
enum { SHIFTS = 5, W = 2, UNITS = 10, STATE = SHIFTS + 3 };

static struct campaign example_sums(size_t from, size_t through)
{
    struct campaign campaign = example_orbits(T, PERMUTATIONS, 1);
    CU_ASSERT_EQUAL_FATAL(campaign.n_shifts, SHIFTS);
    CU_ASSERT_EQUAL_FATAL(campaign_unit_count(&campaign), UNITS);
    campaign.sums_from = from;
    campaign.sums_through = through;
    campaign.sum_floats = SHIFTS;
    campaign.sum_doubles = STATE;
    return campaign;
}

/* "<folder>/campaign.h5" in a new folder, of the example. */
static const char *example_path(void)
{
    struct campaign campaign = example_orbits(T, PERMUTATIONS, 1);
    struct error err = {0};
    const char *path = testing_write_text(testing_folder(), "campaign.h5", "");
    remove(path);
    CU_ASSERT_EQUAL_FATAL(campaign_create(path, &campaign, &err), 0);
    campaign_free(&campaign);
    return path;
}

static void make(const char *path, int rank, size_t from, size_t through, struct campaign_units **units)
{
    struct campaign sums = example_sums(from, through);
    struct error err = {0};
    CU_ASSERT_EQUAL_FATAL(fold_sums_create(path, rank, &sums, NULL, units, &err), 0);
    campaign_free(&sums);
}

static void make_empty(const char *path, size_t from, size_t through)
{
    struct campaign_units *units;
    make(path, 0, from, through, &units);
    campaign_units_close(units);
}

static void save(struct campaign_units *units, int64_t first, int64_t count, float start)
{
    float rows[UNITS * W * SHIFTS];
    double states[2 * W * STATE];
    struct error err = {0};
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
        rows[k] = start + (float)k;
    for (size_t k = 0; k < sizeof states / sizeof *states; k++)
        states[k] = -(double)start - (double)k;
    CU_ASSERT_EQUAL(campaign_units_save(units, first, count, rows, states, &err), 0);
}

static void assert_unit(const struct campaign_units *units, int64_t unit, float start, double state)
{
    float rows[W * SHIFTS];
    double states[W * STATE] = {0};
    struct error err = {0};
    CU_ASSERT_EQUAL_FATAL(campaign_units_load(units, unit, 1, rows, states, &err), 0);
    CU_ASSERT_EQUAL(rows[0], start);
    CU_ASSERT_EQUAL(rows[W * SHIFTS - 1], start + W * SHIFTS - 1);
    CU_ASSERT_EQUAL(states[0], state);
}

static void units_come_back(void)
{
    const char *path = example_path();
    struct campaign campaign = example_orbits(T, PERMUTATIONS, 1);
    struct campaign_units *units, *part;
    struct error err = {0};
    int64_t taken;
    make(path, 0, 0, 1, &units);
    make(path, 2, 0, 1, &part);
    save(units, 0, 2, 100);
    save(part, 5, 1, 700);
    campaign_units_close(part);
    CU_ASSERT_EQUAL(part_files_merge(units, path, &taken, &err), 0);
    CU_ASSERT_EQUAL(taken, 1);
    campaign_units_close(units);
    CU_ASSERT_EQUAL_FATAL(fold_sums_open(path, 1, false, &campaign, &units, &err), 0);
    assert_unit(units, 0, 100, -100);
    assert_unit(units, 1, 100 + W * SHIFTS, -100 - W * STATE);
    assert_unit(units, 5, 700, 0); /* in another orbit there is no state */
    float rows[W * SHIFTS];
    CU_ASSERT_EQUAL(campaign_units_load(units, 3, 1, rows, NULL, &err), EXIT_CODE_FAILED);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.message, "unit 3 is not done"));
    campaign_units_close(units);
    campaign_free(&campaign);
}

static void are_found_in_the_order_of_folds(void)
{
    const char *path = example_path();
    struct campaign campaign = example_orbits(T, PERMUTATIONS, 1), other;
    struct fold_sums found[FOLD_SUMS_MOST];
    struct campaign_units *units;
    struct error err = {0};
    size_t count;
    make_empty(path, 2, 10);
    make_empty(path, 0, 2);
    CU_ASSERT_EQUAL(fold_sums_find(path, &campaign, found, &count, &err), 0);
    CU_ASSERT_EQUAL_FATAL(count, 2);
    CU_ASSERT_EQUAL(found[0].through, 2);
    CU_ASSERT_EQUAL(found[1].through, 10);
    CU_ASSERT_EQUAL(found[1].from, 2);
    CU_ASSERT_EQUAL(found[1].n_permutations, PERMUTATIONS);
    other = example_orbits(T, PERMUTATIONS, 1);
    other.fingerprints[0].hash++;
    CU_ASSERT_EQUAL(fold_sums_find(path, &other, found, &count, &err), 0);
    CU_ASSERT_EQUAL(count, 0);
    CU_ASSERT_EQUAL(fold_sums_open(path, 2, false, &other, &units, &err), EXIT_CODE_BAD_INPUT);
    err = (struct error){0};
    campaign.sum_floats = 2 * SHIFTS; /* rows of another score */
    campaign.sum_doubles = STATE;
    CU_ASSERT_EQUAL(fold_sums_find(path, &campaign, found, &count, &err), 0);
    CU_ASSERT_EQUAL(count, 0);
    CU_ASSERT_EQUAL(fold_sums_open(path, 2, false, &campaign, &units, &err), EXIT_CODE_BAD_INPUT);
    CU_ASSERT_PTR_NULL(units);
    err = (struct error){0};
    campaign.sum_floats = SHIFTS;
    CU_ASSERT_EQUAL(fold_sums_remove(path, 2, &err), 0);
    CU_ASSERT_EQUAL(fold_sums_find(path, &campaign, found, &count, &err), 0);
    CU_ASSERT_EQUAL(count, 1);
    CU_ASSERT_EQUAL(fold_sums_remove(path, 0, &err), 0);
    CU_ASSERT_EQUAL(fold_sums_find(path, &campaign, found, &count, &err), 0);
    CU_ASSERT_EQUAL(count, 0);
    campaign_free(&campaign);
    campaign_free(&other);
}

/* Whoever calls a file of his own so keeps it. */
static void nothing_else_is_removed(void)
{
    const char *path = example_path();
    struct error err = {0};
    char *own = memory_format(&err, "%.*s.folds-2.h5", (int)(strlen(path) - strlen(".h5")), path);
    FILE *file = fopen(own, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    fputs("mine", file);
    fclose(file);
    CU_ASSERT_NOT_EQUAL(fold_sums_remove(path, 0, &err), 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.message, "campaign.folds-2.h5"));
    file = fopen(own, "r");
    CU_ASSERT_PTR_NOT_NULL(file);
    if (file != NULL)
        fclose(file);
    free(own);
}

/* Drawn one by one: no rows, a state of every permutation. */
static void sums_of_single_permutations_come_back(void)
{
    enum { G = 4, OWN_UNITS = 3, OF_UNIT = G * 2 * T };
    struct campaign campaign = example_campaign(T, OWN_UNITS * G, G), other;
    struct campaign_units *units, *part;
    struct fold_sums found[FOLD_SUMS_MOST];
    struct error err = {0};
    double sums[2 * OF_UNIT], back[OF_UNIT];
    size_t count;
    int64_t taken;
    const char *path = testing_write_text(testing_folder(), "campaign.h5", "");
    remove(path);
    CU_ASSERT_EQUAL_FATAL(campaign_create(path, &campaign, &err), 0);
    campaign.sums_through = 2;
    campaign.sum_doubles = 2 * T;
    for (size_t k = 0; k < 2 * OF_UNIT; k++)
        sums[k] = 1 / (3 + (double)k);
    CU_ASSERT_EQUAL_FATAL(fold_sums_create(path, 0, &campaign, NULL, &units, &err), 0);
    CU_ASSERT_EQUAL_FATAL(fold_sums_create(path, 1, &campaign, NULL, &part, &err), 0);
    CU_ASSERT_EQUAL(campaign_units_save(units, 0, 1, NULL, sums, &err), 0);
    CU_ASSERT_EQUAL(campaign_units_save(part, 1, 2, NULL, sums, &err), 0);
    campaign_units_close(part);
    CU_ASSERT_EQUAL(part_files_merge(units, path, &taken, &err), 0);
    CU_ASSERT_EQUAL(taken, 2);
    campaign_units_close(units);
    CU_ASSERT_EQUAL(fold_sums_find(path, &campaign, found, &count, &err), 0);
    CU_ASSERT_EQUAL(count, 1);
    CU_ASSERT_EQUAL_FATAL(fold_sums_open(path, 2, false, &campaign, &units, &err), 0);
    for (int64_t unit = 0; unit < OWN_UNITS; unit++) {
        CU_ASSERT_EQUAL(campaign_units_load(units, unit, 1, NULL, back, &err), 0);
        CU_ASSERT_EQUAL(memcmp(back, unit == 2 ? sums + OF_UNIT : sums, sizeof back), 0);
    }
    campaign_units_close(units);
    other = campaign;
    other.sum_doubles = T; /* another score's */
    CU_ASSERT_EQUAL(fold_sums_find(path, &other, found, &count, &err), 0);
    CU_ASSERT_EQUAL(count, 0);
    campaign_free(&campaign);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"units_come_back", units_come_back},
        {"are_found_in_the_order_of_folds", are_found_in_the_order_of_folds},
        {"nothing_else_is_removed", nothing_else_is_removed},
        {"sums_of_single_permutations_come_back", sums_of_single_permutations_come_back},
    };
    return testing_main(argc, argv, "checkpoint/fold_sums", cases, sizeof cases / sizeof *cases);
}
