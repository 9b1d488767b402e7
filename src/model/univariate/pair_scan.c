#include "model/univariate/pair_scan.h"

#include "base/every_width.h"
#include "model/univariate/student.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

double pair_scan_exact(const struct snp_tile *tile, size_t row, const struct pair_targets *targets,
                       size_t target)
{
    size_t n = targets->n;
    double r = cblas_ddot((int)n, tile->exact + row * n, 1, targets->exact + target * n, 1);
    return r > 1 ? 1 : r < -1 ? -1 : r;
}

static void multiply(const struct snp_tile *tile, const struct pair_targets *targets,
                     const struct pair_strip *strip)
{
    int n = (int)targets->n, rows = (int)tile->n_rows, columns = (int)strip->count;
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, rows, columns, n, 1, tile->rounded, n,
                targets->rounded + strip->first * targets->n, n, 0, strip->products, PAIR_STRIP);
}

/* Of one SNP and all targets of the strip: largest[t] goes on, and the peak is returned. A lane each, which
 * the compiler turns into vectors. */
static float take_row(const float *row, size_t count, float *largest)
{
    enum { LANES = 16 };
    float lanes[LANES] = {0}, peak = 0;
    size_t whole = count - count % LANES;
    for (size_t first = 0; first < whole; first += LANES)
        for (size_t lane = 0; lane < LANES; lane++) {
            size_t t = first + lane;
            float size = fabsf(row[t]);
            largest[t] = size > largest[t] ? size : largest[t];
            lanes[lane] = size > lanes[lane] ? size : lanes[lane];
        }
    for (size_t t = whole; t < count; t++) {
        float size = fabsf(row[t]);
        largest[t] = size > largest[t] ? size : largest[t];
        peak = size > peak ? size : peak;
    }
    for (size_t lane = 0; lane < LANES; lane++)
        peak = lanes[lane] > peak ? lanes[lane] : peak;
    return peak;
}

/* largest[t]: of |r| over the tile; peaks: of every SNP over the strip, and what was there. */
EVERY_WIDTH static void find_largest(const struct snp_tile *tile, const struct pair_strip *strip,
                                     float largest[PAIR_STRIP], float *peaks)
{
    memset(largest, 0, PAIR_STRIP * sizeof *largest);
    for (size_t k = 0; k < tile->n_rows; k++) {
        float *peak = &peaks[tile->variant[k]],
              found = take_row(strip->products + k * PAIR_STRIP, strip->count, largest);
        *peak = found > *peak ? found : *peak;
    }
}

static void count_bins(const struct snp_tile *tile, const struct pair_targets *targets,
                       const struct pair_strip *strip, uint32_t *bins)
{
    const float scale = (float)associations_bins_per_r(targets->degrees);
    for (size_t k = 0; k < tile->n_rows; k++) {
        if (tile->variant[k] % targets->sample != 0)
            continue;
        const float *row = strip->products + k * PAIR_STRIP;
        for (size_t t = 0; t < strip->count; t++) {
            float place = fabsf(row[t]) * scale;
            size_t bin = place < ASSOCIATIONS_BINS - 1 ? (size_t)place : ASSOCIATIONS_BINS - 1;
            bins[(strip->first + t) * ASSOCIATIONS_BINS + bin]++;
        }
    }
}

/* Computes again in double what may be a hit, or the best of the target and of the tile. */
static int look_closer(const struct snp_tile *tile, const struct pair_targets *targets,
                       const struct pair_strip *strip, size_t t, double largest, struct associations *into,
                       struct error *err)
{
    size_t target = strip->first + t;
    double least = targets->least, best = largest - 2 * PAIR_SCAN_ERROR;
    for (size_t k = 0; k < tile->n_rows; k++) {
        double size = fabs((double)strip->products[k * PAIR_STRIP + t]);
        bool may_be_hit = size >= least - PAIR_SCAN_ERROR, may_be_best = size >= best;
        if (!may_be_hit && !may_be_best)
            continue;
        double r = pair_scan_exact(tile, k, targets, target);
        if (may_be_best)
            associations_offer(into, target, tile->variant[k], r);
        if (!may_be_hit)
            continue;
        struct association hit = {student_log_p(r * r, targets->degrees), r, tile->variant[k],
                                  (uint32_t)target};
        if (hit.log_p <= targets->log_report_p && associations_add_hit(into, &hit, err) != 0)
            return err->code;
    }
    return 0;
}

int pair_scan_strip(const struct snp_tile *tile, const struct pair_targets *targets,
                    const struct pair_strip *strip, struct associations *into, struct error *err)
{
    float largest[PAIR_STRIP];
    if (tile->n_rows == 0)
        return 0;
    multiply(tile, targets, strip);
    find_largest(tile, strip, largest, into->peaks);
    count_bins(tile, targets, strip, into->bins);
    for (size_t t = 0; t < strip->count; t++) {
        size_t target = strip->first + t;
        const struct association_best *best = &into->best[target];
        double size = (double)largest[t] + PAIR_SCAN_ERROR;
        if (best->variant == ASSOCIATIONS_NO_VARIANT || size >= fabs(best->r) || size >= targets->least)
            if (look_closer(tile, targets, strip, t, largest[t], into, err) != 0)
                return err->code;
    }
    return 0;
}
