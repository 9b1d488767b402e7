/* HDF5's own error stack, kept off stderr and turned into one line. */
#ifndef ARETE_CHECKPOINT_HDF5_ERROR_H
#define ARETE_CHECKPOINT_HDF5_ERROR_H

#include "base/error.h"

/* HDF5 prints no errors itself from now on. Before the first call of the library in every public function. */
void hdf5_error_silence(void);

/* Sets "PATH: WHAT: the deepest cause HDF5 knows" from the call that just failed, and returns `code`. */
int hdf5_error_set(struct error *err, int code, const char *path, const char *what);

#endif
