#include "run/report_rows.h"

#include "campaign_example.h"
#include "testing.h"

#include <math.h>

/* More permutations than the sketch keeps maxima of (model/stats/null_maxima.h). */
enum { TARGETS = 2, MANY = 10 * NULL_MAXIMA_KEPT, SHIFTS = 5, ORBITS = MANY / SHIFTS };

/* Permutation k's score of target t: ascending, an order that leaves what the sketch keeps, so that all of
 * them are added twice. Target 0 has the largest. */
static float score_of(size_t k, size_t t)
{
    return (float)k / MANY - 0.25F * (float)t;
}

static struct campaign_units *open_new(const struct campaign *campaign, const char **path)
{
    struct error err = {0};
    struct campaign_units *units = NULL;
    *path = example_file_of(campaign);
    CU_ASSERT_EQUAL_FATAL(campaign_units_open(&units, *path, &err), 0);
    return units;
}

/* rows: count x row_floats of unit after unit. */
static void save(struct campaign_units *units, const float *rows, size_t unit_floats)
{
    struct error err = {0};
    const double tolerance[8] = {0};
    for (int64_t u = 0; u < campaign_units_count(units); u++)
        CU_ASSERT_EQUAL_FATAL(
            campaign_units_save(units, u, 1, rows + (size_t)u * unit_floats, tolerance, &err), 0);
}

/* Counts, and holds the limit against the largest scores. */
static void check(const struct campaign *campaign, const struct campaign_units *units, size_t n_data,
                  const double *p)
{
    struct error err = {0};
    struct null_sketch sketch;
    struct report_rows rows;
    struct report_extent extent = {.n_permutations = campaign->n_permutations, .sketch = &sketch};
    CU_ASSERT_EQUAL_FATAL(null_sketch_init(&sketch, campaign, &err), 0);
    CU_ASSERT_EQUAL_FATAL(report_rows_compute(&rows, campaign, units, &extent, &err), 0);
    size_t allowed = (size_t)ceil(0.05 * (MANY + (double)n_data) - 1e-9) - 1 - n_data;
    CU_ASSERT_EQUAL(sketch.maxima.count, MANY);
    CU_ASSERT_EQUAL(sketch.maxima.limit, (double)score_of(MANY - 1 - allowed, 0));
    CU_ASSERT_PTR_NOT_NULL(sketch.maxima.again); /* this was the order that needs it */
    uint64_t counted = 0;
    for (size_t b = 0; b < NULL_SKETCH_BINS; b++)
        counted += sketch.counts[b];
    CU_ASSERT_EQUAL(counted, MANY); /* once */
    for (size_t t = 0; t < campaign->n_targets; t++) {
        ASSERT_NEAR(rows.rows[1 + t].value[RESULT_P], p[t], 1e-12);
        ASSERT_NEAR(rows.rows[1 + t].value[RESULT_P_FWER], p[0], 1e-12); /* target 0 has the maxima */
    }
    report_rows_free(&rows);
    null_sketch_free(&sketch);
}

/* .75 is the score of a quarter, and of two more whose distance rounding may make; of target 1 of these. */
static void one_by_one(void)
{
    enum { UNIT = MANY / 10 };
    const char *path;
    struct campaign campaign = example_campaign(TARGETS, MANY, UNIT);
    campaign.score[0] = campaign.score[1] = 0.75F;
    struct campaign_units *units = open_new(&campaign, &path);
    float *rows = malloc((size_t)MANY * TARGETS * sizeof *rows);
    CU_ASSERT_PTR_NOT_NULL_FATAL(rows);
    for (size_t k = 0; k < MANY; k++)
        for (size_t t = 0; t < TARGETS; t++)
            rows[k * TARGETS + t] = score_of(k, t);
    save(units, rows, (size_t)UNIT * TARGETS);
    const double p[] = {(1.0 + MANY / 4 + 2) / (1.0 + MANY), (1.0 + 2) / (1.0 + MANY)};
    check(&campaign, units, 1, p);
    free(rows);
    campaign_units_close(units);
    campaign_free(&campaign);
}

/* The same in orbits, where the data as they are come first. */
static void in_orbits(void)
{
    enum { UNIT = ORBITS / 8 };
    const char *path;
    struct campaign campaign = example_orbits(TARGETS, MANY, UNIT);
    struct campaign_units *units = open_new(&campaign, &path);
    float *rows = malloc((size_t)MANY * TARGETS * sizeof *rows);
    CU_ASSERT_PTR_NOT_NULL_FATAL(rows);
    for (size_t k = 0; k < MANY; k++)
        for (size_t t = 0; t < TARGETS; t++)
            rows[(k / SHIFTS * TARGETS + t) * SHIFTS + k % SHIFTS] =
                k == campaign.identity ? 0.75F : score_of(k, t);
    save(units, rows, (size_t)UNIT * TARGETS * SHIFTS);
    const double p[] = {(1.0 + MANY / 4) / MANY, 1.0 / MANY};
    check(&campaign, units, 0, p);
    free(rows);
    campaign_units_close(units);
    campaign_free(&campaign);
}

/* Who is asked: whether to stop, and how far it is. */
struct asked {
    int64_t n_times, n_ended, last;
    bool stops;
};

static bool should_stop(void *context)
{
    const struct asked *asked = context;
    return asked->stops;
}

static void update(void *context, int64_t done, int64_t total)
{
    struct asked *asked = context;
    asked->n_times++;
    asked->last = done;
    CU_ASSERT_EQUAL(total, MANY);
}

static void end(void *context)
{
    struct asked *asked = context;
    asked->n_ended++;
}

/* Counts scores of zeros, of both kinds. */
static int count(bool orbits, struct asked *asked, double patience_s, struct error *err)
{
    enum { UNIT = MANY / 10, UNIT_ORBITS = ORBITS / 8 };
    const char *path;
    struct campaign campaign =
        orbits ? example_orbits(TARGETS, MANY, UNIT_ORBITS) : example_campaign(TARGETS, MANY, UNIT);
    struct campaign_units *units = open_new(&campaign, &path);
    float *rows = calloc((size_t)MANY * TARGETS, sizeof *rows);
    CU_ASSERT_PTR_NOT_NULL_FATAL(rows);
    save(units, rows, orbits ? (size_t)UNIT_ORBITS * TARGETS * SHIFTS : (size_t)UNIT * TARGETS);
    const struct reporter reporter = {
        .context = asked, .should_stop = should_stop, .update = update, .end = end};
    struct ranks ranks = {.size = 2}; /* the others wait for this one */
    struct session session = {.ranks = &ranks, .reporter = &reporter};
    struct report_watch watch = report_watch_of(&session);
    watch.patience_s = patience_s;
    struct report_extent extent = {.n_permutations = MANY, .watch = &watch};
    struct report_rows computed;
    report_rows_compute(&computed, &campaign, units, &extent, err);
    report_rows_free(&computed);
    free(rows);
    campaign_units_close(units);
    campaign_free(&campaign);
    return err->code;
}

static void a_stop_is_heeded(void)
{
    for (int orbits = 0; orbits < 2; orbits++) {
        struct error err = {0};
        struct asked asked = {.stops = true};
        CU_ASSERT_EQUAL(count(orbits != 0, &asked, 0, &err), EXIT_CODE_STOPPED);
        ASSERT_CONTAINS(err.message, "stopped on request while p was counted: all permutations are saved; ");
        CU_ASSERT_EQUAL(asked.n_times, 1);
        CU_ASSERT_EQUAL(asked.n_ended, 1);
        CU_ASSERT_EQUAL(asked.last, 0);
        /* not where it takes no time worth a second run */
        err = (struct error){0};
        CU_ASSERT_EQUAL(count(orbits != 0, &asked, 1000, &err), 0);
        CU_ASSERT_EQUAL(asked.n_times, 1);
    }
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"one_by_one", one_by_one}, {"in_orbits", in_orbits}, {"a_stop_is_heeded", a_stop_is_heeded}};
    return testing_main(argc, argv, "run/report_rows", cases, sizeof cases / sizeof *cases);
}
