#include "checkpoint/campaign_check_orbits.h"

#include "base/memory.h"

#include <stdbool.h>
#include <stdlib.h>

static bool are_people(const int32_t *values, size_t count, int32_t least, size_t n)
{
    for (size_t i = 0; i < count; i++)
        if (values[i] < least || (values[i] >= 0 && (size_t)values[i] >= n))
            return false;
    return true;
}

/* At a place, or standing still. */
static bool are_all_subjects(const struct campaign *campaign, bool *seen)
{
    size_t places = campaign->n_sequences * campaign->n_places, count = 0;
    for (size_t i = 0; i < places + campaign->n_fixed; i++) {
        int32_t subject = i < places ? campaign->place_subject[i] : campaign->fixed[i - places];
        if (subject < 0)
            continue;
        if (seen[subject])
            return false;
        seen[subject] = true;
        count++;
    }
    return count == campaign->n;
}

/* At a place and the S - 1 after it, round the sequence, somebody's data stand: they come to whoever is
 * there. */
static bool have_sources(const struct campaign *campaign)
{
    size_t length = campaign->n_places;
    for (size_t a = 0; a < campaign->n_sequences; a++) {
        const int32_t *subject = campaign->place_subject + a * length,
                      *source = campaign->place_source + a * length;
        size_t in_a_row = 0;
        for (size_t t = 2 * length; t-- > 0;) {
            in_a_row = source[t % length] >= 0 ? in_a_row + 1 : 0;
            if (t < length && subject[t] >= 0 && in_a_row < campaign->n_shifts)
                return false;
        }
    }
    return true;
}

/* A unit is orbits of all targets, or one orbit of some. */
static int check_units(const struct campaign *campaign, const char *path, struct error *err)
{
    if (campaign->slice_targets <= campaign->n_targets &&
        (campaign->unit_permutations == 1 || campaign->slice_targets == campaign->n_targets))
        return 0;
    return error_set(err, EXIT_CODE_FAILED,
                     "%s: is damaged: a unit of %lld orbits of %zu targets found; expected one orbit, or "
                     "all of %zu targets",
                     path, (long long)campaign->unit_permutations, campaign->slice_targets,
                     campaign->n_targets);
}

int campaign_check_orbits(const struct campaign *campaign, const char *path, struct error *err)
{
    if (!campaign_has_orbits(campaign))
        return 0;
    if (check_units(campaign, path, err) != 0)
        return err->code;
    size_t places = campaign->n_sequences * campaign->n_places;
    bool *seen = memory_zeroed(campaign->n, sizeof *seen, "the orbits", err);
    if (seen == NULL)
        return err->code;
    bool right = campaign->identity < campaign->n_shifts && campaign->n_shifts <= campaign->n_places &&
                 are_people(campaign->place_subject, places, -1, campaign->n) &&
                 are_people(campaign->place_source, places, -1, campaign->n) &&
                 are_people(campaign->fixed, campaign->n_fixed, 0, campaign->n) &&
                 are_all_subjects(campaign, seen) && have_sources(campaign);
    free(seen);
    return right ? 0
                 : error_set(
                       err, EXIT_CODE_FAILED,
                       "%s: /permutation/subject, source and fixed, %zu x %zu places and %zu, do not tell "
                       "of %zu shifts of %zu subjects",
                       path, campaign->n_sequences, campaign->n_places, campaign->n_fixed, campaign->n_shifts,
                       campaign->n);
}
