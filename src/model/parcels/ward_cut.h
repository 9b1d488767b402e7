/* Cutting a Ward tree into parcels by undoing the last merges.
 *
 * K parcels of the mask are the state after n_voxels - K merges. K parcels of each piece are that state of
 * each piece alone, as from scikit-learn's AgglomerativeClustering(n_clusters=K) for the piece. */
#ifndef ARETE_MODEL_PARCELS_WARD_CUT_H
#define ARETE_MODEL_PARCELS_WARD_CUT_H

#include "base/error.h"
#include "model/parcels/ward.h"

#include <stddef.h>
#include <stdint.h>

/* label[v] = 1 ... n_parcels, by the first voxel of each parcel. The tree's pieces <= n_parcels <=
 * n_voxels. */
int ward_cut(const struct ward_tree *tree, size_t n_parcels, int32_t *label, struct error *err);

/* The same with n_parcels of each piece, or as many as the piece has voxels. piece[v] < n_pieces: the piece
 * of voxel v. *n_labels = number of parcels. */
int ward_cut_pieces(const struct ward_tree *tree, const uint32_t *piece, size_t n_pieces, size_t n_parcels,
                    int32_t *label, size_t *n_labels, struct error *err);

#endif
