#include "codelets/save_block.h"

#include "campaign_example.h"
#include "task_buffers.h"

enum { T = 3, G = 4, N = 25, UNITS = 7, FIRST = 2, SAVED = 2, TILES = 2 };

static struct run_status status;
static int n_calls;

static void block_is_over(void *context)
{
    CU_ASSERT_PTR_EQUAL(context, &n_calls);
    n_calls++;
}

static struct campaign_units *begin(void)
{
    struct error err = {0};
    struct campaign_units *units;
    n_calls = 0;
    CU_ASSERT_EQUAL_FATAL(run_status_init(&status, &err), 0);
    CU_ASSERT_EQUAL_FATAL(campaign_units_open(&units, example_file(T, N, G), &err), 0);
    return units;
}

/* Saves units FIRST ... of `rows`, a tile of scores for each. */
static void save(struct campaign_units *units, float *rows)
{
    struct save_block_args args = {&status, units, FIRST, SAVED,
                                   TILES,   rows,  NULL,  {block_is_over, &n_calls}};
    struct task_buffers buffers = {.count = 0};
    task_buffers_nothing(&buffers);
    for (size_t i = 0; i < TILES; i++)
        task_buffers_vector(&buffers, rows + i * G * T, G * T, sizeof *rows);
    task_buffers_call(&buffers, save_block_cpu, &args, sizeof args);
}

static void assert_done(struct campaign_units *units, const char *expected)
{
    struct error err = {0};
    bool done[UNITS];
    char found[UNITS + 1] = "";
    CU_ASSERT_EQUAL(campaign_units_done(units, done, &err), 0);
    for (size_t u = 0; u < UNITS; u++)
        found[u] = done[u] ? '1' : '0';
    CU_ASSERT_STRING_EQUAL(found, expected);
}

static void fill(float *rows)
{
    for (size_t i = 0; i < SAVED * G * T; i++)
        rows[i] = 0.5F * (float)i;
}

static void a_block_is_saved(void)
{
    struct error err = {0};
    struct campaign_units *units = begin();
    float rows[SAVED * G * T], read[SAVED * G * T];
    fill(rows);
    save(units, rows);
    CU_ASSERT_FALSE(run_status_failed(&status));
    CU_ASSERT_EQUAL(n_calls, 1);
    assert_done(units, "0011000");
    CU_ASSERT_EQUAL(campaign_units_read(units, FIRST * G, SAVED * G, read, &err), 0);
    CU_ASSERT_EQUAL(memcmp(read, rows, sizeof rows), 0);
    campaign_units_close(units);
    run_status_free(&status);
}

/* It must tell that it is over all the same: somebody waits for that. */
static void a_block_that_is_not_whole_is_not_saved(void)
{
    struct campaign_units *units = begin();
    float rows[SAVED * G * T];
    fill(rows);
    run_status_poison(rows + G * T); /* the second tile */
    save(units, rows);
    CU_ASSERT_EQUAL(n_calls, 1);
    assert_done(units, "0000000");
    fill(rows);
    run_status_stop(&status, "while this is tested");
    save(units, rows);
    CU_ASSERT_EQUAL(n_calls, 2);
    assert_done(units, "0000000");
    campaign_units_close(units);
    run_status_free(&status);
}

static void what_cannot_be_saved_fails_the_run(void)
{
    struct error err = {0};
    struct campaign_units *units = begin(), *reading;
    campaign_units_close(units);
    const char *path = example_file(T, N, G);
    CU_ASSERT_EQUAL_FATAL(campaign_units_open_read(&reading, path, &err), 0);
    float rows[SAVED * G * T];
    fill(rows);
    save(reading, rows);
    CU_ASSERT_EQUAL(run_status_result(&status, &err), EXIT_CODE_FAILED);
    ASSERT_CONTAINS(err.message, path);
    CU_ASSERT_EQUAL(n_calls, 1);
    assert_done(reading, "0000000");
    campaign_units_close(reading);
    run_status_free(&status);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"a_block_is_saved", a_block_is_saved},
        {"a_block_that_is_not_whole_is_not_saved", a_block_that_is_not_whole_is_not_saved},
        {"what_cannot_be_saved_fails_the_run", what_cannot_be_saved_fails_the_run},
    };
    return testing_main(argc, argv, "codelets/save_block", cases, sizeof cases / sizeof *cases);
}
