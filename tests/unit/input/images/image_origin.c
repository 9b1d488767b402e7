#include "input/images/image_origin.h"

#include "testing.h"

enum { MOST = 5000 };

static double numbers[MOST];

/* mean + spread * (-1 ... 1), in an order that is none. */
static void fill(size_t count, double mean, double spread)
{
    for (size_t v = 0; v < count; v++)
        numbers[v] = mean + spread * (double)((long)(v * 7919 % 1999) - 999) / 999;
}

/* The first voxel serves: the trees of such images have the bits that they had. */
static void the_first_voxel(void)
{
    for (size_t count = 1; count < MOST; count = count * 3 / 2 + 1) {
        fill(count, 1e7, 0.01);
        CU_ASSERT_EQUAL(image_origin_of(numbers, count), numbers[0]);
        fill(count, 100, 20);
        numbers[0] = 0; /* outside the brain in this image */
        CU_ASSERT_EQUAL(image_origin_of(numbers, count), 0);
        fill(count, 0, 0);
        numbers[0] = 0.3; /* a lesion */
        CU_ASSERT_EQUAL(image_origin_of(numbers, count), 0.3);
        for (size_t v = 0; v < count; v += 3)
            numbers[v] = 0.1;
        CU_ASSERT_EQUAL(image_origin_of(numbers, count), 0.1);
    }
}

static void the_median(void)
{
    for (size_t count = 5; count < MOST; count = count * 3 / 2 + 1) {
        fill(count, 1e7, 0.01);
        numbers[0] = 0;
        ASSERT_NEAR(image_origin_of(numbers, count), 1e7, 0.011);
        for (size_t v = 0; v < count; v += 40)
            numbers[v] = -1e7;
        ASSERT_NEAR(image_origin_of(numbers, count), 1e7, 0.011);
    }
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {{"the_first_voxel", the_first_voxel},
                                             {"the_median", the_median}};
    return testing_main(argc, argv, "image_origin", cases, sizeof cases / sizeof *cases);
}
