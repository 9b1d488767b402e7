#include "parcellation/parcellate.h"

#include "base/folder.h"
#include "base/memory.h"
#include "checkpoint/lock_file.h"
#include "model/parcels/ward_cut.h"
#include "output/parcels.h"
#include "parcellation/merge_tree.h"
#include "parcellation/parcellate_outputs.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What one step leaves for the next. */
struct parcellate {
    struct log *log;
    const struct reporter *reporter;
    FILE *screen;
    struct parcellation parcellation;
    struct image_stack stack;
    struct mask_pieces mask;
    struct parcel_tree tree;
    int lock; /* of the output folder; -1: not taken */
};

static void free_parcellate(struct parcellate *parcellate)
{
    if (parcellate->lock >= 0)
        close(parcellate->lock);
    parcellation_free(&parcellate->parcellation);
    image_stack_close(&parcellate->stack);
    parcel_tree_free(&parcellate->tree);
    free(parcellate->mask.pairs);
    free(parcellate->mask.piece);
}

/* Which voxels touch, and the pieces of the mask. */
static int connect(struct parcellate *parcellate, struct error *err)
{
    const struct image_stack *stack = &parcellate->stack;
    size_t shape[3], places = image_grid_voxel_count(&stack->grid);
    char text[IMAGE_GRID_TEXT_BYTES];
    if (places > VOXEL_GRAPH_MOST_VOXELS)
        return error_set(err, EXIT_CODE_BAD_INPUT, "%s: %s found; expected at most %d voxels", stack->mask,
                         image_grid_text(text, &stack->grid), VOXEL_GRAPH_MOST_VOXELS);
    uint8_t *mask = memory_zeroed(places, sizeof *mask, "the mask", err);
    if (mask == NULL)
        return err->code;
    for (size_t v = 0; v < stack->n_voxels; v++)
        mask[stack->voxel[v]] = 1;
    for (int axis = 0; axis < 3; axis++)
        shape[axis] = (size_t)stack->grid.size[axis];
    struct voxel_graph graph;
    int code = voxel_graph_init(&graph, mask, shape, err);
    free(mask);
    if (code != 0)
        return code;
    parcellate->mask.pairs =
        voxel_graph_pairs(&graph, parcellate->parcellation.neighbours, &parcellate->mask.n_pairs, err);
    voxel_graph_free(&graph);
    parcellate->mask.piece =
        memory_zeroed(stack->n_voxels, sizeof *parcellate->mask.piece, "the mask's pieces", err);
    if (err->code != 0)
        return err->code;
    return voxel_graph_pieces(stack->n_voxels, parcellate->mask.pairs, parcellate->mask.n_pairs,
                              parcellate->mask.piece, &parcellate->mask.n_pieces, err);
}

/* What only the mask can tell of the numbers of parcels. */
static int check_numbers(const struct parcellate *parcellate, struct error *err)
{
    const struct parcellation *parcellation = &parcellate->parcellation;
    int64_t n_voxels = (int64_t)parcellate->stack.n_voxels,
            fewest = parcellation->per_piece ? 1 : (int64_t)parcellate->mask.n_pieces;
    for (size_t k = 0; k < parcellation->n_cuts; k++) {
        int64_t n_parcels = parcellation->n_parcels[k];
        if (n_parcels < fewest)
            error_add_line(err, EXIT_CODE_BAD_INPUT,
                           "%s: parcels: %" PRId64 " found; expected at least %" PRId64
                           ": %s is in so many pieces, which never merge (neighbours: %d)",
                           parcellation->path, n_parcels, fewest, parcellate->stack.mask,
                           parcellation->neighbours);
        if (n_parcels > n_voxels)
            error_add_line(err, EXIT_CODE_BAD_INPUT,
                           "%s: parcels: %" PRId64 " found; expected at most %" PRId64 ", the voxels of %s",
                           parcellation->path, n_parcels, n_voxels, parcellate->stack.mask);
    }
    return err->code;
}

static int open_input(struct parcellate *parcellate, const struct parcellate_request *request,
                      struct error *err)
{
    struct parcellation *parcellation = &parcellate->parcellation;
    const struct image_stack *stack = &parcellate->stack;
    if (parcellation_load(parcellation, request->path, request->sets, err) != 0)
        return err->code;
    const struct image_stack_request images = {.images = parcellation->images,
                                               .mask = parcellation->mask,
                                               .id_column = parcellation->id_column,
                                               .drops_missing = parcellation->drops_missing,
                                               .tolerance_mm = parcellation->grid_tolerance_mm,
                                               .log = parcellate->log};
    if (image_stack_open(&parcellate->stack, &images, err) != 0 || connect(parcellate, err) != 0 ||
        check_numbers(parcellate, err) != 0 || parcellate_outputs_check(parcellation, stack, err) != 0)
        return err->code;
    char text[IMAGE_GRID_TEXT_BYTES];
    log_info(parcellate->log, "arete " ARETE_VERSION " parcellate; options in effect:\n%s",
             parcellation->yaml);
    log_info(parcellate->log, "images: %zu of %s; %zu voxels in the mask, in %zu piece%s, %zu pairs touch",
             stack->n_images, image_grid_text(text, &stack->grid), stack->n_voxels, parcellate->mask.n_pieces,
             parcellate->mask.n_pieces == 1 ? "" : "s", parcellate->mask.n_pairs);
    if (stack->grid.space == 0)
        log_warning(
            parcellate->log,
            "%s: the first image has no orientation (sform_code and qform_code are 0): which side is left "
            "cannot be told, by the parcels neither",
            stack->paths != NULL ? stack->paths[0] : stack->source);
    return 0;
}

static int write_parcels(const struct parcellate *parcellate, size_t cut, const struct parcels *parcels,
                         struct error *err)
{
    char *image = parcellate_outputs_name(&parcellate->parcellation, cut, ".nii.gz", err);
    char *table = image != NULL ? parcellate_outputs_name(&parcellate->parcellation, cut, ".tsv", err) : NULL;
    if (table != NULL && parcels_write_table(table, parcels, err) == 0 &&
        parcels_write_image(image, parcels, err) == 0) {
        fprintf(parcellate->screen, "parcels:  %s, %s (%zu)\n", image, table, parcels->n_parcels);
        log_info(parcellate->log, "parcels: %zu in %s and %s", parcels->n_parcels, image, table);
    }
    free(image);
    free(table);
    return err->code;
}

static int cut_tree(const struct parcellate *parcellate, size_t cut, int32_t *label, struct error *err)
{
    const struct parcellation *parcellation = &parcellate->parcellation;
    const struct parcel_tree *tree = &parcellate->tree;
    struct ward_tree ward = {.n_voxels = tree->n_voxels,
                             .n_merges = tree->n_merges,
                             .children = tree->children,
                             .height = tree->height,
                             .size = tree->cluster_voxels};
    size_t n_parcels = (size_t)parcellation->n_parcels[cut];
    int code = parcellation->per_piece
                   ? ward_cut_pieces(&ward, parcellate->mask.piece, parcellate->mask.n_pieces, n_parcels,
                                     label, &n_parcels, err)
                   : ward_cut(&ward, n_parcels, label, err);
    if (code != 0)
        return code;
    struct parcels parcels = {.grid = &parcellate->stack.grid,
                              .n_voxels = parcellate->stack.n_voxels,
                              .voxel = parcellate->stack.voxel,
                              .label = label,
                              .piece = parcellate->mask.piece,
                              .n_parcels = n_parcels};
    return write_parcels(parcellate, cut, &parcels, err);
}

static int cut_all(const struct parcellate *parcellate, struct error *err)
{
    int32_t *label = memory_zeroed(parcellate->stack.n_voxels, sizeof *label, "the labels", err);
    for (size_t cut = 0; err->code == 0 && cut < parcellate->parcellation.n_cuts; cut++)
        cut_tree(parcellate, cut, label, err);
    free(label);
    return err->code;
}

/* From before it is known whether a tree is there until the last parcels are written: tree and parcels belong
 * together. Its name is its own, as a study may be in the same folder. */
static int take_lock(struct parcellate *parcellate, struct error *err)
{
    char *path = folder_path(parcellate->parcellation.output, PARCELLATE_OUTPUTS_LOCK, err);
    int code = path != NULL ? lock_file_take(&parcellate->lock, path, err) : err->code;
    int trouble = code == 0 ? lock_file_trouble(parcellate->lock) : 0;
    if (trouble != 0)
        log_warning(parcellate->log,
                    "%s: no file locks there (%s), so nothing keeps away a second run on another machine, "
                    "whose parcels may be of another tree",
                    path, strerror(trouble));
    free(path);
    return code;
}

/* The tree that is there, or a new one. Parcels of an earlier tree go before it does: whenever this is
 * killed, those that are left are of the tree that is left. */
static int find_tree(struct parcellate *parcellate, const char *path, bool fresh, struct error *err)
{
    struct merge_tree_request request = {&parcellate->parcellation, &parcellate->stack, &parcellate->mask,
                                         parcellate->log, parcellate->reporter};
    bool is_new;
    if (merge_tree_find(&request, path, fresh, &parcellate->tree, &is_new, err) != 0 || !is_new)
        return err->code;
    if (parcellate_outputs_remove_earlier(parcellate->parcellation.output, err) == 0 &&
        parcel_tree_write(path, &parcellate->tree, err) == 0)
        log_info(parcellate->log, "tree: %zu merges, saved in %s", parcellate->tree.n_merges, path);
    return err->code;
}

/* From the lock on. */
static int write_all(struct parcellate *parcellate, bool fresh, struct error *err)
{
    const char *output = parcellate->parcellation.output;
    char *log_path = folder_path(output, "parcellate.log", err);
    char *tree_path = log_path != NULL ? folder_path(output, "tree.h5", err) : NULL;
    if (tree_path != NULL && take_lock(parcellate, err) == 0 &&
        log_attach(parcellate->log, log_path, err) == 0 &&
        find_tree(parcellate, tree_path, fresh, err) == 0 && cut_all(parcellate, err) == 0)
        fprintf(parcellate->screen, "tree:     %s\nlog:      %s\n", tree_path, log_path);
    free(log_path);
    free(tree_path);
    return err->code;
}

static int parcellate_file(struct log *log, const struct parcellate_request *request, struct error *err)
{
    struct parcellate parcellate = {
        .log = log, .reporter = request->reporter, .screen = request->screen, .lock = -1};
    if (open_input(&parcellate, request, err) == 0 && folder_make(parcellate.parcellation.output, err) == 0)
        write_all(&parcellate, request->fresh, err);
    if (err->code != 0)
        log_info(log, "failed: %s", err->message);
    free_parcellate(&parcellate);
    return err->code;
}

int parcellate_run(const struct parcellate_request *request, struct error *err)
{
    struct log log;
    if (log_init(&log, request->warnings, err) != 0)
        return err->code;
    parcellate_file(&log, request, err);
    struct error log_error = {0};
    if (log_close(&log, &log_error) != 0 && err->code == 0)
        *err = log_error;
    return err->code;
}
