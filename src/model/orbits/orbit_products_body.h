/* Sums of coefficient x product (model/orbits/orbit_terms.h); included by orbit_kernel_body.h.
 *
 * With c = r + i s a coefficient and z = x + i y a product, c z takes three real products:
 *
 *     p = r x,  q = s y,  t = (r + s)(x + y):     real part p - q, imaginary part (t - p) - q
 *
 * Each of p, q, t is one chain of fused multiply-adds over the terms of a panel, in order; what panels give
 * is added in order.
 *
 * Columns are taken in strips of a few vectors, which may stand in two groups or in a part of one: vectors
 * are counted through all groups. */
#define WIDTH(vectors) ((vectors)*LANES)
#define VECTORS_OF_GROUP (ORBIT_LANES / LANES)

/* Where vector v stands, in rows of groups. */
INLINE size_t KERNEL(column)(size_t v, size_t group_stride)
{
    return v / VECTORS_OF_GROUP * group_stride + v % VECTORS_OF_GROUP * LANES;
}

/* acc[r] += the three products of form r's coefficients with the strip's. x: count x 3 rows of the strip. */
INLINE void KERNEL(multiply)(const float *const *form, size_t rows, size_t vectors, const float *x,
                             size_t count, size_t ahead, VECTOR acc[ROWS][3][VECTORS])
{
    for (size_t k = 0; k < count; k++) {
        VECTOR z[3][VECTORS];
        if (k % 8 == 0)
#pragma GCC unroll 16
            for (size_t r = 0; r < rows; r++)
                __builtin_prefetch(form[r] + ahead + 2 * k, 0, 3);
#pragma GCC unroll 16
        for (size_t p = 0; p < 3; p++)
#pragma GCC unroll 16
            for (size_t v = 0; v < vectors; v++)
                z[p][v] = LOAD(x + (k * 3 + p) * WIDTH(vectors) + v * LANES);
#pragma GCC unroll 16
        for (size_t r = 0; r < rows; r++) {
            VECTOR re = BROADCAST(form[r][2 * k]), im = BROADCAST(form[r][2 * k + 1]);
            KEEP(re);
            KEEP(im);
            VECTOR both = ADD(re, im);
#pragma GCC unroll 16
            for (size_t v = 0; v < vectors; v++) {
                acc[r][0][v] = FMADD(re, z[0][v], acc[r][0][v]);
                acc[r][1][v] = FMADD(im, z[1][v], acc[r][1][v]);
                acc[r][2][v] = FMADD(both, z[2][v], acc[r][2][v]);
            }
        }
    }
}

/* Some forms of a panel and a strip: their sums (rows x 2 x strip) are set or added to. */
INLINE void KERNEL(forms)(const struct orbit_panel *panel, size_t form, size_t rows, size_t vectors,
                          const float *x, float *sums)
{
    VECTOR acc[ROWS][3][VECTORS];
    const float *coefficients[ROWS];
#pragma GCC unroll 16
    for (size_t r = 0; r < rows; r++) {
        coefficients[r] = panel->coefficients + (form + r) * panel->stride;
#pragma GCC unroll 16
        for (size_t v = 0; v < vectors; v++)
            acc[r][0][v] = acc[r][1][v] = acc[r][2][v] = BROADCAST(0);
    }
    KERNEL(multiply)(coefficients, rows, vectors, x, panel->count, rows * panel->stride, acc);
#pragma GCC unroll 16
    for (size_t r = 0; r < rows; r++)
#pragma GCC unroll 16
        for (size_t v = 0; v < vectors; v++) {
            VECTOR re = SUB(acc[r][0][v], acc[r][1][v]);
            VECTOR im = SUB(SUB(acc[r][2][v], acc[r][0][v]), acc[r][1][v]);
            float *to = sums + (form + r) * 2 * WIDTH(vectors) + v * LANES;
            STORE(to, panel->first ? re : ADD(LOAD(to), re));
            STORE(to + WIDTH(vectors), panel->first ? im : ADD(LOAD(to + WIDTH(vectors)), im));
        }
}

/* The strip's products of pairs: re, im, re + im. */
INLINE void KERNEL(pairs)(const struct orbit_panel *panel, size_t first_vector, size_t vectors, float *x)
{
    for (size_t k = 0; k < panel->count; k++, x += 3 * WIDTH(vectors)) {
        const float *a = panel->spectra + (size_t)panel->pairs[k].a * ORBIT_ROW;
        const float *b = panel->spectra + (size_t)panel->pairs[k].b * ORBIT_ROW;
#pragma GCC unroll 16
        for (size_t v = 0; v < vectors; v++) {
            size_t at = KERNEL(column)(first_vector + v, panel->group_stride);
            VECTOR ar = LOAD(a + at), ai = LOAD(a + at + ORBIT_LANES);
            VECTOR br = LOAD(b + at), bi = LOAD(b + at + ORBIT_LANES);
            VECTOR re = FNMADD(ai, bi, MUL(ar, br)), im = FMADD(ai, br, MUL(ar, bi));
            STORE(x + v * LANES, re);
            STORE(x + WIDTH(vectors) + v * LANES, im);
            STORE(x + 2 * WIDTH(vectors) + v * LANES, ADD(re, im));
        }
    }
}

/* All forms of a panel and a strip. */
INLINE void KERNEL(strip)(const struct orbit_panel *panel, size_t first_vector, size_t vectors, float *x,
                          float *sums)
{
    size_t form = 0, n_forms = panel->n_forms;
    KERNEL(pairs)(panel, first_vector, vectors, x);
    for (; form + ROWS <= n_forms; form += ROWS)
        KERNEL(forms)(panel, form, ROWS, vectors, x, sums);
    if (n_forms - form == 3)
        KERNEL(forms)(panel, form, ROWS > 3 ? 3 : 1, vectors, x, sums);
    if (n_forms - form == 2)
        KERNEL(forms)(panel, form, ROWS > 2 ? 2 : 1, vectors, x, sums);
    if (n_forms - form == 1)
        KERNEL(forms)(panel, form, 1, vectors, x, sums);
}

/* sums: of all vectors. */
KERNEL_TARGET static void KERNEL(panel)(const struct orbit_panel *panel, size_t n_vectors, float *x,
                                        float *sums)
{
    size_t v = 0, vector_floats = panel->n_forms * 2 * LANES;
    for (; v + VECTORS <= n_vectors; v += VECTORS)
        KERNEL(strip)(panel, v, VECTORS, x, sums + v * vector_floats);
    for (; v < n_vectors; v++)
        KERNEL(strip)(panel, v, 1, x, sums + v * vector_floats);
}

/* Sums of some frequencies (sums_stride floats from one to the next) of a strip to where the values are made
 * of. */
INLINE void KERNEL(hand_over)(const struct orbit_products *products, size_t f, size_t count,
                              size_t first_vector, size_t vectors, const float *sums, size_t sums_stride)
{
    size_t form_stride = orbit_terms_frequencies(products->terms) * ORBIT_ROW;
    for (size_t form = 0; form < products->n_forms; form++)
        for (size_t k = 0; k < count; k++)
#pragma GCC unroll 16
            for (size_t v = 0; v < vectors; v++) {
                const float *from = sums + k * sums_stride + form * 2 * WIDTH(vectors) + v * LANES;
                float *to = products->sums + form * form_stride + (f + k) * ORBIT_ROW +
                            KERNEL(column)(first_vector + v, products->n_forms * form_stride);
                STORE(to, LOAD(from));
                STORE(to + ORBIT_LANES, LOAD(from + WIDTH(vectors)));
            }
}

/* Frequencies f ... f+count-1, panel by panel: they read nearly the same rows of the spectra. */
KERNEL_TARGET static void KERNEL(frequencies)(const struct orbit_products *products, size_t f, size_t count)
{
    size_t n_vectors = products->n_groups * VECTORS_OF_GROUP, vector_floats = products->n_forms * 2 * LANES,
           v = 0;
    size_t stride = n_vectors * vector_floats, most = 0;
    float *x = products->workspace, *sums = x + (size_t)ORBIT_PANEL * 3 * ORBIT_STRIP;
    for (size_t k = 0; k < count; k++)
        most = orbit_terms_count(products->terms, f + k) > most ? orbit_terms_count(products->terms, f + k)
                                                                : most;
    for (size_t at = 0; at < most; at += ORBIT_PANEL)
        for (size_t k = 0; k < count; k++) {
            struct orbit_pair pairs[ORBIT_PANEL];
            struct orbit_panel panel = orbit_kernel_panel(products, f + k, at, pairs);
            if (panel.count > 0)
                KERNEL(panel)(&panel, n_vectors, x, sums + k * stride);
        }
    for (; v + VECTORS <= n_vectors; v += VECTORS)
        KERNEL(hand_over)(products, f, count, v, VECTORS, sums + v * vector_floats, stride);
    for (; v < n_vectors; v++)
        KERNEL(hand_over)(products, f, count, v, 1, sums + v * vector_floats, stride);
}

static void KERNEL(products)(const struct orbit_products *products)
{
    size_t end = products->first + products->count;
    size_t at_once = orbit_kernel_frequencies(products->n_forms, products->n_groups);
    for (size_t f = products->first; f < end; f += at_once)
        KERNEL(frequencies)(products, f, end - f < at_once ? end - f : at_once);
}

#undef WIDTH
#undef VECTORS_OF_GROUP
