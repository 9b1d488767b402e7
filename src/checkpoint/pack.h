/* The values of one static dataset as bytes in the file, and back. */
#ifndef ARETE_CHECKPOINT_PACK_H
#define ARETE_CHECKPOINT_PACK_H

#include "base/error.h"
#include "checkpoint/layout.h"

#include <stddef.h>

struct packed {
    const void *bytes; /* the campaign's own array, or `owned` */
    void *owned;       /* to be freed; NULL for numbers */
    size_t count_bytes;
    size_t width; /* of a text */
};

/* Packs a campaign's values; `length` as layout_lengths gives it. Released by pack_free. */
int pack_make(struct packed *packed, const struct layout_dataset *dataset, const struct campaign *campaign,
              const uint64_t length[LAYOUT_LENGTHS], struct error *err);
void pack_free(struct packed *packed);

/* Texts, each in `width` bytes filled up with zeros: *width is that of the longest, at least 1. NULL and an
 * error without memory. */
char *pack_texts(char *const *texts, size_t count, size_t *width, struct error *err);
/* And back: `count` strings of their own; pack_free_texts releases them. */
char **pack_split_texts(const char *bytes, size_t width, size_t count, struct error *err);
void pack_free_texts(char **texts, size_t count);

/* Gives a campaign `count` values of a dataset. Takes over `bytes` (from malloc), or frees them, on failure
 * too. */
int pack_restore(struct campaign *campaign, const struct layout_dataset *dataset, size_t count, size_t width,
                 void *bytes, struct error *err);

#endif
