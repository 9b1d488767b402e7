#include "cli/plan_options.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_NODES = 1000000, MOST_RANKS = 10000, MOST_THREADS = 1024 };

static int read_count(const char *option, const char *value, int most, int *count, struct error *err)
{
    int64_t number;
    if (!text_to_int64(value, &number) || number < 1 || number > most)
        return error_set(err, EXIT_CODE_BAD_INPUT, "%s: \"%s\" found; expected an integer from 1 to %d",
                         option, value, most);
    *count = (int)number;
    return 0;
}

/* The value of `option` when argv[*i] is it, as "--nodes 4" or "--nodes=4"; *i moves to its last word. */
static const char *value_of(const char *option, int argc, char **argv, int *i, struct error *err)
{
    size_t length = strlen(option);
    if (strncmp(argv[*i], option, length) != 0)
        return NULL;
    if (argv[*i][length] == '=')
        return argv[*i] + length + 1;
    if (argv[*i][length] != '\0')
        return NULL;
    if (*i + 1 == argc) {
        error_set(err, EXIT_CODE_BAD_INPUT, "%s: a value is missing; see arete plan --help", option);
        return NULL;
    }
    return argv[++*i];
}

/* Whether argv[*i] is an option of plan alone; the others are for arguments_read. */
static bool take_own(struct plan_options *options, int argc, char **argv, int *i, struct error *err)
{
    const char *nodes = value_of("--nodes", argc, argv, i, err);
    const char *ranks = nodes == NULL ? value_of("--ranks", argc, argv, i, err) : NULL;
    const char *shape = nodes == NULL && ranks == NULL ? value_of("--shape", argc, argv, i, err) : NULL;
    if (nodes != NULL)
        read_count("--nodes", nodes, MOST_NODES, &options->n_nodes, err);
    if (ranks != NULL)
        read_count("--ranks", ranks, MOST_RANKS, &options->n_ranks, err);
    if (shape != NULL)
        options->shape = shape;
    return nodes != NULL || ranks != NULL || shape != NULL || err->code != 0;
}

/* What goes with --shape: there is no study file that --threads could change. */
static int read_without_study(struct plan_options *options, int argc, char **argv, struct error *err)
{
    for (int i = 1; err->code == 0 && i < argc; i++) {
        const char *threads = value_of("--threads", argc, argv, &i, err);
        if (threads != NULL)
            read_count("--threads", threads, MOST_THREADS, &options->n_threads, err);
        else if (err->code == 0 && strcmp(argv[i], "--sbatch") == 0)
            options->arguments.flag = true;
        else if (err->code == 0)
            error_set(err, EXIT_CODE_BAD_INPUT,
                      "%s: found beside --shape; expected --nodes, --ranks, --threads or --sbatch", argv[i]);
    }
    return err->code;
}

int plan_options_read(struct plan_options *options, int argc, char **argv, struct error *err)
{
    static const char *const shortcuts[] = {"threads", "memory", "seed", "output", NULL};
    *options = (struct plan_options){0};
    char **rest = memory_zeroed((size_t)argc + 1, sizeof *rest, "the command line", err);
    int n_rest = 0;
    for (int i = 0; rest != NULL && err->code == 0 && i < argc; i++)
        if (i == 0 || !take_own(options, argc, argv, &i, err))
            rest[n_rest++] = argv[i];
    if (err->code == 0 && options->shape != NULL)
        read_without_study(options, n_rest, rest, err);
    else if (err->code == 0)
        arguments_read(&options->arguments, n_rest, rest, "sbatch", shortcuts, err);
    free(rest);
    return err->code;
}

void plan_options_free(struct plan_options *options)
{
    arguments_free(&options->arguments);
}

static int at_least_one(int count)
{
    return count > 1 ? count : 1;
}

struct analysis_spread plan_options_spread(const struct plan_options *options, int workers, int n_cores,
                                           int most_workers)
{
    struct analysis_spread spread = {.n_machines = at_least_one(options->n_nodes),
                                     .ranks_per_machine = options->n_ranks,
                                     .workers_per_rank = workers};
    if (spread.ranks_per_machine == 0 && options->n_nodes == 0)
        spread.ranks_per_machine = 1;
    if (spread.ranks_per_machine == 0)
        spread.ranks_per_machine =
            workers > 0 ? at_least_one(n_cores / workers) : (n_cores + most_workers - 1) / most_workers;
    if (workers == 0)
        spread.workers_per_rank = at_least_one(n_cores / spread.ranks_per_machine);
    if (spread.workers_per_rank > most_workers)
        spread.workers_per_rank = most_workers;
    return spread;
}
