#include "run/report_orbits.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

/* A campaign's orbits while they are counted. */
struct counting {
    const struct campaign *campaign;
    const struct campaign_units *units;
    const bool *done;
    struct null_sketch *sketch; /* or NULL */
    struct report_watch *watch; /* or NULL */
    size_t n_slices;
    struct orbit_significance significance;
    float *observed, *maximum, *rows; /* T; S; W x S */
    double *tolerance;                /* of every place of orbit 0 */
};

static int64_t unit_of(const struct counting *counting, int64_t orbit, size_t slice)
{
    return orbit / counting->campaign->unit_permutations * (int64_t)counting->n_slices + (int64_t)slice;
}

static bool is_done(const struct counting *counting, int64_t orbit, size_t slice)
{
    return counting->done == NULL || counting->done[unit_of(counting, orbit, slice)];
}

static bool is_whole(const struct counting *counting, int64_t orbit)
{
    bool whole = true;
    for (size_t slice = 0; whole && slice < counting->n_slices; slice++)
        whole = is_done(counting, orbit, slice);
    return whole;
}

/* Targets of a slice. */
static size_t count_of(const struct counting *counting, size_t slice)
{
    size_t width = counting->campaign->slice_targets, left = counting->campaign->n_targets - slice * width;
    return left < width ? left : width;
}

static int read_slice(const struct counting *counting, int64_t orbit, size_t slice, struct error *err)
{
    int64_t width = (int64_t)counting->campaign->slice_targets, draws = counting->campaign->unit_permutations;
    int64_t row = (unit_of(counting, orbit, slice) * draws + orbit % draws) * width;
    return campaign_units_read(counting->units, row, (int64_t)count_of(counting, slice), counting->rows, err);
}

/* The scores of the data as they are, and how far rounding can have moved them. */
static int read_observed(struct counting *counting, struct error *err)
{
    const struct campaign *campaign = counting->campaign;
    size_t width = campaign->slice_targets;
    for (size_t t = 0; t < campaign->n_targets; t++)
        counting->observed[t] = NAN;
    for (size_t slice = 0; slice < counting->n_slices; slice++) {
        if (!is_done(counting, 0, slice))
            continue;
        if (read_slice(counting, 0, slice, err) != 0)
            return err->code;
        for (size_t i = 0; i < count_of(counting, slice); i++)
            if (!isnan(campaign->r2[slice * width + i]))
                counting->observed[slice * width + i] =
                    counting->rows[i * campaign->n_shifts + campaign->identity];
    }
    return campaign_units_read_tolerance(counting->units, counting->tolerance, err);
}

static int counting_init(struct counting *counting, struct error *err)
{
    const struct campaign *campaign = counting->campaign;
    static const char what[] = "null scores";
    size_t t = campaign->n_targets, s = campaign->n_shifts;
    counting->n_slices = (size_t)campaign_slices(campaign);
    counting->observed = memory_zeroed(t, sizeof *counting->observed, what, err);
    counting->maximum = memory_zeroed(s, sizeof *counting->maximum, what, err);
    counting->rows = memory_aligned(campaign->slice_targets * s, sizeof *counting->rows, what, err);
    counting->tolerance =
        memory_zeroed((size_t)campaign_places(campaign), sizeof *counting->tolerance, what, err);
    if (err->code != 0 || read_observed(counting, err) != 0)
        return err->code;
    return orbit_significance_init(&counting->significance, counting->observed, counting->tolerance, t, s,
                                   err);
}

static void counting_free(struct counting *counting)
{
    orbit_significance_free(&counting->significance);
    free(counting->observed);
    free(counting->maximum);
    free(counting->rows);
    free(counting->tolerance);
}

/* What each target of a whole orbit meets: the maxima are known. */
static int count_family(struct counting *counting, int64_t orbit, struct error *err)
{
    for (size_t slice = 0; slice < counting->n_slices; slice++) {
        if (counting->n_slices > 1 && read_slice(counting, orbit, slice, err) != 0)
            return err->code;
        orbit_significance_add_family(&counting->significance, slice * counting->campaign->slice_targets,
                                      count_of(counting, slice), counting->rows, counting->maximum);
    }
    return 0;
}

static void sketch_scores(struct counting *counting, size_t first, size_t count)
{
    size_t shifts = counting->campaign->n_shifts;
    for (size_t i = 0; counting->sketch != NULL && i < count; i++)
        null_sketch_add_scores(counting->sketch, first + i, counting->rows + i * shifts, shifts, 1);
}

/* The orbit's maxima, and in the first pass what they and the scores count. */
static int count_orbit(struct counting *counting, int64_t orbit, bool is_first, struct error *err)
{
    for (size_t s = 0; s < counting->campaign->n_shifts; s++)
        counting->maximum[s] = -INFINITY;
    for (size_t slice = 0; slice < counting->n_slices; slice++) {
        size_t first = slice * counting->campaign->slice_targets, count = count_of(counting, slice);
        if (!is_done(counting, orbit, slice))
            continue;
        if (read_slice(counting, orbit, slice, err) != 0)
            return err->code;
        if (is_first)
            orbit_significance_add(&counting->significance, first, count, counting->rows);
        orbit_significance_maximum(&counting->significance, first, count, counting->rows, counting->maximum);
        sketch_scores(counting, first, count);
    }
    if (!is_whole(counting, orbit) || !is_whole(counting, 0))
        return 0;
    if (counting->sketch != NULL &&
        null_sketch_add_maxima(counting->sketch, counting->maximum, counting->campaign->n_shifts, err) != 0)
        return err->code;
    return is_first ? count_family(counting, orbit, err) : 0;
}

/* Through all orbits; the sketch may need them twice. */
static int count_orbits(struct counting *counting, int64_t n_orbits, struct error *err)
{
    int64_t shifts = (int64_t)counting->campaign->n_shifts;
    bool again = true;
    report_watch_begin(counting->watch);
    for (int pass = 0; err->code == 0 && again; pass++) {
        for (int64_t orbit = 0; err->code == 0 && orbit < n_orbits; orbit++)
            if (report_watch_look(counting->watch, orbit * shifts, n_orbits * shifts, err) == 0)
                count_orbit(counting, orbit, pass == 0, err);
        if (err->code == 0)
            null_sketch_finish(counting->sketch, &again, err);
    }
    report_watch_end(counting->watch);
    return err->code;
}

int report_orbits_significance(const struct campaign *campaign, const struct campaign_units *units,
                               const struct report_extent *extent, const struct orbit_p *p, struct error *err)
{
    struct counting counting = {.campaign = campaign,
                                .units = units,
                                .done = extent->done,
                                .sketch = extent->sketch,
                                .watch = extent->watch};
    if (counting_init(&counting, err) == 0 &&
        count_orbits(&counting, campaign_orbits(campaign, extent->n_permutations), err) == 0)
        orbit_significance_finish(&counting.significance, p, err);
    counting_free(&counting);
    return err->code;
}
