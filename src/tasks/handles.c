#include "tasks/handles.h"

#include <stdint.h>

void handles_register_matrix(starpu_data_handle_t *handle, const void *array, size_t n_rows, size_t n_columns,
                             size_t ld, size_t element_bytes)
{
    /* StarPU counts in columns first: its x runs along a row of ours. */
    starpu_matrix_data_register(handle, STARPU_MAIN_RAM, (uintptr_t)array, (uint32_t)ld, (uint32_t)n_columns,
                                (uint32_t)n_rows, element_bytes);
}

void handles_units(size_t count, size_t element_bytes, struct handles_units *units)
{
    while (count > UINT32_MAX) {
        count = count / 2 + count % 2;
        element_bytes *= 2;
    }
    *units = (struct handles_units){(uint32_t)count, element_bytes};
}

void handles_register_vector(starpu_data_handle_t *handle, const void *array, size_t count,
                             size_t element_bytes)
{
    struct handles_units units;
    handles_units(count, element_bytes, &units);
    starpu_vector_data_register(handle, STARPU_MAIN_RAM, (uintptr_t)array, units.count, units.bytes);
}

void handles_register_scratch(starpu_data_handle_t *handle, size_t count, size_t element_bytes)
{
    const int no_node = -1; /* no memory yet */
    struct handles_units units;
    handles_units(count, element_bytes, &units);
    starpu_vector_data_register(handle, no_node, 0, units.count, units.bytes);
}

void handles_unregister(const starpu_data_handle_t *handles, size_t count)
{
    for (size_t i = 0; handles != NULL && i < count; i++)
        if (handles[i] != NULL)
            starpu_data_unregister(handles[i]);
}
