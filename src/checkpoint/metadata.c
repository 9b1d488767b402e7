#include "checkpoint/metadata.h"

#include "base/durable.h"
#include "checkpoint/attribute.h"
#include "checkpoint/crc32c.h"
#include "checkpoint/hdf5_error.h"
#include "checkpoint/hdf5_file.h"
#include "checkpoint/pack.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    FILE_SLACK_BYTES = 1 << 20,
    DATASET_SLACK_BYTES = 1 << 13,
    TYPICAL_TEXT_BYTES = 64,
    PART_STRUCTURE_BYTES = 1 << 14, /* all that HDF5 writes of a part, in one piece at its beginning */
    PART_HEAD_BYTES = 2 * PART_STRUCTURE_BYTES
};

struct making {
    const struct campaign *campaign;
    enum layout_kind kind;
    const struct replace *replace;
    int descriptor;
    const char *path; /* the file's, for messages */
    struct metadata *metadata;
    hid_t file, properties; /* `properties` of every dataset */
};

static int hdf5_failed(const struct making *making, const char *object, struct error *err)
{
    char what[128];
    snprintf(what, sizeof what, "%s cannot be made", object);
    return hdf5_error_set(err, EXIT_CODE_FAILED, making->path, what);
}

/* What says how many rows there are. */
static int write_shape_attributes(const struct making *making, hid_t object, struct error *err)
{
    const struct campaign *campaign = making->campaign;
    const char *path = making->path;
    int64_t targets = (int64_t)campaign->n_targets;
    int code = attribute_write_number(object, path, "G", H5T_STD_I64LE, &campaign->unit_permutations, err);
    if (code == 0)
        code = attribute_write_number(object, path, "T", H5T_STD_I64LE, &targets, err);
    if (code == 0)
        code = attribute_write_number(object, path, "count", H5T_STD_I64LE, &campaign->n_permutations, err);
    return code;
}

static int write_permutation_attributes(const struct making *making, hid_t object, struct error *err)
{
    int code =
        attribute_write_number(object, making->path, "seed", H5T_STD_U64LE, &making->campaign->seed, err);
    return code == 0 ? write_shape_attributes(making, object, err) : code;
}

static int write_covariate_names(const struct making *making, hid_t object, struct error *err)
{
    const struct campaign *campaign = making->campaign;
    size_t width;
    char *texts = pack_texts(campaign->covariate_name, campaign->n_covariates, &width, err);
    if (texts == NULL)
        return err->code;
    int code =
        attribute_write_texts(object, making->path, "names", texts, width, campaign->n_covariates, err);
    free(texts);
    return code;
}

/* What belongs to one dataset alone. */
static int write_own_attributes(const struct making *making, enum layout_id id, hid_t object,
                                struct error *err)
{
    if (id == LAYOUT_ID_COVARIATES)
        return write_covariate_names(making, object, err);
    if (id == LAYOUT_ID_EXCHANGEABILITY)
        return write_permutation_attributes(making, object, err);
    if (id == LAYOUT_ID_INNER_FOLD)
        return attribute_write_number(object, making->path, "count", H5T_STD_I32LE,
                                      &making->campaign->n_inner, err);
    if (id == LAYOUT_ID_GRAM)
        return attribute_write_number(object, making->path, "snps", H5T_STD_I64LE, &making->campaign->n_snps,
                                      err);
    return 0;
}

static hid_t create_dataset(const struct making *making, const struct layout_dataset *dataset, size_t width,
                            struct error *err)
{
    hsize_t shape[2] = {0, 0};
    for (int d = 0; d < dataset->rank; d++)
        shape[d] = making->metadata->length[dataset->shape[d]];
    hid_t space = dataset->rank == 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(dataset->rank, shape, NULL);
    hid_t type = layout_open_type(dataset->type, width);
    hid_t object = H5I_INVALID_HID;
    if (space >= 0 && type >= 0)
        object = H5Dcreate2(making->file, dataset->path, type, space, H5P_DEFAULT, making->properties,
                            H5P_DEFAULT);
    if (object < 0)
        hdf5_failed(making, dataset->path, err);
    if (space >= 0)
        H5Sclose(space);
    if (type >= 0)
        H5Tclose(type);
    return object;
}

/* Makes a dataset with its attributes; its bytes come later. `packed`: NULL for the null scores, which carry
 * no CRC. */
static int make_dataset(struct making *making, enum layout_id id, const struct packed *packed,
                        struct error *err)
{
    const struct layout_dataset *dataset = layout_dataset(id);
    hid_t object = create_dataset(making, dataset, packed != NULL ? packed->width : 1, err);
    if (object < 0)
        return err->code;
    making->metadata->offset[id] =
        H5Dget_offset(object); /* HADDR_UNDEF when there are no bytes, and then never used */
    int code = 0;
    if (packed != NULL) {
        uint32_t crc = crc32c_of(packed->bytes, packed->count_bytes);
        code = attribute_write_number(object, making->path, "crc32c", H5T_STD_U32LE, &crc, err);
    }
    if (code == 0)
        code = write_own_attributes(making, id, object, err);
    if (H5Dclose(object) < 0 && code == 0)
        code = hdf5_failed(making, dataset->path, err);
    return code;
}

/* About what the file will take, padding, headers and texts included; at most UINT64_MAX. */
static uint64_t bytes_needed(const struct making *making)
{
    if (making->kind == LAYOUT_PART)
        return PART_HEAD_BYTES;
    uint64_t total = FILE_SLACK_BYTES;
    bool fits = true;
    for (int id = 0; id < LAYOUT_DATASETS; id++) {
        const struct layout_dataset *dataset = layout_dataset((enum layout_id)id);
        uint64_t bytes = layout_element_bytes(dataset->type, TYPICAL_TEXT_BYTES);
        for (int d = 0; d < dataset->rank; d++)
            fits =
                fits && !__builtin_mul_overflow(bytes, making->metadata->length[dataset->shape[d]], &bytes);
        fits = fits && !__builtin_add_overflow(total, bytes, &total) &&
               !__builtin_add_overflow(total, DATASET_SLACK_BYTES, &total);
    }
    return fits ? total : UINT64_MAX;
}

/* Opens the file in HDF5, which empties it, and takes its space before HDF5 writes. When there is too little,
 * what was taken goes back, and there is room again for the few kilobytes that H5Fclose must write not to
 * crash. */
static int begin_file(struct making *making, struct error *err)
{
    int code = durable_allocate(making->descriptor, making->path, FILE_SLACK_BYTES, err);
    if (code != 0)
        return code;
    making->file =
        hdf5_file_create(making->replace, making->kind == LAYOUT_PART ? PART_STRUCTURE_BYTES : 0, err);
    if (making->file < 0)
        return err->code;
    code = durable_allocate(making->descriptor, making->path, bytes_needed(making), err);
    if (code != 0 && ftruncate(making->descriptor, 0) != 0)
        return code; /* nothing more can be done for H5Fclose; the error is the right one */
    return code;
}

static int make_root(struct making *making, struct error *err)
{
    const char *path = making->path;
    int code = begin_file(making, err);
    if (code != 0)
        return code;
    making->properties = hdf5_file_dataset_properties(path, err);
    if (making->properties < 0)
        return err->code;
    int32_t version = CAMPAIGN_FORMAT_VERSION;
    code = attribute_write_text(making->file, path, "format", layout_format(making->kind), err);
    if (code == 0)
        code = attribute_write_number(making->file, path, "format_version", H5T_STD_I32LE, &version, err);
    if (code == 0)
        code =
            attribute_write_text(making->file, path, "arete_version", making->campaign->arete_version, err);
    if (code == 0)
        code = attribute_write_text(making->file, path, "blas_core", making->campaign->blas_core, err);
    if (code == 0 && making->kind == LAYOUT_PART)
        code = write_shape_attributes(making, making->file, err);
    for (const char *const *group = layout_groups(making->kind); code == 0 && *group != NULL; group++)
        code = hdf5_file_make_group(making->file, path, *group, err);
    return code;
}

/* All of the file that HDF5 writes, flushed and closed. */
static int make_file(struct making *making, struct error *err)
{
    int code = make_root(making, err);
    for (int id = 0; code == 0 && id < LAYOUT_STATIC; id++) {
        if (!layout_writes(making->kind, (enum layout_id)id, making->campaign))
            continue;
        struct packed packed;
        code = pack_make(&packed, layout_dataset((enum layout_id)id), making->campaign,
                         making->metadata->length, err);
        if (code == 0)
            code = make_dataset(making, (enum layout_id)id, &packed, err);
        pack_free(&packed);
    }
    for (int id = LAYOUT_STATIC; code == 0 && id < LAYOUT_DATASETS; id++)
        code = make_dataset(making, (enum layout_id)id, NULL, err);
    if (code == 0 && H5Fflush(making->file, H5F_SCOPE_GLOBAL) < 0)
        code = hdf5_failed(making, "the file", err);
    if (making->properties >= 0)
        H5Pclose(making->properties);
    if (making->file >= 0 && H5Fclose(making->file) < 0 && code == 0)
        code = hdf5_failed(making, "the file", err);
    return code;
}

/* Space for what longer texts took beyond the estimate. */
static int take_the_rest(const struct making *making, struct error *err)
{
    struct stat status;
    if (fstat(making->descriptor, &status) != 0)
        return error_set(err, EXIT_CODE_FAILED, "%s: cannot be examined: %s", making->path, strerror(errno));
    uint64_t bytes = (uint64_t)status.st_size;
    return making->kind == LAYOUT_CAMPAIGN && bytes > bytes_needed(making)
               ? durable_allocate(making->descriptor, making->path, bytes, err)
               : 0;
}

int metadata_make(struct metadata *metadata, const struct campaign *campaign, enum layout_kind kind,
                  const struct replace *replace, struct error *err)
{
    layout_lengths(campaign, metadata->length);
    struct making making = {.campaign = campaign,
                            .kind = kind,
                            .replace = replace,
                            .descriptor = replace->descriptor,
                            .path = replace->path,
                            .metadata = metadata,
                            .file = H5I_INVALID_HID,
                            .properties = H5I_INVALID_HID};
    hdf5_error_silence();
    int code = make_file(&making, err);
    return code == 0 ? take_the_rest(&making, err) : code;
}
