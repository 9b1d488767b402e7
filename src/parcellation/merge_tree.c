#include "parcellation/merge_tree.h"

#include "base/memory.h"
#include "base/presence.h"
#include "model/parcels/voxel_standardise.h"
#include "model/parcels/ward.h"
#include "model/parcels/ward_rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* All of the tree but its merges and the hash of the values. */
static int describe(const struct merge_tree_request *request, struct parcel_tree *tree, struct error *err)
{
    const struct image_stack *stack = request->stack;
    *tree = (struct parcel_tree){.n_images = (int64_t)stack->n_images,
                                 .neighbours = request->options->neighbours,
                                 .standardise = request->options->standardise,
                                 .n_voxels = stack->n_voxels};
    memcpy(tree->size, stack->grid.size, sizeof tree->size);
    memcpy(tree->affine, stack->grid.affine, sizeof tree->affine);
    tree->arete_version = memory_string(ARETE_VERSION, err);
    tree->voxel = memory_zeroed(stack->n_voxels, sizeof *tree->voxel, "the tree's voxels", err);
    if (err->code != 0) {
        parcel_tree_free(tree);
        return err->code;
    }
    for (size_t v = 0; v < stack->n_voxels; v++)
        tree->voxel[v] = stack->voxel[v];
    return 0;
}

static void show_images(void *reporter, int64_t done, int64_t total)
{
    reporter_update(reporter, done, total);
}

/* Reads the images; values may be NULL. */
static int read_images(const struct merge_tree_request *request, float *values, size_t stride, uint64_t *hash,
                       struct error *err)
{
    /* After standardising, a voxel's mean over people is gone anyway. */
    struct image_stack_values into = {
        values, stride, request->options->standardise ? IMAGE_STACK_EACH_VOXEL : IMAGE_STACK_EACH_IMAGE};
    reporter_begin(request->reporter, "images", "images/s", 1, 0);
    int code = image_stack_read(request->stack, &into, hash, show_images, (void *)request->reporter, err);
    reporter_end(request->reporter);
    return code;
}

/* Merges, for whoever waits. */
struct merges_shown {
    const struct reporter *reporter;
    size_t total;
};

static void show_merge(void *context, size_t n_merges)
{
    struct merges_shown *shown = context;
    reporter_update(shown->reporter, (int64_t)n_merges, (int64_t)shown->total);
}

static int cluster(const struct merge_tree_request *request, float *values, struct parcel_tree *tree,
                   struct error *err)
{
    const struct image_stack *stack = request->stack;
    struct merges_shown shown = {request->reporter, stack->n_voxels - request->mask->n_pieces};
    struct ward_tree ward;
    reporter_begin(request->reporter, "merges", "merges/s", 1, 0);
    int code = ward_build(
        &ward, values,
        &(struct ward_voxels){stack->n_voxels, stack->n_images, request->mask->pairs, request->mask->n_pairs},
        show_merge, &shown, err);
    reporter_end(request->reporter);
    if (code != 0)
        return code;
    tree->n_merges = ward.n_merges;
    tree->children = ward.children;
    tree->height = ward.height;
    tree->cluster_voxels = ward.size;
    return 0;
}

static int standardise(const struct merge_tree_request *request, float *values, size_t stride,
                       struct error *err)
{
    const struct image_stack *stack = request->stack;
    size_t n_constant = voxel_standardise(values, stack->n_voxels, stack->n_images, stride);
    if (n_constant == stack->n_voxels)
        return error_set(err, EXIT_CODE_BAD_INPUT,
                         "%s: all %zu voxels of the mask are the same in all images; expected some that are "
                         "not",
                         stack->source, n_constant);
    if (n_constant > 0)
        log_warning(request->log, "%zu of %zu voxels are the same in all images: 0 after standardising",
                    n_constant, stack->n_voxels);
    return 0;
}

/* Whether voxels that touch differ by no more than rounding leaves. The squares of all heights are in sum
 * twice those of what each voxel differs by from the mean of its piece. A standardised value is off by 2^-24
 * of itself, and of the value before, which float32 holds: of up to 31 times what people differ by, which is
 * 1 now. Whatever is measured has noise far above such 2^-19. Values as they stand are compared exactly. */
static bool is_rounding(const struct parcel_tree *tree)
{
    const double most = 32 * ldexp(1, -24);
    double n_values = (double)tree->n_voxels * (double)tree->n_images, squares = 0;
    for (size_t k = 0; k < tree->n_merges; k++)
        squares += tree->height[k] * tree->height[k];
    return squares <= (tree->standardise ? 2 * n_values * most * most : 0);
}

/* Where all distances are 0 any parcels are as good as any other. */
static int check_differ(const struct merge_tree_request *request, const struct parcel_tree *tree,
                        struct error *err)
{
    if (tree->n_merges == 0 || !is_rounding(tree))
        return 0;
    return error_set(
        err, EXIT_CODE_BAD_INPUT,
        tree->standardise
            ? "%s: voxels of the mask that touch are the same in all images once standardised, as "
              "where images differ by a constant or a factor alone; expected some that differ "
              "(standardise: false keeps what they differ by)"
            : "%s: voxels of the mask that touch are the same in every image; expected some that "
              "differ",
        request->stack->source);
}

static int make_tree(const struct merge_tree_request *request, struct parcel_tree *tree, struct error *err)
{
    const struct image_stack *stack = request->stack;
    size_t stride = ward_rows_stride(stack->n_images);
    float *values =
        memory_aligned(stack->n_voxels * stride, sizeof *values, "the voxels' values of all images", err);
    if (values == NULL)
        return err->code;
    int code = read_images(request, values, stride, &tree->values_hash, err);
    if (code == 0 && request->options->standardise)
        code = standardise(request, values, stride, err);
    if (code == 0)
        code = cluster(request, values, tree, err);
    free(values);
    return code;
}

/* One line for each thing that an earlier tree was made from that is another now. */
static int compare(const char *path, const struct parcel_tree *earlier, const struct parcel_tree *now,
                   struct error *err)
{
    static const char *const YES[] = {"false", "true"};
    const char *advice = "--fresh computes it anew";
    if (earlier->neighbours != now->neighbours)
        error_add_line(err, EXIT_CODE_BAD_INPUT, "%s: made with neighbours: %d; now %d: %s", path,
                       earlier->neighbours, now->neighbours, advice);
    if (earlier->standardise != now->standardise)
        error_add_line(err, EXIT_CODE_BAD_INPUT, "%s: made with standardise: %s; now %s: %s", path,
                       YES[earlier->standardise != 0], YES[now->standardise != 0], advice);
    if (earlier->n_images != now->n_images)
        error_add_line(err, EXIT_CODE_BAD_INPUT, "%s: made from %lld images; now %lld: %s", path,
                       (long long)earlier->n_images, (long long)now->n_images, advice);
    if (memcmp(earlier->size, now->size, sizeof now->size) != 0 ||
        memcmp(earlier->affine, now->affine, sizeof now->affine) != 0 || earlier->n_voxels != now->n_voxels ||
        memcmp(earlier->voxel, now->voxel, now->n_voxels * sizeof *now->voxel) != 0)
        error_add_line(err, EXIT_CODE_BAD_INPUT, "%s: made with another mask: %s", path, advice);
    return err->code;
}

/* The merges and the hash of the tree under `path`, when it is of the same images. */
static int take_earlier(const struct merge_tree_request *request, const char *path, struct parcel_tree *tree,
                        struct error *err)
{
    struct parcel_tree earlier;
    if (parcel_tree_read(&earlier, path, err) != 0)
        return err->code;
    int code = compare(path, &earlier, tree, err);
    if (code == 0)
        code = read_images(request, NULL, 0, &tree->values_hash, err);
    if (code == 0 && earlier.values_hash != tree->values_hash)
        code = error_set(err, EXIT_CODE_BAD_INPUT,
                         "%s: made from other values or another order of images: --fresh computes it anew",
                         path);
    if (code == 0 && earlier.n_merges != request->stack->n_voxels - request->mask->n_pieces)
        code = error_set(err, EXIT_CODE_FAILED, "%s: has %zu merges; expected %zu: --fresh computes it anew",
                         path, earlier.n_merges, request->stack->n_voxels - request->mask->n_pieces);
    if (code == 0) {
        parcel_tree_free(tree);
        *tree = earlier;
        return 0;
    }
    parcel_tree_free(&earlier);
    return code;
}

int merge_tree_find(const struct merge_tree_request *request, const char *path, bool fresh,
                    struct parcel_tree *tree, bool *is_new, struct error *err)
{
    bool exists;
    *is_new = false;
    if (presence_of(path, &exists, err) != 0 || describe(request, tree, err) != 0)
        return err->code;
    if (!fresh && exists) {
        if (take_earlier(request, path, tree, err) == 0 && check_differ(request, tree, err) == 0)
            log_info(request->log, "tree: %s is of these images: nothing is clustered again", path);
        return err->code;
    }
    *is_new = true;
    return make_tree(request, tree, err) == 0 ? check_differ(request, tree, err) : err->code;
}
