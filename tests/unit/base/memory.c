#include "base/memory.h"

#include "testing.h"

#include <stdint.h>
#include <stdlib.h>

/* The address sanitizer would stop at a request that malloc refuses with NULL. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

static void no_elements_is_still_memory(void)
{
    struct error err = {0};
    void *zeroed = memory_zeroed(0, 8, "nothing", &err), *aligned = memory_aligned(0, 8, "nothing", &err);
    CU_ASSERT_PTR_NOT_NULL(zeroed);
    CU_ASSERT_PTR_NOT_NULL(aligned);
    CU_ASSERT_EQUAL(err.code, 0);
    free(zeroed);
    free(aligned);
}

static void aligned_is_on_a_cache_line(void)
{
    for (size_t count = 1; count < 20; count++) {
        struct error err = {0};
        char *bytes = memory_aligned(count, 3, "some bytes", &err);
        CU_ASSERT_EQUAL((uintptr_t)bytes % 64, 0);
        for (size_t i = 0; i < count * 3; i++)
            bytes[i] = 1; /* the sanitizer would see bytes that are not there */
        free(bytes);
    }
}

static void overflow_is_an_error(void)
{
    struct error err = {0};
    CU_ASSERT_PTR_NULL(memory_zeroed(SIZE_MAX / 4, 8, "the Gram matrix", &err));
    CU_ASSERT_EQUAL(err.code, EXIT_CODE_FAILED);
    CU_ASSERT_STRING_EQUAL(err.message, "out of memory for the Gram matrix (36893488147419.1 MB)");
    err = (struct error){0};
    CU_ASSERT_PTR_NULL(memory_aligned(SIZE_MAX / 8 + 2, 8, "the targets", &err));
    CU_ASSERT_EQUAL(err.code, EXIT_CODE_FAILED);
    ASSERT_CONTAINS(err.message, "out of memory for the targets (");
    err = (struct error){0};
    CU_ASSERT_PTR_NULL(memory_aligned(SIZE_MAX - 10, 1, "all there is", &err));
    CU_ASSERT_EQUAL(err.code, EXIT_CODE_FAILED);
}

static void grow_doubles_and_keeps_the_content(void)
{
    struct error err = {0};
    int *values = NULL;
    size_t capacity = 0;
    for (size_t i = 0; i < 1000; i++) {
        int *grown = memory_grow(values, &capacity, i + 1, sizeof *values, "values", &err);
        CU_ASSERT_PTR_NOT_NULL_FATAL(grown);
        CU_ASSERT_TRUE(capacity >= i + 1);
        values = grown;
        values[i] = (int)i;
    }
    CU_ASSERT_EQUAL(capacity, 1024);
    for (size_t i = 0; i < 1000; i++)
        CU_ASSERT_EQUAL(values[i], (int)i);
    free(values);
}

static void grow_that_overflows_leaves_the_array(void)
{
    static const size_t needed[] = {SIZE_MAX, SIZE_MAX / 2 + 2, SIZE_MAX / 8 + 1};
    struct error err = {0};
    size_t capacity = 0;
    double *values = memory_grow(NULL, &capacity, 1, sizeof *values, "values", &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(values);
    values[0] = 42;
    size_t before = capacity;
    for (size_t k = 0; k < sizeof needed / sizeof *needed; k++) {
        err = (struct error){0};
        CU_ASSERT_PTR_NULL(memory_grow(values, &capacity, needed[k], sizeof *values, "values", &err));
        CU_ASSERT_EQUAL(err.code, EXIT_CODE_FAILED);
        ASSERT_CONTAINS(err.message, "out of memory for values (");
        CU_ASSERT_EQUAL(capacity, before);
        CU_ASSERT_EQUAL(values[0], 42);
    }
    free(values);
}

static void strings_are_copies(void)
{
    struct error err = {0};
    char text[] = "subject";
    char *copy = memory_string(text, &err), *formatted = memory_format(&err, "%s %d", text, 7);
    text[0] = 'S';
    CU_ASSERT_STRING_EQUAL(copy, "subject");
    CU_ASSERT_STRING_EQUAL(formatted, "subject 7");
    free(copy);
    free(formatted);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"no_elements_is_still_memory", no_elements_is_still_memory},
        {"aligned_is_on_a_cache_line", aligned_is_on_a_cache_line},
        {"overflow_is_an_error", overflow_is_an_error},
        {"grow_doubles_and_keeps_the_content", grow_doubles_and_keeps_the_content},
        {"grow_that_overflows_leaves_the_array", grow_that_overflows_leaves_the_array},
        {"strings_are_copies", strings_are_copies},
    };
    return testing_main(argc, argv, "memory", cases, sizeof cases / sizeof *cases);
}
