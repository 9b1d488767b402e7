/* Transforms (model/orbits/orbit_transform.h); included by orbit_kernel_body.h. */

enum { KERNEL(most_unrolled) = 13 };

/* *re + i *im times root[0] + i root[1]. */
INLINE void KERNEL(rotate)(VECTOR *re, VECTOR *im, const float *root)
{
    VECTOR wr = BROADCAST(root[0]), wi = BROADCAST(root[1]), r = *re, i = *im;
    *re = FNMADD(i, wi, MUL(r, wr));
    *im = FMADD(i, wr, MUL(r, wi));
}

/* a + b and a - b. */
INLINE void KERNEL(fold)(VECTOR *a, VECTOR *b)
{
    VECTOR sum = ADD(*a, *b);
    *b = SUB(*a, *b);
    *a = sum;
}

/* Four elements in places p, p + step ...; outputs in order. */
INLINE void KERNEL(radix4)(VECTOR *re, VECTOR *im, size_t step)
{
    KERNEL(fold)(&re[0], &re[2 * step]);
    KERNEL(fold)(&im[0], &im[2 * step]);
    KERNEL(fold)(&re[step], &re[3 * step]);
    KERNEL(fold)(&im[step], &im[3 * step]);
    VECTOR r0 = re[0], i0 = im[0], r1 = re[step], i1 = im[step];
    VECTOR r2 = re[2 * step], i2 = im[2 * step], r3 = re[3 * step], i3 = im[3 * step];
    re[0] = ADD(r0, r1);
    im[0] = ADD(i0, i1);
    re[2 * step] = SUB(r0, r1);
    im[2 * step] = SUB(i0, i1);
    re[step] = SUB(r2, i3);
    im[step] = ADD(i2, r3);
    re[3 * step] = ADD(r2, i3);
    im[3 * step] = SUB(i2, r3);
}

/* Even and odd elements by radix 4, then pairs. */
INLINE void KERNEL(radix8)(VECTOR *re, VECTOR *im)
{
    static const float roots[3][2] = {
        {0.70710678118654752F, 0.70710678118654752F}, {0, 1}, {-0.70710678118654752F, 0.70710678118654752F}};
    VECTOR r[8], i[8];
    KERNEL(radix4)(re, im, 2);
    KERNEL(radix4)(re + 1, im + 1, 2);
#pragma GCC unroll 16
    for (size_t q = 0; q < 4; q++) {
        r[q] = re[2 * q];
        i[q] = im[2 * q];
        r[q + 4] = re[2 * q + 1];
        i[q + 4] = im[2 * q + 1];
        if (q > 0)
            KERNEL(rotate)(&r[q + 4], &i[q + 4], roots[q - 1]);
        KERNEL(fold)(&r[q], &r[q + 4]);
        KERNEL(fold)(&i[q], &i[q + 4]);
    }
#pragma GCC unroll 16
    for (size_t q = 0; q < 8; q++) {
        re[q] = r[q];
        im[q] = i[q];
    }
}

/* An odd radix: with sums and differences of elements a and radix - a, outputs b and radix - b are e +- i g,
 * e the sum of cosines and g of sines. */
INLINE void KERNEL(radix_odd)(size_t radix, const float *roots, VECTOR *re, VECTOR *im)
{
    size_t half = (radix - 1) / 2;
    VECTOR r0 = re[0], i0 = im[0], pr[6], pi[6], qr[6], qi[6];
#pragma GCC unroll 16
    for (size_t a = 0; a < half; a++) {
        pr[a] = ADD(re[a + 1], re[radix - 1 - a]);
        pi[a] = ADD(im[a + 1], im[radix - 1 - a]);
        qr[a] = SUB(re[a + 1], re[radix - 1 - a]);
        qi[a] = SUB(im[a + 1], im[radix - 1 - a]);
        re[0] = ADD(re[0], pr[a]);
        im[0] = ADD(im[0], pi[a]);
    }
#pragma GCC unroll 16
    for (size_t b = 0; b < half; b++) {
        VECTOR er = r0, ei = i0, gr = BROADCAST(0), gi = BROADCAST(0);
#pragma GCC unroll 16
        for (size_t a = 0; a < half; a++) {
            VECTOR c = BROADCAST(roots[2 * (b * half + a)]), s = BROADCAST(roots[2 * (b * half + a) + 1]);
            er = FMADD(c, pr[a], er);
            ei = FMADD(c, pi[a], ei);
            gr = a == 0 ? MUL(s, qr[a]) : FMADD(s, qr[a], gr);
            gi = a == 0 ? MUL(s, qi[a]) : FMADD(s, qi[a], gi);
        }
        re[b + 1] = SUB(er, gi);
        im[b + 1] = ADD(ei, gr);
        re[radix - 1 - b] = ADD(er, gi);
        im[radix - 1 - b] = SUB(ei, gr);
    }
}

/* Twice an odd radix, without twiddles (Good 1958): element (odd p + 2 q) mod radix is element q of odd
 * transform p = 0, 1; output k comes from their outputs k mod odd. */
INLINE void KERNEL(radix_twice)(size_t odd, const float *roots, VECTOR *re, VECTOR *im)
{
    VECTOR r[2][5], i[2][5];
#pragma GCC unroll 16
    for (size_t p = 0; p < 2; p++) {
#pragma GCC unroll 16
        for (size_t q = 0; q < odd; q++) {
            r[p][q] = re[(odd * p + 2 * q) % (2 * odd)];
            i[p][q] = im[(odd * p + 2 * q) % (2 * odd)];
        }
        KERNEL(radix_odd)(odd, roots, r[p], i[p]);
    }
#pragma GCC unroll 16
    for (size_t k = 0; k < 2 * odd; k++) {
        re[k] = k % 2 == 0 ? ADD(r[0][k % odd], r[1][k % odd]) : SUB(r[0][k % odd], r[1][k % odd]);
        im[k] = k % 2 == 0 ? ADD(i[0][k % odd], i[1][k % odd]) : SUB(i[0][k % odd], i[1][k % odd]);
    }
}

INLINE void KERNEL(butterfly)(size_t radix, const float *roots, VECTOR *re, VECTOR *im)
{
    if (radix == 2) {
        KERNEL(fold)(&re[0], &re[1]);
        KERNEL(fold)(&im[0], &im[1]);
    } else if (radix == 4) {
        KERNEL(radix4)(re, im, 1);
    } else if (radix == 8) {
        KERNEL(radix8)(re, im);
    } else if (radix == 6 || radix == 10) {
        KERNEL(radix_twice)(radix / 2, roots, re, im);
    } else {
        KERNEL(radix_odd)(radix, roots, re, im);
    }
}

/* Output row `row` of group j, output b: turned by the pass's own twiddle or, in the last pass, by the row's;
 * then scaled. */
INLINE void KERNEL(put)(const struct orbit_pass *pass, size_t j, size_t b, size_t row,
                        const float *row_twiddles, struct orbit_sink out, size_t lane, VECTOR re, VECTOR im)
{
    if (j > 0 && b > 0)
        KERNEL(rotate)(&re, &im, pass->twiddles + 2 * (j * pass->radix + b));
    if (row_twiddles != NULL)
        KERNEL(rotate)(&re, &im, row_twiddles + 2 * row);
    if (out.scale != NULL) {
        re = MUL(re, BROADCAST(out.scale[0]));
        im = MUL(im, BROADCAST(out.scale[1]));
    }
    STORE(out.re + row * out.stride + lane, re);
    STORE(out.im + row * out.stride + lane, im);
}

/* Stockham's pass, decimation in frequency: row k + run (j + groups a) of the input is element a of butterfly
 * (j, k), whose output b goes to row k + run (radix j + b). */
INLINE void KERNEL(pass)(size_t radix, const struct orbit_pass *pass, struct orbit_source in,
                         const float *row_twiddles, struct orbit_sink out)
{
    for (size_t j = 0; j < pass->groups; j++)
        for (size_t k = 0; k < pass->run; k++)
            for (size_t lane = 0; lane < ORBIT_LANES; lane += LANES) {
                VECTOR re[KERNEL(most_unrolled)], im[KERNEL(most_unrolled)];
#pragma GCC unroll 16
                for (size_t a = 0; a < radix; a++) {
                    size_t at = (k + pass->run * (j + pass->groups * a)) * in.stride + lane;
                    re[a] = LOAD(in.re + at);
                    im[a] = LOAD(in.im + at);
                }
                KERNEL(butterfly)(radix, pass->roots, re, im);
#pragma GCC unroll 16
                for (size_t b = 0; b < radix; b++)
                    KERNEL(put)
                (pass, j, b, k + pass->run * (radix * j + b), row_twiddles, out, lane, re[b], im[b]);
            }
}

/* One butterfly of a large prime. */
KERNEL_TARGET static void KERNEL(direct)(const struct orbit_pass *pass, struct orbit_source in,
                                         const float *row_twiddles, struct orbit_sink out, size_t j, size_t k,
                                         size_t lane)
{
    size_t radix = pass->radix, half = (radix - 1) / 2, step = pass->run * pass->groups * in.stride;
    size_t at = (k + pass->run * j) * in.stride + lane;
    VECTOR r0 = LOAD(in.re + at), i0 = LOAD(in.im + at), sum_r = r0, sum_i = i0;
    VECTOR parts[ORBIT_LARGEST_DIRECT / 2][4];
    for (size_t a = 0; a < half; a++) {
        size_t up = at + (a + 1) * step, down = at + (radix - 1 - a) * step;
        VECTOR ur = LOAD(in.re + up), ui = LOAD(in.im + up), dr = LOAD(in.re + down), di = LOAD(in.im + down);
        parts[a][0] = ADD(ur, dr);
        parts[a][1] = ADD(ui, di);
        parts[a][2] = SUB(ur, dr);
        parts[a][3] = SUB(ui, di);
        sum_r = ADD(sum_r, parts[a][0]);
        sum_i = ADD(sum_i, parts[a][1]);
    }
    KERNEL(put)(pass, j, 0, k + pass->run * radix * j, row_twiddles, out, lane, sum_r, sum_i);
    for (size_t b = 0; b < half; b++) {
        VECTOR e[2] = {r0, i0}, g[2] = {BROADCAST(0), BROADCAST(0)};
        const float *root = pass->roots + 2 * b * half;
        for (size_t a = 0; a < half; a++) {
            VECTOR c = BROADCAST(root[2 * a]), s = BROADCAST(root[2 * a + 1]);
            e[0] = FMADD(c, parts[a][0], e[0]);
            e[1] = FMADD(c, parts[a][1], e[1]);
            g[0] = FMADD(s, parts[a][2], g[0]);
            g[1] = FMADD(s, parts[a][3], g[1]);
        }
        size_t row = k + pass->run * radix * j;
        KERNEL(put)
        (pass, j, b + 1, row + pass->run * (b + 1), row_twiddles, out, lane, SUB(e[0], g[1]),
         ADD(e[1], g[0]));
        KERNEL(put)
        (pass, j, radix - 1 - b, row + pass->run * (radix - 1 - b), row_twiddles, out, lane, ADD(e[0], g[1]),
         SUB(e[1], g[0]));
    }
}

KERNEL_TARGET static void KERNEL(direct_pass)(const struct orbit_pass *pass, struct orbit_source in,
                                              const float *row_twiddles, struct orbit_sink out)
{
    for (size_t j = 0; j < pass->groups; j++)
        for (size_t k = 0; k < pass->run; k++)
            for (size_t lane = 0; lane < ORBIT_LANES; lane += LANES)
                KERNEL(direct)(pass, in, row_twiddles, out, j, k, lane);
}

KERNEL_TARGET static void KERNEL(any_pass)(const struct orbit_pass *pass, struct orbit_source in,
                                           const float *row_twiddles, struct orbit_sink out)
{
    switch (pass->radix) {
    case 2:
        KERNEL(pass)(2, pass, in, row_twiddles, out);
        break;
    case 3:
        KERNEL(pass)(3, pass, in, row_twiddles, out);
        break;
    case 4:
        KERNEL(pass)(4, pass, in, row_twiddles, out);
        break;
    case 5:
        KERNEL(pass)(5, pass, in, row_twiddles, out);
        break;
    case 6:
        KERNEL(pass)(6, pass, in, row_twiddles, out);
        break;
    case 7:
        KERNEL(pass)(7, pass, in, row_twiddles, out);
        break;
    case 8:
        KERNEL(pass)(8, pass, in, row_twiddles, out);
        break;
    case 10:
        KERNEL(pass)(10, pass, in, row_twiddles, out);
        break;
    case 11:
        KERNEL(pass)(11, pass, in, row_twiddles, out);
        break;
    case 13:
        KERNEL(pass)(13, pass, in, row_twiddles, out);
        break;
    default:
        KERNEL(direct_pass)(pass, in, row_twiddles, out);
    }
}

/* One short transform; scratch: two of its lengths in rows. */
KERNEL_TARGET static void KERNEL(passes)(const struct orbit_passes *passes, struct orbit_source in,
                                         const float *row_twiddles, struct orbit_sink out, float *scratch)
{
    static const struct orbit_pass copy = {1, 1, 1, NULL, NULL};
    if (passes->count == 0)
        KERNEL(pass)(1, &copy, in, row_twiddles, out);
    for (size_t i = 0; i < passes->count; i++) {
        bool last = i + 1 == passes->count;
        float *to = scratch + i % 2 * passes->length * ORBIT_ROW;
        struct orbit_sink between = {to, to + ORBIT_LANES, ORBIT_ROW, NULL};
        KERNEL(any_pass)(&passes->pass[i], in, last ? row_twiddles : NULL, last ? out : between);
        in = (struct orbit_source){to, to + ORBIT_LANES, ORBIT_ROW};
    }
}

/* Element a second + b of the input is element a of first transform b; element a + first b of the output is
 * element b of second transform a. */
KERNEL_TARGET static void KERNEL(smooth)(const struct orbit_transform *transform, struct orbit_source in,
                                         struct orbit_sink out, float *workspace)
{
    size_t first = transform->first.length, second = transform->second.length;
    float *scratch = workspace + transform->inner * ORBIT_ROW;
    if (second == 1) {
        KERNEL(passes)(&transform->first, in, NULL, out, scratch);
        return;
    }
    for (size_t b = 0; b < second; b++) {
        float *to = workspace + b * first * ORBIT_ROW;
        KERNEL(passes)
        (&transform->first,
         (struct orbit_source){in.re + b * in.stride, in.im + b * in.stride, second * in.stride},
         b > 0 ? transform->between + 2 * b * first : NULL,
         (struct orbit_sink){to, to + ORBIT_LANES, ORBIT_ROW, NULL}, scratch);
    }
    for (size_t a = 0; a < first; a++) {
        const float *from = workspace + a * ORBIT_ROW;
        KERNEL(passes)
        (&transform->second, (struct orbit_source){from, from + ORBIT_LANES, first * ORBIT_ROW}, NULL,
         (struct orbit_sink){out.re + a * out.stride, out.im + a * out.stride, first * out.stride, out.scale},
         scratch);
    }
}

/* to[i] = in[i] root[i], scaled. */
KERNEL_TARGET static void KERNEL(turn)(struct orbit_source in, const float *roots, size_t count,
                                       struct orbit_sink to)
{
    static const struct orbit_pass copy = {1, 1, 1, NULL, NULL};
    for (size_t i = 0; i < count; i++)
        for (size_t lane = 0; lane < ORBIT_LANES; lane += LANES)
            KERNEL(put)
    (&copy, 0, 0, i, roots, to, lane, LOAD(in.re + i * in.stride + lane), LOAD(in.im + i * in.stride + lane));
}

/* out[k] = chirp[k] sum over t of (in[t] chirp[t]) conj(chirp[k - t]): the sum by two transforms of a smooth
 * length, the second with its sign turned. */
KERNEL_TARGET static void KERNEL(convolved)(const struct orbit_transform *transform, struct orbit_source in,
                                            struct orbit_sink out, float *workspace)
{
    size_t inner = transform->inner, length = transform->length;
    float *a = workspace, *b = a + inner * ORBIT_ROW, *rest = b + inner * ORBIT_ROW;
    KERNEL(turn)(in, transform->chirp, length, (struct orbit_sink){a, a + ORBIT_LANES, ORBIT_ROW, NULL});
    memset(a + length * ORBIT_ROW, 0, (inner - length) * ORBIT_ROW * sizeof *a);
    KERNEL(smooth)
    (transform, (struct orbit_source){a, a + ORBIT_LANES, ORBIT_ROW},
     (struct orbit_sink){b, b + ORBIT_LANES, ORBIT_ROW, NULL}, rest);
    KERNEL(turn)
    ((struct orbit_source){b, b + ORBIT_LANES, ORBIT_ROW}, transform->chirp_transform, inner,
     (struct orbit_sink){a, a + ORBIT_LANES, ORBIT_ROW, NULL});
    KERNEL(smooth)
    (transform, (struct orbit_source){a + ORBIT_LANES, a, ORBIT_ROW},
     (struct orbit_sink){b + ORBIT_LANES, b, ORBIT_ROW, NULL}, rest);
    KERNEL(turn)((struct orbit_source){b, b + ORBIT_LANES, ORBIT_ROW}, transform->chirp, length, out);
}

KERNEL_TARGET static void KERNEL(transform)(const struct orbit_transform *transform, struct orbit_source in,
                                            struct orbit_sink out, float *workspace)
{
    if (transform->chirp != NULL)
        KERNEL(convolved)(transform, in, out, workspace);
    else
        KERNEL(smooth)(transform, in, out, workspace);
}
