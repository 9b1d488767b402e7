#include "checkpoint/hdf5_error.h"

#include <hdf5.h>
#include <stdio.h>

enum { CAUSE_BYTES = 512 };

void hdf5_error_silence(void)
{
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL); /* if this fails, errors are printed twice, no more */
}

static herr_t keep_deepest(unsigned n, const H5E_error2_t *entry, void *cause)
{
    if (n == 0 && entry->desc != NULL) /* upward: the innermost function comes first */
        snprintf(cause, CAUSE_BYTES, "%s", entry->desc);
    return 0;
}

int hdf5_error_set(struct error *err, int code, const char *path, const char *what)
{
    char cause[CAUSE_BYTES] = "unknown HDF5 error";
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_deepest, cause);
    return error_set(err, code, "%s: %s: %s", path, what, cause);
}
