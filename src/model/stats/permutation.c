#include "model/stats/permutation.h"

#include "base/memory.h"
#include "model/stats/random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct labelled_subject {
    int32_t label;
    uint32_t subject;
};

static int compare_labelled(const void *a, const void *b)
{
    const struct labelled_subject *left = a, *right = b;
    if (left->label != right->label)
        return left->label < right->label ? -1 : 1;
    return left->subject < right->subject ? -1 : left->subject > right->subject;
}

int permutation_scheme_init(struct permutation_scheme *scheme, const int32_t *block, size_t n, uint64_t seed,
                            struct error *err)
{
    *scheme = (struct permutation_scheme){.n = n, .seed = seed};
    struct labelled_subject *sorted = memory_zeroed(n, sizeof *sorted, "the exchangeability blocks", err);
    scheme->members = memory_zeroed(n, sizeof *scheme->members, "the exchangeability blocks", err);
    scheme->start = memory_zeroed(n + 1, sizeof *scheme->start, "the exchangeability blocks", err);
    if (sorted == NULL || scheme->members == NULL || scheme->start == NULL) {
        free(sorted);
        permutation_scheme_free(scheme);
        return err->code;
    }
    for (size_t i = 0; i < n; i++)
        sorted[i] = (struct labelled_subject){block != NULL ? block[i] : 0, (uint32_t)i};
    qsort(sorted, n, sizeof *sorted, compare_labelled);
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || sorted[i].label != sorted[i - 1].label)
            scheme->start[scheme->n_blocks++] = i;
        scheme->members[i] = sorted[i].subject;
    }
    scheme->start[scheme->n_blocks] = n;
    free(sorted);
    return 0;
}

void permutation_scheme_free(struct permutation_scheme *scheme)
{
    free(scheme->members);
    free(scheme->start);
    *scheme = (struct permutation_scheme){0};
}

void permutation_draw(const struct permutation_scheme *scheme, uint64_t number, uint32_t *order,
                      uint32_t *workspace)
{
    memcpy(workspace, scheme->members, scheme->n * sizeof *workspace);
    if (number > 0) {
        struct random_stream stream;
        random_start(&stream, scheme->seed, RANDOM_PERMUTATION, number);
        for (size_t b = 0; b < scheme->n_blocks; b++)
            random_shuffle(&stream, workspace + scheme->start[b], scheme->start[b + 1] - scheme->start[b]);
    }
    for (size_t i = 0; i < scheme->n; i++)
        order[scheme->members[i]] = workspace[i];
}

double permutation_log10_count(const struct permutation_scheme *scheme)
{
    double sum = 0;
    for (size_t b = 0; b < scheme->n_blocks; b++)
        sum += lgamma((double)(scheme->start[b + 1] - scheme->start[b]) + 1) / log(10);
    return sum;
}

/* In integers, as far as `count`: rounded logarithms refuse the very last one. */
bool permutation_allows(const struct permutation_scheme *scheme, int64_t count)
{
    int64_t different = 1;
    for (size_t b = 0; b < scheme->n_blocks; b++)
        for (size_t k = 2; k <= scheme->start[b + 1] - scheme->start[b]; k++) {
            if (different > count / (int64_t)k)
                return true;
            different *= (int64_t)k;
        }
    return different > count;
}
