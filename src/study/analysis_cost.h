/* The cost of a study that has been read, and where its operators go. */
#ifndef ARETE_STUDY_ANALYSIS_COST_H
#define ARETE_STUDY_ANALYSIS_COST_H

#include "base/error.h"
#include "planning/cost.h"
#include "planning/cost_association.h"
#include "planning/cost_orbits.h"
#include "study/analysis.h"

/* BLAS and LAPACK count rows in 32 bits, and LAPACK some workspaces, of up to 64 n. */
enum { ANALYSIS_MOST_SUBJECTS = 1000000 };

/* How a run is spread: machines, ranks on each, workers of each; penalties that have operators, 0 = all;
 * whether permutations come in orbits; outer folds of a pass, on all machines together, 0 = all; how many
 * ranks of a machine build operators or forms, 0 = one. */
struct analysis_spread {
    int n_machines, ranks_per_machine, workers_per_rank, n_nodes;
    bool orbits;
    int pass_folds, n_builders;
};

/* Sets spread->orbits: what permutations.method asks for, or (auto) orbits where they cost less, which
 * depends on the study alone. why: a text of COST_PLACEMENT_BYTES. Refuses (EXIT_CODE_BAD_INPUT) orbits that
 * are asked for and cannot be, and permutations drawn one by one where their scores would be rounding
 * (model/ridge/shared_direction.h). */
int analysis_choose_method(const struct analysis *analysis, struct analysis_spread *spread, char *why,
                           struct error *err);

/* From what is known by now: before the filters have run, upper bounds. The placement is the study's own,
 * `replicate` where that is `auto`. */
struct cost_shape analysis_cost_shape(const struct analysis *analysis, const struct analysis_spread *spread);

/* The placement: what run.placement asks for or, with `auto`, what cost_placement_choose says; with it
 * spread->pass_folds (cost_passes.h), and spread->n_builders as memory allows beside it. why is a text of
 * COST_PLACEMENT_BYTES, what memory it takes. Refuses (EXIT_CODE_BAD_INPUT) a study that is larger than the
 * program can do (subjects, targets), or that needs more memory on a machine than run.memory, or (auto) than
 * this machine, its cgroup, the Slurm job or the limit of the address space have; *kind and why are set even
 * then, unless the study is too large. */
int analysis_place(const struct analysis *analysis, struct analysis_spread *spread, enum placement_kind *kind,
                   char *why, struct error *err);

/* What arete associate takes of the study, beside its sizes. Its permutations come in orbits where these can
 * be. */
struct cost_association analysis_cost_association(const struct analysis *analysis);

/* Refuses (EXIT_CODE_BAD_INPUT) a study that arete associate cannot do in this memory, or at all. */
int analysis_check_association(const struct analysis *analysis, const struct analysis_spread *spread,
                               struct error *err);

#endif
