#include "run/pass_folds.h"

struct fold_span pass_folds_from(size_t done, size_t n_outer, size_t most)
{
    size_t left = n_outer - done, at_once = most > 0 ? most : 1;
    size_t passes = (left + at_once - 1) / at_once;
    return (struct fold_span){done, passes > 0 ? (left + passes - 1) / passes : 0};
}

static bool is_there(const struct fold_sums *found, size_t count, size_t through)
{
    for (size_t k = 0; k < count; k++)
        if (found[k].through == through)
            return true;
    return false;
}

struct fold_span pass_folds_next(const struct fold_sums *found, size_t count, bool first_is_whole,
                                 size_t n_outer, size_t most, bool *stale)
{
    *stale = false;
    if (count == 0)
        return pass_folds_from(0, n_outer, most);
    const struct fold_sums *last = &found[count - 1];
    /* A pass removes the file that it read when it is through. */
    bool whole = last->from == 0 ? first_is_whole : !is_there(found, count - 1, last->from);
    if (whole)
        return pass_folds_from(last->through, n_outer, most);
    if (last->through - last->from <= most)
        return (struct fold_span){last->from, last->through - last->from};
    *stale = true;
    return pass_folds_from(last->from, n_outer, most);
}
