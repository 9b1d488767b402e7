#include "model/orbits/orbit_score.h"

#include <math.h>
#include <string.h>

void orbit_score_rms(const struct orbit_score *score, const float *row, double *rms)
{
    for (size_t lane = 0; lane < score->lanes; lane++)
        rms[lane] = 0;
    for (size_t s = 0; s < score->n_shifts; s++)
        for (size_t lane = 0; lane < score->lanes; lane++) {
            double value = (double)row[s * score->lanes + lane];
            rms[lane] += value * value;
        }
    for (size_t lane = 0; lane < score->lanes; lane++)
        rms[lane] = sqrt(rms[lane] / (double)score->n_shifts);
}

void orbit_score_scale(const struct orbit_score *score, const double *rms, const double *least, double *scale)
{
    for (size_t lane = 0; lane < score->lanes; lane++)
        scale[lane] = fmax(rms[lane], least[lane]);
}

void orbit_score_begin(const struct orbit_score *score, const struct orbit_sums *sums)
{
    size_t columns = score->n_shifts * score->lanes;
    memset(sums->gain, 0, columns * sizeof *sums->gain);
    if (score->kind == SCORE_POOLED_R2)
        memset(sums->baseline, 0, columns * sizeof *sums->baseline);
}

/* The fold's baseline error of one column: none where it is zero (score.h). NaN goes on as NaN. */
static double counted(double baseline, double zero)
{
    return baseline <= zero ? 0 : baseline;
}

/* What the fold of one column adds to the gain. */
static double gain_of(enum score_kind kind, double error, double baseline)
{
    if (kind == SCORE_POOLED_R2)
        return baseline - error;
    return baseline == 0 ? 0 : 1 - error / baseline;
}

void orbit_score_add(const struct orbit_score *score, size_t outer_fold, const struct score_nodes_rows *rows,
                     const double *baseline_scale, double *workspace, const struct orbit_sums *from,
                     const struct orbit_sums *to)
{
    size_t columns = score->n_shifts * score->lanes;
    double *error = workspace;
    score_nodes_fold(score->nodes, outer_fold, rows, columns, error, NULL);
    for (size_t first = 0; first < columns; first += score->lanes)
        for (size_t lane = 0; lane < score->lanes; lane++) {
            size_t j = first + lane;
            double baseline = counted((double)rows->baseline[j], ORBIT_SCORE_ZERO * baseline_scale[lane]);
            to->gain[j] = (float)((double)from->gain[j] + gain_of(score->kind, error[j], baseline));
            if (score->kind == SCORE_POOLED_R2)
                to->baseline[j] = from->baseline[j] + (float)baseline;
        }
}

void orbit_score_finish(const struct orbit_score *score, const struct orbit_sums *sums, float *scores)
{
    double n_outer = (double)score->nodes->n_outer;
    for (size_t j = 0; j < score->n_shifts * score->lanes; j++) {
        double gain = (double)sums->gain[j], divisor = n_outer;
        if (score->kind == SCORE_POOLED_R2)
            divisor = (double)sums->baseline[j];
        scores[j] = divisor == 0 ? 0 : (float)(gain / divisor); /* no fold has an r2 */
    }
}
