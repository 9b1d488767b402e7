/* What arete plan has beside the options of every study: machines, ranks, and shapes without files. */
#ifndef ARETE_CLI_PLAN_OPTIONS_H
#define ARETE_CLI_PLAN_OPTIONS_H

#include "base/error.h"
#include "cli/arguments.h"
#include "study/analysis_cost.h"

struct plan_options {
    struct arguments arguments; /* study_path is NULL with --shape */
    int n_nodes, n_ranks;       /* 0 = not given */
    int n_threads;              /* with --shape; 0 = not given */
    const char *shape;          /* or NULL */
};

int plan_options_read(struct plan_options *options, int argc, char **argv, struct error *err);
void plan_options_free(struct plan_options *options);

/* Ranks and workers on machines like this one: what is given, else one process (without --nodes), or as many
 * ranks as the cores need. workers: 0 = not given. */
struct analysis_spread plan_options_spread(const struct plan_options *options, int workers, int n_cores,
                                           int most_workers);

#endif
