/* A unit test calls BLAS in a process of its own, with the kernels that arete would take for this processor
 * (blas_kernels.h): those of 2004, which OpenBLAS takes for one that it does not know, read beyond a matrix
 * (dsymv of 0.3.21, where AddressSanitizer stops). Linked into tests of rooms with BLAS. */
#include "model/blas/blas_kernels.h"

#include <stdio.h>

__attribute__((constructor)) static void choose(void)
{
    struct error slow = {0};
    if (blas_kernels_choose(&slow) != 0)
        fprintf(stderr, "%s\n", slow.message);
}
