/* arete parcellate: images to parcels. */
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/terminal.h"
#include "parcellation/parcellate.h"

#include <stdio.h>

static const char help[] =
    "usage: arete parcellate parcels.yaml [options]\n"
    "\n"
    "Cuts the voxels of a mask into parcels that hang together: Ward clustering in which only touching\n"
    "voxels merge, by the values of many people's images. For each number of parcels it writes an image\n"
    "of labels and a table; tree.h5 holds all merges, so that the same command with other numbers of\n"
    "parcels clusters nothing again. The keys of the file: docs/parcellation.md.\n"
    "\n"
    "  --parcels K,K,...  the same as --set 'parcels=[K,K,...]'\n"
    "  --set KEY=VALUE    replaces a key of the file (may be repeated)\n"
    "  --output FOLDER    the same as --set output=FOLDER\n"
    "  --fresh            clusters anew where tree.h5 is of other images or options\n";

static int parcellate(int argc, char **argv, struct error *err)
{
    static const char *const shortcuts[] = {"output", "parcels", NULL};
    struct arguments arguments;
    if (arguments_read(&arguments, argc, argv, "fresh", shortcuts, err) != 0)
        return err->code;
    struct terminal terminal;
    struct reporter reporter = terminal_reporter(&terminal, stderr);
    struct parcellate_request request = {.path = arguments.study_path,
                                         .sets = &arguments.sets,
                                         .fresh = arguments.flag,
                                         .reporter = &reporter,
                                         .warnings = stderr,
                                         .screen = stdout};
    parcellate_run(&request, err);
    arguments_free(&arguments);
    return err->code;
}

const struct command command_parcellate = {
    .name = "parcellate",
    .summary = "cut a mask into parcels by Ward clustering of many images",
    .help = help,
    .run = parcellate,
};
