/* arete status: how far a campaign is, while a run is saving, after a crash, or on a damaged file. */
#include "cli/command.h"
#include "run/campaign_status.h"

#include "base/amount.h"
#include "base/screen.h"
#include "base/text.h"
#include "base/utf8.h"

#include <stdio.h>
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

static void print_text(const struct campaign_status *status)
{
    int64_t done = status->permutations_done;
    char saved[64], done_text[AMOUNT_BYTES], all_text[AMOUNT_BYTES];
    struct tm local;
    localtime_r(&status->last_save, &local);
    strftime(saved, sizeof saved, "%Y-%m-%d %H:%M:%S", &local);
    screen_print(stdout, "campaign:   %s\n", status->path);
    printf("done:       %s of %s permutations (%.1f %%)\n", amount_exact(done, done_text),
           amount_exact(status->n_permutations, all_text),
           100 * (double)done / (double)status->n_permutations);
    if (status->n_orbits > 0)
        printf("orbits:     %lld of %lld permutations each\n", (long long)status->n_orbits,
               (long long)status->n_shifts);
    if (status->pass_through > 0)
        printf("pass:       outer folds %zu to %zu of %zu: %lld of %lld units; p comes with the last pass\n",
               status->pass_from + 1, status->pass_through, status->n_outer, (long long)status->n_pass_done,
               (long long)status->n_units);
    if (status->n_damaged > 0) {
        printf("damaged:    %lld of %lld units, computed again by the next run:",
               (long long)status->n_damaged, (long long)status->n_units);
        for (int64_t k = 0; k < status->n_damaged && k < CAMPAIGN_STATUS_DAMAGE; k++)
            printf(" %lld", (long long)status->damaged[k]);
        puts(status->n_damaged > CAMPAIGN_STATUS_DAMAGE ? " ..." : "");
    }
    if (status->n_parts > 0)
        printf("parts:      %zu of other ranks, counted above\n", status->n_parts);
    if (status->n_parts_ignored > 0)
        screen_print(stdout, "ignored:    %zu; %s\n", status->n_parts_ignored, status->ignored_because);
    double ago_s = difftime(time(NULL), status->last_save); /* the file server's clock may be ahead */
    printf("last save:  %s (%.0f s ago)\n", saved, ago_s > 0 ? ago_s : 0);
    if (status->rate > 0) {
        char left[TEXT_DURATION_BYTES], rate[AMOUNT_BYTES];
        text_duration(campaign_status_seconds_left(status), left);
        printf("rate:       %s permutations/s, %s left\n", amount_about(status->rate, rate), left);
    }
    if (status->running == LOCK_HELD)
        screen_print(stdout, "running:    %s\n", status->holder);
    else if (done == status->n_permutations)
        puts("running:    no");
    else if (status->running == LOCK_FREE)
        puts("running:    no (arete run goes on with it)");
    else
        screen_print(stdout, "running:    not known without file locks (last: %s)\n", status->holder);
}

static void print_json_string(const char *text)
{
    putchar('"');
    while (*text != '\0') {
        size_t bytes = utf8_shown_bytes(text);
        if (*text == '"' || *text == '\\')
            putchar('\\');
        if (bytes == 0)
            printf("\\u%04x", (unsigned char)*text < 0x80 ? (unsigned)*text : 0xFFFDU);
        else
            fwrite(text, 1, bytes, stdout);
        text += bytes == 0 ? 1 : bytes;
    }
    putchar('"');
}

static void print_json(const struct campaign_status *status)
{
    static const char *const running[] = {
        [LOCK_FREE] = "false", [LOCK_HELD] = "true", [LOCK_UNKNOWN] = "null"};
    fputs("{\"campaign\": ", stdout);
    print_json_string(status->path);
    printf(", \"done\": %lld, \"total\": %lld, \"orbits\": %lld, \"shifts\": %lld, "
           "\"unit_permutations\": %.10g, \"units\": %lld, \"pass\": [%zu, %zu, %lld], "
           "\"damaged_units\": [",
           (long long)status->permutations_done, (long long)status->n_permutations,
           (long long)status->n_orbits, (long long)status->n_shifts, status->unit_permutations,
           (long long)status->n_units, status->pass_from, status->pass_through,
           (long long)status->n_pass_done);
    for (int64_t k = 0; k < status->n_damaged && k < CAMPAIGN_STATUS_DAMAGE; k++)
        printf("%s%lld", k > 0 ? ", " : "", (long long)status->damaged[k]);
    printf("], \"n_damaged\": %lld, \"parts\": %zu, \"ignored_parts\": %zu, \"ignored_because\": ",
           (long long)status->n_damaged, status->n_parts, status->n_parts_ignored);
    print_json_string(status->ignored_because);
    printf(", \"last_save\": %lld, \"running\": %s, \"holder\": ", (long long)status->last_save,
           running[status->running]);
    print_json_string(status->holder);
    if (status->rate > 0)
        printf(", \"permutations_per_second\": %.6g, \"seconds_left\": %.0f}\n", status->rate,
               campaign_status_seconds_left(status));
    else
        puts(", \"permutations_per_second\": null, \"seconds_left\": null}");
}

static int status_command(int argc, char **argv, struct error *err)
{
    struct campaign_status status;
    const char *path = NULL;
    bool json = false;
    for (int k = 1; k < argc; k++) {
        bool option = argv[k][0] == '-';
        if (option && strcmp(argv[k], "--json") != 0)
            return error_set(err, EXIT_CODE_BAD_INPUT, "%s: unknown option; see arete status --help",
                             argv[k]);
        if (!option && path != NULL)
            return error_set(err, EXIT_CODE_BAD_INPUT, "%s: a second campaign found; expected one", argv[k]);
        json |= option;
        path = option ? path : argv[k];
    }
    if (path == NULL)
        return error_set(err, EXIT_CODE_BAD_INPUT,
                         "no campaign found; expected arete status campaign.h5 [--json]");
    int code = campaign_status_read(&status, path, err);
    if (code == 0 && json)
        print_json(&status);
    else if (code == 0)
        print_text(&status);
    campaign_status_free(&status);
    return code;
}

const struct command command_status = {
    .name = "status",
    .summary = "say how far a campaign is, also while it runs",
    .help = help,
    .run = status_command,
};
