#include "model/ridge/score_nodes.h"

#include <math.h>

/* Columns that are combined together, so that the sums over nodes stay in registers. */
enum { STRIP = 32 };

/* Wider vectors give the same bits: every column is its own sum, and nothing is contracted. */
#if defined __x86_64__ && defined __gnu_linux__
#define WIDEST_VECTORS __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define WIDEST_VECTORS
#endif

/* A strip of columns. */
struct strip {
    enum score_kind kind;
    const float *const *sums;
    const struct penalty_nodes *nodes;
    size_t columns, first, width; /* of a row of sums; of the strip */
};

/* best: for each column the penalty of the smallest criterion; a tie goes to the larger penalty. It is
 * counted in double, as wide as what decides it. */
WIDEST_VECTORS static void choose(const struct strip *strip, size_t outer_fold, double *best)
{
    const struct penalty_nodes *nodes = strip->nodes;
    double value[PENALTY_NODES_MOST][STRIP], smallest[STRIP];
    for (size_t i = 0; i < nodes->n_nodes; i++) {
        const float *row = strip->sums[i] + outer_fold * strip->columns + strip->first;
        for (size_t j = 0; j < STRIP; j++)
            value[i][j] = j < strip->width ? (double)row[j] : 0;
    }
    for (size_t j = 0; j < STRIP; j++) {
        smallest[j] = INFINITY;
        best[j] = 0;
    }
    for (size_t k = 0; k < nodes->n_penalties; k++) {
        const double *weights = penalty_nodes_weights(nodes, PENALTY_CRITERION, outer_fold, k);
        double criterion[STRIP] = {0}, penalty = (double)k;
        for (size_t i = 0; i < nodes->n_nodes; i++)
            for (size_t j = 0; j < STRIP; j++)
                criterion[j] += weights[i] * value[i][j];
        for (size_t j = 0; j < STRIP; j++) {
            best[j] = criterion[j] <= smallest[j] ? penalty : best[j];
            smallest[j] = criterion[j] <= smallest[j] ? criterion[j] : smallest[j];
        }
    }
}

static double chosen_error(const struct strip *strip, size_t outer_fold, size_t penalty, size_t column,
                           double baseline)
{
    const struct penalty_nodes *nodes = strip->nodes;
    const double *weights = penalty_nodes_weights(nodes, PENALTY_ERROR, outer_fold, penalty);
    size_t cell = (nodes->n_outer + outer_fold) * strip->columns + column;
    double error = 0;
    for (size_t i = 0; i < nodes->n_nodes; i++)
        error += weights[i] * (double)strip->sums[i][cell];
    return error + weights[nodes->n_nodes] * baseline;
}

static void score_strip(const struct strip *strip, const float *baseline, const size_t *n_test, float *score)
{
    size_t n_outer = strip->nodes->n_outer;
    double best[STRIP], error[STRIP][SCORE_MAX_FOLDS], base[STRIP][SCORE_MAX_FOLDS];
    for (size_t o = 0; o < n_outer; o++) {
        choose(strip, o, best);
        for (size_t j = 0; j < strip->width; j++) {
            size_t column = strip->first + j;
            base[j][o] = (double)baseline[o * strip->columns + column];
            error[j][o] = chosen_error(strip, o, (size_t)best[j], column, base[j][o]);
        }
    }
    for (size_t j = 0; j < strip->width; j++)
        score[strip->first + j] = (float)score_statistic(strip->kind, error[j], base[j], n_test, n_outer);
}

void score_nodes_columns(enum score_kind kind, const float *const *sums, const struct penalty_nodes *nodes,
                         const float *baseline, const size_t *n_test, size_t columns, float *score)
{
    if (nodes->weights == NULL) {
        score_columns(kind, sums, nodes->n_penalties, baseline, n_test, nodes->n_outer, columns, score);
        return;
    }
    for (size_t first = 0; first < columns; first += STRIP) {
        size_t width = columns - first < STRIP ? columns - first : STRIP;
        struct strip strip = {kind, sums, nodes, columns, first, width};
        score_strip(&strip, baseline, n_test, score);
    }
}
