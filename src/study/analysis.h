/* One study on its way from files to scores: what each step leaves for the next. The steps are called by
 * run.c, in the order below. */
#ifndef ARETE_STUDY_ANALYSIS_H
#define ARETE_STUDY_ANALYSIS_H

#include "base/error.h"
#include "base/log.h"
#include "config/study.h"
#include "input/cohort/cohort.h"
#include "model/kinship/genotype.h"
#include "model/orbits/orbit_scheme.h"
#include "model/ridge/covariates.h"
#include "model/ridge/folds.h"
#include "model/ridge/shared_direction.h"
#include "model/stats/permutation.h"
#include "study/power.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A pair of subjects with r_ij over this is related (first cousins have .125; relatives.h). */
#define ANALYSIS_RELATED 0.1

/* Of freedom, that a regression on one SNP must have. */
enum { ANALYSIS_LEAST_DEGREES = 2 };

struct analysis {
    struct study study;
    struct log *log;
    struct cohort cohort;
    double *gram;           /* n x n; NULL until it has been summed */
    double *heterozygosity; /* n: H (model/kinship/relatives.h), with gram; NULL where a campaign of older
                               programs has none */
    double *components; /* n x covariates.genetic_pcs, row-major, in the order of the folds; NULL until they
                           are computed (run/genetic_components.h) */
    struct genotype_counts snps;
    bool gram_is_single; /* K's products are in single precision */

    struct {
        bool are_dropped;         /* genotypes.max_relatedness has been applied */
        struct text_list pairs;   /* "FID\tIID\tFID\tIID\tr" of those that were looked for */
        struct text_list dropped; /* "FID\tIID"; may be empty where a campaign is gone on with */
        size_t n_dropped;         /* how many were left out, then as well */
    } relatives;

    int32_t *group; /* subjects who must share a fold, or NULL */
    bool folds_are_drawn, design_is_built;
    bool has_no_scores; /* SNPs are tested one by one: folds only give the order of the people */
    struct folds folds;
    struct covariates covariates;
    struct text_list covariate_names;         /* of the columns kept */
    struct shared_direction shared_direction; /* ratio 0: not looked for yet */

    double mean_eigenvalue; /* d */
    double *penalties;      /* ascending lambda */
    size_t n_penalties;

    size_t n_targets;      /* T, the analysed ones */
    size_t *target_column; /* T: which of the cohort's targets */
    char **target_notes;   /* the cohort's n_targets: "" or what a user must know */
    int32_t *target_n;     /* the cohort's n_targets: subjects with a value */
    int32_t *target_cases; /* the cohort's n_targets: of two values, subjects with the rarer one; else 0 */
    double *targets;       /* n x T: residuals of unit variance */
    double *target_scale;  /* T: their standard deviation (divisor n) in the target's own unit */
    size_t *target_rank; /* T: rank of the covariates among the subjects with a value; c where all have one */

    struct orbit_choice orbit_choice; /* how long orbits are; from the sizes of exchangeability blocks */
    struct permutation_scheme scheme;
    struct text_list notes; /* short warnings that concern every p-value of the study */
    struct power power;
};

/* Reads and checks the study file. Leaves study and log. */
int analysis_load_study(struct analysis *analysis, const char *study_path, const struct text_list *sets,
                        struct log *log, struct error *err);
/* Reads everything that the study names: headers only (arete plan), or with the pass over the calls, or with
 * what such a pass is known to have found (or NULL). Needs study; leaves cohort and orbit_choice. */
int analysis_load_cohort(struct analysis *analysis, bool headers_only, const struct cohort_known *known,
                         struct error *err);
void analysis_free(struct analysis *analysis);

/* Draws or takes the folds and sorts the subjects (and K) by them. Does nothing when that is done already, or
 * when it needs K (keep_together: {relatedness: ...}, genotypes.max_relatedness) and K is not there yet.
 * Needs cohort; leaves group and folds, and cohort and gram in the order of the folds. */
int analysis_draw_folds(struct analysis *analysis, struct error *err);

/* Builds the covariates' design. Does nothing when it is built, when it needs genetic components and they are
 * not there, or before the folds. Needs cohort, folds; leaves covariates and their names. */
int analysis_build_design(struct analysis *analysis, struct error *err);
/* What the design calls component k: "genetic_pc1" is number 0. Writes into name and returns it. */
enum { DESIGN_COMPONENT_BYTES = 32 };
const char *analysis_component_name(size_t k, char name[DESIGN_COMPONENT_BYTES]);
/* Whether genetic components are all that the design waits for. Needs gram. */
bool analysis_needs_components(const struct analysis *analysis);

/* Whether penalty nodes are chosen: not of a short grid, nor where every penalty is to be computed. */
bool analysis_chooses_nodes(const struct study_model *model);

/* Residualises the targets. Needs cohort with its targets, covariates; leaves targets and target_*. */
int analysis_prepare_targets(struct analysis *analysis, struct error *err);

/* Needs gram, snps.n_kept, covariates; leaves penalties and mean_eigenvalue. */
int analysis_set_penalties(struct analysis *analysis, struct error *err);

/* Exchangeability blocks. Needs cohort in its final order; leaves scheme, and orbit_choice of those who are
 * left. */
int analysis_set_permutations(struct analysis *analysis, struct error *err);

/* Warnings about relatives, strata and ancestry; the power line. Needs all of the above; leaves notes. */
int analysis_warn(struct analysis *analysis, struct error *err);
/* The same where SNPs are tested one by one: what makes Student's p wrong. */
int analysis_warn_association(struct analysis *analysis, struct error *err);
/* The part of both that concerns single targets, whose notes it adds to: missing values that go with
 * genotypes or test sets, test sets in which a target hardly varies, few cases. */
int analysis_warn_of_level(struct analysis *analysis, struct error *err);

#endif
