/* The list of a task's buffers, for codelets whose number of buffers varies. */
#ifndef ARETE_CODELETS_DATA_LIST_H
#define ARETE_CODELETS_DATA_LIST_H

#include <starpu.h>
#include <stddef.h>

enum { DATA_LIST_MOST = 2048 };

struct data_list {
    struct starpu_data_descr items[DATA_LIST_MOST];
    int count;
};

/* Adds a buffer. The caller adds no more than DATA_LIST_MOST; the graphs' own limits see to that
 * (tasks/operator_graph.c, tasks/permutation_graph.c). */
static inline void data_list_add(struct data_list *list, starpu_data_handle_t handle,
                                 enum starpu_data_access_mode mode)
{
    list->items[list->count].handle = handle;
    list->items[list->count++].mode = mode;
}

#endif
