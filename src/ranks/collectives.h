/* What ranks tell each other outside a graph of tasks: errors, numbers, arrays.
 *
 * All calls but collectives_copy are collective. If a rank fails meanwhile, they return its error instead of
 * waiting for it. With one rank, and once the ranks have agreed on an error, they do nothing and return
 * err->code.
 *
 * How errors are handled: a rank with an error of its own goes on to the next collectives_agree, where all
 * ranks meet and get the same error. Between a step that may fail in one rank and any other of these calls
 * there must be an collectives_agree. */
#ifndef ARETE_RANKS_COLLECTIVES_H
#define ARETE_RANKS_COLLECTIVES_H

#include "ranks/ranks.h"

/* Each rank brings the outcome of its step in err, an error or none. Afterwards all ranks have the same: the
 * error of the lowest rank that had one, or none. The rank and its host are added to the message, except for
 * rank 0. */
int collectives_agree(struct ranks *ranks, struct error *err);

/* Copies `bytes` bytes of `data` from rank `root` to all others. */
int collectives_broadcast(struct ranks *ranks, void *data, size_t bytes, int root, struct error *err);

/* Copies a text of any length from rank 0 to all others, which get it in *text, theirs to free. */
int collectives_broadcast_text(struct ranks *ranks, char **text, struct error *err);

/* Replaces each of `count` values by its sum over all ranks. */
int collectives_sum(struct ranks *ranks, int64_t *values, size_t count, struct error *err);

/* Replaces each of `count` values by the largest that any rank has. */
int collectives_largest(struct ranks *ranks, int64_t *values, size_t count, struct error *err);

/* *any = whether `asked` is true in any rank; the same in all ranks. */
int collectives_any(struct ranks *ranks, bool asked, bool *any, struct error *err);

/* Copies `bytes` bytes of `data` from rank `from` to rank `to`. Not collective: other ranks need not call it,
 * and then do nothing. */
int collectives_copy(struct ranks *ranks, void *data, size_t bytes, int from, int to, struct error *err);

#endif
