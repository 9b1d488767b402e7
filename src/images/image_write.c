#include "images/image_write.h"

#include "base/text.h"

#include <errno.h>
#include <math.h>
#include <nifti2_io.h>
#include <stdio.h>
#include <string.h>

enum { VOXELS_AT = 352 };

/* The affine as a quaternion, for viewers that do not read the sform. False if the axes are not at right
 * angles. */
static bool fill_qform(nifti_1_header *header, const struct image_grid *grid)
{
    nifti_dmat44 affine = {0};
    double b, c, d, x, y, z, dx, dy, dz, qfac;
    for (int row = 0; row < 3; row++)
        memcpy(affine.m[row], grid->affine[row], sizeof grid->affine[row]);
    affine.m[3][3] = 1;
    nifti_dmat44_to_quatern(affine, &b, &c, &d, &x, &y, &z, &dx, &dy, &dz, &qfac);
    struct image_grid again = *grid;
    nifti_dmat44 back = nifti_quatern_to_dmat44(b, c, d, x, y, z, dx, dy, dz, qfac);
    for (int row = 0; row < 3; row++)
        memcpy(again.affine[row], back.m[row], sizeof again.affine[row]);
    header->quatern_b = (float)b;
    header->quatern_c = (float)c;
    header->quatern_d = (float)d;
    header->qoffset_x = (float)x;
    header->qoffset_y = (float)y;
    header->qoffset_z = (float)z;
    header->pixdim[0] = (float)qfac;
    return image_grid_same(grid, &again, IMAGE_GRID_TOLERANCE_MM);
}

static void fill_header(nifti_1_header *header, const struct image_content *content)
{
    const struct image_grid *grid = &content->grid;
    short code = (short)grid->space; /* 0: nobody knows which side is left, and no code shall say so */
    *header = (nifti_1_header){.sizeof_hdr = 348, .regular = 'r', .magic = "n+1"};
    header->dim[0] = 3;
    for (int axis = 0; axis < 3; axis++) {
        const double(*a)[4] = grid->affine;
        header->dim[axis + 1] = (short)grid->size[axis];
        header->pixdim[axis + 1] =
            (float)sqrt(a[0][axis] * a[0][axis] + a[1][axis] * a[1][axis] + a[2][axis] * a[2][axis]);
    }
    for (int axis = 4; axis < 8; axis++)
        header->dim[axis] = 1;
    header->datatype = content->floats != NULL ? DT_FLOAT32 : DT_INT32;
    header->bitpix = 32;
    header->vox_offset = VOXELS_AT;
    header->scl_slope = 1;
    header->xyzt_units = NIFTI_UNITS_MM;
    header->intent_code = (short)(content->meaning == IMAGE_MEANING_LOG10P  ? NIFTI_INTENT_LOG10PVAL
                                  : content->meaning == IMAGE_MEANING_LABEL ? NIFTI_INTENT_LABEL
                                                                            : NIFTI_INTENT_NONE);
    snprintf(header->descrip, sizeof header->descrip, "%s", content->description);
    header->qform_code = fill_qform(header, grid) ? code : 0;
    header->sform_code = code;
    for (int column = 0; column < 4; column++) {
        header->srow_x[column] = (float)grid->affine[0][column];
        header->srow_y[column] = (float)grid->affine[1][column];
        header->srow_z[column] = (float)grid->affine[2][column];
    }
}

static bool write_bytes(znzFile stream, const void *bytes, size_t count)
{
    return znzwrite(bytes, 1, count, stream) == count;
}

int image_write(const char *way, const char *path, const struct image_content *content, struct error *err)
{
    nifti_1_header header;
    fill_header(&header, content);
    const void *values = content->floats != NULL ? (const void *)content->floats : content->labels;
    const char no_extension[VOXELS_AT - sizeof header] = {0};
    size_t count = image_grid_voxel_count(&content->grid) * sizeof(float);
    errno = 0;
    znzFile stream = znzopen(way, "wb", text_ends_with(path, ".gz"));
    bool whole = stream != NULL && write_bytes(stream, &header, sizeof header) &&
                 write_bytes(stream, no_extension, sizeof no_extension) && write_bytes(stream, values, count);
    if (stream != NULL && znzclose(stream) != 0)
        whole = false;
    if (whole)
        return 0;
    return error_set(err, EXIT_CODE_FAILED, "%s: cannot be written whole: %s", path,
                     errno != 0 ? strerror(errno) : "an error of zlib");
}
