/* A study file: what a user asks for. It is read from YAML and checked, and every default is filled in.
 *
 * Keys, units, defaults and ranges: docs/study-file.md. The structs follow the sections of the file; a
 * comment here says only what that page does not. */
#ifndef ARETE_CONFIG_STUDY_H
#define ARETE_CONFIG_STUDY_H

#include "base/error.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum study_scale { STUDY_SCALE_ALLELE_FREQUENCY, STUDY_SCALE_SAMPLE, STUDY_SCALE_NONE };
enum study_missing { STUDY_MISSING_ERROR, STUDY_MISSING_DROP_SUBJECT, STUDY_MISSING_MEAN };
enum study_score { STUDY_SCORE_MEAN_R2, STUDY_SCORE_POOLED_R2 };
enum study_baseline { STUDY_BASELINE_COVARIATES, STUDY_BASELINE_TEST_MEAN };
/* Whether predictions are kept and written; auto: where they are few (study/choices.h). */
enum study_predictions { STUDY_PREDICTIONS_AUTO, STUDY_PREDICTIONS_YES, STUDY_PREDICTIONS_NO };
enum study_placement { STUDY_PLACEMENT_AUTO, STUDY_PLACEMENT_REPLICATE, STUDY_PLACEMENT_BY_FOLD };

enum study_method { STUDY_METHOD_AUTO, STUDY_METHOD_ORBITS, STUDY_METHOD_INDEPENDENT };

enum study_precision { STUDY_PRECISION_AUTO, STUDY_PRECISION_SINGLE, STUDY_PRECISION_DOUBLE };

struct study_genotypes {
    struct text_list plink; /* prefixes, patterns such as chr{1..22} already written out */
    bool all_chromosomes;   /* chromosomes: all; else only 1-22 */
    double min_allele_frequency, max_missing_per_snp, max_missing_per_subject;
    enum study_scale scale;
    enum study_precision precision;          /* of K's products */
    double max_relatedness;                  /* 0 = not asked for */
    char *keep, *remove, *extract, *exclude; /* paths, or NULL */
};

struct study_targets {
    char *table;              /* path, or NULL when images or fam_columns is given */
    char *id_column;          /* of the table, of images or of ids; NULL = the usual ones */
    struct text_list columns; /* ranges written out; empty = every column that is not an ID */
    struct text_list fam_names;
    int *fam_columns;                 /* 1-based column of the .fam for each of fam_names */
    char *images;                     /* a table of paths or a NIfTI file of many volumes, or NULL */
    char *ids;                        /* whose the volumes are; NULL for a table */
    char *mask, *atlas, *atlas_names; /* paths, or NULL; no atlas = voxels: true */
    bool resample;                    /* resample: nearest */
    double grid_tolerance_mm;
    enum study_missing missing;
    double max_missing_per_target;
    struct text_list missing_codes; /* on top of NA, NaN, n/a and the empty field */
    double *not_missing;            /* ascending; NULL = none */
    size_t n_not_missing;
};

struct study_covariates {
    char *table;     /* or NULL */
    char *id_column; /* or NULL */
    struct text_list columns, categorical;
    enum study_missing missing; /* not MEAN */
    double *not_missing;        /* ascending; NULL = none */
    size_t n_not_missing;
    int genetic_pcs;
};

struct study_model {
    int outer_folds;                  /* 0 when the folds are given */
    char *folds_table, *folds_column; /* given folds, or NULL */
    char *folds_id_column;            /* or NULL */
    int inner_folds;
    double *penalties;      /* ascending lambda, or NULL when heritabilities are given */
    double *heritabilities; /* descending h, so that lambda = d (1 - h) / h ascends; or NULL */
    size_t n_penalties;     /* of whichever is given */
    enum study_score score;
    enum study_baseline baseline;
    double penalty_tolerance; /* of the penalty nodes */
    bool exact_penalties;     /* penalty_nodes: exact */
    char *keep_together;      /* a column, or NULL */
    double relatedness;       /* keep_together: {relatedness: x}; 0 = not asked for */
};

struct study_permutations {
    int64_t count;
    char *within; /* a column, or NULL */
    enum study_method method;
};

/* Only arete associate uses it. */
struct study_associate {
    double report_p;             /* pairs with at most this p are listed ... */
    int64_t most_hits;           /* ... of more than so many the smallest */
    bool permute;                /* p_snps and p_fwer too */
    struct text_list full, snps; /* targets with all SNPs, and SNPs with all targets, in files of their own */
};

struct study_run {
    int workers;                /* 0 = auto */
    int64_t memory_bytes;       /* 0 = auto */
    int64_t block_permutations; /* 0 = auto; else rounded up to whole units */
    int passes;                 /* over the outer folds; 0 = auto */
    double stop_after_s;        /* stop by itself after so many seconds; 0 = never */
    enum study_predictions predictions;
    bool trace; /* write every task to trace.tsv */
    enum study_placement placement;
    bool shared_memory; /* the ranks of a machine share one copy of targets and operators */
};

/* The network between machines; only arete plan uses it. */
struct study_network {
    double bandwidth_gbit_s, latency_us;
};

struct study {
    char *path; /* of the study file, for messages */
    char *yaml; /* the file with every --set applied, as YAML text */
    struct study_genotypes genotypes;
    struct study_targets targets;
    struct study_covariates covariates;
    struct study_model model;
    struct study_permutations permutations;
    uint64_t seed;
    char *output; /* folder */
    struct study_associate associate;
    struct study_run run;
    struct study_network network;
};

/* Reads and checks a study file. sets: the "key.path=value" of each --set, in order; the value is YAML.
 *
 * Bad input is EXIT_CODE_BAD_INPUT with a line for each problem: "study.yaml:14:3: model.outer_folds: 1
 * found; expected
 * ...", or "--set model.outer_folds=1: ..." if it comes from --set. All unknown keys and bad values are
 * listed at once. Input files are not opened; their paths are kept as they are, relative to the working
 * folder. On error the study is empty, and study_free does nothing. */
int study_load(struct study *study, const char *path, const struct text_list *sets, struct error *err);
void study_free(struct study *study);

/* The words of the study file for a choice, as in `scale: allele-frequency`. */
const char *study_scale_name(enum study_scale scale);
const char *study_missing_name(enum study_missing missing);
const char *study_score_name(enum study_score score);
const char *study_baseline_name(enum study_baseline baseline);
const char *study_placement_name(enum study_placement placement);
const char *study_method_name(enum study_method method);

#endif
