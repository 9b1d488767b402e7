/* Scores of an orbit from the values of its forms, one outer fold after another.
 *
 * Columns are shifts, with one target or several side by side (lanes): column = shift x lanes + lane, rows of
 * n_shifts x lanes floats. Each fold takes the penalty of its smallest criterion, a tie going to the larger
 * one, from every penalty or from combinations of the nodes (model/ridge/score_nodes.h), and adds to running
 * sums. These are rounded to float32 after every fold, in the order of folds, so that scores do not depend on
 * where passes over consecutive folds begin and end; two sets of sums can take turns. */
#ifndef ARETE_MODEL_ORBITS_ORBIT_SCORE_H
#define ARETE_MODEL_ORBITS_ORBIT_SCORE_H

#include "model/ridge/penalty_nodes.h"
#include "model/ridge/score.h"
#include "model/ridge/score_nodes.h"

#include <stddef.h>

/* A baseline error this small, relative to the scale of the fold's forms, is zero, and the fold has no r2
 * there but counts as in score.h: the arithmetic of an orbit is off by 1e-7 of that scale (1e-6 at most), so
 * nothing smaller can be told from an exact zero. One subject that differs among n otherwise equal ones
 * leaves a fold without it 1/(n sqrt(F)).
 *
 * The scale is the root mean square over the orbit's shifts, and at least orbit_scale.h's number: where
 * blocks leave a test set no variance under any shift, the root mean square is rounding itself. */
#define ORBIT_SCORE_ZERO 5e-6

struct orbit_score {
    enum score_kind kind;
    const struct penalty_nodes *nodes; /* not owned */
    size_t n_shifts, lanes;
};

/* n_shifts x lanes each, the caller's. mean-r2: gain is the sum of r2 over folds; baseline is not used and
 * may be NULL. pooled-r2: the sums of baseline - error, and of baseline. */
struct orbit_sums {
    float *gain, *baseline;
};

/* Root mean square over shifts of one form's row, for each lane: rms[lanes]. */
void orbit_score_rms(const struct orbit_score *score, const float *row, double *rms);
/* The scale of a form from that and from the fold's least (orbit_scale.h), lanes each; may be one array. */
void orbit_score_scale(const struct orbit_score *score, const double *rms, const double *least,
                       double *scale);

void orbit_score_begin(const struct orbit_score *score, const struct orbit_sums *sums);

/* Adds one outer fold: to = from + the fold; both may be the same. rows: of n_shifts x lanes columns.
 * baseline_scale: lanes. workspace: n_shifts x lanes doubles. */
void orbit_score_add(const struct orbit_score *score, size_t outer_fold, const struct score_nodes_rows *rows,
                     const double *baseline_scale, double *workspace, const struct orbit_sums *from,
                     const struct orbit_sums *to);

/* scores: n_shifts x lanes. */
void orbit_score_finish(const struct orbit_score *score, const struct orbit_sums *sums, float *scores);

#endif
