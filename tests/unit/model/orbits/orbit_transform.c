#include "model/orbits/orbit_kernel.h"

#include "base/memory.h"

#include "testing.h"

#include <complex.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static float *floats(size_t count)
{
    struct error err = {0};
    float *values = memory_aligned(count, sizeof *values, "a test", &err);
    if (values == NULL)
        abort();
    for (size_t i = 0; i < count; i++)
        values[i] = NAN; /* nobody may rely on what stands there */
    return values;
}

static float *made_rows(size_t length)
{
    float *rows = floats(length * ORBIT_ROW);
    unsigned state = 1;
    for (size_t i = 0; i < length * ORBIT_ROW; i++) {
        state = state * 1664525 + 1013904223;
        rows[i] = (float)state / 4294967296.F - 0.4F; /* a mean that is not zero: output 0 is large */
    }
    return rows;
}

/* Runs with just the workspace that is asked for. */
static void run(enum instructions instructions, const struct orbit_transform *transform, const float *in,
                float *out)
{
    float *workspace = floats(orbit_transform_workspace(transform));
    orbit_kernel_of(instructions)
        ->transform(transform, (struct orbit_source){in, in + ORBIT_LANES, ORBIT_ROW},
                    (struct orbit_sink){out, out + ORBIT_LANES, ORBIT_ROW, NULL}, workspace);
    free(workspace);
}

static void transform_of(struct orbit_transform *transform, size_t length)
{
    struct error err = {0};
    CU_ASSERT_EQUAL_FATAL(orbit_transform_init(transform, length, &err), 0);
}

/* The root mean square of one lane's error over that of its values, from plain sums in double. */
static double error_of_lane(const float *in, const float *out, size_t length, size_t lane)
{
    double complex *root = malloc(length * sizeof *root);
    if (root == NULL)
        abort();
    for (size_t k = 0; k < length; k++)
        root[k] = cexp(2 * M_PI * I * (double)k / (double)length);
    double error = 0, size = 0;
    for (size_t k = 0; k < length; k++) {
        double complex sum = 0;
        for (size_t t = 0; t < length; t++)
            sum += (double complex)(in[t * ORBIT_ROW + lane] + I * in[t * ORBIT_ROW + ORBIT_LANES + lane]) *
                   root[k * t % length];
        double complex found = out[k * ORBIT_ROW + lane] + I * out[k * ORBIT_ROW + ORBIT_LANES + lane];
        error += pow(cabs(found - sum), 2);
        size += pow(cabs(sum), 2);
    }
    free(root);
    return sqrt(error / size);
}

static void is_near_plain_sums(size_t length, double tolerance)
{
    struct orbit_transform transform;
    transform_of(&transform, length);
    float *in = made_rows(length), *out = floats(length * ORBIT_ROW);
    run(instructions_best(), &transform, in, out);
    for (size_t lane = 0; lane < ORBIT_LANES; lane += 5)
        ASSERT_NEAR(error_of_lane(in, out, length, lane), 0, tolerance);
    free(in);
    free(out);
    orbit_transform_free(&transform);
}

static void short_lengths_are_plain_sums(void)
{
    for (size_t length = 1; length <= 130; length++)
        is_near_plain_sums(length, length < 50 ? 2e-7 : 4e-7);
}

/* Smooth; a prime; twice and seven times a prime; powers of two and of three; the largest direct prime
 * squared over 200. */
static void direct_lengths_are_plain_sums(void)
{
    static const size_t lengths[] = {199, 398, 1393, 1024, 2048, 2187, 1500, 1498, 1430, 990, 1089, 4000};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
        is_near_plain_sums(lengths[i], 4e-7);
}

static void convolved_lengths_are_plain_sums(void)
{
    static const size_t lengths[] = {211, 422, 1499, 1487, 2477, 3 * 211, 4001};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
        is_near_plain_sums(lengths[i], 4e-7);
}

static void every_instruction_set_gives_the_same_bits(void)
{
    static const size_t lengths[] = {1, 2, 7, 16, 30, 64, 77, 143, 211, 300, 398, 1500};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        struct orbit_transform transform;
        transform_of(&transform, lengths[i]);
        size_t count = lengths[i] * ORBIT_ROW;
        float *in = made_rows(lengths[i]), *plain = floats(count), *other = floats(count);
        run(INSTRUCTIONS_PLAIN, &transform, in, plain);
        for (enum instructions set = INSTRUCTIONS_AVX2; set < INSTRUCTIONS_COUNT; set++)
            if (instructions_run_here(set)) {
                run(set, &transform, in, other);
                CU_ASSERT_EQUAL(memcmp(plain, other, count * sizeof *other), 0);
            }
        free(in);
        free(plain);
        free(other);
        orbit_transform_free(&transform);
    }
}

/* Exchanging real and imaginary parts on both sides turns the sign: there and back is L times the input. */
static void the_sign_turns(void)
{
    static const size_t lengths[] = {60, 211, 1500};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        struct orbit_transform transform;
        size_t length = lengths[i];
        transform_of(&transform, length);
        float *in = made_rows(length), *there = floats(length * ORBIT_ROW),
              *back = floats(length * ORBIT_ROW);
        float *workspace = floats(orbit_transform_workspace(&transform));
        const float scale[2] = {1 / (float)length, 2 / (float)length};
        run(instructions_best(), &transform, in, there);
        orbit_kernel_of(instructions_best())
            ->transform(&transform, (struct orbit_source){there + ORBIT_LANES, there, ORBIT_ROW},
                        (struct orbit_sink){back + ORBIT_LANES, back, ORBIT_ROW, scale}, workspace);
        double worst = 0;
        for (size_t k = 0; k < length * ORBIT_ROW; k++) /* what the sink calls real is the imaginary part */
            worst = fmax(worst, fabs((double)(back[k] / (k % ORBIT_ROW < ORBIT_LANES ? 2 : 1) - in[k])));
        ASSERT_NEAR(worst, 0, 2e-6);
        free(in);
        free(there);
        free(back);
        free(workspace);
        orbit_transform_free(&transform);
    }
}

static void smooth_lengths(void)
{
    CU_ASSERT_EQUAL(orbit_transform_smooth(1), 1);
    CU_ASSERT_EQUAL(orbit_transform_smooth(11), 12);
    CU_ASSERT_EQUAL(orbit_transform_smooth(2997), 3000);
    CU_ASSERT_EQUAL(orbit_transform_smooth(2 * 1499 - 1), 3000);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"short_lengths_are_plain_sums", short_lengths_are_plain_sums},
        {"direct_lengths_are_plain_sums", direct_lengths_are_plain_sums},
        {"convolved_lengths_are_plain_sums", convolved_lengths_are_plain_sums},
        {"every_instruction_set_gives_the_same_bits", every_instruction_set_gives_the_same_bits},
        {"the_sign_turns", the_sign_turns},
        {"smooth_lengths", smooth_lengths},
    };
    return testing_main(argc, argv, "orbit_transform", cases, sizeof cases / sizeof *cases);
}
