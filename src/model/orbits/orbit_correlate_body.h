/* Around the transforms of circular correlations (model/univariate/orbit_maxima.h); included by
 * orbit_kernel_body.h. */

/* Row i of `out` is weight i, a complex number, times row i; or that is added to it. */
KERNEL_TARGET static void KERNEL(weigh)(const struct orbit_weighing *weighing, float *out)
{
    const float *rows = weighing->rows;
    for (size_t i = 0; i < weighing->count; i++, rows += ORBIT_ROW, out += ORBIT_ROW) {
        VECTOR wr = BROADCAST(weighing->weights[2 * i]), wi = BROADCAST(weighing->weights[2 * i + 1]);
        for (size_t lane = 0; lane < ORBIT_LANES; lane += LANES) {
            VECTOR re = LOAD(rows + lane), im = LOAD(rows + ORBIT_LANES + lane);
            VECTOR real = FNMADD(im, wi, MUL(re, wr)), imaginary = FMADD(im, wr, MUL(re, wi));
            if (weighing->add) {
                real = ADD(LOAD(out + lane), real);
                imaginary = ADD(LOAD(out + ORBIT_LANES + lane), imaginary);
            }
            STORE(out + lane, real);
            STORE(out + ORBIT_LANES + lane, imaginary);
        }
    }
}

/* largest[i] = max(largest[i], |real part i|, |imaginary part i|). */
KERNEL_TARGET static void KERNEL(largest)(const float *rows, size_t count, float *largest)
{
    for (size_t i = 0; i < count; i++, rows += ORBIT_ROW, largest += ORBIT_LANES)
        for (size_t lane = 0; lane < ORBIT_LANES; lane += LANES)
            STORE(largest + lane, MAX(LOAD(largest + lane),
                                      MAX(ABS(LOAD(rows + lane)), ABS(LOAD(rows + ORBIT_LANES + lane)))));
}
