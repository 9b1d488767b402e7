/* The body of model/fold_kernel.c, included once for each instruction set; there is no guard. The includer
 * defines
 *   KERNEL(name)      the name of a function of this instruction set
 *   KERNEL_TARGET     its attributes
 *   VECTOR, LANES     the vector type and its floats; LOAD, STORE, BROADCAST, FMADD (a b + c), FNMADD (c - a
 * b) VECTORS, ROWS     the register tile: ROWS x (VECTORS x LANES) sums; ROWS divides FOLD_KERNEL_GROUP */

#define WIDTH ((size_t)VECTORS * LANES)

/* acc(r, :) += or -= a[r][k] x(k, :) over k = first ... last-1. x has WIDTH columns. */
KERNEL_TARGET static inline void KERNEL(multiply)(const float *const a[ROWS], const float *x, size_t first,
                                                  size_t last, bool subtract, VECTOR acc[ROWS][VECTORS])
{
    for (size_t k = first; k < last; k++) {
        VECTOR b[VECTORS];
#pragma GCC unroll 16
        for (size_t v = 0; v < VECTORS; v++)
            b[v] = LOAD(x + k * WIDTH + v * LANES);
#pragma GCC unroll 16
        for (size_t r = 0; r < ROWS; r++) {
            VECTOR scale = BROADCAST(a[r][k]);
#pragma GCC unroll 16
            for (size_t v = 0; v < VECTORS; v++)
                acc[r][v] = subtract ? FNMADD(scale, b[v], acc[r][v]) : FMADD(scale, b[v], acc[r][v]);
        }
    }
}

/* Row r of the block of ROWS rows that ends before `end`; rows before the first one stand for it and are not
 * used. */
static inline size_t KERNEL(row)(size_t end, size_t r)
{
    return end + r < ROWS ? 0 : end + r - ROWS;
}

static inline size_t KERNEL(first_row)(size_t end)
{
    return end < ROWS ? ROWS - end : 0;
}

/* The sum of squares of rows, from the last to the first: groups of FOLD_KERNEL_GROUP rows, so that rounding
 * stays small and the order is the same for every ROWS. */
struct KERNEL(squares) {
    VECTOR total[VECTORS], group[VECTORS];
};

KERNEL_TARGET static inline void KERNEL(clear)(struct KERNEL(squares) * squares)
{
#pragma GCC unroll 16
    for (size_t v = 0; v < VECTORS; v++)
        squares->total[v] = squares->group[v] = BROADCAST(0);
}

KERNEL_TARGET static inline void KERNEL(add_squares)(VECTOR acc[ROWS][VECTORS], size_t end, size_t n_rows,
                                                     struct KERNEL(squares) * squares)
{
    for (size_t r = ROWS; r-- > KERNEL(first_row)(end);)
#pragma GCC unroll 16
        for (size_t v = 0; v < VECTORS; v++)
            squares->group[v] = FMADD(acc[r][v], acc[r][v], squares->group[v]);
    if (end > ROWS && (n_rows - end + ROWS) % FOLD_KERNEL_GROUP != 0)
        return;
#pragma GCC unroll 16
    for (size_t v = 0; v < VECTORS; v++) {
        squares->total[v] = FMADD(squares->group[v], BROADCAST(1), squares->total[v]);
        squares->group[v] = BROADCAST(0);
    }
}

/* sums[j] += total(j) for the first `width` columns. */
KERNEL_TARGET static inline void KERNEL(keep_squares)(const struct KERNEL(squares) * squares, size_t width,
                                                      float *sums)
{
    float total[VECTORS * LANES];
#pragma GCC unroll 16
    for (size_t v = 0; v < VECTORS; v++)
        STORE(total + v * LANES, squares->total[v]);
    for (size_t j = 0; j < width; j++)
        sums[j] += total[j];
}

/* One row of a strip, zero beyond `width`. */
KERNEL_TARGET static inline void KERNEL(gather)(const float *from, size_t width, float *to)
{
    if (width < WIDTH) {
        memcpy(to, from, width * sizeof *to);
        memset(to + width, 0, (WIDTH - width) * sizeof *to);
        return;
    }
#pragma GCC unroll 16
    for (size_t v = 0; v < VECTORS; v++)
        STORE(to + v * LANES, LOAD(from + v * LANES));
}

/* The test set's strip: e = inverse w. w: its rows, leading dimension `columns`. */
KERNEL_TARGET static void KERNEL(test_strip)(const float *inverse, size_t n_o, const float *w, size_t columns,
                                             size_t width, float *x, float *e, float *error)
{
    struct KERNEL(squares) squares;
    KERNEL(clear)(&squares);
    for (size_t i = 0; i < n_o; i++)
        KERNEL(gather)(w + i * columns, width, x + i * WIDTH);
    for (size_t end = n_o; end > 0; end -= end < ROWS ? end : ROWS) {
        const float *a[ROWS];
        VECTOR acc[ROWS][VECTORS];
#pragma GCC unroll 16
        for (size_t r = 0; r < ROWS; r++) {
            a[r] = inverse + KERNEL(row)(end, r) * n_o;
#pragma GCC unroll 16
            for (size_t v = 0; v < VECTORS; v++)
                acc[r][v] = BROADCAST(0);
        }
        KERNEL(multiply)(a, x, 0, n_o, false, acc);
        for (size_t r = KERNEL(first_row)(end); r < ROWS; r++)
#pragma GCC unroll 16
            for (size_t v = 0; v < VECTORS; v++)
                STORE(e + KERNEL(row)(end, r) * WIDTH + v * LANES, acc[r][v]);
        KERNEL(add_squares)(acc, end, n_o, &squares);
    }
    KERNEL(keep_squares)(&squares, width, error);
}

/* x -= C_b e, for the block of rows that ends before `end`. */
KERNEL_TARGET static inline void KERNEL(correct)(const struct inner_operators *inner, const float *e,
                                                 size_t end, float *x)
{
    const float *a[ROWS];
    VECTOR acc[ROWS][VECTORS];
#pragma GCC unroll 16
    for (size_t r = 0; r < ROWS; r++) {
        a[r] = inner->cross + KERNEL(row)(end, r) * inner->n_test;
#pragma GCC unroll 16
        for (size_t v = 0; v < VECTORS; v++)
            acc[r][v] = LOAD(x + KERNEL(row)(end, r) * WIDTH + v * LANES);
    }
    KERNEL(multiply)(a, e, 0, inner->n_test, true, acc);
    for (size_t r = KERNEL(first_row)(end); r < ROWS; r++)
#pragma GCC unroll 16
        for (size_t v = 0; v < VECTORS; v++)
            STORE(x + KERNEL(row)(end, r) * WIDTH + v * LANES, acc[r][v]);
}

/* An inner fold's strip, from its last rows up: those are all that the triangle's last rows need. w stands at
 * the strip's first column. */
KERNEL_TARGET static void KERNEL(inner_strip)(const struct inner_operators *inner, const float *w,
                                              size_t columns, size_t width, size_t next_width, const float *e,
                                              uintptr_t ahead, float *x, float *criterion)
{
    struct KERNEL(squares) squares;
    KERNEL(clear)(&squares);
    for (size_t i = 0; i < inner->n_rows; i++)
        KERNEL(gather)(w + inner->subject[i] * columns, width, x + i * WIDTH);
    for (size_t end = inner->n_rows; end > 0; end -= end < ROWS ? end : ROWS) {
        const float *a[ROWS];
        VECTOR acc[ROWS][VECTORS];
        KERNEL(correct)(inner, e, end, x);
#pragma GCC unroll 16
        for (size_t r = 0; r < ROWS; r++) {
            size_t i = KERNEL(row)(end, r);
            a[r] = inner->factor + i * inner->n_rows;
            /* The next strip's rows and the next inner fold's triangle come from far: ask for them now. */
            for (size_t j = 0; j < next_width; j += CACHE_LINE_FLOATS)
                __builtin_prefetch(w + inner->subject[i] * columns + WIDTH + j, 0, 2);
            __builtin_prefetch((const void *)(ahead + (end + r) * CACHE_LINE_FLOATS * sizeof(float)), 0, 2);
#pragma GCC unroll 16
            for (size_t v = 0; v < VECTORS; v++)
                acc[r][v] = BROADCAST(0);
        }
        KERNEL(multiply)(a, x, KERNEL(row)(end, 0), inner->n_rows, false, acc);
        KERNEL(add_squares)(acc, end, inner->n_rows, &squares);
    }
    KERNEL(keep_squares)(&squares, width, criterion);
}

KERNEL_TARGET static void KERNEL(fold)(const struct fold_rows *rows, size_t n_inner, const float *operators,
                                       const struct operator_layout *layout, const float *w, size_t columns,
                                       float *workspace, float *criterion, float *error)
{
    size_t n_o = rows->n_test, n_strips = (columns + WIDTH - 1) / WIDTH;
    float *e = workspace, *x = e + n_o * n_strips * WIDTH;
    const float *inverse = operators + layout->inverse, *test = w + rows->first_test * columns;
    for (size_t j = 0; j < columns; j += WIDTH) {
        size_t width = columns - j < WIDTH ? columns - j : WIDTH;
        KERNEL(test_strip)(inverse, n_o, test + j, columns, width, x, e + j * n_o, error + j);
    }
    for (size_t b = 0; b < n_inner; b++) {
        struct inner_operators inner = inner_operators(rows, b, operators, layout);
        for (size_t s = 0; s < n_strips; s++) {
            size_t j = s * WIDTH, left = columns - j, width = left < WIDTH ? left : WIDTH;
            size_t next = left - width < WIDTH ? left - width : WIDTH; /* the next strip's width */
            uintptr_t ahead = next_factor(operators, layout, b, n_inner, s, n_strips);
            KERNEL(inner_strip)(&inner, w + j, columns, width, next, e + j * n_o, ahead, x, criterion + j);
        }
    }
}

/* What the includer defined is gone after this, so that it can define the next instruction set's. */
#undef WIDTH
#undef KERNEL
#undef KERNEL_TARGET
#undef VECTOR
#undef LANES
#undef VECTORS
#undef ROWS
#undef LOAD
#undef STORE
#undef BROADCAST
#undef FMADD
#undef FNMADD
