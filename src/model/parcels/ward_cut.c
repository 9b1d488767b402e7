#include "model/parcels/ward_cut.h"

#include "base/memory.h"

#include <stdlib.h>

/* What a cut needs. */
struct cut {
    const struct ward_tree *tree;
    uint32_t *top;   /* of each cluster: the last cluster that it became part of */
    int32_t *label;  /* of each cluster: the label of its parcel, 0 = none yet */
    uint8_t *undone; /* of each merge */
};

static void free_cut(struct cut *cut)
{
    free(cut->top);
    free(cut->label);
    free(cut->undone);
}

static int init_cut(struct cut *cut, const struct ward_tree *tree, struct error *err)
{
    size_t n_clusters = tree->n_voxels + tree->n_merges;
    *cut = (struct cut){.tree = tree};
    if ((cut->top = memory_zeroed(n_clusters, sizeof *cut->top, "the parcels", err)) == NULL ||
        (cut->label = memory_zeroed(n_clusters, sizeof *cut->label, "the parcels", err)) == NULL ||
        (cut->undone = memory_zeroed(tree->n_merges, sizeof *cut->undone, "the parcels", err)) == NULL)
        free_cut(cut);
    return err->code;
}

/* From the last merge down, so that what became of a cluster is known before its parts are looked at. A merge
 * of which a part is undone is undone too, as later merges are undone first. */
static size_t label_voxels(struct cut *cut, int32_t *label)
{
    const struct ward_tree *tree = cut->tree;
    size_t n = tree->n_voxels;
    int32_t n_labels = 0;
    for (size_t c = 0; c < n + tree->n_merges; c++)
        cut->top[c] = (uint32_t)c;
    for (size_t m = tree->n_merges; m-- > 0;)
        if (!cut->undone[m])
            cut->top[tree->children[2 * m]] = cut->top[tree->children[2 * m + 1]] = cut->top[n + m];
    for (size_t v = 0; v < n; v++) {
        int32_t *parcel = &cut->label[cut->top[v]];
        if (*parcel == 0)
            *parcel = ++n_labels;
        label[v] = *parcel;
    }
    return (size_t)n_labels;
}

int ward_cut(const struct ward_tree *tree, size_t n_parcels, int32_t *label, struct error *err)
{
    struct cut cut;
    if (init_cut(&cut, tree, err) != 0)
        return err->code;
    for (size_t m = tree->n_voxels - n_parcels; m < tree->n_merges; m++)
        cut.undone[m] = 1;
    label_voxels(&cut, label);
    free_cut(&cut);
    return 0;
}

/* Undoes the last merges of each piece. kept[p]: how many merges of piece p stay. */
static void undo_in_pieces(struct cut *cut, const uint32_t *piece, size_t *kept)
{
    const struct ward_tree *tree = cut->tree;
    for (size_t c = 0; c < tree->n_voxels; c++)
        cut->top[c] = piece[c];
    for (size_t m = 0; m < tree->n_merges; m++) {
        uint32_t of_merge = cut->top[tree->children[2 * m]];
        cut->top[tree->n_voxels + m] = of_merge;
        if (kept[of_merge] > 0)
            kept[of_merge]--;
        else
            cut->undone[m] = 1;
    }
}

int ward_cut_pieces(const struct ward_tree *tree, const uint32_t *piece, size_t n_pieces, size_t n_parcels,
                    int32_t *label, size_t *n_labels, struct error *err)
{
    struct cut cut;
    size_t *kept = memory_zeroed(n_pieces, sizeof *kept, "the pieces of the mask", err);
    if (kept == NULL)
        return err->code;
    if (init_cut(&cut, tree, err) == 0) {
        for (size_t v = 0; v < tree->n_voxels; v++)
            kept[piece[v]]++;
        for (size_t p = 0; p < n_pieces; p++)
            kept[p] = kept[p] > n_parcels ? kept[p] - n_parcels : 0;
        undo_in_pieces(&cut, piece, kept);
        *n_labels = label_voxels(&cut, label);
        free_cut(&cut);
    }
    free(kept);
    return err->code;
}
