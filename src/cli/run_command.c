/* arete run: joins the ranks, and runs the study. */
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/stop.h"
#include "cli/terminal.h"
#include "run/run.h"

#include "base/memory.h"
#include "ranks/collectives.h"

#include <stdio.h>

static const char help[] =
    "usage: arete run study.yaml [options]\n"
    "\n"
    "Runs a study: reads genotypes, targets and covariates, fits every target in nested cross-validation, "
    "tests it by\n"
    "permutation, and writes results.tsv, campaign.h5 and run.log, and maps where targets are images, to "
    "the\n"
    "study's output folder.\n"
    "\n"
    "The same command goes on with a campaign that was interrupted, and adds permutations to one that is "
    "finished when\n"
    "permutations.count has grown. SIGTERM, SIGINT (Ctrl-C) and SIGUSR1 stop a run: what is in flight is "
    "finished and\n"
    "saved, exit code 75. A second Ctrl-C stops at once.\n"
    "\n"
    "Under mpirun or srun all its ranks, on one machine or many, work on one campaign: docs/cluster.md.\n"
    "\n"
    "  --set KEY=VALUE   replaces a key of the study file, such as --set permutations.count=100 (may be "
    "repeated)\n"
    "  --threads N       the same as --set run.workers=N\n"
    "  --memory SIZE     the same as --set run.memory=SIZE, such as 8G\n"
    "  --seed S          the same as --set seed=S\n"
    "  --output FOLDER   the same as --set output=FOLDER\n"
    "  --fresh           starts over: replaces the campaign that stands in the output folder\n"
    "\n"
    "docs/study-file.md tells about every key.\n"
    "Exit codes: 0 done; 1 it failed; 2 bad command line, study file or input; 75 stopped on request, run "
    "again to go on.\n";

static int run_command(int argc, char **argv, struct error *err)
{
    static const char *const shortcuts[] = {"threads", "memory", "seed", "output", NULL};
    struct ranks ranks = {0};
    struct arguments arguments;
    struct terminal terminal;
    struct reporter reporter = terminal_reporter(&terminal, stderr);
    memory_return_large();
    bool is_joined = stop_install(err) == 0 && ranks_open(&ranks, err) == 0;
    if (is_joined) {
        arguments_read(&arguments, argc, argv, "fresh", shortcuts, err);
        struct run_request request = {.study_path = arguments.study_path,
                                      .sets = &arguments.sets,
                                      .fresh = arguments.flag,
                                      .reporter = &reporter,
                                      .warnings = stderr,
                                      .screen = stdout};
        if (collectives_agree(&ranks, err) == 0)
            run_study(&request, &ranks, err);
        arguments_free(&arguments);
    }
    if (is_joined && ranks.rank != 0) /* rank 0 tells it */
        err->message[0] = '\0';
    int code = err->code;
    fflush(stdout);
    if (ranks.size > 1 && code != 0)
        command_print_error(err);
    err->message[0] = ranks.size > 1 ? '\0' : err->message[0];
    ranks_close(&ranks, code);
    return code;
}

const struct command command_run = {
    .name = "run",
    .summary = "run a study: from files to results.tsv; again to go on with it",
    .help = help,
    .run = run_command,
};
