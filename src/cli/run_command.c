/* arete run. */
#include "cli/command.h"
#include "cli/study_process.h"

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
    "  --fresh           starts over each time: replaces the campaign that stands in the output folder\n"
    "\n"
    "docs/study-file.md tells about every key.\n" COMMAND_EXIT_CODES;

static int run_command(int argc, char **argv, struct error *err)
{
    return study_process_run(argc, argv, run_study, err);
}

const struct command command_run = {
    .name = "run",
    .summary = "run a study: from files to results.tsv; again to go on with it",
    .help = help,
    .run = run_command,
};
