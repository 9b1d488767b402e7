/* Calls the function of a codelet on plain arrays, without StarPU running: its buffers are described by hand,
 * as StarPU would describe them to a worker. */
#ifndef ARETE_TEST_TASK_BUFFERS_H
#define ARETE_TEST_TASK_BUFFERS_H

#include "testing.h"

#include <starpu.h>
#include <stdlib.h>

enum { TASK_BUFFERS_MOST = 32 };

struct task_buffers {
    union {
        struct starpu_matrix_interface matrix;
        struct starpu_vector_interface vector;
    } items[TASK_BUFFERS_MOST];
    void *list[TASK_BUFFERS_MOST];
    size_t count;
};

static inline void task_buffers_count(struct task_buffers *buffers)
{
    CU_ASSERT_FATAL(buffers->count < TASK_BUFFERS_MOST);
    buffers->list[buffers->count] = &buffers->items[buffers->count];
    buffers->count++;
}

static inline void task_buffers_vector(struct task_buffers *buffers, void *array, size_t count, size_t size)
{
    buffers->items[buffers->count].vector = (struct starpu_vector_interface){
        .id = STARPU_VECTOR_INTERFACE_ID, .ptr = (uintptr_t)array, .nx = (uint32_t)count, .elemsize = size};
    task_buffers_count(buffers);
}

/* rows x columns, row-major, leading dimension ld */
static inline void task_buffers_matrix(struct task_buffers *buffers, void *array, size_t rows, size_t columns,
                                       size_t ld, size_t size)
{
    buffers->items[buffers->count].matrix = (struct starpu_matrix_interface){.id = STARPU_MATRIX_INTERFACE_ID,
                                                                             .ptr = (uintptr_t)array,
                                                                             .nx = (uint32_t)columns,
                                                                             .ny = (uint32_t)rows,
                                                                             .ld = (uint32_t)ld,
                                                                             .elemsize = size};
    task_buffers_count(buffers);
}

/* A handle that only orders tasks: whoever looks at it is wrong. */
static inline void task_buffers_nothing(struct task_buffers *buffers)
{
    CU_ASSERT_FATAL(buffers->count < TASK_BUFFERS_MOST);
    buffers->list[buffers->count++] = NULL;
}

static inline void task_buffers_call(struct task_buffers *buffers, void (*task)(void *buffers[], void *args),
                                     const void *args, size_t bytes)
{
    void *packed = NULL;
    size_t packed_bytes;
    starpu_codelet_pack_args(&packed, &packed_bytes, STARPU_VALUE, args, bytes, 0);
    task(buffers->list, packed);
    free(packed);
}

#endif
