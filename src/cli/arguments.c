#include "cli/arguments.h"

#include "base/memory.h"

#include <getopt.h>
#include <stdlib.h>

static int add_set(struct arguments *arguments, const char *key, const char *value, struct error *err)
{
    char *set = memory_format(err, "%s=%s", key, value);
    if (set != NULL)
        text_list_add(&arguments->sets, set, err);
    free(set);
    return err->code;
}

int arguments_read(struct arguments *arguments, int argc, char **argv, bool takes_fresh, struct error *err)
{
    static const struct option options[] = {
        {"set", required_argument, NULL, 's'},
        {"threads", required_argument, NULL, 't'},
        {"memory", required_argument, NULL, 'm'},
        {"seed", required_argument, NULL, 'e'},
        {"output", required_argument, NULL, 'o'},
        {"fresh", no_argument, NULL, 'f'},
        {NULL, 0, NULL, 0},
    };
    *arguments = (struct arguments){0};
    opterr = 0;
    optind = 1;
    for (int option; err->code == 0 && (option = getopt_long(argc, argv, ":", options, NULL)) != -1;) {
        if (option == 's')
            text_list_add(&arguments->sets, optarg, err);
        else if (option == 't')
            add_set(arguments, "run.workers", optarg, err);
        else if (option == 'm')
            add_set(arguments, "run.memory", optarg, err);
        else if (option == 'e')
            add_set(arguments, "seed", optarg, err);
        else if (option == 'o')
            add_set(arguments, "output", optarg, err);
        else if (option == 'f' && takes_fresh)
            arguments->fresh = true;
        else
            error_set(err, EXIT_CODE_BAD_INPUT, "%s: %s; see arete %s --help", argv[optind - 1],
                      option == ':' ? "a value is missing" : "unknown option", argv[0]);
    }
    if (err->code == 0 && optind != argc - 1)
        error_set(err, EXIT_CODE_BAD_INPUT, "%d study files found; expected one (arete %s study.yaml)",
                  argc - optind, argv[0]);
    if (err->code == 0)
        arguments->study_path = argv[optind];
    else
        arguments_free(arguments);
    return err->code;
}

void arguments_free(struct arguments *arguments)
{
    text_list_free(&arguments->sets);
    *arguments = (struct arguments){0};
}
