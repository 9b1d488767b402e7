/* arete status: how far a campaign is, while a run is saving, after a crash, or on a damaged file. */
#include "checkpoint/campaign.h"
#include "cli/command.h"

#include "base/amount.h"
#include "base/memory.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char help[] = "usage: arete status campaign.h5 [--json]\n"
                           "\n"
                           "Says how many permutations of a campaign are done, at which rate they were "
                           "saved, how long the rest will take, which\n"
                           "are damaged (a run computes those again), when the last ones were saved, and who "
                           "is running it. What the ranks of a\n"
                           "run on several machines have saved in campaign.part-*.h5 counts as well. It only "
                           "reads: a run may be saving meanwhile.\n"
                           "\n"
                           "  --json    the same as one JSON object\n";

enum { DAMAGE_SHOWN = 10 };

struct status {
    const char *path;
    int64_t n_permutations, unit_permutations, n_units, n_done, n_damaged;
    int64_t permutations_done;
    int64_t damaged[DAMAGE_SHOWN];   /* the first of them */
    size_t n_parts, n_parts_ignored; /* files of other ranks beside it */
    char *ignored_because;
    enum lock_state running;
    char holder[CAMPAIGN_HOLDER_BYTES];
    time_t last_save;
    double rate; /* permutations a second of the run that holds the lock; 0 = unknown */
};

/* From what the running process noted when it began and what is done by its last save. */
static void measure_rate(struct status *status)
{
    int64_t n_before, since;
    if (status->running != LOCK_HELD || !campaign_lock_begun(status->path, &n_before, &since))
        return;
    double seconds = (double)((int64_t)status->last_save - since);
    if (status->n_done > n_before && seconds > 0)
        status->rate = (double)((status->n_done - n_before) * status->unit_permutations) / seconds;
}

static double seconds_left(const struct status *status)
{
    return (double)(status->n_permutations - status->permutations_done) / status->rate;
}

static int count_units(struct status *status, const struct campaign_units *units, struct error *err)
{
    status->n_units = campaign_units_count(units);
    enum campaign_unit_state *state = memory_zeroed((size_t)status->n_units, sizeof *state, "the units", err);
    if (state == NULL || campaign_units_states(units, state, err) != 0) {
        free(state);
        return err->code;
    }
    for (int64_t u = 0; u < status->n_units; u++) {
        if (state[u] == CAMPAIGN_UNIT_DONE) {
            status->n_done++;
            status->permutations_done +=
                campaign_unit_size(u, status->unit_permutations, status->n_permutations);
        }
        if (state[u] != CAMPAIGN_UNIT_DAMAGED)
            continue;
        if (status->n_damaged < DAMAGE_SHOWN)
            status->damaged[status->n_damaged] = u;
        status->n_damaged++;
    }
    free(state);
    return 0;
}

static int look_at_parts(struct status *status, const struct campaign_units *units, struct error *err)
{
    const char *because;
    status->last_save = (time_t)campaign_units_last_save(units);
    status->n_parts = campaign_units_parts(units);
    status->n_parts_ignored = campaign_units_parts_ignored(units, &because);
    status->ignored_because = memory_string(because, err);
    return err->code;
}

static int read_status(struct status *status, struct error *err)
{
    struct campaign campaign = {0};
    struct campaign_units *units = NULL;
    if (campaign_read(&campaign, status->path, err) != 0)
        return err->code;
    status->n_permutations = campaign.n_permutations;
    status->unit_permutations = campaign.unit_permutations;
    campaign_free(&campaign);
    if (campaign_lock_holder(status->path, &status->running, status->holder, err) == 0 &&
        campaign_units_open_read(&units, status->path, err) == 0)
        count_units(status, units, err);
    if (err->code == 0)
        look_at_parts(status, units, err);
    campaign_units_close(units);
    measure_rate(status);
    return err->code;
}

static void print_text(const struct status *status)
{
    int64_t done = status->permutations_done;
    char saved[64];
    struct tm local;
    localtime_r(&status->last_save, &local);
    strftime(saved, sizeof saved, "%Y-%m-%d %H:%M:%S", &local);
    printf("campaign:   %s\n", status->path);
    printf("done:       %lld of %lld permutations (%.1f %%)\n", (long long)done,
           (long long)status->n_permutations, 100 * (double)done / (double)status->n_permutations);
    if (status->n_damaged > 0) {
        printf("damaged:    %lld of %lld units, computed again by the next run:",
               (long long)status->n_damaged, (long long)status->n_units);
        for (int64_t k = 0; k < status->n_damaged && k < DAMAGE_SHOWN; k++)
            printf(" %lld", (long long)status->damaged[k]);
        puts(status->n_damaged > DAMAGE_SHOWN ? " ..." : "");
    }
    if (status->n_parts > 0)
        printf("parts:      %zu of other ranks, counted above\n", status->n_parts);
    if (status->n_parts_ignored > 0)
        printf("ignored:    %zu; %s\n", status->n_parts_ignored, status->ignored_because);
    printf("last save:  %s (%.0f s ago)\n", saved, difftime(time(NULL), status->last_save));
    if (status->rate > 0) {
        char left[TEXT_DURATION_BYTES], rate[AMOUNT_BYTES];
        text_duration(seconds_left(status), left);
        printf("rate:       %s permutations/s, %s left\n", amount_about(status->rate, rate), left);
    }
    if (status->running == LOCK_HELD)
        printf("running:    %s\n", status->holder);
    else if (done == status->n_permutations)
        puts("running:    no");
    else if (status->running == LOCK_FREE)
        puts("running:    no (arete run goes on with it)");
    else
        printf("running:    not known without file locks (last: %s)\n", status->holder);
}

static void print_json_string(const char *text)
{
    putchar('"');
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            putchar('\\');
        if ((unsigned char)*text < ' ')
            printf("\\u%04x", (unsigned)*text);
        else
            putchar(*text);
    }
    putchar('"');
}

static void print_json(const struct status *status)
{
    static const char *const running[] = {
        [LOCK_FREE] = "false", [LOCK_HELD] = "true", [LOCK_UNKNOWN] = "null"};
    fputs("{\"campaign\": ", stdout);
    print_json_string(status->path);
    printf(", \"done\": %lld, \"total\": %lld, \"unit_permutations\": %lld, \"units\": %lld, "
           "\"damaged_units\": [",
           (long long)status->permutations_done, (long long)status->n_permutations,
           (long long)status->unit_permutations, (long long)status->n_units);
    for (int64_t k = 0; k < status->n_damaged && k < DAMAGE_SHOWN; k++)
        printf("%s%lld", k > 0 ? ", " : "", (long long)status->damaged[k]);
    printf("], \"n_damaged\": %lld, \"parts\": %zu, \"ignored_parts\": %zu, \"ignored_because\": ",
           (long long)status->n_damaged, status->n_parts, status->n_parts_ignored);
    print_json_string(status->ignored_because);
    printf(", \"last_save\": %lld, \"running\": %s, \"holder\": ", (long long)status->last_save,
           running[status->running]);
    print_json_string(status->holder);
    if (status->rate > 0)
        printf(", \"permutations_per_second\": %.6g, \"seconds_left\": %.0f}\n", status->rate,
               seconds_left(status));
    else
        puts(", \"permutations_per_second\": null, \"seconds_left\": null}");
}

static int status_command(int argc, char **argv, struct error *err)
{
    struct status status = {0};
    bool json = false;
    for (int k = 1; k < argc; k++) {
        bool option = argv[k][0] == '-';
        if (option && strcmp(argv[k], "--json") != 0)
            return error_set(err, EXIT_CODE_BAD_INPUT, "%s: unknown option; see arete status --help",
                             argv[k]);
        if (!option && status.path != NULL)
            return error_set(err, EXIT_CODE_BAD_INPUT, "%s: a second campaign found; expected one", argv[k]);
        json |= option;
        status.path = option ? status.path : argv[k];
    }
    if (status.path == NULL)
        return error_set(err, EXIT_CODE_BAD_INPUT,
                         "no campaign found; expected arete status campaign.h5 [--json]");
    int code = read_status(&status, err);
    if (code == 0 && json)
        print_json(&status);
    else if (code == 0)
        print_text(&status);
    free(status.ignored_because);
    return code;
}

const struct command command_status = {
    .name = "status",
    .summary = "say how far a campaign is, also while it runs",
    .help = help,
    .run = status_command,
};
