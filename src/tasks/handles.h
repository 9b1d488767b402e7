/* StarPU's data handles for arrays of ours: registering and giving up, said once. An array stays its
 * owner's and must outlive its handle. */
#ifndef ARETE_TASKS_HANDLES_H
#define ARETE_TASKS_HANDLES_H

#include <starpu.h>
#include <stddef.h>
#include <stdint.h>

/* n_rows x n_columns elements of `element_bytes` each, row-major, rows `ld` elements apart. */
void handles_register_matrix(starpu_data_handle_t *handle, const void *array, size_t n_rows, size_t n_columns,
                             size_t ld, size_t element_bytes);
/* StarPU counts elements in 32 bits. What has more counts as fewer and larger ones, the last of which may
 * reach beyond the end: it is never copied. */
struct handles_units {
    uint32_t count;
    size_t bytes; /* of one */
};
void handles_units(size_t count, size_t element_bytes, struct handles_units *units);

/* `count` elements side by side. */
void handles_register_vector(starpu_data_handle_t *handle, const void *array, size_t count,
                             size_t element_bytes);
/* Memory of each worker's own (STARPU_SCRATCH), which StarPU allocates. */
void handles_register_scratch(starpu_data_handle_t *handle, size_t count, size_t element_bytes);

/* Waits for the tasks that use the handles and gives them up. NULL handles, and handles == NULL, are passed
 * over. */
void handles_unregister(const starpu_data_handle_t *handles, size_t count);

#endif
