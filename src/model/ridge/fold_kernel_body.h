/* The body of model/ridge/fold_kernel.c, included once for each instruction set; so it has no include guard.
 *
 * The includer defines:
 *
 *   KERNEL(name)            the name of a function for this instruction set
 *   KERNEL_TARGET           its attributes
 *   VECTOR, LANES           the vector type, and how many floats it holds
 *   LOAD, STORE, BROADCAST  its operations
 *   FMADD, FNMADD           a b + c, and c - a b
 *   VECTORS, ROWS           ROWS x (VECTORS x LANES) sums in registers; ROWS divides FOLD_KERNEL_GROUP */

#define INLINE KERNEL_TARGET static inline __attribute__((always_inline))
#define WIDTH ((size_t)VECTORS * LANES)

/* acc(r, :) += or -= a[r][k] x(k, :) over k = first ... last-1. x has WIDTH columns. */
INLINE void KERNEL(multiply)(const float *const a[ROWS], const float *x, size_t first, size_t last,
                             bool subtract, VECTOR acc[ROWS][VECTORS])
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

/* The triangle on the diagonal: acc(r, :) += a[r][first + k] x(first + k, :) over k = r ... ROWS-1. */
INLINE void KERNEL(multiply_triangle)(const float *const a[ROWS], const float *x, size_t first,
                                      VECTOR acc[ROWS][VECTORS])
{
#pragma GCC unroll 16
    for (size_t k = 0; k < ROWS; k++) {
        VECTOR b[VECTORS];
#pragma GCC unroll 16
        for (size_t v = 0; v < VECTORS; v++)
            b[v] = LOAD(x + (first + k) * WIDTH + v * LANES);
#pragma GCC unroll 16
        for (size_t r = 0; r <= k; r++) {
            VECTOR scale = BROADCAST(a[r][first + k]);
#pragma GCC unroll 16
            for (size_t v = 0; v < VECTORS; v++)
                acc[r][v] = FMADD(scale, b[v], acc[r][v]);
        }
    }
}

/* Rows are taken in blocks of ROWS, from the last row up. A block has the rows before `end`, ROWS of them if
 * it is whole. The topmost block may have fewer; then row 0 stands in for those that are missing, and their
 * results are not used. */
static inline size_t KERNEL(row)(size_t end, size_t r, bool whole)
{
    return whole || end + r >= ROWS ? end + r - ROWS : 0;
}

static inline size_t KERNEL(first_row)(size_t end, bool whole)
{
    return whole ? 0 : ROWS - end;
}

INLINE void KERNEL(clear_block)(VECTOR acc[ROWS][VECTORS])
{
#pragma GCC unroll 16
    for (size_t r = 0; r < ROWS; r++)
#pragma GCC unroll 16
        for (size_t v = 0; v < VECTORS; v++)
            acc[r][v] = BROADCAST(0);
}

INLINE void KERNEL(store_block)(VECTOR acc[ROWS][VECTORS], size_t end, bool whole, float *to)
{
#pragma GCC unroll 16
    for (size_t r = 0; r < ROWS; r++)
        if (r >= KERNEL(first_row)(end, whole))
#pragma GCC unroll 16
            for (size_t v = 0; v < VECTORS; v++)
                STORE(to + KERNEL(row)(end, r, whole) * WIDTH + v * LANES, acc[r][v]);
}

/* The sum of squares over rows, from the last to the first. First over groups of FOLD_KERNEL_GROUP rows: so
 * rounding stays small, and the order is the same for every ROWS. */
struct KERNEL(squares) {
    VECTOR total[VECTORS], group[VECTORS];
};

INLINE void KERNEL(clear)(struct KERNEL(squares) * squares)
{
#pragma GCC unroll 16
    for (size_t v = 0; v < VECTORS; v++)
        squares->total[v] = squares->group[v] = BROADCAST(0);
}

INLINE void KERNEL(add_squares)(VECTOR acc[ROWS][VECTORS], size_t end, bool whole, size_t n_rows,
                                struct KERNEL(squares) * squares)
{
#pragma GCC unroll 16
    for (size_t r = ROWS; r-- > 0;)
        if (r >= KERNEL(first_row)(end, whole))
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
INLINE void KERNEL(keep_squares)(const struct KERNEL(squares) * squares, size_t width, float *sums)
{
    float total[VECTORS * LANES];
#pragma GCC unroll 16
    for (size_t v = 0; v < VECTORS; v++)
        STORE(total + v * LANES, squares->total[v]);
    for (size_t j = 0; j < width; j++)
        sums[j] += total[j];
}

/* Copies a row of a strip; zero beyond `width`. */
INLINE void KERNEL(gather)(const float *from, size_t width, float *to)
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

/* A block of rows of e = inverse w. */
INLINE void KERNEL(test_block)(const float *inverse, size_t n_o, const float *x, size_t end, bool whole,
                               float *e, struct KERNEL(squares) * squares)
{
    const float *a[ROWS];
    VECTOR acc[ROWS][VECTORS];
#pragma GCC unroll 16
    for (size_t r = 0; r < ROWS; r++)
        a[r] = inverse + KERNEL(row)(end, r, whole) * n_o;
    KERNEL(clear_block)(acc);
    KERNEL(multiply)(a, x, 0, n_o, false, acc);
    KERNEL(store_block)(acc, end, whole, e);
    KERNEL(add_squares)(acc, end, whole, n_o, squares);
}

/* A strip of the test set. w: the rows of the test set, leading dimension `columns`. */
KERNEL_TARGET static void KERNEL(test_strip)(const float *inverse, size_t n_o, const float *w, size_t columns,
                                             size_t width, float *x, float *e, float *error)
{
    struct KERNEL(squares) squares;
    KERNEL(clear)(&squares);
    for (size_t i = 0; i < n_o; i++)
        KERNEL(gather)(w + i * columns, width, x + i * WIDTH);
    size_t end = n_o;
    for (; end >= ROWS; end -= ROWS)
        KERNEL(test_block)(inverse, n_o, x, end, true, e, &squares);
    if (end > 0)
        KERNEL(test_block)(inverse, n_o, x, end, false, e, &squares);
    KERNEL(keep_squares)(&squares, width, error);
}

/* x = w_b - C_b e for a block of rows. Row i of w_b is at w + subject[i] * columns. In the last, narrower
 * strip (subject == NULL) it is in x already. */
INLINE void KERNEL(correct)(const struct inner_operators *inner, const float *w, const uint32_t *subject,
                            size_t columns, const float *e, size_t end, bool whole, float *x)
{
    const float *a[ROWS];
    VECTOR acc[ROWS][VECTORS];
#pragma GCC unroll 16
    for (size_t r = 0; r < ROWS; r++) {
        size_t i = KERNEL(row)(end, r, whole);
        const float *from = subject == NULL ? x + i * WIDTH : w + subject[i] * columns;
        a[r] = inner->cross + i * inner->n_test;
#pragma GCC unroll 16
        for (size_t v = 0; v < VECTORS; v++)
            acc[r][v] = LOAD(from + v * LANES);
    }
    KERNEL(multiply)(a, e, 0, inner->n_test, true, acc);
    KERNEL(store_block)(acc, end, whole, x);
}

INLINE void KERNEL(triangle_block)(const struct inner_operators *inner, const float *x, size_t end,
                                   bool whole, struct KERNEL(squares) * squares)
{
    const float *a[ROWS];
    VECTOR acc[ROWS][VECTORS];
#pragma GCC unroll 16
    for (size_t r = 0; r < ROWS; r++)
        a[r] = inner->factor + KERNEL(row)(end, r, whole) * inner->n_rows;
    KERNEL(clear_block)(acc);
    if (whole)
        KERNEL(multiply_triangle)(a, x, end - ROWS, acc);
    KERNEL(multiply)(a, x, whole ? end : 0, inner->n_rows, false, acc);
    KERNEL(add_squares)(acc, end, whole, inner->n_rows, squares);
}

/* Fetches what will be needed while the block that ends before `end` is multiplied. Into the first cache: the
 * rows of w of the next block (if subject == NULL, they are in x already). Into the second cache: the rows of
 * this block of the next strip, and a piece of the next inner fold's triangle. */
INLINE void KERNEL(fetch)(const struct inner_operators *inner, const float *w, const uint32_t *subject,
                          size_t columns, size_t next_width, uintptr_t ahead, size_t end)
{
    for (size_t r = 0; r < ROWS; r++) {
        if (subject != NULL && end >= (size_t)2 * ROWS)
            for (size_t j = 0; j <= WIDTH; j += CACHE_LINE_FLOATS)
                __builtin_prefetch(w + subject[end - (size_t)2 * ROWS + r] * columns + j, 0, 3);
        for (size_t j = 0; j < next_width; j += CACHE_LINE_FLOATS)
            __builtin_prefetch(w + inner->subject[end - ROWS + r] * columns + WIDTH + j, 0, 2);
        __builtin_prefetch((const void *)(ahead + (end + r) * CACHE_LINE_FLOATS * sizeof(float)), 0, 2);
    }
}

/* A strip of an inner fold, from the last rows up: a row of the triangle needs only the rows of x from its
 * own on. w: at the first column of the strip. */
KERNEL_TARGET static void KERNEL(inner_strip)(const struct inner_operators *inner, const float *w,
                                              size_t columns, size_t width, size_t next_width, const float *e,
                                              uintptr_t ahead, float *x, float *criterion)
{
    struct KERNEL(squares) squares;
    const uint32_t *subject = width < WIDTH ? NULL : inner->subject;
    KERNEL(clear)(&squares);
    for (size_t i = 0; subject == NULL && i < inner->n_rows; i++)
        KERNEL(gather)(w + inner->subject[i] * columns, width, x + i * WIDTH);
    size_t end = inner->n_rows;
    for (; end >= ROWS; end -= ROWS) {
        KERNEL(correct)(inner, w, subject, columns, e, end, true, x);
        KERNEL(fetch)(inner, w, subject, columns, next_width, ahead, end);
        KERNEL(triangle_block)(inner, x, end, true, &squares);
    }
    if (end > 0) {
        KERNEL(correct)(inner, w, subject, columns, e, end, false, x);
        KERNEL(triangle_block)(inner, x, end, false, &squares);
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

/* Undefined, so that the includer can define them for the next instruction set. */
#undef WIDTH
#undef INLINE
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
