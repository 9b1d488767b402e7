/* Which of OpenBLAS's kernels compute, where the processor is younger than the library. OpenBLAS knows
 * processors by their model numbers, not by what they can do, and takes the kernels of 2004 for one that it
 * does not know: with 0.3.21 on an Emerald Rapids they have a seventh of the speed. */
#ifndef ARETE_MODEL_BLAS_BLAS_KERNELS_H
#define ARETE_MODEL_BLAS_BLAS_KERNELS_H

#include "base/error.h"
#include "base/instructions.h"

/* The kernels to take instead of those called `core`, by the name that OPENBLAS_CORETYPE has for them; NULL:
 * `core` makes use of what the processor can do, which is `best`. */
const char *blas_kernels_instead(const char *core, enum instructions best);

/* Starts the program again with the kernels of this processor, if OpenBLAS took others and OPENBLAS_CORETYPE
 * does not say that it should: it chooses when it is loaded, and never again. To be called before files are
 * opened and threads started. Returns 0 where nothing is to be done; where the program cannot be started
 * again EXIT_CODE_FAILED with a message, and the old kernels do it too. */
int blas_kernels_choose(struct error *err);

#endif
