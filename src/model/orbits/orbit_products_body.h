/* Sums of coefficient x product (model/orbits/orbit_terms.h); included by orbit_kernel_body.h.
 *
 * With c = r + i s a coefficient and z = x + i y a product, c z takes three real products:
 *
 *     p = r x,  q = s y,  t = (r + s)(x + y):     real part p - q, imaginary part (t - p) - q
 *
 * Each of p, q, t is one chain of fused multiply-adds over ORBIT_PANEL terms in order; the parts of panels
 * are added in order. */

/* A strip of columns: WIDTH of them, whole groups of ORBIT_LANES or one half of a group. */
#define WIDTH(vectors) ((vectors)*LANES)

/* acc[r] += the three products of form r's coefficients with the strip's. x: count x 3 rows of WIDTH. */
INLINE void KERNEL(multiply)(const float *const *form, size_t rows, size_t vectors, const float *x,
                             size_t count, VECTOR acc[ORBIT_FORMS][3][VECTORS])
{
    for (size_t k = 0; k < count; k++) {
        VECTOR z[3][VECTORS];
#pragma GCC unroll 16
        for (size_t p = 0; p < 3; p++)
#pragma GCC unroll 16
            for (size_t v = 0; v < vectors; v++)
                z[p][v] = LOAD(x + (k * 3 + p) * WIDTH(vectors) + v * LANES);
#pragma GCC unroll 16
        for (size_t r = 0; r < rows; r++) {
            VECTOR re = BROADCAST(form[r][2 * k]), im = BROADCAST(form[r][2 * k + 1]), both = ADD(re, im);
#pragma GCC unroll 16
            for (size_t v = 0; v < vectors; v++) {
                acc[r][0][v] = FMADD(re, z[0][v], acc[r][0][v]);
                acc[r][1][v] = FMADD(im, z[1][v], acc[r][1][v]);
                acc[r][2][v] = FMADD(both, z[2][v], acc[r][2][v]);
            }
        }
    }
}

/* One panel of some forms: sums (rows x 2 x WIDTH) are set or added to. */
INLINE void KERNEL(forms)(const float *coefficients, size_t stride, size_t rows, size_t vectors,
                          const float *x, size_t count, bool first, float *sums)
{
    VECTOR acc[ORBIT_FORMS][3][VECTORS];
    const float *form[ORBIT_FORMS];
#pragma GCC unroll 16
    for (size_t r = 0; r < rows; r++) {
        form[r] = coefficients + r * stride;
#pragma GCC unroll 16
        for (size_t v = 0; v < vectors; v++)
            acc[r][0][v] = acc[r][1][v] = acc[r][2][v] = BROADCAST(0);
    }
    KERNEL(multiply)(form, rows, vectors, x, count, acc);
#pragma GCC unroll 16
    for (size_t r = 0; r < rows; r++)
#pragma GCC unroll 16
        for (size_t v = 0; v < vectors; v++) {
            VECTOR re = SUB(acc[r][0][v], acc[r][1][v]);
            VECTOR im = SUB(SUB(acc[r][2][v], acc[r][0][v]), acc[r][1][v]);
            float *to = sums + r * 2 * WIDTH(vectors) + v * LANES;
            STORE(to, first ? re : ADD(LOAD(to), re));
            STORE(to + WIDTH(vectors), first ? im : ADD(LOAD(to + WIDTH(vectors)), im));
        }
}

/* Where vector v of a strip stands in group after group of rows. */
INLINE size_t KERNEL(column)(size_t v, size_t group_stride)
{
    return v * LANES / ORBIT_LANES * group_stride + v * LANES % ORBIT_LANES;
}

/* The strip's products of pairs: re, im, re + im. */
INLINE void KERNEL(pairs)(const struct orbit_pair *pairs, size_t count, size_t vectors, const float *spectra,
                          size_t group_stride, float *x)
{
    for (size_t k = 0; k < count; k++, x += 3 * WIDTH(vectors)) {
        const float *a = spectra + (size_t)pairs[k].a * ORBIT_ROW,
                    *b = spectra + (size_t)pairs[k].b * ORBIT_ROW;
#pragma GCC unroll 16
        for (size_t v = 0; v < vectors; v++) {
            size_t at = KERNEL(column)(v, group_stride);
            VECTOR ar = LOAD(a + at), ai = LOAD(a + at + ORBIT_LANES), br = LOAD(b + at),
                   bi = LOAD(b + at + ORBIT_LANES);
            VECTOR re = FNMADD(ai, bi, MUL(ar, br)), im = FMADD(ai, br, MUL(ar, bi));
            STORE(x + v * LANES, re);
            STORE(x + WIDTH(vectors) + v * LANES, im);
            STORE(x + 2 * WIDTH(vectors) + v * LANES, ADD(re, im));
        }
    }
}

/* One panel of one strip: all forms. */
INLINE void KERNEL(strip)(const struct orbit_panel *panel, size_t vectors, const float *spectra,
                          size_t group_stride, float *x, float *sums)
{
    KERNEL(pairs)(panel->pairs, panel->count, vectors, spectra, group_stride, x);
    size_t form = 0;
    for (; form + ORBIT_FORMS <= panel->n_forms; form += ORBIT_FORMS)
        KERNEL(forms)
    (panel->coefficients + form * panel->stride, panel->stride, ORBIT_FORMS, vectors, x, panel->count,
     panel->first, sums + form * 2 * WIDTH(vectors));
    for (; form < panel->n_forms; form++)
        KERNEL(forms)
    (panel->coefficients + form * panel->stride, panel->stride, 1, vectors, x, panel->count, panel->first,
     sums + form * 2 * WIDTH(vectors));
}

/* The strip's sums of frequency f to where the values are made of. */
INLINE void KERNEL(hand_over)(const struct orbit_products *products, size_t f, size_t group, size_t vectors,
                              const float *sums)
{
    size_t n_frequencies = orbit_terms_frequencies(products->terms);
    for (size_t form = 0; form < products->n_forms; form++)
#pragma GCC unroll 16
        for (size_t v = 0; v < vectors; v++) {
            size_t stride = products->n_forms * n_frequencies * ORBIT_ROW;
            float *to = products->sums + group * stride + (form * n_frequencies + f) * ORBIT_ROW +
                        KERNEL(column)(v, stride);
            STORE(to, LOAD(sums + form * 2 * WIDTH(vectors) + v * LANES));
            STORE(to + ORBIT_LANES, LOAD(sums + (form * 2 + 1) * WIDTH(vectors) + v * LANES));
        }
}

KERNEL_TARGET static void KERNEL(products)(const struct orbit_products *products)
{
    const struct orbit_terms *terms = products->terms;
    size_t group_stride = orbit_terms_rows(terms) * ORBIT_ROW, n_forms = products->n_forms;
    size_t groups_at_once = WIDTH(VECTORS) / ORBIT_LANES;
    float *x = products->workspace, *sums = x + ORBIT_PANEL * 3 * ORBIT_STRIP;
    for (size_t f = products->first; f < products->first + products->count; f++) {
        size_t n_terms = orbit_terms_count(terms, f);
        for (size_t at = 0; at < n_terms; at += ORBIT_PANEL) {
            struct orbit_pair pairs[ORBIT_PANEL];
            struct orbit_panel panel = {
                .pairs = pairs,
                .count = n_terms - at < ORBIT_PANEL ? n_terms - at : ORBIT_PANEL,
                .first = at == 0,
                .coefficients = products->coefficients + 2 * (n_forms * orbit_terms_before(terms, f) + at),
                .stride = 2 * n_terms,
                .n_forms = n_forms,
            };
            orbit_terms_pairs(terms, f, at, panel.count, pairs);
            size_t group = 0;
            for (; group + groups_at_once <= products->n_groups; group += groups_at_once)
                KERNEL(strip)
            (&panel, VECTORS, products->spectra + group * group_stride, group_stride, x,
             sums + group * n_forms * ORBIT_ROW);
            for (; group < products->n_groups; group++)
                KERNEL(strip)
            (&panel, ORBIT_LANES / LANES, products->spectra + group * group_stride, group_stride, x,
             sums + group * n_forms * ORBIT_ROW);
        }
        size_t group = 0;
        for (; group + groups_at_once <= products->n_groups; group += groups_at_once)
            KERNEL(hand_over)(products, f, group, VECTORS, sums + group * n_forms * ORBIT_ROW);
        for (; group < products->n_groups; group++)
            KERNEL(hand_over)(products, f, group, ORBIT_LANES / LANES, sums + group * n_forms * ORBIT_ROW);
    }
}

#undef WIDTH
