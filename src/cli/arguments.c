#include "cli/arguments.h"

#include "base/memory.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

static int add_set(struct arguments *arguments, const char *key, const char *value, struct error *err)
{
    char *set = memory_format(err, "%s=%s", key, value);
    if (set != NULL)
        text_list_add(&arguments->sets, set, err);
    free(set);
    return err->code;
}

/* "100,500" as the list [100,500]. */
static int add_list(struct arguments *arguments, const char *key, const char *values, struct error *err)
{
    char *list = memory_format(err, "[%s]", values);
    if (list != NULL)
        add_set(arguments, key, list, err);
    free(list);
    return err->code;
}

/* Long options have numbers beyond every character, so that a character is a short one, which there are none
 * of. */
enum {
    OPTION_SET = 256,
    OPTION_THREADS,
    OPTION_MEMORY,
    OPTION_SEED,
    OPTION_OUTPUT,
    OPTION_PARCELS,
    OPTION_OWN_FLAG
};

static int wrong_option(char **argv, int option, struct error *err)
{
    const char letter[] = {'-', (char)optopt, '\0'};
    bool is_short = optopt > 0 && optopt < OPTION_SET;
    return error_set(err, EXIT_CODE_BAD_INPUT, "%s: %s; see arete %s --help",
                     is_short ? letter : argv[optind - 1],
                     option == ':'          ? "a value is missing"
                     : optopt >= OPTION_SET ? "an option that takes no value"
                                            : "unknown option",
                     argv[0]);
}

static int take_option(struct arguments *arguments, int option, char **argv, struct error *err)
{
    switch (option) {
    case OPTION_SET:
        return text_list_add(&arguments->sets, optarg, err);
    case OPTION_THREADS:
        return add_set(arguments, "run.workers", optarg, err);
    case OPTION_MEMORY:
        return add_set(arguments, "run.memory", optarg, err);
    case OPTION_SEED:
        return add_set(arguments, "seed", optarg, err);
    case OPTION_OUTPUT:
        return add_set(arguments, "output", optarg, err);
    case OPTION_PARCELS:
        return add_list(arguments, "parcels", optarg, err);
    case OPTION_OWN_FLAG:
        arguments->flag = true;
        return 0;
    default:
        return wrong_option(argv, option, err);
    }
}

static const struct option SHORTCUTS[] = {
    {"threads", required_argument, NULL, OPTION_THREADS}, {"memory", required_argument, NULL, OPTION_MEMORY},
    {"seed", required_argument, NULL, OPTION_SEED},       {"output", required_argument, NULL, OPTION_OUTPUT},
    {"parcels", required_argument, NULL, OPTION_PARCELS},
};
enum { N_SHORTCUTS = sizeof SHORTCUTS / sizeof *SHORTCUTS };

/* --set, the command's flag, its shortcuts, and the empty one that getopt wants last. */
static void list_options(struct option *options, const char *own_flag, const char *const *shortcuts)
{
    *options++ = (struct option){"set", required_argument, NULL, OPTION_SET};
    *options++ = (struct option){own_flag, no_argument, NULL, OPTION_OWN_FLAG};
    for (; *shortcuts != NULL; shortcuts++)
        for (size_t k = 0; k < N_SHORTCUTS; k++)
            if (strcmp(*shortcuts, SHORTCUTS[k].name) == 0)
                *options++ = SHORTCUTS[k];
    *options = (struct option){0};
}

/* What a command takes is called so in its help. */
static const char *file_of(const char *command)
{
    bool simulates = strcmp(command, "simulate") == 0, cuts = strcmp(command, "parcellate") == 0;
    return simulates ? "sim.yaml" : cuts ? "parcels.yaml" : "study.yaml";
}

int arguments_read(struct arguments *arguments, int argc, char **argv, const char *own_flag,
                   const char *const *shortcuts, struct error *err)
{
    struct option options[N_SHORTCUTS + 3];
    list_options(options, own_flag, shortcuts);
    *arguments = (struct arguments){0};
    opterr = 0;
    optind = 1;
    int option = 0;
    while (err->code == 0 && (option = getopt_long(argc, argv, ":", options, NULL)) != -1)
        take_option(arguments, option, argv, err);
    if (err->code == 0 && optind != argc - 1)
        error_set(err, EXIT_CODE_BAD_INPUT, "%d files found; expected one (arete %s %s)", argc - optind,
                  argv[0], file_of(argv[0]));
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
