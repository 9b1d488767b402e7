#include "model/ridge/predictions.h"

#include "base/memory.h"
#include "model/ridge/targets.h"

#include <math.h>
#include <stdlib.h>

/* One outer fold. e: the baseline's residuals of its test set, n_o x T. */
static void fill_fold(const struct observed *observed, const struct folds *folds, size_t o, const double *e,
                      const struct predictions *predictions)
{
    const struct fold_rows *rows = &folds->rows[o];
    size_t n_targets = observed->n_targets, plane = folds->n * n_targets;
    for (size_t t = 0; t < n_targets; t++) {
        size_t best = score_choose(observed->criterion + o * n_targets + t, observed->n_penalties,
                                   observed->n_outer * n_targets);
        const double *residual = observed->residual + best * plane + t;
        for (size_t i = 0; i < rows->n_test; i++) {
            size_t row = rows->first_test + i, cell = row * n_targets + t;
            double beyond = e[i * n_targets + t];
            bool is_filled = observed->has_filled && targets_is_filled(observed->targets[cell]);
            predictions->beyond[cell] = is_filled ? NAN : (float)beyond;
            predictions->predicted[cell] = (float)(beyond - residual[row * n_targets]);
        }
    }
}

int predictions_fill(const struct observed *observed, const struct folds *folds,
                     const struct baseline *scored_against, const struct predictions *predictions,
                     struct error *err)
{
    static const char what[] = "the predictions";
    size_t t = observed->n_targets, c = scored_against->c;
    double *projection = memory_aligned(c * t, sizeof *projection, what, err);
    double *workspace = memory_aligned((c + 1) * t, sizeof *workspace, what, err);
    double *e = memory_aligned(folds_largest_test(folds) * t, sizeof *e, what, err);
    if (err->code == 0) {
        const struct baseline_columns columns = {observed->targets, projection, t, t};
        baseline_project(scored_against, observed->targets, t, projection);
        for (size_t o = 0; o < folds->n_outer; o++) {
            baseline_fold_residuals(scored_against, &folds->rows[o], o, &columns, workspace, e);
            fill_fold(observed, folds, o, e, predictions);
        }
    }
    free(projection);
    free(workspace);
    free(e);
    return err->code;
}
