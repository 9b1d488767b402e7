#include "report/viewer.h"

#include "report/assets.h"
#include "testing.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* In the place of the viewer, which may not be installed. */
const char assets_viewer[] = "a viewer";
const char assets_viewer_licences[] = "";

enum { SIDE = 20, VOXELS = SIDE * SIDE * SIDE, TARGETS = 6000 };

/* What is written of targets with these names, a voxel each; the caller's. */
static char *written(char **names)
{
    static int64_t voxel[TARGETS], size[] = {SIDE, SIDE, SIDE};
    static int32_t target[TARGETS];
    static double affine[] = {2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0};
    for (int v = 0; v < TARGETS; v++)
        target[v] = (int32_t)(voxel[v] = v);
    struct campaign campaign = {.n_targets_all = TARGETS,
                                .target_name = names,
                                .n_mapped = TARGETS,
                                .map_voxel = voxel,
                                .map_target = target,
                                .map_size = size,
                                .map_affine = affine};
    const struct page_content content = {.campaign = &campaign};
    const double peak[] = {NAN, NAN, NAN};
    struct error err = {0};
    char *text = NULL;
    size_t bytes = 0;
    struct page page = {.out = open_memstream(&text, &bytes), .content = &content};
    CU_ASSERT_EQUAL(viewer_write(&page, NULL, 0, peak, &err), 0);
    fclose(page.out);
    return text;
}

/* However many, the table of the page does not have all. */
static void names_of_an_atlas(void)
{
    static char text[TARGETS][32], *names[TARGETS];
    for (int t = 0; t < TARGETS; t++) {
        snprintf(text[t], sizeof *text, "%d_Region", t + 1);
        names[t] = text[t];
    }
    char *page = written(names);
    ASSERT_CONTAINS(page, "\"names\":[\"1_Region\",");
    ASSERT_CONTAINS(page, ",\"6000_Region\"],");
    free(page);
}

static void none_of_voxels(void)
{
    static char text[TARGETS][32], *names[TARGETS];
    for (int t = 0; t < TARGETS; t++) {
        snprintf(text[t], sizeof *text, "%d_%d_%d", t % SIDE, t / SIDE % SIDE, t / SIDE / SIDE);
        names[t] = text[t];
    }
    char *page = written(names);
    ASSERT_CONTAINS(page, "\"names\":[],");
    free(page);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"names_of_an_atlas", names_of_an_atlas},
        {"none_of_voxels", none_of_voxels},
    };
    return testing_main(argc, argv, "viewer", cases, sizeof cases / sizeof *cases);
}
