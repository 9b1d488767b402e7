/* Reading NIfTI images, one volume after the other: .nii and .nii.gz, NIfTI-1 and NIfTI-2, either byte order,
 * integers of 8 to 64 bits and floats of 32 and 64, with slope and intercept.
 *
 * No length in a file is trusted: the file must be large enough for it. Anything wrong with a file is
 * EXIT_CODE_BAD_INPUT with one line that names the file. libnifti prints nothing. */
#ifndef ARETE_IMAGES_IMAGE_FILE_H
#define ARETE_IMAGES_IMAGE_FILE_H

#include "base/error.h"
#include "base/log.h"
#include "images/image_grid.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct image_file {
    char *path;
    struct image_grid grid; /* from the sform; if there is none from the qform; else from the voxel sizes */
    const char *unit; /* "micrometres", "metres": of the file's lengths, which `grid` has in mm; or NULL */
    int64_t n_volumes;

    /* only for image_file.c */
    struct znzptr *stream; /* at the next volume; NULL after the last one */
    int64_t next_volume;
    int type; /* NIfTI code, such as 16 for float32 */
    size_t value_bytes;
    bool swapped;
    double slope, intercept;
    void *raw;      /* a piece of a volume as in the file */
    double *values; /* the same piece as numbers */
};

/* Whether a path ends in .nii or .nii.gz. */
bool image_file_is_named(const char *path);

/* Opens a file, reads and checks its header. On error the file is closed. */
int image_file_open(struct image_file *file, const char *path, struct error *err);
/* The same, and refuses a file with more than one volume. */
int image_file_open_one(struct image_file *file, const char *path, struct error *err);
/* Safe on a file that is all zeros, closed, or failed to open. */
void image_file_close(struct image_file *file);

/* Says in the log that a file's lengths are not in mm, where they are not. Returns whether they are not. log
 * NULL: nobody is told. */
bool image_file_tell_unit(const struct image_file *file, struct log *log);

/* Whether every number that the file can hold is one that float32 holds exactly. */
bool image_file_is_single(const struct image_file *file);

/* Reads the next volume: values[v] = value of voxel voxels[v], v < count. voxels ascends; NULL means every
 * voxel, and count is then image_grid_voxel_count. NaN and infinity are passed on. With the last volume the
 * end of the file is checked too, and so the checksum of a compressed one. After it there is nothing more to
 * read. */
int image_file_read(struct image_file *file, const size_t *voxels, size_t count, double *values,
                    struct error *err);

/* The same a piece at a time, for what need not be there at once: values[i] is that of voxel first + i. */
typedef int image_file_take(void *context, size_t first, const double *values, size_t count,
                            struct error *err);
int image_file_read_pieces(struct image_file *file, image_file_take *take, void *context, struct error *err);

/* Refuses a grid that is not the `expected` one, which is that of expected_path, within tolerance_mm. advice:
 * the end of the message, such as "" or " (...)". */
int image_file_check_grid(const char *path, const struct image_grid *grid, const char *expected_path,
                          const struct image_grid *expected, double tolerance_mm, const char *advice,
                          struct error *err);

#endif
