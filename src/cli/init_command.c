/* arete init: a first study file from the files that are there. */
#include "cli/command.h"
#include "starter/starter.h"

#include <string.h>

static const char help[] =
    "usage: arete init [FOLDER or FILE ...] [options]\n"
    "\n"
    "Writes a first study file, with comments, from the files that it finds: PLINK filesets (chr1 ... chr22 become\n"
    "chr{1..22}), a table of targets or of images with a mask or an atlas, a table of covariates, whose columns are told\n"
    "apart into quantitative and categorical ones. Name the folders and files that belong together; without one it looks\n"
    "in the present folder. Folders inside a folder are not looked at. Nothing that is there is replaced.\n"
    "\n"
    "  --study FILE      the file to write (default: study.yaml)\n";

static int init(int argc, char **argv, struct error *err)
{
    struct text_list paths = {0};
    struct starter_request request = {.paths = &paths, .study = "study.yaml", .screen = stdout};
    for (int k = 1; k < argc && err->code == 0; k++) {
        bool is_study = strcmp(argv[k], "--study") == 0;
        if (strncmp(argv[k], "--study=", strlen("--study=")) == 0)
            request.study = argv[k] + strlen("--study=");
        else if (is_study && k + 1 < argc)
            request.study = argv[++k];
        else if (argv[k][0] == '-')
            error_set(err, EXIT_CODE_BAD_INPUT, "%s: %s; see arete init --help", argv[k],
                      is_study ? "a value is missing" : "unknown option");
        else
            text_list_add(&paths, argv[k], err);
    }
    if (err->code == 0 && paths.count == 0)
        text_list_add(&paths, ".", err);
    if (err->code == 0)
        starter_write(&request, err);
    text_list_free(&paths);
    return err->code;
}

const struct command command_init = {
    .name = "init",
    .summary = "write a first study file from the files that are there",
    .help = help,
    .run = init,
};
