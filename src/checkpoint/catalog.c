#include "checkpoint/catalog.h"

#include "base/durable.h"
#include "checkpoint/attribute.h"
#include "checkpoint/hdf5_error.h"
#include "checkpoint/hdf5_file.h"
#include "checkpoint/pack.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OPEN_ATTEMPTS = 8 }; /* a file is replaced once, when it is extended */

static const uint64_t unknown = UINT64_MAX;

/* A path that names nothing to read is the user's; all else is not. */
static int cannot_open(const char *path, const char *purpose, int cause, struct error *err)
{
    bool named_wrongly = cause == ENOENT || cause == ENOTDIR || cause == EISDIR || cause == EACCES;
    return error_set(err, named_wrongly ? EXIT_CODE_BAD_INPUT : EXIT_CODE_FAILED, "%s: cannot be %s: %s",
                     path, purpose, strerror(cause));
}

/* Whether there is an HDF5 file, and its size: every stored length is held against it. */
static int check_file(const char *path, enum layout_kind kind, uint64_t *file_bytes, struct error *err)
{
    const char *expected = kind == LAYOUT_PART ? "a part of an arete campaign" : "an arete campaign";
    static const unsigned char signature[8] = "\211HDF\r\n\032\n";
    unsigned char start[sizeof signature] = {0};
    struct stat status;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return cannot_open(path, "read", errno, err);
    int code = 0;
    if (fstat(descriptor, &status) != 0)
        code = cannot_open(path, "read", errno, err);
    else if (!S_ISREG(status.st_mode))
        code = error_set(err, EXIT_CODE_BAD_INPUT, "%s: is not a file; expected %s", path, expected);
    else if (status.st_size >= (off_t)sizeof start)
        code = durable_read(descriptor, path, start, sizeof start, 0, err);
    if (code == 0 && memcmp(start, signature, sizeof start) != 0)
        code = error_set(err, EXIT_CODE_BAD_INPUT, "%s: is not an HDF5 file; expected %s", path, expected);
    if (code == 0)
        *file_bytes = (uint64_t)status.st_size;
    close(descriptor);
    return code;
}

static int check_format(hid_t file, const char *path, enum layout_kind kind, struct error *err)
{
    htri_t exists = H5Aexists(file, "format");
    if (exists < 0)
        return hdf5_error_set(err, EXIT_CODE_FAILED, path, "is damaged");
    char *format = exists > 0 ? attribute_read_text(file, path, "format", err) : NULL;
    if (exists > 0 && format == NULL)
        return err->code;
    bool right = format != NULL && strcmp(format, layout_format(kind)) == 0;
    free(format);
    return right ? 0
                 : error_set(err, EXIT_CODE_BAD_INPUT,
                             "%s: is an HDF5 file but no %s (no attribute format = \"%s\")", path,
                             kind == LAYOUT_PART ? "part of an arete campaign" : "arete campaign",
                             layout_format(kind));
}

static int check_version(hid_t file, const char *path, const char *arete_version, struct error *err)
{
    int32_t version;
    int code = attribute_read_number(file, path, "format_version", H5T_STD_I32LE, &version, err);
    if (code != 0)
        return code;
    if (version > CAMPAIGN_FORMAT_VERSION)
        return error_set(
            err, EXIT_CODE_BAD_INPUT,
            "%s: has campaign format %d, written by a newer arete; this one reads format %d: use "
            "arete %s or newer",
            path, version, CAMPAIGN_FORMAT_VERSION, arete_version);
    if (version < CAMPAIGN_FORMAT_VERSION)
        return error_set(
            err, EXIT_CODE_BAD_INPUT,
            "%s: has campaign format %d, written by an older arete; this one reads format %d: go on "
            "with arete %s, or move the file away to begin anew",
            path, version, CAMPAIGN_FORMAT_VERSION, arete_version);
    return 0;
}

static int read_root(hid_t file, const char *path, enum layout_kind kind, struct catalog *catalog,
                     struct error *err)
{
    int code = check_format(file, path, kind, err);
    if (code != 0)
        return code;
    catalog->arete_version = attribute_read_text(file, path, "arete_version", err);
    if (catalog->arete_version == NULL)
        return err->code;
    code = check_version(file, path, catalog->arete_version, err);
    if (code != 0)
        return code;
    catalog->blas_core = attribute_read_text(file, path, "blas_core", err);
    return catalog->blas_core != NULL ? 0 : err->code;
}

static int damaged(const char *path, const struct layout_dataset *dataset, struct error *err)
{
    char what[128];
    snprintf(what, sizeof what, "%s is missing or damaged", dataset->path);
    return hdf5_error_set(err, EXIT_CODE_FAILED, path, what);
}

static int check_type(hid_t object, const struct layout_dataset *dataset, const char *path, size_t *width,
                      struct error *err)
{
    hid_t found = H5Dget_type(object), member = H5I_INVALID_HID, expected = H5I_INVALID_HID;
    if (found < 0)
        return damaged(path, dataset, err);
    H5T_class_t class = H5Tget_class(found);
    if (class == H5T_COMPOUND)
        member = H5Tget_member_type(found, 0);
    /* The width of a text is the file's own choice; all the rest of the type is not. */
    *width = class == H5T_STRING ? H5Tget_size(found) : member >= 0 ? H5Tget_size(member) : 1;
    if (*width > 0)
        expected = layout_open_type(dataset->type, *width);
    bool equal = expected >= 0 && H5Tequal(found, expected) > 0;
    H5Tclose(found);
    if (member >= 0)
        H5Tclose(member);
    if (expected >= 0)
        H5Tclose(expected);
    return equal ? 0
                 : error_set(err, EXIT_CODE_FAILED, "%s: %s has another type; expected %s, little-endian",
                             path, dataset->path, layout_type_name(dataset->type));
}

static void shape_text(char *text, size_t bytes, int rank, const uint64_t shape[2])
{
    if (rank == 0)
        snprintf(text, bytes, "one value");
    else if (rank == 1)
        snprintf(text, bytes, "%llu", (unsigned long long)shape[0]);
    else
        snprintf(text, bytes, "%llu x %llu", (unsigned long long)shape[0], (unsigned long long)shape[1]);
}

/* The first dataset in the layout with a length defines it; all later ones must agree. */
static int check_shape(hid_t object, const struct layout_dataset *dataset, const char *path,
                       uint64_t length[LAYOUT_LENGTHS], struct error *err)
{
    hid_t space = H5Dget_space(object);
    if (space < 0)
        return damaged(path, dataset, err);
    hsize_t found[H5S_MAX_RANK] = {0};
    int rank = H5Sget_simple_extent_dims(space, found, NULL);
    H5Sclose(space);
    bool equal = rank == dataset->rank;
    uint64_t expected[2] = {0, 0};
    for (int d = 0; d < dataset->rank; d++) {
        uint64_t *known = &length[dataset->shape[d]];
        if (*known == unknown)
            *known = found[d];
        expected[d] = *known;
        equal = equal && found[d] == *known;
    }
    if (equal)
        return 0;
    char found_text[64], expected_text[64];
    shape_text(expected_text, sizeof expected_text, dataset->rank, expected);
    if (rank == 1 || rank == 2 || rank == 0)
        shape_text(found_text, sizeof found_text, rank, (const uint64_t[2]){found[0], found[1]});
    else
        snprintf(found_text, sizeof found_text, "of %d dimensions", rank);
    return error_set(err, EXIT_CODE_FAILED, "%s: %s has shape %s; expected %s", path, dataset->path,
                     found_text, expected_text);
}

/* Where the bytes stand, all of them inside the file. */
static int check_place(hid_t object, const struct layout_dataset *dataset, const char *path,
                       uint64_t file_bytes, const uint64_t length[LAYOUT_LENGTHS],
                       struct catalog_dataset *entry, struct error *err)
{
    uint64_t count = 1, bytes = 0;
    bool fits = true;
    for (int d = 0; d < dataset->rank; d++)
        fits = fits && !__builtin_mul_overflow(count, length[dataset->shape[d]], &count);
    fits = fits && !__builtin_mul_overflow(count, layout_element_bytes(dataset->type, entry->width), &bytes);
    haddr_t offset = bytes > 0 ? H5Dget_offset(object) : 0; /* an undefined one is the largest number */
    if (!fits || bytes > file_bytes || offset > file_bytes - bytes)
        return error_set(err, EXIT_CODE_FAILED,
                         "%s: %s is damaged: its bytes are not in the file's %llu as one piece", path,
                         dataset->path, (unsigned long long)file_bytes);
    entry->offset = offset;
    entry->count = count;
    entry->count_bytes = bytes;
    return 0;
}

static int find_dataset(hid_t file, enum layout_id id, const char *path, uint64_t file_bytes,
                        struct catalog *catalog, struct error *err)
{
    const struct layout_dataset *dataset = layout_dataset(id);
    struct catalog_dataset *entry = &catalog->dataset[id];
    entry->absent = layout_is_optional(id) && H5Lexists(file, dataset->path, H5P_DEFAULT) == 0;
    if (entry->absent)
        return 0;
    hid_t object = H5Dopen2(file, dataset->path, H5P_DEFAULT);
    if (object < 0)
        return damaged(path, dataset, err);
    int code = check_type(object, dataset, path, &entry->width, err);
    if (code == 0)
        code = check_shape(object, dataset, path, catalog->length, err);
    if (code == 0)
        code = check_place(object, dataset, path, file_bytes, catalog->length, entry, err);
    if (code == 0 && id < LAYOUT_STATIC)
        code = attribute_read_number(object, path, "crc32c", H5T_STD_U32LE, &entry->crc, err);
    H5Dclose(object);
    return code;
}

/* How many rows there are, from the attributes of `object`, which is `name` in messages. A part has no other
 * word on the number of targets. */
static int read_shape(hid_t object, const char *path, const char *name, struct catalog *catalog,
                      struct error *err)
{
    int64_t targets = 0;
    int code = attribute_read_number(object, path, "G", H5T_STD_I64LE, &catalog->unit_permutations, err);
    if (code == 0)
        code = attribute_read_number(object, path, "T", H5T_STD_I64LE, &targets, err);
    if (code == 0)
        code = attribute_read_number(object, path, "count", H5T_STD_I64LE, &catalog->n_permutations, err);
    if (code != 0)
        return code;
    if (catalog->length[LAYOUT_TARGETS] == unknown && targets >= 0)
        catalog->length[LAYOUT_TARGETS] = (uint64_t)targets;
    if (targets < 0 || (uint64_t)targets != catalog->length[LAYOUT_TARGETS] ||
        !layout_count_units(catalog->n_permutations, catalog->unit_permutations,
                            &catalog->length[LAYOUT_UNITS], &catalog->length[LAYOUT_ROWS]))
        return error_set(err, EXIT_CODE_FAILED,
                         "%s: %s is damaged: its attributes count = %lld, G = %lld, T = %lld cannot be", path,
                         name, (long long)catalog->n_permutations, (long long)catalog->unit_permutations,
                         (long long)targets);
    return 0;
}

static int read_permutation(hid_t file, const char *path, struct catalog *catalog, struct error *err)
{
    const struct layout_dataset *dataset = layout_dataset(LAYOUT_ID_EXCHANGEABILITY);
    hid_t object = H5Dopen2(file, dataset->path, H5P_DEFAULT);
    if (object < 0)
        return damaged(path, dataset, err);
    int code = attribute_read_number(object, path, "seed", H5T_STD_U64LE, &catalog->seed, err);
    if (code == 0)
        code = read_shape(object, path, dataset->path, catalog, err);
    H5Dclose(object);
    return code;
}

static int read_inner_count(hid_t file, const char *path, struct catalog *catalog, struct error *err)
{
    const struct layout_dataset *dataset = layout_dataset(LAYOUT_ID_INNER_FOLD);
    hid_t object = H5Dopen2(file, dataset->path, H5P_DEFAULT);
    if (object < 0)
        return damaged(path, dataset, err);
    int code = attribute_read_number(object, path, "count", H5T_STD_I32LE, &catalog->n_inner, err);
    H5Dclose(object);
    if (code == 0 && (catalog->n_inner < 0 || catalog->length[LAYOUT_OUTER_FOLDS] > INT32_MAX))
        code = error_set(err, EXIT_CODE_FAILED, "%s: %s is damaged: %llu outer and %d inner folds cannot be",
                         path, dataset->path, (unsigned long long)catalog->length[LAYOUT_OUTER_FOLDS],
                         catalog->n_inner);
    return code;
}

static int read_snp_count(hid_t file, const char *path, struct catalog *catalog, struct error *err)
{
    const struct layout_dataset *dataset = layout_dataset(LAYOUT_ID_GRAM);
    hid_t object = H5Dopen2(file, dataset->path, H5P_DEFAULT);
    if (object < 0)
        return damaged(path, dataset, err);
    int code = attribute_read_number(object, path, "snps", H5T_STD_I64LE, &catalog->n_snps, err);
    H5Dclose(object);
    return code;
}

static int read_covariate_names(hid_t file, const char *path, uint64_t file_bytes, struct catalog *catalog,
                                struct error *err)
{
    const struct layout_dataset *dataset = layout_dataset(LAYOUT_ID_COVARIATES);
    hid_t object = H5Dopen2(file, dataset->path, H5P_DEFAULT);
    if (object < 0)
        return damaged(path, dataset, err);
    size_t width, count = catalog->length[LAYOUT_COVARIATES];
    char *texts = attribute_read_texts(object, path, "names", count, file_bytes, &width, err);
    H5Dclose(object);
    if (texts == NULL)
        return err->code;
    catalog->covariate_name = pack_split_texts(texts, width, count, err);
    free(texts);
    return catalog->covariate_name != NULL ? 0 : err->code;
}

/* What attributes of a campaign say. */
static int read_attributes(hid_t file, const char *path, uint64_t file_bytes, struct catalog *catalog,
                           struct error *err)
{
    int code = read_permutation(file, path, catalog, err);
    if (code == 0)
        code = read_inner_count(file, path, catalog, err);
    if (code == 0)
        code = read_snp_count(file, path, catalog, err);
    if (code == 0)
        code = read_covariate_names(file, path, file_bytes, catalog, err);
    return code;
}

static void forget_unknown_lengths(struct catalog *catalog)
{
    for (int i = 0; i < LAYOUT_LENGTHS; i++)
        if (catalog->length[i] == unknown)
            catalog->length[i] = 0;
}

int catalog_read(struct catalog *catalog, const char *path, enum layout_kind kind, struct error *err)
{
    *catalog = (struct catalog){0};
    for (int i = 0; i < LAYOUT_LENGTHS; i++)
        catalog->length[i] = unknown;
    uint64_t file_bytes = 0;
    int code = check_file(path, kind, &file_bytes, err);
    if (code != 0)
        return code;
    hdf5_error_silence();
    hid_t file = hdf5_file_open(path, err);
    if (file < 0)
        return err->code;
    code = read_root(file, path, kind, catalog, err);
    for (int id = 0; code == 0 && id < LAYOUT_STATIC; id++)
        if (layout_has(kind, (enum layout_id)id))
            code = find_dataset(file, (enum layout_id)id, path, file_bytes, catalog, err);
    if (code == 0)
        code = kind == LAYOUT_PART ? read_shape(file, path, "the root", catalog, err)
                                   : read_attributes(file, path, file_bytes, catalog, err);
    for (int id = LAYOUT_STATIC; code == 0 && id < LAYOUT_DATASETS; id++)
        code = find_dataset(file, (enum layout_id)id, path, file_bytes, catalog, err);
    if (code == 0 && kind == LAYOUT_CAMPAIGN &&
        catalog->length[LAYOUT_NODE_TERMS] != catalog->length[LAYOUT_NODES] + 1)
        code = damaged(path, layout_dataset(LAYOUT_ID_NODE_WEIGHT), err);
    H5Fclose(file); /* only read: nothing to lose */
    forget_unknown_lengths(catalog);
    if (code != 0)
        catalog_free(catalog);
    return code;
}

/* Whether `path` still is the open file. An open file's inode is not given to another, so "yes" says that it
 * was all the time since it was opened. */
static bool still_there(int descriptor, const char *path)
{
    struct stat opened, named;
    return fstat(descriptor, &opened) == 0 && stat(path, &named) == 0 && opened.st_dev == named.st_dev &&
           opened.st_ino == named.st_ino;
}

int catalog_open(struct catalog *catalog, int *descriptor, const char *path, enum layout_kind kind,
                 int access, struct error *err)
{
    for (int attempt = 0; attempt < OPEN_ATTEMPTS; attempt++) {
        *descriptor = open(path, access | O_CLOEXEC);
        if (*descriptor < 0) {
            *catalog = (struct catalog){0};
            return cannot_open(path, access == O_RDONLY ? "read" : "opened for writing", errno, err);
        }
        int code = catalog_read(catalog, path, kind, err);
        bool same_file = still_there(*descriptor, path);
        if (code == 0 && same_file)
            return 0;
        close(*descriptor);
        *descriptor = -1;
        if (same_file)
            return code;
        catalog_free(catalog); /* of two files, or an error that comes from reading two */
        *err = (struct error){0};
    }
    return error_set(err, EXIT_CODE_FAILED, "%s: is being replaced again and again; try later", path);
}

void catalog_free(struct catalog *catalog)
{
    free(catalog->arete_version);
    free(catalog->blas_core);
    pack_free_texts(catalog->covariate_name, catalog->length[LAYOUT_COVARIATES]);
    *catalog = (struct catalog){0};
}
