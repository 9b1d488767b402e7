#include "input/images/image_rows.h"

#include "base/memory.h"
#include "base/same_file.h"
#include "input/images/image_table.h"
#include "input/tables/problems.h"

#include <stdlib.h>
#include <string.h>

/* Everybody has a path, and nobody somebody else's file, under whatever name. */
static int check_paths(const struct image_stack *stack, struct error *err)
{
    struct problems problems = {0};
    for (size_t i = 0; i < stack->n_images; i++)
        if (stack->paths[i] == NULL)
            problems_add(
                &problems, err,
                "%s:%zu: no image found; expected the path of a NIfTI file (missing: drop-subject leaves "
                "out those who lack one)",
                stack->source, stack->lines[i]);
    if (problems_end(&problems, err) != 0)
        return err->code;
    size_t *first = same_file_firsts(stack->paths, stack->n_images, err);
    for (size_t i = 0; first != NULL && i < stack->n_images; i++) {
        const char *before = stack->paths[first[i]];
        bool renamed = strcmp(before, stack->paths[i]) != 0;
        if (first[i] != i)
            problems_add(&problems, err, "%s:%zu: %s found; it stands in line %zu already%s%s", stack->source,
                         stack->lines[i], stack->paths[i], stack->lines[first[i]], renamed ? " as " : "",
                         renamed ? before : "");
    }
    free(first);
    return problems_end(&problems, err);
}

/* Rows without a path, and whom that is told. */
static void leave_out(struct image_stack *stack, struct log *log)
{
    size_t n_rows = stack->n_images, n_kept = 0;
    for (size_t i = 0; i < n_rows; i++) {
        if (stack->paths[i] == NULL)
            continue;
        stack->lines[n_kept] = stack->lines[i];
        stack->paths[n_kept++] = stack->paths[i];
    }
    stack->n_images = n_kept;
    if (log == NULL)
        return;
    log_info(log, "images: %zu of %zu rows of %s left out: without an image", n_rows - n_kept, n_rows,
             stack->source);
    if (log_is_large_loss(n_rows - n_kept, n_rows))
        log_note(log, "%zu of %zu rows of %s left out: without an image", n_rows - n_kept, n_rows,
                 stack->source);
}

static int read_rows(struct image_stack *stack, const struct table *table,
                     const struct image_stack_request *request, struct error *err)
{
    size_t n = table->subjects.iid.count;
    ptrdiff_t *row = memory_zeroed(n, sizeof *row, "the table of images", err);
    stack->lines = row != NULL ? memory_zeroed(n, sizeof *stack->lines, "the table of images", err) : NULL;
    stack->paths =
        stack->lines != NULL ? memory_zeroed(n, sizeof *stack->paths, "the table of images", err) : NULL;
    if (stack->paths != NULL) {
        stack->n_images = n;
        for (size_t i = 0; i < n; i++) {
            row[i] = (ptrdiff_t)i;
            stack->lines[i] = table->subjects.lines[i];
        }
        image_table_read(table, row, NULL, stack->paths, n, err);
    }
    free(row);
    if (err->code == 0 && request->drops_missing)
        leave_out(stack, request->log);
    return err->code == 0 ? check_paths(stack, err) : err->code;
}

int image_rows_read(struct image_stack *stack, const struct image_stack_request *request, struct error *err)
{
    struct table table;
    if (table_open(&table, stack->source, request->id_column, err) == 0) {
        read_rows(stack, &table, request, err);
        table_close(&table);
    }
    return err->code;
}
