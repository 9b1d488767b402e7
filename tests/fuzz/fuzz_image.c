/* NIfTI images; by the first byte packed or not. */
#include "fuzz.h"
#include "images/image_file.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { MOST_VOXELS = 1 << 20, MOST_VOLUMES = 4 };
    struct error err = {0};
    struct image_file file;
    if (size < 1)
        return 0;
    const char *name = data[0] % 2 == 1 ? "image.nii.gz" : "image.nii";
    if (image_file_open(&file, fuzz_put(name, data + 1, size - 1), &err) != 0)
        return 0;
    size_t n_voxels = image_grid_voxel_count(&file.grid);
    if (n_voxels <= MOST_VOXELS) {
        double *values = malloc((n_voxels + 1) * sizeof *values);
        for (int volume = 0; values != NULL && file.stream != NULL && volume < MOST_VOLUMES; volume++)
            if (image_file_read(&file, NULL, n_voxels, values, &err) != 0)
                break;
        free(values);
    }
    image_file_close(&file);
    return 0;
}
