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

/* The strip's product of a pair; also to x, 2 rows of the strip, for the forms that follow. */
INLINE void KERNEL(make_product)(const struct orbit_panel *panel, size_t k, size_t first_vector,
                                 size_t vectors, float *x, VECTOR z[2][VECTORS])
{
    const float *a = panel->spectra + (size_t)panel->pairs[k].a * ORBIT_ROW;
    const float *b = panel->spectra + (size_t)panel->pairs[k].b * ORBIT_ROW;
#pragma GCC unroll 16
    for (size_t v = 0; v < vectors; v++) {
        size_t at = KERNEL(column)(first_vector + v, panel->group_stride);
        VECTOR ar = LOAD(a + at), ai = LOAD(a + at + ORBIT_LANES);
        VECTOR br = LOAD(b + at), bi = LOAD(b + at + ORBIT_LANES);
        z[0][v] = FNMADD(ai, bi, MUL(ar, br));
        z[1][v] = FMADD(ai, br, MUL(ar, bi));
        STORE(x + v * LANES, z[0][v]);
        STORE(x + WIDTH(vectors) + v * LANES, z[1][v]);
    }
}

INLINE void KERNEL(load_product)(const float *x, size_t vectors, VECTOR z[2][VECTORS])
{
#pragma GCC unroll 16
    for (size_t v = 0; v < vectors; v++) {
        z[0][v] = LOAD(x + v * LANES);
        z[1][v] = LOAD(x + WIDTH(vectors) + v * LANES);
    }
}

/* acc[r] += the three products of form r's coefficients with those of the strip. make: the first forms make
 * the strip's products, x (count x 2 rows) holds them for the others. */
INLINE void KERNEL(multiply)(const struct orbit_panel *panel, const float *const *form, size_t rows,
                             size_t first_vector, size_t vectors, bool make, float *x,
                             VECTOR acc[ROWS][3][VECTORS])
{
    for (size_t k = 0; k < panel->count; k++, x += 2 * WIDTH(vectors)) {
        VECTOR z[2][VECTORS], sum[VECTORS];
        if (k % 8 == 0) /* the next forms' coefficients; past the last ones may be nothing */
#pragma GCC unroll 16
            for (size_t r = 0; r < rows; r++)
                __builtin_prefetch(
                    (const void *)((uintptr_t)form[r] + (rows * panel->stride + 2 * k) * sizeof(float)), 0,
                    3);
        if (make)
            KERNEL(make_product)(panel, k, first_vector, vectors, x, z);
        else
            KERNEL(load_product)(x, vectors, z);
#pragma GCC unroll 16
        for (size_t v = 0; v < vectors; v++)
            sum[v] = ADD(z[0][v], z[1][v]);
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
                acc[r][2][v] = FMADD(both, sum[v], acc[r][2][v]);
            }
        }
    }
}

/* Some forms of a panel and a strip: their sums (rows x 2 x strip) are set or added to. */
INLINE void KERNEL(forms)(const struct orbit_panel *panel, size_t form, size_t rows, size_t first_vector,
                          size_t vectors, bool make, float *x, float *sums)
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
    KERNEL(multiply)(panel, coefficients, rows, first_vector, vectors, make, x, acc);
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

/* All forms of a panel and a strip: what is left over by ROWS comes first, as it makes the products. */
INLINE void KERNEL(strip)(const struct orbit_panel *panel, size_t first_vector, size_t vectors, float *x,
                          float *sums)
{
    size_t form = panel->n_forms % ROWS;
    if (form == 3)
        KERNEL(forms)(panel, 0, ROWS > 3 ? 3 : 1, first_vector, vectors, true, x, sums);
    else if (form == 2)
        KERNEL(forms)(panel, 0, ROWS > 2 ? 2 : 1, first_vector, vectors, true, x, sums);
    else if (form == 1)
        KERNEL(forms)(panel, 0, 1, first_vector, vectors, true, x, sums);
    else {
        KERNEL(forms)(panel, 0, ROWS, first_vector, vectors, true, x, sums);
        form = ROWS;
    }
    for (; form < panel->n_forms; form += ROWS)
        KERNEL(forms)(panel, form, ROWS, first_vector, vectors, false, x, sums);
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
    float *x = products->workspace, *sums = x + (size_t)ORBIT_PANEL * 2 * ORBIT_STRIP;
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
