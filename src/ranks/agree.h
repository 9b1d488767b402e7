/* What ranks tell each other outside the DAG: errors, numbers, arrays. Calls are collective (but agree_move),
 * return the error of a rank that failed meanwhile, and do nothing but return err->code when there is one
 * rank, or once all have agreed on an error. So a rank that has an error only needs to come to the next
 * agree_outcome, as all others do; before the other calls an error of one rank must have been agreed on. */
#ifndef ARETE_RANKS_AGREE_H
#define ARETE_RANKS_AGREE_H

#include "ranks/ranks.h"

/* Each rank brings the outcome of its step, err as it is. Afterwards all have the same: the error of the
 * lowest rank that had one (with the rank and its host, but for rank 0), or none. */
int agree_outcome(struct ranks *ranks, struct error *err);

/* `bytes` of `data` at rank `root` replace those of all others. */
int agree_broadcast(struct ranks *ranks, void *data, size_t bytes, int root, struct error *err);

/* A text of rank 0, of any length; the others get a new one into *text, theirs to free. */
int agree_text(struct ranks *ranks, char **text, struct error *err);

/* values[i] becomes its sum over the ranks. */
int agree_sum(struct ranks *ranks, int64_t *values, size_t count, struct error *err);

/* Whether `asked` holds in any rank, decided once for all of them. */
int agree_any(struct ranks *ranks, bool asked, bool *any, struct error *err);

/* `count` doubles of rank `from` replace those of rank `to`. Other ranks do nothing. */
int agree_move(struct ranks *ranks, double *values, size_t count, int from, int to, struct error *err);

#endif
