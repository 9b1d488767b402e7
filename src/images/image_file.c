#include "images/image_file.h"

#include "base/memory.h"
#include "base/open_file.h"
#include "base/text.h"
#include "images/image_header.h"

#include <errno.h>
#include <math.h>
#include <nifti2_io.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE_VALUES = 1 << 16, MOST_VALUE_BYTES = 8, MOST_BYTES_BEHIND = 64 << 20 };

bool image_file_is_named(const char *path)
{
    return text_ends_with(path, ".nii") || text_ends_with(path, ".nii.gz");
}

/* Reads up to `count` bytes and returns how many. Fewer: the file has ended, or is damaged. */
static size_t read_bytes(struct image_file *file, void *bytes, size_t count)
{
    size_t got = znzread(bytes, 1, count, file->stream);
    return got <= count ? got : 0; /* znzread's error is -1 */
}

/* Whether a file of this size can hold what its header says: deflate makes it at most 1,032 times smaller. */
static int check_length(const struct image_file *file, int64_t voxels_at, int64_t file_bytes, bool compressed,
                        struct error *err)
{
    const double most_ratio = 1032;
    double needed = (double)voxels_at + (double)image_grid_voxel_count(&file->grid) *
                                            (double)file->n_volumes * (double)file->value_bytes;
    double possible = compressed ? ((double)file_bytes + 64) * most_ratio : (double)file_bytes;
    if (needed <= possible)
        return 0;
    char text[IMAGE_GRID_TEXT_BYTES];
    return error_set(err, EXIT_CODE_BAD_INPUT,
                     "%s: %lld bytes found; expected %s%.0f for %lld volume%s of %s: it is cut short",
                     file->path, (long long)file_bytes, compressed ? "the packed form of " : "", needed,
                     (long long)file->n_volumes, file->n_volumes == 1 ? "" : "s",
                     image_grid_text(text, &file->grid));
}

/* By its first bytes, whatever its name: programs write packed files called .nii, and plain ones called .gz.
 * 1, 0, or -1 where they cannot be read. */
static int is_packed(int descriptor)
{
    static const unsigned char GZIP[] = {0x1f, 0x8b};
    unsigned char first[sizeof GZIP];
    ssize_t got = pread(descriptor, first, sizeof first, 0);
    if (got < 0)
        return -1;
    return got == (ssize_t)sizeof first && memcmp(first, GZIP, sizeof first) == 0;
}

static int open_stream(struct image_file *file, bool *compressed, int64_t *file_bytes, struct error *err)
{
    struct stat status;
    char way[32]; /* the library opens names alone: one that leads to what is open, and is a file */
    int descriptor = open_file_read(file->path, &status, err);
    if (descriptor < 0)
        return err->code;
    *file_bytes = status.st_size;
    snprintf(way, sizeof way, "/proc/self/fd/%d", descriptor);
    const char *path = access(way, F_OK) == 0 ? way : file->path; /* a system without /proc */
    errno = 0;
    int packed = is_packed(descriptor);
    *compressed = packed > 0;
    file->stream = packed >= 0 ? znzopen(path, "rb", packed) : NULL;
    int cause = errno;
    close(descriptor);
    if (file->stream == NULL)
        return error_set(err, EXIT_CODE_BAD_INPUT, "%s: cannot be read: %s", file->path,
                         cause != 0 ? strerror(cause) : "it cannot be opened");
    return 0;
}

static int open_file(struct image_file *file, struct error *err)
{
    bool compressed = false;
    int64_t file_bytes = 0;
    unsigned char bytes[IMAGE_HEADER_BYTES];
    if (!image_file_is_named(file->path))
        return error_set(err, EXIT_CODE_BAD_INPUT,
                         "%s: is not named like a NIfTI image; expected .nii or .nii.gz", file->path);
    nifti_set_debug_level(0);
    if (open_stream(file, &compressed, &file_bytes, err) != 0)
        return err->code;
    size_t count = read_bytes(file, bytes, sizeof bytes);
    struct image_header header;
    if (image_header_read(&header, bytes, count, file->path, err) != 0)
        return err->code;
    file->grid = header.grid;
    file->unit = header.unit;
    file->n_volumes = header.n_volumes;
    file->type = header.type;
    file->value_bytes = header.value_bytes;
    file->swapped = header.swapped;
    file->slope = header.slope;
    file->intercept = header.intercept;
    if (check_length(file, header.voxels_at, file_bytes, compressed, err) != 0)
        return err->code;
    file->raw = memory_aligned(PIECE_VALUES, MOST_VALUE_BYTES, "a piece of an image", err);
    file->values = memory_aligned(PIECE_VALUES, sizeof *file->values, "a piece of an image", err);
    if (file->raw == NULL || file->values == NULL)
        return err->code;
    if (znzseek(file->stream, (znz_off_t)header.voxels_at, SEEK_SET) >= 0)
        return 0;
    return error_set(err, EXIT_CODE_BAD_INPUT,
                     "%s: cannot be read at byte %lld, where its voxels begin; expected a whole file",
                     file->path, (long long)header.voxels_at);
}

int image_file_open(struct image_file *file, const char *path, struct error *err)
{
    *file = (struct image_file){0};
    file->path = memory_string(path, err);
    int code = file->path != NULL ? open_file(file, err) : err->code;
    if (code != 0)
        image_file_close(file);
    return code;
}

int image_file_open_one(struct image_file *file, const char *path, struct error *err)
{
    if (image_file_open(file, path, err) != 0)
        return err->code;
    if (file->n_volumes == 1)
        return 0;
    error_set(err, EXIT_CODE_BAD_INPUT, "%s: %lld volumes found (4D); expected one volume (3D)", path,
              (long long)file->n_volumes);
    image_file_close(file);
    return err->code;
}

void image_file_close(struct image_file *file)
{
    if (file->stream != NULL)
        znzclose(file->stream);
    free(file->path);
    free(file->raw);
    free(file->values);
    *file = (struct image_file){0};
}

bool image_file_tell_unit(const struct image_file *file, struct log *log)
{
    if (file->unit != NULL && log != NULL)
        log_info(log, "images: %s: its lengths are in %s, and are taken in mm", file->path, file->unit);
    return file->unit != NULL;
}

static int cut_short(const struct image_file *file, size_t voxel, struct error *err)
{
    return error_set(err, EXIT_CODE_BAD_INPUT,
                     "%s: cannot be read past voxel %zu of %zu of volume %lld of %lld: it is cut short or "
                     "damaged; expected a whole file",
                     file->path, voxel, image_grid_voxel_count(&file->grid), (long long)file->next_volume + 1,
                     (long long)file->n_volumes);
}

/* Turns the raw piece into doubles. A loop of its own for each type, so that the compiler can use vectors. */
static void convert(const struct image_file *file, size_t count)
{
    const void *raw = file->raw;
    double *restrict values = file->values;
    for (size_t i = 0; file->type == DT_UINT8 && i < count; i++)
        values[i] = ((const uint8_t *)raw)[i];
    for (size_t i = 0; file->type == DT_INT8 && i < count; i++)
        values[i] = ((const int8_t *)raw)[i];
    for (size_t i = 0; file->type == DT_INT16 && i < count; i++)
        values[i] = ((const int16_t *)raw)[i];
    for (size_t i = 0; file->type == DT_UINT16 && i < count; i++)
        values[i] = ((const uint16_t *)raw)[i];
    for (size_t i = 0; file->type == DT_INT32 && i < count; i++)
        values[i] = ((const int32_t *)raw)[i];
    for (size_t i = 0; file->type == DT_UINT32 && i < count; i++)
        values[i] = ((const uint32_t *)raw)[i];
    for (size_t i = 0; file->type == DT_INT64 && i < count; i++)
        values[i] = (double)((const int64_t *)raw)[i];
    for (size_t i = 0; file->type == DT_UINT64 && i < count; i++)
        values[i] = (double)((const uint64_t *)raw)[i];
    for (size_t i = 0; file->type == DT_FLOAT32 && i < count; i++)
        values[i] = (double)((const float *)raw)[i];
    for (size_t i = 0; file->type == DT_FLOAT64 && i < count; i++)
        values[i] = ((const double *)raw)[i];
    if (file->slope != 1 || file->intercept != 0)
        for (size_t i = 0; i < count; i++)
            values[i] = values[i] * file->slope + file->intercept;
}

/* Reads the next `count` values into file->values. */
static int read_piece(struct image_file *file, size_t first, size_t count, struct error *err)
{
    size_t bytes = count * file->value_bytes, got = read_bytes(file, file->raw, bytes);
    if (got != bytes)
        return cut_short(file, first + got / file->value_bytes, err);
    if (file->swapped && file->value_bytes > 1)
        nifti_swap_Nbytes((int64_t)count, (int)file->value_bytes, file->raw);
    convert(file, count);
    return 0;
}

/* Reads a packed file to its end: zlib compares the checksum there, and no sooner. Programs leave some bytes
 * behind the last voxel. */
static int check_end(struct image_file *file, struct error *err)
{
    size_t got = 0, behind = 0;
    do {
        got = file->stream->withz != 0 ? znzread(file->raw, 1, PIECE_VALUES, file->stream) : 0;
        behind += got;
    } while (got > 0 && got <= PIECE_VALUES && behind <= MOST_BYTES_BEHIND);
    bool failed = got > PIECE_VALUES; /* its error is -1 */
    failed |= znzclose(file->stream) != 0;
    file->stream = NULL;
    if (!failed && got > 0)
        return error_set(err, EXIT_CODE_BAD_INPUT,
                         "%s: over %d MB found behind its last voxel; expected the end of the file",
                         file->path, MOST_BYTES_BEHIND >> 20);
    if (!failed)
        return 0;
    return error_set(err, EXIT_CODE_BAD_INPUT,
                     "%s: its end is damaged (checksum of the packed file); expected a whole file",
                     file->path);
}

int image_file_read_pieces(struct image_file *file, image_file_take *take, void *context, struct error *err)
{
    size_t n_voxels = image_grid_voxel_count(&file->grid);
    if (file->stream == NULL)
        return error_set(err, EXIT_CODE_FAILED, "%s: volume %lld asked for; expected at most %lld",
                         file->path, (long long)file->next_volume + 1, (long long)file->n_volumes);
    for (size_t first = 0; first < n_voxels; first += PIECE_VALUES) {
        size_t piece = n_voxels - first < PIECE_VALUES ? n_voxels - first : PIECE_VALUES;
        if (read_piece(file, first, piece, err) != 0 || take(context, first, file->values, piece, err) != 0)
            return err->code;
    }
    file->next_volume++;
    return file->next_volume < file->n_volumes ? 0 : check_end(file, err);
}

/* Voxels that are wanted, and how many of them are taken. */
struct wanted {
    const size_t *voxels; /* NULL: all */
    size_t count, taken;
    double *values;
};

static int take_wanted(void *context, size_t first, const double *values, size_t count, struct error *err)
{
    (void)err;
    struct wanted *wanted = context;
    if (wanted->voxels == NULL)
        memcpy(wanted->values + first, values, count * sizeof *values);
    else
        for (; wanted->taken < wanted->count && wanted->voxels[wanted->taken] < first + count;
             wanted->taken++)
            wanted->values[wanted->taken] = values[wanted->voxels[wanted->taken] - first];
    return 0;
}

int image_file_read(struct image_file *file, const size_t *voxels, size_t count, double *values,
                    struct error *err)
{
    struct wanted wanted = {voxels, count, 0, values};
    return image_file_read_pieces(file, take_wanted, &wanted, err);
}

int image_file_check_grid(const char *path, const struct image_grid *grid, const char *expected_path,
                          const struct image_grid *expected, double tolerance_mm, const char *advice,
                          struct error *err)
{
    double distance = image_grid_distance(grid, expected);
    if (distance <= tolerance_mm)
        return 0;
    char found_text[IMAGE_GRID_TEXT_BYTES], expected_text[IMAGE_GRID_TEXT_BYTES];
    error_set(err, EXIT_CODE_BAD_INPUT, "%s: %s found; expected the grid of %s: %s%s", path,
              image_grid_text(found_text, grid), expected_path, image_grid_text(expected_text, expected),
              advice);
    if (distance < cbrt(image_grid_voxel_mm3(expected)))
        error_append(err, "; voxels lie up to %.3g mm apart (grid_tolerance_mm: %g)", distance, tolerance_mm);
    return err->code;
}

bool image_file_is_single(const struct image_file *file)
{
    bool small = file->type == DT_FLOAT32 || file->type == DT_UINT8 || file->type == DT_INT8 ||
                 file->type == DT_INT16 || file->type == DT_UINT16;
    return small && file->slope == 1 && file->intercept == 0;
}
