/* What fuzz targets share: each is one function on bytes, as libFuzzer calls it; drive.c calls it without. */
#ifndef ARETE_FUZZ_H
#define ARETE_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads the bytes as the files of one reader. It may refuse them; it must not crash, hang, read what is not
 * there or take memory that the bytes do not account for. Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Writes a file into the target's own folder (in $TMPDIR) and returns its path, valid until the eighth next
 * call. */
const char *fuzz_put(const char *name, const void *bytes, size_t size);
const char *fuzz_path(const char *name);

/* Changes values inside one of the HDF5 files among the bytes, not their structure; false when it finds none.
 * Only of the targets that read campaigns (change_values.c). */
bool fuzz_change_value(uint8_t *data, size_t size, uint64_t seed) __attribute__((weak));

#endif
