#include "model/parcels/voxel_graph.h"

#include "testing.h"

#include <stdlib.h>
#include <string.h>

enum { SIDE = 3, PLACES = SIDE * SIDE * SIDE };

static const size_t shape[3] = {SIDE, SIDE, SIDE};

static size_t count_pairs(const uint8_t *mask, int neighbours, uint32_t *piece, size_t *n_pieces)
{
    struct error err = {0};
    struct voxel_graph graph;
    size_t n_pairs = 0;
    CU_ASSERT_EQUAL_FATAL(voxel_graph_init(&graph, mask, shape, &err), 0);
    struct voxel_pair *pairs = voxel_graph_pairs(&graph, neighbours, &n_pairs, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(pairs);
    for (size_t k = 0; k < n_pairs; k++) {
        CU_ASSERT_TRUE(pairs[k].low < pairs[k].high && pairs[k].high < graph.n_voxels);
        CU_ASSERT_TRUE(k == 0 || pairs[k - 1].high < pairs[k].high ||
                       (pairs[k - 1].high == pairs[k].high && pairs[k - 1].low < pairs[k].low));
    }
    CU_ASSERT_EQUAL(voxel_graph_pieces(graph.n_voxels, pairs, n_pairs, piece, n_pieces, &err), 0);
    free(pairs);
    voxel_graph_free(&graph);
    return n_pairs;
}

static void a_full_cube(void)
{
    uint8_t mask[PLACES];
    uint32_t piece[PLACES];
    size_t n_pieces;
    memset(mask, 1, sizeof mask);
    CU_ASSERT_EQUAL(count_pairs(mask, 6, piece, &n_pieces), 54);
    CU_ASSERT_EQUAL(n_pieces, 1);
    CU_ASSERT_EQUAL(count_pairs(mask, 18, piece, &n_pieces), 54 + 72);
    CU_ASSERT_EQUAL(count_pairs(mask, 26, piece, &n_pieces), 54 + 72 + 32);
}

/* Across an edge at (2, 0, 0) - (1, 1, 0), across a corner at (1, 1, 0) - (0, 2, 1); the last voxel of a row
 * and the first of the next do not touch. */
static void diagonals_and_pieces(void)
{
    static const size_t voxels[] = {2, 4, 15, 18};
    uint8_t mask[PLACES] = {0};
    uint32_t piece[PLACES];
    size_t n_pieces;
    for (size_t k = 0; k < sizeof voxels / sizeof *voxels; k++)
        mask[voxels[k]] = 1;
    CU_ASSERT_EQUAL(count_pairs(mask, 6, piece, &n_pieces), 0);
    CU_ASSERT_EQUAL(n_pieces, 4);
    CU_ASSERT_EQUAL(count_pairs(mask, 18, piece, &n_pieces), 1);
    CU_ASSERT_EQUAL(n_pieces, 3);
    CU_ASSERT_TRUE(piece[0] == 0 && piece[1] == 0 && piece[2] == 1 && piece[3] == 2);
    CU_ASSERT_EQUAL(count_pairs(mask, 26, piece, &n_pieces), 2);
    CU_ASSERT_EQUAL(n_pieces, 2);
    CU_ASSERT_TRUE(piece[2] == 0 && piece[3] == 1);
}

static void too_many_voxels(void)
{
    static const size_t large[3] = {65536, 65536, 1};
    struct error err = {0};
    struct voxel_graph graph;
    CU_ASSERT_EQUAL(voxel_graph_init(&graph, NULL, large, &err), EXIT_CODE_BAD_INPUT);
    ASSERT_CONTAINS(err.message, "65536 x 65536 x 1 voxels found");
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {{"a_full_cube", a_full_cube},
                                             {"diagonals_and_pieces", diagonals_and_pieces},
                                             {"too_many_voxels", too_many_voxels}};
    return testing_main(argc, argv, "voxel_graph", cases, sizeof cases / sizeof *cases);
}
