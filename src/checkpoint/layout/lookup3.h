/* The checksum of HDF5's own structures: Bob Jenkins' hash lookup3 ("hashlittle", in the public domain),
 * which the HDF5 file format names for them. */
#ifndef ARETE_CHECKPOINT_LOOKUP3_H
#define ARETE_CHECKPOINT_LOOKUP3_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether the checksum of `bytes` is `expected`. */
bool lookup3_is(const uint8_t *bytes, size_t count, uint32_t expected);

/* The checksum. */
uint32_t lookup3_of(const uint8_t *bytes, size_t count);

#endif
