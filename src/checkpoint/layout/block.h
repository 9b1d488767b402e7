/* Pieces of the file that hold structure. */
#ifndef ARETE_CHECKPOINT_BLOCK_H
#define ARETE_CHECKPOINT_BLOCK_H

#include "checkpoint/layout/cursor.h"
#include "checkpoint/layout/layout.h"

/* All structure together: names of thousands of covariates, and far from what harms a machine. */
enum { BLOCK_BYTES_MOST = 1 << 25 };

/* "no such place" in HDF5. */
#define BLOCK_NOWHERE UINT64_MAX

/* Says that these bytes of the file belong to one thing; an error if they are not there or belong to another.
 */
int block_claim(struct layout *layout, uint64_t offset, uint64_t bytes, const char *what, struct error *err);

/* Claims and reads. `bytes` of them, which live as long as the layout, or NULL and an error. */
uint8_t *block_bytes(struct layout *layout, uint64_t offset, uint64_t bytes, const char *what,
                     struct error *err);

/* The same of a piece that begins with a signature of four letters and ends with its checksum: *content is
 * what is between. */
int block_read(struct layout *layout, uint64_t offset, uint64_t bytes, const char *signature,
               struct cursor *content, struct error *err);

/* "PATH: is damaged: WHAT at byte N: WRONG". Returns the code. */
int block_refuse(const struct layout *layout, const char *what, uint64_t offset, const char *wrong,
                 struct error *err);

#endif
