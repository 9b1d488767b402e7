#include "images/image_header.h"

#include <math.h>
#include <nifti2_io.h>
#include <string.h>

enum { NIFTI_1_BYTES = 348, NIFTI_1_VOXELS = 352, NIFTI_2_VOXELS = 544, LONGEST_AXIS = 32767 };

/* The fields that both versions have. They are checked before libnifti gets them. */
struct raw_header {
    int version;
    int64_t dim[8];
    int type;
    double voxels_at, slope, intercept;
};

static int wrong(const char *path, struct error *err, const char *found, const char *expected)
{
    return error_set(err, EXIT_CODE_BAD_INPUT, "%s: %s found; expected %s", path, found, expected);
}

/* The version, 1 or 2, and the byte order; 0 if the first field is not that of a NIfTI header. */
static int version_of(const unsigned char *bytes, bool *swapped)
{
    int32_t size;
    memcpy(&size, bytes, sizeof size);
    uint32_t other = __builtin_bswap32((uint32_t)size);
    *swapped = other == NIFTI_1_BYTES || other == IMAGE_HEADER_BYTES;
    uint32_t either = *swapped ? other : (uint32_t)size;
    return either == NIFTI_1_BYTES ? 1 : either == IMAGE_HEADER_BYTES ? 2 : 0;
}

static int check_magic(const unsigned char *bytes, size_t count, const char *path, int *version,
                       bool *swapped, struct error *err)
{
    if (count < NIFTI_1_BYTES)
        return error_set(
            err, EXIT_CODE_BAD_INPUT,
            "%s: a header of %zu bytes found; expected a NIfTI image, 348 bytes at least (or the "
            "packed file is damaged)",
            path, count);
    *version = version_of(bytes, swapped);
    const char *magic = (const char *)bytes + (*version == 2 ? 4 : 344);
    if (*version == 2 && count == IMAGE_HEADER_BYTES && memcmp(magic, "n+2\0\r\n\032\n", 8) == 0)
        return 0;
    if (*version == 1 && memcmp(magic, "n+1", 4) == 0)
        return 0;
    if ((*version == 1 && memcmp(magic, "ni1", 4) == 0) || (*version == 2 && memcmp(magic, "ni2", 4) == 0))
        return wrong(path, err, "a header whose voxels are in another file (.hdr and .img)",
                     "one file with both (.nii, .nii.gz)");
    return wrong(path, err, "no NIfTI magic", "a NIfTI-1 or NIfTI-2 image");
}

/* The lengths of the axes; 1 for axes that the image does not have. */
static int check_dimensions(const struct raw_header *raw, const char *path, struct image_header *header,
                            struct error *err)
{
    const int64_t most_volumes = 100000000;
    if (raw->dim[0] < 1 || raw->dim[0] > 7)
        return error_set(err, EXIT_CODE_BAD_INPUT, "%s: %lld dimensions found; expected 3 or 4", path,
                         (long long)raw->dim[0]);
    header->n_volumes = 1;
    for (int64_t axis = 1; axis <= 7; axis++) {
        int64_t length = axis <= raw->dim[0] ? raw->dim[axis] : 1;
        int64_t most = axis <= 3 ? LONGEST_AXIS : most_volumes / header->n_volumes;
        if (length < 1 || length > most)
            return error_set(err, EXIT_CODE_BAD_INPUT,
                             "%s: length %lld of dimension %lld found; expected 1 to %lld", path,
                             (long long)length, (long long)axis, (long long)most);
        if (axis <= 3)
            header->grid.size[axis - 1] = length;
        else
            header->n_volumes *= length;
    }
    return 0;
}

static int check_type(const struct raw_header *raw, const char *path, struct image_header *header,
                      struct error *err)
{
    static const int types[] = {DT_UINT8,  DT_INT8,  DT_INT16,  DT_UINT16,  DT_INT32,
                                DT_UINT32, DT_INT64, DT_UINT64, DT_FLOAT32, DT_FLOAT64};
    int swap_bytes = 0, value_bytes = 0;
    for (size_t k = 0; k < sizeof types / sizeof *types; k++)
        if (raw->type == types[k])
            nifti_datatype_sizes(raw->type, &value_bytes, &swap_bytes);
    header->type = raw->type;
    header->value_bytes = (size_t)value_bytes;
    if (value_bytes > 0)
        return 0;
    return error_set(err, EXIT_CODE_BAD_INPUT,
                     "%s: values of type %d (%s) found; expected integers of 8 to 64 bits or floats of 32 or "
                     "64",
                     path, raw->type, nifti_datatype_string(raw->type));
}

/* A slope of 0 or NaN means none. */
static int check_scaling(const struct raw_header *raw, const char *path, struct image_header *header,
                         struct error *err)
{
    bool scaled = isfinite(raw->slope) && raw->slope != 0;
    header->slope = scaled ? raw->slope : 1;
    header->intercept = scaled ? raw->intercept : 0;
    return isfinite(header->intercept)
               ? 0
               : error_set(err, EXIT_CODE_BAD_INPUT, "%s: scl_inter %g found; expected a number", path,
                           raw->intercept);
}

static int check_offset(const struct raw_header *raw, const char *path, struct image_header *header,
                        struct error *err)
{
    const double most = 2147483647;
    double least = raw->version == 1 ? NIFTI_1_VOXELS : NIFTI_2_VOXELS;
    double voxels_at = raw->voxels_at == 0 ? least : raw->voxels_at; /* some programs leave it out */
    if (!(voxels_at >= least && voxels_at <= most))
        return error_set(err, EXIT_CODE_BAD_INPUT, "%s: voxels at byte %g found; expected %g or more", path,
                         raw->voxels_at, least);
    header->voxels_at = (int64_t)voxels_at;
    return 0;
}

static int check_raw(const struct raw_header *raw, const char *path, struct image_header *header,
                     struct error *err)
{
    if (check_dimensions(raw, path, header, err) != 0 || check_type(raw, path, header, err) != 0 ||
        check_scaling(raw, path, header, err) != 0)
        return err->code;
    return check_offset(raw, path, header, err);
}

/* The unit of the file's lengths, where it is not mm, and how many mm it has. A file need not say: then it is
 * mm. */
static const char *unit_of(const nifti_image *image, double *mm)
{
    *mm = image->xyz_units == NIFTI_UNITS_METER ? 1000 : image->xyz_units == NIFTI_UNITS_MICRON ? 0.001 : 1;
    return image->xyz_units == NIFTI_UNITS_METER    ? "metres"
           : image->xyz_units == NIFTI_UNITS_MICRON ? "micrometres"
                                                    : NULL;
}

/* The affine, in mm: sform, else qform, else the voxel sizes, which libnifti puts into the qform's matrix if
 * there is no qform. */
static int take_affine(nifti_image *image, const char *path, struct image_header *header, struct error *err)
{
    if (image == NULL)
        return wrong(path, err, "a header that libnifti refuses", "a NIfTI-1 or NIfTI-2 image");
    bool sform = image->sform_code > 0;
    double mm;
    header->unit = unit_of(image, &mm);
    header->grid.space = sform ? image->sform_code : image->qform_code > 0 ? image->qform_code : 0;
    for (int row = 0; row < 3; row++)
        for (int column = 0; column < 4; column++)
            header->grid.affine[row][column] =
                mm * (sform ? image->sto_xyz.m[row][column] : image->qto_xyz.m[row][column]);
    nifti_image_free(image);
    if (image_grid_is_valid(&header->grid))
        return 0;
    char text[IMAGE_GRID_TEXT_BYTES];
    return error_set(err, EXIT_CODE_BAD_INPUT, "%s: %s found; expected an affine that can be inverted", path,
                     image_grid_text(text, &header->grid));
}

int image_header_read(struct image_header *header, const unsigned char *bytes, size_t count, const char *path,
                      struct error *err)
{
    *header = (struct image_header){0};
    struct raw_header raw = {0};
    if (check_magic(bytes, count, path, &raw.version, &header->swapped, err) != 0)
        return err->code;
    nifti_1_header one;
    nifti_2_header two = {0};
    memcpy(&one, bytes, sizeof one);
    if (raw.version == 2)
        memcpy(&two, bytes, sizeof two);
    if (header->swapped)
        swap_nifti_header(raw.version == 1 ? (void *)&one : (void *)&two, raw.version);
    for (int axis = 0; axis < 8; axis++)
        raw.dim[axis] = raw.version == 1 ? one.dim[axis] : two.dim[axis];
    raw.type = raw.version == 1 ? one.datatype : two.datatype;
    raw.voxels_at = raw.version == 1 ? (double)one.vox_offset : (double)two.vox_offset;
    raw.slope = raw.version == 1 ? (double)one.scl_slope : two.scl_slope;
    raw.intercept = raw.version == 1 ? (double)one.scl_inter : two.scl_inter;
    if (check_raw(&raw, path, header, err) != 0)
        return err->code;
    for (int axis = 1; axis <= 3;
         axis++) { /* libnifti takes a negative size for 1; nibabel and FSL as here */
        one.pixdim[axis] = fabsf(one.pixdim[axis]);
        two.pixdim[axis] = fabs(two.pixdim[axis]);
    }
    return take_affine(raw.version == 1 ? nifti_convert_n1hdr2nim(one, NULL)
                                        : nifti_convert_n2hdr2nim(two, NULL),
                       path, header, err);
}
