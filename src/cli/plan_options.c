#include "cli/plan_options.h"

#include "base/memory.h"
#include "model/ridge/penalty_nodes.h"

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

/* A number of --shape. */
struct shape_key {
    const char *name;
    double *value, least, most;
    bool required;
};

static int set_key(const struct shape_key *keys, size_t n_keys, const char *word, bool *given,
                   struct error *err)
{
    const char *equals = strchr(word, '=');
    for (size_t k = 0; equals != NULL && k < n_keys; k++) {
        if (strlen(keys[k].name) != (size_t)(equals - word) ||
            strncmp(keys[k].name, word, (size_t)(equals - word)) != 0)
            continue;
        given[k] = true;
        if (text_to_double(equals + 1, keys[k].value) && *keys[k].value >= keys[k].least &&
            *keys[k].value <= keys[k].most)
            return 0;
        return error_set(err, EXIT_CODE_BAD_INPUT, "--shape: %s found; expected a number from %g to %g", word,
                         keys[k].least, keys[k].most);
    }
    return error_set(err, EXIT_CODE_BAD_INPUT,
                     "--shape: %s found; expected one of the keys of arete plan --help", word);
}

static int read_keys(const struct shape_key *keys, size_t n_keys, const char *text, bool *given,
                     struct error *err)
{
    char *copy = memory_string(text, err), *rest = copy;
    for (char *word; err->code == 0 && (word = strsep(&rest, ",")) != NULL;)
        set_key(keys, n_keys, word, given, err);
    free(copy);
    for (size_t k = 0; err->code == 0 && k < n_keys; k++)
        if (keys[k].required && !given[k])
            error_set(err, EXIT_CODE_BAD_INPUT, "--shape: no %s found; expected it", keys[k].name);
    return err->code;
}

int plan_options_shape(const char *text, struct cost_shape *shape, double *memory_bytes,
                       struct cost_network *network, struct error *err)
{
    const double bits = 8, giga = 1e9, micro = 1e-6;
    double memory_gb = *memory_bytes / giga, gbit_s = network->bytes_per_second * bits / giga;
    double latency_us = network->latency_s / micro;
    *shape = (struct cost_shape){.n_covariates = 1, .n_outer = 10, .n_inner = 5, .n_penalties = 5};
    shape->n_permutations = 10000;
    const struct shape_key keys[] = {
        {"subjects", &shape->n, 30, 1e6, true},
        {"snps", &shape->n_snps, 1, 1e9, true},
        {"targets", &shape->n_targets, 1, 2e6, true},
        {"covariates", &shape->n_covariates, 1, 1000, false},
        {"genetic_pcs", &shape->n_genetic_pcs, 0, 100, false},
        {"outer_folds", &shape->n_outer, 2, 1000, false},
        {"inner_folds", &shape->n_inner, 2, 100, false},
        {"penalties", &shape->n_penalties, 1, 1000, false},
        {"penalty_nodes", &shape->n_nodes, 1, 1000, false},
        {"permutations", &shape->n_permutations, 1, 1e9, false},
        {"memory_gb", &memory_gb, 0.1, 1e6, false},
        {"bandwidth_gbit_s", &gbit_s, 0.001, 100000, false},
        {"latency_us", &latency_us, 0, 1000000, false},
    };
    enum { N_KEYS = sizeof keys / sizeof *keys };
    bool given[N_KEYS] = {false};
    if (read_keys(keys, N_KEYS, text, given, err) != 0)
        return err->code;
    shape->chooses_nodes = shape->n_penalties > PENALTY_NODES_EXACT_GRID;
    if (shape->n_nodes == 0)
        shape->n_nodes = shape->n_penalties;
    if (shape->n_nodes > shape->n_penalties)
        return error_set(err, EXIT_CODE_BAD_INPUT,
                         "--shape: penalty_nodes=%g found; expected at most penalties=%g", shape->n_nodes,
                         shape->n_penalties);
    *memory_bytes = memory_gb * giga;
    *network = (struct cost_network){gbit_s * giga / bits, latency_us * micro};
    return 0;
}
