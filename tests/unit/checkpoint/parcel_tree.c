#include "checkpoint/parcel_tree.h"

#include "testing.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Five voxels, four merges. */
static uint64_t voxel[5] = {3, 4, 7, 8, 9};
static uint32_t children[8] = {0, 1, 2, 5, 3, 4, 6, 7}, cluster_voxels[4] = {2, 3, 2, 5};
static double height[4] = {0.25, 1, 2, 8};

static struct parcel_tree example(void)
{
    return (struct parcel_tree){.arete_version = (char *)(uintptr_t) "1.2.3",
                                .values_hash = 0xfedcba9876543210U,
                                .n_images = 12,
                                .neighbours = 18,
                                .standardise = 1,
                                .size = {2, 3, 4},
                                .affine = {{-2, 0, 0, 90}, {0, 2, 0.5, -126}, {0, 0, 2, -72}},
                                .n_voxels = 5,
                                .n_merges = 4,
                                .voxel = voxel,
                                .children = children,
                                .height = height,
                                .cluster_voxels = cluster_voxels};
}

static char *tree_path(void)
{
    static char path[4096];
    snprintf(path, sizeof path, "%s/tree.h5", testing_folder());
    return path;
}

static void comes_back(void)
{
    struct error err = {0};
    struct parcel_tree written = example(), read;
    const char *path = tree_path();
    CU_ASSERT_EQUAL_FATAL(parcel_tree_write(path, &written, &err), 0);
    CU_ASSERT_EQUAL_FATAL(parcel_tree_read(&read, path, &err), 0);
    CU_ASSERT_STRING_EQUAL(read.arete_version, "1.2.3");
    CU_ASSERT_TRUE(read.values_hash == written.values_hash && read.n_images == 12 && read.neighbours == 18 &&
                   read.standardise == 1 && read.n_voxels == 5 && read.n_merges == 4);
    CU_ASSERT_EQUAL(memcmp(read.size, written.size, sizeof read.size), 0);
    CU_ASSERT_EQUAL(memcmp(read.affine, written.affine, sizeof read.affine), 0);
    CU_ASSERT_EQUAL(memcmp(read.voxel, voxel, sizeof voxel), 0);
    CU_ASSERT_EQUAL(memcmp(read.children, children, sizeof children), 0);
    CU_ASSERT_EQUAL(memcmp(read.height, height, sizeof height), 0);
    CU_ASSERT_EQUAL(memcmp(read.cluster_voxels, cluster_voxels, sizeof cluster_voxels), 0);
    parcel_tree_free(&read);
}

/* No merge: every voxel alone. */
static void a_tree_without_merges(void)
{
    struct error err = {0};
    struct parcel_tree written = example(), read;
    const char *path = tree_path();
    written.n_merges = 0;
    CU_ASSERT_EQUAL_FATAL(parcel_tree_write(path, &written, &err), 0);
    CU_ASSERT_EQUAL(parcel_tree_read(&read, path, &err), 0);
    CU_ASSERT_TRUE(read.n_voxels == 5 && read.n_merges == 0);
    parcel_tree_free(&read);
}

static void no_tree(uint32_t first, uint32_t second)
{
    struct error err = {0};
    struct parcel_tree tree = example();
    uint32_t wrong[8];
    memcpy(wrong, children, sizeof wrong);
    wrong[2] = first;
    wrong[3] = second;
    tree.children = wrong;
    const char *path = tree_path();
    CU_ASSERT_EQUAL_FATAL(parcel_tree_write(path, &tree, &err), 0);
    CU_ASSERT_EQUAL(parcel_tree_read(&tree, path, &err), EXIT_CODE_FAILED);
    ASSERT_CONTAINS(err.message, "/merges/children is damaged: it is no tree");
}

static void children_that_cannot_be(void)
{
    no_tree(2, 6); /* made by this very merge */
    no_tree(0, 5); /* merged before */
    no_tree(2, 4000000000U);
}

/* Whether a file with one byte flipped is refused by its name, or has no effect on what is read. */
static bool is_named_or_harmless(const char *path, size_t *n_refused)
{
    struct error err = {0};
    struct parcel_tree read;
    if (parcel_tree_read(&read, path, &err) != 0) {
        ++*n_refused;
        return strstr(err.message, path) != NULL;
    }
    bool same = read.n_voxels == 5 && read.n_merges == 4 && memcmp(read.voxel, voxel, sizeof voxel) == 0 &&
                memcmp(read.children, children, sizeof children) == 0 &&
                memcmp(read.height, height, sizeof height) == 0 &&
                memcmp(read.cluster_voxels, cluster_voxels, sizeof cluster_voxels) == 0;
    parcel_tree_free(&read);
    return same;
}

/* Every byte that is not 0, one at a time. */
static bool flip_bytes(const char *path)
{
    FILE *file = fopen(path, "r+b");
    size_t n_refused = 0, n_wrong = 0;
    if (file == NULL)
        return false;
    for (long at = 0, byte; fseek(file, at, SEEK_SET) == 0 && (byte = fgetc(file)) != EOF; at++) {
        if (byte == 0)
            continue;
        fseek(file, at, SEEK_SET);
        fputc((int)byte ^ 0x10, file);
        fflush(file);
        n_wrong += !is_named_or_harmless(path, &n_refused);
        fseek(file, at, SEEK_SET);
        fputc((int)byte, file);
    }
    fclose(file);
    return n_wrong == 0 && n_refused > sizeof children / 4;
}

/* In a process of its own, because HDF5 leaks memory over damaged structures, and might crash. */
static void bit_rot(void)
{
    struct error err = {0};
    struct parcel_tree tree = example();
    const char *path = tree_path();
    int status = -1;
    CU_ASSERT_EQUAL_FATAL(parcel_tree_write(path, &tree, &err), 0);
    pid_t child = fork();
    if (child == 0)
        _exit(flip_bytes(path) ? 0 : 1);
    CU_ASSERT_FATAL(child > 0);
    CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
    CU_ASSERT_EQUAL(status, 0);
}

static void something_else_there(void)
{
    struct error err = {0};
    struct parcel_tree tree;
    const char *path = testing_write_text(testing_folder(), "no.h5", "something else");
    CU_ASSERT_NOT_EQUAL(parcel_tree_read(&tree, path, &err), 0);
    ASSERT_CONTAINS(err.message, path);
}

static void cannot_be_written(void)
{
    struct error err = {0};
    struct parcel_tree tree = example();
    char path[4096];
    snprintf(path, sizeof path, "%s/missing/tree.h5", testing_folder());
    CU_ASSERT_EQUAL(parcel_tree_write(path, &tree, &err), EXIT_CODE_BAD_INPUT);
    ASSERT_CONTAINS(err.message, "tree.h5: cannot be written: No such file or directory");
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"comes_back", comes_back},
        {"a_tree_without_merges", a_tree_without_merges},
        {"children_that_cannot_be", children_that_cannot_be},
        {"bit_rot", bit_rot},
        {"something_else_there", something_else_there},
        {"cannot_be_written", cannot_be_written},
    };
    return testing_main(argc, argv, "parcel_tree", cases, sizeof cases / sizeof *cases);
}
