#include "model/ridge/fold_kernel.h"

#include <math.h>
#include <stdint.h>
#include <string.h>
#ifdef __x86_64__
#include <immintrin.h>
#endif

/* Rows whose squares are summed together; columns of the widest strip; what a processor fetches at once. */
enum { FOLD_KERNEL_GROUP = 24, WIDEST_STRIP = 48, CACHE_LINE_FLOATS = 16 };

/* What belongs to one inner fold. */
struct inner_operators {
    size_t n_rows, n_test;       /* n_b, n_o */
    const uint32_t *subject;     /* n_b: its rows of w */
    const float *cross, *factor; /* C_b: n_b x n_o; R_b: n_b x n_b */
};

static struct inner_operators inner_operators(const struct fold_rows *rows, size_t b, const float *operators,
                                              const struct operator_layout *layout)
{
    size_t start = rows->inner_start[b];
    return (struct inner_operators){
        .n_rows = folds_inner_size(rows, b),
        .n_test = rows->n_test,
        .subject = rows->train + start,
        .cross = operators + layout->cross + start * rows->n_test,
        .factor = operators + layout->factor[b],
    };
}

/* While strip `strip` of inner fold b is computed, a piece of the triangle of fold b+1 is fetched into the
 * cache. This is where the piece begins. An address and no pointer, since fetching may run past the end of
 * the array. */
static uintptr_t next_factor(const float *operators, const struct operator_layout *layout, size_t b,
                             size_t n_inner, size_t strip, size_t n_strips)
{
    if (b + 1 == n_inner)
        return (uintptr_t)(operators + layout->factor[b]);
    size_t count = layout->factor[b + 1] - layout->factor[b];
    return (uintptr_t)(operators + layout->factor[b + 1] + strip * count / n_strips);
}

#define KERNEL(name) plain_##name
#define KERNEL_TARGET
#define VECTOR float
#define LANES 1
#define VECTORS 16
#define ROWS 4
#define LOAD(from) (*(from))
#define STORE(to, value) (*(to) = (value))
#define BROADCAST(value) ((float)(value))
#define FMADD(a, b, c) fmaf(a, b, c)
#define FNMADD(a, b, c) fmaf(-(a), b, c)
#include "model/ridge/fold_kernel_body.h"

#ifdef __x86_64__
#define KERNEL(name) avx2_##name
#define KERNEL_TARGET __attribute__((target("avx2,fma")))
#define VECTOR __m256
#define LANES 8
#define VECTORS 2
#define ROWS 6
#define LOAD _mm256_loadu_ps
#define STORE _mm256_storeu_ps
#define BROADCAST _mm256_set1_ps
#define FMADD _mm256_fmadd_ps
#define FNMADD _mm256_fnmadd_ps
#include "model/ridge/fold_kernel_body.h"

#define KERNEL(name) avx512_##name
#define KERNEL_TARGET __attribute__((target("avx512f")))
#define VECTOR __m512
#define LANES 16
#define VECTORS 3
#define ROWS 8
#define LOAD _mm512_loadu_ps
#define STORE _mm512_storeu_ps
#define BROADCAST _mm512_set1_ps
#define FMADD _mm512_fmadd_ps
#define FNMADD _mm512_fnmadd_ps
#include "model/ridge/fold_kernel_body.h"
#endif

/* Room for e of all strips, x of one strip, and for beginning on a cache line. */
size_t fold_kernel_workspace(size_t largest_test, size_t largest_inner, size_t columns)
{
    size_t rows = largest_test > largest_inner ? largest_test : largest_inner;
    return largest_test * (columns + WIDEST_STRIP) + rows * WIDEST_STRIP + CACHE_LINE_FLOATS;
}

void fold_kernel_run(enum instructions instructions, const struct fold_kernel_fold *fold, const float *w,
                     size_t columns, float *workspace, float *criterion, float *error)
{
    const struct fold_rows *rows = fold->rows;
    size_t n_inner = fold->n_inner;
    const float *operators = fold->operators;
    const struct operator_layout *layout = fold->layout;

    size_t past = (uintptr_t)workspace / sizeof *workspace % CACHE_LINE_FLOATS;
    float *lined_up = workspace + (CACHE_LINE_FLOATS - past) % CACHE_LINE_FLOATS;
    memset(criterion, 0, columns * sizeof *criterion);
    memset(error, 0, columns * sizeof *error);
#ifdef __x86_64__
    if (instructions == INSTRUCTIONS_AVX512) {
        avx512_fold(rows, n_inner, operators, layout, w, columns, lined_up, criterion, error);
        return;
    }
    if (instructions == INSTRUCTIONS_AVX2) {
        avx2_fold(rows, n_inner, operators, layout, w, columns, lined_up, criterion, error);
        return;
    }
#endif
    (void)instructions;
    plain_fold(rows, n_inner, operators, layout, w, columns, lined_up, criterion, error);
}
