/* Runs model/parcels/ward on raw arrays for ward_oracle.py and bench/ward.py:
 *
 *     ward_driver SHAPE_X SHAPE_Y SHAPE_Z N_SUBJECTS NEIGHBOURS < mask, values > children, heights
 *
 * In: the mask, one byte a place; then the voxels in the mask, a row of N_SUBJECTS float32 each. Out: the
 * number of merges as int64, children as uint32 pairs, heights as float64. The seconds of ward_build go to
 * stderr. */
#include "base/memory.h"
#include "model/parcels/voxel_graph.h"
#include "model/parcels/ward.h"
#include "model/parcels/ward_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void end(const struct error *err, const char *what)
{
    fprintf(stderr, "ward_driver: %s%s\n", what, err->message);
    exit(1);
}

static void read_all(void *to, size_t size, size_t count)
{
    if (fread(to, size, count, stdin) != count)
        end(&(struct error){0}, "the input ends too early");
}

static float *read_values(size_t n_voxels, size_t n_subjects, struct error *err)
{
    size_t stride = ward_rows_stride(n_subjects);
    float *values = memory_aligned(n_voxels * stride, sizeof *values, "the values", err);
    for (size_t v = 0; values != NULL && v < n_voxels; v++)
        read_all(values + v * stride, sizeof *values, n_subjects);
    return values;
}

static void write_tree(const struct ward_tree *tree)
{
    int64_t n_merges = (int64_t)tree->n_merges;
    if (fwrite(&n_merges, sizeof n_merges, 1, stdout) != 1 ||
        fwrite(tree->children, 2 * sizeof *tree->children, tree->n_merges, stdout) != tree->n_merges ||
        fwrite(tree->height, sizeof *tree->height, tree->n_merges, stdout) != tree->n_merges ||
        fflush(stdout) != 0)
        end(&(struct error){0}, "the output cannot be written");
}

int main(int argc, char **argv)
{
    struct error err = {0};
    if (argc != 6)
        end(&err, "five arguments expected");
    size_t shape[3], n_pairs;
    for (int k = 0; k < 3; k++)
        shape[k] = strtoul(argv[k + 1], NULL, 10);
    size_t n_subjects = strtoul(argv[4], NULL, 10), places = shape[0] * shape[1] * shape[2];
    uint8_t *mask = memory_zeroed(places, 1, "the mask", &err);
    if (mask == NULL)
        end(&err, "");
    read_all(mask, 1, places);
    struct voxel_graph graph;
    if (voxel_graph_init(&graph, mask, shape, &err) != 0)
        end(&err, "");
    struct voxel_pair *pairs = voxel_graph_pairs(&graph, atoi(argv[5]), &n_pairs, &err);
    float *values = pairs != NULL ? read_values(graph.n_voxels, n_subjects, &err) : NULL;
    if (values == NULL)
        end(&err, "");
    struct ward_tree tree;
    double begin = seconds();
    if (ward_build(&tree, values, &(struct ward_voxels){graph.n_voxels, n_subjects, pairs, n_pairs}, NULL,
                   NULL, &err) != 0)
        end(&err, "");
    fprintf(stderr, "%.3f\n", seconds() - begin);
    write_tree(&tree);
    ward_tree_free(&tree);
    voxel_graph_free(&graph);
    free(pairs);
    free(values);
    free(mask);
    return 0;
}
