/* The campaign file: one study with its results so far, in HDF5 (layout: docs/campaign-file.md).
 *
 * Crash safety. HDF5 does not survive a crash while it writes metadata, so it never writes any while
 * permutations run: the file is made under a temporary name with every dataset allocated, fsync'ed and
 * renamed; from then on units are written with pwrite at the datasets' file offsets: rows, fdatasync, their
 * CRC, fdatasync. A CRC that does not match its rows means not done.
 *
 * Whoever makes, extends or writes to a campaign holds its lock (campaign_lock.h), from before the campaign
 * is read until the last unit is saved: else what is written belongs to another campaign than the one that
 * was read. Nothing here takes it.
 *
 * Several ranks: part_files.h. */
#ifndef ARETE_CHECKPOINT_CAMPAIGN_H
#define ARETE_CHECKPOINT_CAMPAIGN_H

#include "base/error.h"
#include "checkpoint/lock_file.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A campaign of permutations in orbits is of format 3; one of permutations drawn one by one still is of
 * format 2, to the byte. What came to a format later, and is optional in it, does not change its number: a
 * reader finds all that it knows. */
enum { CAMPAIGN_FORMAT_VERSION = 3, CAMPAIGN_FORMAT_OLDEST = 2 };

struct campaign_fingerprint { /* one thing that changes numbers */
    char *name;
    uint64_t hash; /* XXH3-64 */
};

struct campaign_file {
    char *path;
    int64_t size_bytes, modified_ns;
    uint64_t hash;
};

struct campaign_filter { /* one reason for which people or SNPs are left out, in the order of the filters */
    char *why;
    int64_t dropped, left;
};

struct campaign_place { /* something with a name in a plot */
    char *name;
    double across, up; /* 0 to 1; in the plot's own unit */
};

/* Pixels of the Manhattan plot. */
enum { CAMPAIGN_MANHATTAN_ROWS = 292, CAMPAIGN_MANHATTAN_COLUMNS = 932 };

/* The most penalty nodes that stand with weights: scores have room for so many. */
enum { CAMPAIGN_MOST_NODES = 256 };

/* All that is final before the first permutation. Matrices are row-major without padding. campaign_create
 * only reads it; campaign_read fills it with memory of its own, released by campaign_free. What each field is
 * called in the file and who else needs it says its schema (campaign_schema.c). */
struct campaign {
    char *arete_version, *blas_core;
    char *model; /* NULL: ridge prediction; CAMPAIGN_UNIVARIATE: scores are maxima over SNPs of r^2, and there
                    are no penalties, nodes and errors of folds */
    char *yaml;
    struct campaign_fingerprint *fingerprints;
    size_t n_fingerprints;
    struct campaign_file *files;
    size_t n_files;
    char *
        *warning; /* of the study, in the order they were given; NULL in a file from before they were kept */
    size_t n_warnings;

    size_t n;                 /* subjects, in the order used: sorted by outer fold */
    char **fid, **iid;        /* n */
    int32_t *exchangeability; /* n: exchangeability block of each subject */
    uint64_t seed;

    size_t n_targets_all;              /* in table order */
    char **target_name, **target_note; /* n_targets_all; a note is "" or text */
    uint8_t *target_analysed;          /* n_targets_all: 1 = one of the n_targets columns below */
    int32_t *target_n;                 /* n_targets_all: subjects with a value */
    int32_t *target_n_missing;         /* n_targets_all: values missing before any handling; NULL in campaigns
                                          of older programs */
    size_t n_placed;                   /* n_targets_all where targets lie in a brain, else 0 */
    double *target_mm;                 /* n_placed x 3: x, y, z of each target's centre; NaN = it has none */
    size_t n_mapped;     /* voxels that belong to a target; 0 without images, and in campaigns of
                            older programs */
    int64_t *map_voxel;  /* n_mapped, ascending: number in the grid (images/image_grid.h) */
    int32_t *map_target; /* n_mapped: which of n_targets_all */
    int64_t *map_size;   /* 3: the grid */
    double *map_affine;  /* 3 x 4 */
    int64_t map_space;   /* NIfTI code */
    size_t n_mean;       /* of every mean_stride-th voxel along each axis; or 0 */
    int64_t mean_stride;
    uint8_t *mean_greys; /* n_mean: mean of the images, for pictures; 0: there is none */
    size_t n_targets;    /* T, the analysed ones */
    double *residual;    /* n x T: targets after the covariates, unit variance */

    size_t n_covariates; /* c, the intercept first */
    char **covariate_name;
    double *covariates;      /* n x c */
    double *covariate_basis; /* n x c, orthonormal: broadcast, not in the file */

    size_t n_outer;
    int32_t n_inner;
    int32_t *outer_fold; /* n */
    int32_t *inner_fold; /* n_outer x n; -1 in the outer test set */

    size_t n_penalties;
    double *penalty; /* ascending lambda */
    size_t n_nodes;
    int32_t *node;          /* n_nodes: indexes of the penalties that permutations compute, ascending */
    size_t n_node_weights;  /* rows of node_weight: 2 x n_outer x n_penalties; 0 = every penalty is a node */
    double *node_weight;    /* n_node_weights x (n_nodes + 1): model/ridge/penalty_nodes.h */
    double *gram;           /* n x n */
    int64_t n_snps;         /* p: SNPs that K was summed over (attribute "snps" of /gram, i64) */
    int64_t gram_is_single; /* 1: K's products are in single precision (attribute "single" of /gram, i64); 0
                               in campaigns of older programs */
    double *heterozygosity; /* n: H (model/kinship/relatives.h); NULL in campaigns of older programs */
    size_t n_related_bins;
    int64_t *related_pairs; /* n_related_bins: pairs whose relatedness (relatives.h) is from related_low + b
                               related_step on; those beyond the ends in the first or last; NULL likewise */
    double related_low, related_step;
    size_t n_relatives_dropped;
    char **relatives_dropped; /* "FID\tIID" of those whom genotypes.max_relatedness left out; NULL likewise */

    double *r2;           /* T: observed, float64, of people with a value */
    double *r2_everybody; /* T: with the values that were filled in, as p has it; NULL in campaigns of older
                             programs, whose r2 is this one */
    double *r2_by_fold;   /* n_outer x T; NaN = NA */
    double *penalty_by_fold;   /* n_outer x T */
    double *r;                 /* T */
    size_t n_predicted;        /* n where predictions are kept, else 0 */
    float *beyond, *predicted; /* n_predicted x T (model/ridge/predictions.h); NULL in campaigns of older
                                  programs */
    float *score; /* T: permutation 0 of the float32 path; none with orbits, where it stands among
                     the others */

    /* Of a univariate model, for its report; NULL in campaigns of older programs, and of ridge: */
    char **best_variant, **best_chromosome, **best_allele; /* T: the SNP of smallest p: ID, where it lies, the
                                                              allele that beta is of */
    int64_t *best_position;                                /* T: base pairs; 0 or less: unknown */
    double *best_beta, *best_error, *best_log_p;           /* T; log_p: natural */
    int64_t *n_hits;                                       /* T: pairs with p up to report_p */
    double *lambda_gc;                                     /* T; NaN: not known */
    double report_p;
    int64_t n_tested;      /* SNPs */
    uint8_t *manhattan;    /* ROWS x COLUMNS, the uppermost row first: report/manhattan_plot.h */
    double manhattan_most; /* -log10 p at its upper end */
    size_t n_chromosomes;  /* that have a name below it ... */
    struct campaign_place *chromosome;
    size_t n_peaks; /* ... and SNPs that have theirs in it; up: -log10 p */
    struct campaign_place *peak;
    size_t n_quantiles;
    double *quantile;     /* n_quantiles x 2: -log10 p as expected and as observed, the largest first */
    double lambda_median; /* over targets */

    /* NULL in a file from before they were kept: */
    struct campaign_filter *subject_filter, *snp_filter; /* who and what was left out, and why */
    size_t n_subject_filters, n_snp_filters;
    double *power_heritability,
        *expected_r2; /* n_power: the r2 to expect at a heritability (study/power.h) */
    size_t n_power;
    double heritability_error; /* standard error of a heritability that the study could estimate */

    int64_t n_permutations;    /* N, as asked for */
    int64_t unit_permutations; /* G: of a unit; with orbits, orbits of a unit */

    /* Permutations in orbits (model/orbits/orbit_scheme.h, orbit_tiling.h); 0 and NULL where they are drawn
     * one by one. */
    char *method;                 /* "orbits" */
    size_t n_shifts;              /* S of an orbit */
    size_t slice_targets;         /* W of a unit */
    size_t identity;              /* the shift of orbit 0 at which the data stand as they are */
    size_t n_sequences, n_places; /* r, N */
    int32_t *place_subject;       /* r x N: who stands at a place; -1: it is empty */
    int32_t *place_source;        /* r x N: whose data stand there at shift 0; -1: nobody's */
    size_t n_fixed;
    int32_t *fixed;                    /* n_fixed: who stands still */
    size_t n_node_errors, n_baselines; /* n_outer x n_nodes, n_outer; or 0 */
    double *node_error;                /* n_node_errors x T: |e_o|^2 at each node, fold after fold */
    double *baseline_error;            /* n_baselines x T */

    /* Of a file of sums alone (fold_sums.h): over the outer folds before sums_through, by a pass that took up
     * those before sums_from; floats of a row (0 without orbits), doubles of a state. */
    size_t sums_from, sums_through, sum_floats, sum_doubles;
};

/* What a process that has the record tells others (schema_broadcast.h), in this order: what operators are
 * computed from; the penalty nodes and how permutations are made; what a part file says of its campaign. */
enum { CAMPAIGN_BROADCAST_STUDY = 1, CAMPAIGN_BROADCAST_NODES = 2, CAMPAIGN_BROADCAST_UNITS = 4 };

#define CAMPAIGN_UNIVARIATE "univariate"

/* Whether permutations come in orbits. */
bool campaign_has_orbits(const struct campaign *campaign);
/* Orbits that n_permutations take, the identity's counted: the fewest with as many shifts. */
int64_t campaign_orbits(const struct campaign *campaign, int64_t n_permutations);
/* Slices of targets that an orbit's units have; places of an orbit: slices x W. */
int64_t campaign_slices(const struct campaign *campaign);
int64_t campaign_places(const struct campaign *campaign);
/* The permutations that a study gets that asks for so many: as many, or all of their orbits. */
int64_t campaign_permutations(const struct campaign *campaign, int64_t n_permutations);
/* Units that n_permutations take: ceil(N / G), or ceil(orbits / G) x slices. */
int64_t campaign_units_of(const struct campaign *campaign, int64_t n_permutations);
/* Units in the file. */
int64_t campaign_unit_count(const struct campaign *campaign);
/* Permutations of a unit; with slices of targets its share of an orbit's. */
double campaign_unit_permutations(const struct campaign *campaign);
/* Of the permutations of a study that asks for n_permutations those in units with done[u]. */
int64_t campaign_permutations_done(const struct campaign *campaign, const bool *done, int64_t n_permutations);

/* Whether what stands under the name, if anything, is a campaign: nothing else is replaced by one. */
int campaign_check_name(const char *path, struct error *err);

/* Writes the file with no unit done, under a temporary name that a failure removes. An existing file is
 * replaced only at the last step, the rename; when only the folder could not be brought to the disk after it,
 * that is an error and the new file stands. The caller holds the lock. */
int campaign_create(const char *path, const struct campaign *campaign, struct error *err);

/* Who holds the campaign's lock, and the (last) holder's own words ("host ..., pid ..., since ...") in text
 * of at least CAMPAIGN_HOLDER_BYTES. Takes nothing. */
enum { CAMPAIGN_HOLDER_BYTES = 256 };
int campaign_lock_holder(const char *path, enum lock_state *state, char *text, struct error *err);

/* Reads and checks everything but the null scores: format, version (too old and too new say what to do),
 * shapes, CRC-32C. */
int campaign_read(struct campaign *campaign, const char *path, struct error *err);
/* Reads what stands in attributes and the fingerprints alone (released by campaign_free too): whose study
 * stands under `path` right now. */
int campaign_read_fingerprints(struct campaign *campaign, const char *path, struct error *err);
/* Whether two campaigns have the same fingerprints, names and hashes. */
bool campaign_is_same_study(const struct campaign *campaign, const struct campaign *other);
void campaign_free(struct campaign *campaign);

/* Units being saved and read back. */
struct campaign_units;

/* Opens the file for saving units. The caller holds the lock: so temporary files beside it are those of runs
 * that were killed, and go. */
int campaign_units_open(struct campaign_units **units, const char *path, struct error *err);

/* Makes room for more permutations: a new file with every unit that is done copied (CRCs that do not match
 * their rows are not), durable, renamed over the old one, and open in its place in *units. n_permutations
 * must not be smaller than what the file has. The file that *units has open must stand under its name, else
 * what stands there stays. After an error *units is as it was. */
int campaign_extend(struct campaign_units **units, int64_t n_permutations, struct error *err);

/* Units for reading only: no lock is taken, and a run may be saving meanwhile. Saving through it is an error.
 * Units that a run of several ranks has done in part files (part_files.h), as they stand at the opening,
 * count as done and are read like the campaign's own. Parts of another study are ignored. */
int campaign_units_open_read(struct campaign_units **units, const char *path, struct error *err);

/* Both of one and the same file: another run may replace what stands under the name at any moment, and rows
 * of one study must not be read by the numbers of another. To be released, whatever it returns. */
int campaign_open_read(struct campaign *campaign, struct campaign_units **units, const char *path,
                       struct error *err);

/* How many parts the opening for reading found; how many it ignored, and a line on why the first one was (""
 * for none; it lives as long as `units`). */
size_t campaign_units_parts(const struct campaign_units *units);
size_t campaign_units_parts_ignored(const struct campaign_units *units, const char **because);

/* When units, or the file itself, were last saved, here or in a part found: seconds of the epoch. */
int64_t campaign_units_last_save(const struct campaign_units *units);

/* How many units the file has room for (campaign_units_done and _states fill as many entries). */
int64_t campaign_units_count(const struct campaign_units *units);

/* A byte: a file in which most is a hole may have a thousand million of them. */
enum __attribute__((packed)) campaign_unit_state {
    CAMPAIGN_UNIT_MISSING,
    CAMPAIGN_UNIT_DONE,
    CAMPAIGN_UNIT_DAMAGED /* a CRC that does not match its rows */
};
/* state[u] of every unit in the file (campaign_unit_count of the file's own count). */
int campaign_units_states(const struct campaign_units *units, enum campaign_unit_state *state,
                          struct error *err);
/* done[u] = whether unit u is CAMPAIGN_UNIT_DONE. */
int campaign_units_done(const struct campaign_units *units, bool *done, struct error *err);
/* Saves `count` consecutive units: rows is (count x G) x T float32, row-major; with orbits (count x G x W) x
 * S, and tolerance that of the places of orbit 0 which these units have, the first one's first. (Without
 * orbits it is NULL.) Of sums (fold_sums.h) rows and states likewise; without orbits rows is NULL, and there
 * are states of all units, (count x G) x sum_doubles. Durable when it returns 0. One caller at a time. */
int campaign_units_save(struct campaign_units *units, int64_t first_unit, int64_t count, const float *rows,
                        const double *tolerance, struct error *err);
/* Whether the file that is open still stands under its name, as long as it was. Saving asks for it first:
 * what is written into a file that is gone is lost, and behind the end of one that was cut it would leave a
 * hole. */
int campaign_units_check_there(const struct campaign_units *units, struct error *err);
/* Reads rows first_row ... first_row + count - 1: permutations from first_row + 1 on, of T floats each; with
 * orbits places, of S floats. Every unit that they stand in is held against its CRC; one that is not done or
 * damaged is an error with its number. One caller at a time. */
int campaign_units_read(const struct campaign_units *units, int64_t first_row, int64_t count, float *rows,
                        struct error *err);
/* The other way about: what was saved of `count` consecutive units, into arrays as campaign_units_save takes
 * them, each held against its CRC as above. */
int campaign_units_load(const struct campaign_units *units, int64_t first_unit, int64_t count, float *rows,
                        double *tolerance, struct error *err);
/* With orbits: the tolerance of every place of orbit 0, 0 in units that are not done. A damaged one is an
 * error. */
int campaign_units_read_tolerance(const struct campaign_units *units, double *tolerance, struct error *err);
void campaign_units_close(struct campaign_units *units);

/* What the holder of the lock noted last: *n_done, and *since in seconds of the epoch, by the same clock as
 * campaign_units_last_save: that of the file system, which may not be this machine's. False when there is no
 * such note. */
bool campaign_lock_begun(const char *path, int64_t *n_done, int64_t *since);

#endif
