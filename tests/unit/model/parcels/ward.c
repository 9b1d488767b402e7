#include "model/parcels/ward.h"

#include "base/memory.h"
#include "model/parcels/ward_cut.h"
#include "model/parcels/ward_heap.h"
#include "model/parcels/ward_rows.h"

#include "testing.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { X = 5, Y = 4, Z = 6, PLACES = X * Y * Z, SUBJECTS = 37, CLUSTERS = 2 * PLACES };

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525U + 1013904223U;
    return *state >> 16;
}

struct example {
    struct voxel_graph graph;
    struct voxel_pair *pairs;
    size_t n_pairs, n_pieces;
    uint32_t piece[PLACES];
    float *values; /* overwritten by ward_build */
    double original[PLACES][SUBJECTS];
};

/* A mask with holes. `levels`: values are whole numbers below it, so that there are ties; 0 = none. */
static void make_example(struct example *example, int neighbours, uint32_t levels, uint32_t seed)
{
    static const size_t shape[3] = {X, Y, Z};
    struct error err = {0};
    uint8_t mask[PLACES];
    size_t stride = ward_rows_stride(SUBJECTS);
    for (size_t k = 0; k < PLACES; k++)
        mask[k] = next_random(&seed) % 10 < 7;
    CU_ASSERT_EQUAL_FATAL(voxel_graph_init(&example->graph, mask, shape, &err), 0);
    example->pairs = voxel_graph_pairs(&example->graph, neighbours, &example->n_pairs, &err);
    example->values = memory_aligned(PLACES * stride, sizeof *example->values, "a test", &err);
    CU_ASSERT_EQUAL_FATAL(err.code, 0);
    CU_ASSERT_EQUAL(voxel_graph_pieces(example->graph.n_voxels, example->pairs, example->n_pairs,
                                       example->piece, &example->n_pieces, &err),
                    0);
    for (size_t v = 0; v < example->graph.n_voxels; v++)
        for (size_t s = 0; s < SUBJECTS; s++) {
            uint32_t number = next_random(&seed);
            example->values[v * stride + s] = (float)(levels > 0 ? number % levels : number) / 8;
            example->original[v][s] = (double)example->values[v * stride + s];
        }
}

static void free_example(struct example *example)
{
    voxel_graph_free(&example->graph);
    free(example->pairs);
    free(example->values);
}

/* Clustering as it is defined: all sums kept, every pair of clusters looked at before each merge. */
struct slow {
    double sum[CLUSTERS][SUBJECTS];
    double size[CLUSTERS];
    bool alive[CLUSTERS], touch[CLUSTERS][CLUSTERS];
    size_t n_clusters;
};

static double slow_inertia(const struct slow *slow, size_t a, size_t b)
{
    double squares = 0;
    for (size_t s = 0; s < SUBJECTS; s++) {
        double difference = slow->sum[a][s] / slow->size[a] - slow->sum[b][s] / slow->size[b];
        squares += difference * difference;
    }
    return squares * (slow->size[a] * slow->size[b] / (slow->size[a] + slow->size[b]));
}

/* The closest touching pair, a > b: of equal ones that with the smallest a, then b. False when none
 * touches. */
static bool slow_closest(const struct slow *slow, size_t *high, size_t *low, double *least)
{
    bool found = false;
    for (size_t a = 0; a < slow->n_clusters; a++)
        for (size_t b = 0; b < a && slow->alive[a]; b++) {
            if (!slow->alive[b] || !slow->touch[a][b])
                continue;
            double inertia = slow_inertia(slow, a, b);
            if (!found || inertia < *least) {
                *least = inertia;
                *high = a;
                *low = b;
            }
            found = true;
        }
    return found;
}

static void slow_merge(struct slow *slow, size_t a, size_t b)
{
    size_t made = slow->n_clusters++;
    slow->size[made] = slow->size[a] + slow->size[b];
    slow->alive[a] = slow->alive[b] = false;
    slow->alive[made] = true;
    for (size_t s = 0; s < SUBJECTS; s++)
        slow->sum[made][s] = slow->sum[a][s] + slow->sum[b][s];
    for (size_t c = 0; c < made; c++)
        slow->touch[made][c] = slow->touch[c][made] = slow->touch[a][c] || slow->touch[b][c];
}

static void slow_init(struct slow *slow, const struct example *example)
{
    memset(slow, 0, sizeof *slow);
    slow->n_clusters = example->graph.n_voxels;
    for (size_t v = 0; v < slow->n_clusters; v++) {
        slow->size[v] = 1;
        slow->alive[v] = true;
        memcpy(slow->sum[v], example->original[v], sizeof slow->sum[v]);
    }
    for (size_t k = 0; k < example->n_pairs; k++) {
        size_t a = example->pairs[k].high, b = example->pairs[k].low;
        slow->touch[a][b] = slow->touch[b][a] = true;
    }
}

static void check_example(int neighbours, uint32_t levels, uint32_t seed)
{
    static struct example example;
    static struct slow slow;
    struct error err = {0};
    struct ward_tree tree;
    size_t high = 0, low = 0, m = 0;
    double inertia = 0;
    make_example(&example, neighbours, levels, seed);
    size_t n = example.graph.n_voxels;
    slow_init(&slow, &example);
    CU_ASSERT_EQUAL_FATAL(ward_build(&tree, example.values,
                                     &(struct ward_voxels){n, SUBJECTS, example.pairs, example.n_pairs}, NULL,
                                     NULL, &err),
                          0);
    CU_ASSERT_EQUAL(tree.n_merges, n - example.n_pieces);
    for (; slow_closest(&slow, &high, &low, &inertia) && m < tree.n_merges; m++) {
        CU_ASSERT_EQUAL(tree.children[2 * m], low);
        CU_ASSERT_EQUAL(tree.children[2 * m + 1], high);
        slow_merge(&slow, high, low);
        CU_ASSERT_EQUAL(tree.size[m], slow.size[n + m]);
        ASSERT_NEAR(tree.height[m], sqrt(2 * inertia), 1e-12 * (1 + tree.height[m]));
    }
    CU_ASSERT_EQUAL(m, tree.n_merges);
    ward_tree_free(&tree);
    free_example(&example);
}

static void merges_the_closest_pair(void)
{
    check_example(6, 0, 1);
    check_example(18, 0, 2);
    check_example(26, 0, 3);
}

static void equal_pairs_come_by_their_numbers(void)
{
    check_example(6, 2, 4);
    check_example(26, 2, 5);
    check_example(6, 1, 6); /* all values 0 */
}

/* The parcels of a cut by following every voxel upwards through the merges that stand. */
static size_t follow(const struct ward_tree *tree, const bool *stands, int32_t *label)
{
    int32_t of_top[CLUSTERS] = {0}, n_labels = 0;
    for (size_t v = 0; v < tree->n_voxels; v++) {
        size_t cluster = v;
        for (size_t m = 0; m < tree->n_merges; m++)
            if (stands[m] && (tree->children[2 * m] == cluster || tree->children[2 * m + 1] == cluster))
                cluster = tree->n_voxels + m;
        if (of_top[cluster] == 0)
            of_top[cluster] = ++n_labels;
        label[v] = of_top[cluster];
    }
    return (size_t)n_labels;
}

static void check_cut(const struct example *example, const struct ward_tree *tree, size_t n_parcels)
{
    struct error err = {0};
    int32_t label[PLACES], expected[PLACES];
    bool stands[PLACES];
    size_t bytes = tree->n_voxels * sizeof *label, n_labels, left[PLACES] = {0};
    for (size_t m = 0; m < tree->n_merges; m++)
        stands[m] = m < tree->n_voxels - n_parcels;
    if (n_parcels >= example->n_pieces) {
        CU_ASSERT_EQUAL(ward_cut(tree, n_parcels, label, &err), 0);
        CU_ASSERT_EQUAL(follow(tree, stands, expected), n_parcels);
        CU_ASSERT_EQUAL(memcmp(label, expected, bytes), 0);
    }
    for (size_t v = 0; v < tree->n_voxels; v++)
        left[example->piece[v]]++;
    for (size_t m = 0; m < tree->n_merges; m++) { /* a merge's piece is that of any voxel below it */
        size_t child = tree->children[2 * m];
        while (child >= tree->n_voxels)
            child = tree->children[2 * (child - tree->n_voxels)];
        stands[m] = left[example->piece[child]] > n_parcels;
        left[example->piece[child]] -= stands[m];
    }
    CU_ASSERT_EQUAL(
        ward_cut_pieces(tree, example->piece, example->n_pieces, n_parcels, label, &n_labels, &err), 0);
    CU_ASSERT_EQUAL(n_labels, follow(tree, stands, expected));
    CU_ASSERT_EQUAL(memcmp(label, expected, bytes), 0);
}

static void cuts_undo_the_last_merges(void)
{
    static struct example example;
    struct error err = {0};
    struct ward_tree tree;
    make_example(&example, 6, 0, 8);
    size_t n = example.graph.n_voxels;
    CU_ASSERT_TRUE(example.n_pieces > 1);
    CU_ASSERT_EQUAL_FATAL(ward_build(&tree, example.values,
                                     &(struct ward_voxels){n, SUBJECTS, example.pairs, example.n_pairs}, NULL,
                                     NULL, &err),
                          0);
    for (size_t n_parcels = 1; n_parcels <= n; n_parcels++)
        check_cut(&example, &tree, n_parcels);
    ward_tree_free(&tree);
    free_example(&example);
}

/* Changes and removals in any order; the top is always the least. */
static void heap_keeps_the_least_on_top(void)
{
    enum { EDGES = 200 };
    struct error err = {0};
    struct ward_heap heap;
    bool gone[EDGES] = {false};
    uint32_t seed = 9;
    CU_ASSERT_EQUAL_FATAL(ward_heap_init(&heap, EDGES, &err), 0);
    for (uint32_t e = 0; e < EDGES; e++)
        heap.key[e] = (struct ward_heap_key){next_random(&seed) % 20, e + 1, e};
    ward_heap_order(&heap);
    while (heap.n > 0) {
        uint32_t edge = next_random(&seed) % EDGES, least = EDGES;
        if (!gone[edge])
            ward_heap_change(&heap, edge, (struct ward_heap_key){next_random(&seed) % 20, edge + 1, edge});
        for (uint32_t e = 0; e < EDGES; e++) /* numbers ascend with e: the first of equal ones comes first */
            if (!gone[e] && (least == EDGES || heap.key[e].value < heap.key[least].value))
                least = e;
        CU_ASSERT_EQUAL_FATAL(ward_heap_top(&heap), least);
        edge = next_random(&seed) % EDGES;
        edge = gone[edge] ? least : edge;
        gone[edge] = true;
        ward_heap_remove(&heap, edge);
    }
    ward_heap_free(&heap);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"merges_the_closest_pair", merges_the_closest_pair},
        {"equal_pairs_come_by_their_numbers", equal_pairs_come_by_their_numbers},
        {"cuts_undo_the_last_merges", cuts_undo_the_last_merges},
        {"heap_keeps_the_least_on_top", heap_keeps_the_least_on_top},
    };
    return testing_main(argc, argv, "ward", cases, sizeof cases / sizeof *cases);
}
