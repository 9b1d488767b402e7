#include "output/maps.h"

#include "base/memory.h"
#include "output/map.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double r2_of(const struct result_row *row)
{
    return row->r2;
}

static double logp_of(const struct result_row *row)
{
    return -log10(row->p);
}

static double logp_fwer_of(const struct result_row *row)
{
    return -log10(row->p_fwer);
}

static double penalty_of(const struct result_row *row)
{
    return row->penalty;
}

static const struct map_kind {
    const char *name, *description;
    enum image_meaning meaning;
    double (*value)(const struct result_row *row);
} kinds[] = {
    {"r2", "arete: out-of-sample r2, mean over outer folds (0: also background, NA)", IMAGE_MEANING_NONE,
     r2_of},
    {"logp", "arete: -log10 p, each target alone (0: also background, NA)", IMAGE_MEANING_LOG10P, logp_of},
    {"logp_fwer", "arete: -log10 p, family-wise over targets (0: also background, NA)", IMAGE_MEANING_LOG10P,
     logp_fwer_of},
    {"penalty", "arete: lambda, median over outer folds (0: background, NA)", IMAGE_MEANING_NONE, penalty_of},
};

static int write_kind(const struct map_kind *kind, const char *folder, const struct regions *regions,
                      const struct result_row *rows, float *values, struct error *err)
{
    for (size_t v = 0; v < regions->n_voxels; v++) {
        const struct result_row *row = &rows[regions->target[v]];
        double value = row->analysed ? kind->value(row) : 0;
        values[regions->voxel[v]] = isnan(value) ? 0 : (float)value;
    }
    struct image_content content = {
        .grid = regions->grid, .floats = values, .description = kind->description, .meaning = kind->meaning};
    char *path = memory_format(err, "%s/%s.nii.gz", folder, kind->name);
    int code = path != NULL ? map_write(path, &content, err) : err->code;
    free(path);
    return code;
}

int maps_write(const char *folder, const struct regions *regions, const struct result_row *rows,
               struct error *err)
{
    float *values = memory_zeroed(grid_voxel_count(&regions->grid), sizeof *values, "a map", err);
    for (size_t k = 0; values != NULL && err->code == 0 && k < sizeof kinds / sizeof *kinds; k++)
        write_kind(&kinds[k], folder, regions, rows, values, err);
    free(values);
    return err->code;
}
