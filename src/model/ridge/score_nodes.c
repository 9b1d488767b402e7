#include "model/ridge/score_nodes.h"

#include "base/every_width.h"

#include <math.h>
#include <string.h>

/* So many columns are combined together, so that the sums over nodes stay in registers. */
enum { STRIP = 32 };
/* Every penalty of the longest grid may be a node. */
enum { MOST_NODES = 1024 };

/* A strip of columns: the rows begin at its first one. */
struct strip {
    const struct penalty_nodes *nodes;
    size_t outer_fold, first, width; /* first: in the rows */
    const struct score_nodes_rows *rows;
};

/* chosen: for each column the index of the penalty with the smallest criterion; a tie goes to the larger
 * penalty. Indexes are doubles, so that they are as wide as the criteria and the loop becomes vectors. */
EVERY_WIDTH static void choose(const struct strip *strip, double *restrict chosen)
{
    const struct penalty_nodes *nodes = strip->nodes;
    double value[PENALTY_NODES_MOST][STRIP], smallest[STRIP];
    for (size_t i = 0; i < nodes->n_nodes; i++) {
        const float *row = strip->rows->criterion[i] + strip->first;
        for (size_t j = 0; j < STRIP; j++)
            value[i][j] = j < strip->width ? (double)row[j] : 0;
    }
    for (size_t j = 0; j < STRIP; j++) {
        smallest[j] = INFINITY;
        chosen[j] = 0;
    }
    for (size_t k = 0; k < nodes->n_penalties; k++) {
        const double *weights = penalty_nodes_weights(nodes, PENALTY_CRITERION, strip->outer_fold, k);
        double criterion[STRIP] = {0}, penalty = (double)k;
        for (size_t i = 0; i < nodes->n_nodes; i++)
            for (size_t j = 0; j < STRIP; j++)
                criterion[j] += weights[i] * value[i][j];
        for (size_t j = 0; j < STRIP; j++) {
            chosen[j] = criterion[j] <= smallest[j] ? penalty : chosen[j];
            smallest[j] = criterion[j] <= smallest[j] ? criterion[j] : smallest[j];
        }
    }
}

/* The same where every penalty is a node. */
EVERY_WIDTH static void choose_exactly(const struct strip *strip, double *restrict chosen)
{
    float smallest[STRIP];
    for (size_t j = 0; j < strip->width; j++) {
        smallest[j] = INFINITY;
        chosen[j] = 0;
    }
    for (size_t k = 0; k < strip->nodes->n_penalties; k++) {
        const float *row = strip->rows->criterion[k] + strip->first;
        double penalty = (double)k;
        for (size_t j = 0; j < strip->width; j++) {
            chosen[j] = row[j] <= smallest[j] ? penalty : chosen[j];
            smallest[j] = row[j] <= smallest[j] ? row[j] : smallest[j];
        }
    }
}

static double chosen_error(const struct strip *strip, size_t penalty, size_t column)
{
    const struct penalty_nodes *nodes = strip->nodes;
    if (nodes->weights == NULL)
        return (double)strip->rows->error[penalty][column];
    const double *weights = penalty_nodes_weights(nodes, PENALTY_ERROR, strip->outer_fold, penalty);
    double error = 0;
    for (size_t i = 0; i < nodes->n_nodes; i++)
        error += weights[i] * (double)strip->rows->error[i][column];
    return error + weights[nodes->n_nodes] * (double)strip->rows->baseline[column];
}

void score_nodes_fold(const struct penalty_nodes *nodes, size_t outer_fold,
                      const struct score_nodes_rows *rows, size_t columns, double *error, double *chosen)
{
    for (size_t first = 0; first < columns; first += STRIP) {
        size_t width = columns - first < STRIP ? columns - first : STRIP;
        struct strip strip = {nodes, outer_fold, first, width, rows};
        double best[STRIP];
        if (nodes->weights == NULL)
            choose_exactly(&strip, best);
        else
            choose(&strip, best);
        for (size_t j = 0; j < width; j++) {
            error[first + j] = chosen_error(&strip, (size_t)best[j], first + j);
            if (chosen != NULL)
                chosen[first + j] = best[j];
        }
    }
}

/* Sums of columns first ... first+width-1 after the tile's folds. */
static void add_folds(const struct score_tile *tile, size_t first, size_t width, double *sums)
{
    double error[STRIP];
    const float *criterion_rows[MOST_NODES], *error_rows[MOST_NODES];
    size_t columns = tile->columns, n_folds = tile->folds.count, of_column = score_sum_doubles(tile->kind);
    for (size_t k = 0; k < n_folds; k++) {
        size_t outer_fold = tile->folds.first + k;
        for (size_t i = 0; i < tile->nodes->n_nodes; i++) {
            criterion_rows[i] = tile->sums[i] + k * columns + first;
            error_rows[i] = tile->sums[i] + (n_folds + k) * columns + first;
        }
        struct score_nodes_rows rows = {criterion_rows, error_rows, tile->baseline + k * columns + first};
        score_nodes_fold(tile->nodes, outer_fold, &rows, width, error, NULL);
        for (size_t j = 0; j < width; j++)
            score_add_fold(tile->kind, error[j], (double)rows.baseline[j], tile->n_test[outer_fold],
                           sums + j * of_column);
    }
}

void score_nodes_columns(const struct score_tile *tile, const double *from, double *to, float *score)
{
    size_t of_column = score_sum_doubles(tile->kind);
    for (size_t first = 0; first < tile->columns; first += STRIP) {
        size_t width = tile->columns - first < STRIP ? tile->columns - first : STRIP;
        double sums[STRIP * SCORE_MOST_SUMS] = {0};
        if (from != NULL)
            memcpy(sums, from + first * of_column, width * of_column * sizeof *sums);
        add_folds(tile, first, width, sums);
        if (to != NULL)
            memcpy(to + first * of_column, sums, width * of_column * sizeof *sums);
        for (size_t j = 0; score != NULL && j < width; j++)
            score[first + j] = (float)score_of_sums(tile->kind, sums + j * of_column, tile->nodes->n_outer);
    }
}
