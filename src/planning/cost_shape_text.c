#include "planning/cost_shape_text.h"

#include "base/memory.h"
#include "base/text.h"
#include "model/kinship/gram.h"
#include "model/ridge/penalty_nodes.h"
#include "planning/cost_nodes.h"

#include <stdlib.h>
#include <string.h>

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

static int expect_nodes(struct cost_shape *shape, struct error *err)
{
    size_t n_nodes = (size_t)shape->n_penalties;
    if (shape->chooses_nodes)
        cost_nodes_expect_usual(shape, &n_nodes, err);
    shape->nodes_are_expected = shape->chooses_nodes;
    shape->n_nodes = (double)n_nodes;
    return err->code;
}

int cost_shape_text_read(const char *text, struct cost_shape *shape, double *memory_bytes,
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
    shape->gram_is_single = gram_is_large((size_t)shape->n, (size_t)shape->n_snps);
    shape->chooses_nodes = shape->n_penalties > PENALTY_NODES_EXACT_GRID;
    if (shape->n_nodes == 0 && expect_nodes(shape, err) != 0)
        return err->code;
    if (shape->n_nodes > shape->n_penalties)
        return error_set(err, EXIT_CODE_BAD_INPUT,
                         "--shape: penalty_nodes=%g found; expected at most penalties=%g", shape->n_nodes,
                         shape->n_penalties);
    *memory_bytes = memory_gb * giga;
    *network = (struct cost_network){gbit_s * giga / bits, latency_us * micro};
    return 0;
}
