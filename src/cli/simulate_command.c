/* arete simulate: a study of made-up people whose truth is known. */
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/stop.h"
#include "cli/terminal.h"
#include "simulation/simulate_study.h"

#include <stdio.h>

static const char help[] =
    "usage: arete simulate sim.yaml [options]\n"
    "\n"
    "Makes a study whose truth is known: PLINK files with linkage disequilibrium (and siblings or two\n"
    "ancestries, if asked for), covariates, targets of which a stated share has a stated heritability,\n"
    "and study.yaml, which `arete run` takes as it stands. The smallest sim.yaml is one line,\n"
    "`output: data/sim`: 1,500 people, 500,000 SNPs, 1,000 targets. The same file makes the same bytes.\n"
    "\n"
    "  --set KEY=VALUE   replaces a key of the file, such as --set subjects=300 (may be repeated)\n"
    "  --seed S          the same as --set seed=S\n"
    "  --output FOLDER   the same as --set output=FOLDER\n"
    "  --fresh           replaces a study that arete simulate made in the same folder before\n"
    "\n"
    "docs/simulate.md tells about every key and every file. All files appear together at the end, study.yaml "
    "last; a\n"
    "run that ends early (also by Ctrl-C) leaves none.\n";

static int simulate(int argc, char **argv, struct error *err)
{
    static const char *const shortcuts[] = {"seed", "output", NULL};
    struct arguments arguments;
    if (arguments_read(&arguments, argc, argv, "fresh", shortcuts, err) != 0)
        return err->code;
    struct terminal terminal;
    struct reporter reporter = terminal_reporter(&terminal, stderr);
    struct simulate_request request = {.path = arguments.study_path,
                                       .sets = &arguments.sets,
                                       .fresh = arguments.flag,
                                       .reporter = &reporter,
                                       .screen = stdout};
    if (stop_install(err) == 0)
        simulate_study(&request, err);
    arguments_free(&arguments);
    return err->code;
}

const struct command command_simulate = {
    .name = "simulate",
    .summary = "make a study of made-up people whose truth is known",
    .help = help,
    .run = simulate,
};
