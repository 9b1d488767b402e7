#include "images/image_write.h"

#include "images/image_file.h"
#include "testing.h"

#include <math.h>
#include <stdlib.h>

/* Turned by 30 degrees, one axis the other way round: the qform must hold it too. */
static struct image_grid turned_grid(void)
{
    double c = sqrt(0.75), s = 0.5;
    return (struct image_grid){
        .size = {3, 4, 5},
        .affine = {{-2 * c, 1.5 * s, 0, 10}, {2 * s, 1.5 * c, 0, -20}, {0, 0, 3, 30.5}},
        .space = 4};
}

static const char *write_image(const struct image_content *content, const char *name)
{
    static char path[300];
    struct error err = {0};
    snprintf(path, sizeof path, "%s/%s", testing_folder(), name);
    CU_ASSERT_EQUAL_FATAL(image_write(path, path, content, &err), 0);
    return path;
}

static void check(const char *path, const double *expected, const struct image_grid *grid)
{
    struct error err = {0};
    struct image_file file;
    double values[60];
    CU_ASSERT_EQUAL_FATAL(image_file_open_one(&file, path, &err), 0);
    CU_ASSERT_TRUE(image_grid_same(&file.grid, grid, IMAGE_GRID_TOLERANCE_MM));
    CU_ASSERT_EQUAL(file.grid.space, grid->space);
    CU_ASSERT_EQUAL_FATAL(image_file_read(&file, NULL, 60, values, &err), 0);
    for (int v = 0; v < 60; v++)
        CU_ASSERT_EQUAL(values[v], expected[v]);
    CU_ASSERT_NOT_EQUAL(image_file_read(&file, NULL, 60, values, &err), 0); /* there is no second volume */
    image_file_close(&file);
}

static void floats(void)
{
    struct image_grid grid = turned_grid();
    float values[60];
    double expected[60];
    for (int v = 0; v < 60; v++)
        expected[v] = values[v] = (float)(v * 0.37 - 3);
    struct image_content content = {.grid = grid, .floats = values, .description = "floats"};
    check(write_image(&content, "floats.nii"), expected, &grid);
    check(write_image(&content, "floats.nii.gz"), expected, &grid);
}

static void labels(void)
{
    struct image_grid grid = turned_grid();
    int32_t values[60];
    double expected[60];
    for (int v = 0; v < 60; v++)
        expected[v] = values[v] = v * 30000001;
    struct image_content content = {
        .grid = grid, .labels = values, .description = "labels", .meaning = IMAGE_MEANING_LABEL};
    check(write_image(&content, "labels.nii.gz"), expected, &grid);
}

/* Without its sform, as a viewer that knows only the qform sees it. */
static void qform(void)
{
    struct image_grid grid = turned_grid();
    float values[60] = {0};
    double expected[60] = {0};
    struct image_content content = {.grid = grid, .floats = values, .description = ""};
    const char *path = write_image(&content, "qform.nii");
    FILE *file = fopen(path, "r+b");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_EQUAL(fseek(file, 254, SEEK_SET), 0); /* sform_code */
    CU_ASSERT_EQUAL(fwrite("\0", 1, 2, file), 2);
    CU_ASSERT_EQUAL(fclose(file), 0);
    check(path, expected, &grid);
}

/* As images that have no orientation: neither form, and the edges of a voxel. */
static void no_space(void)
{
    struct image_grid grid = {.size = {3, 4, 5}, .affine = {{2, 0, 0, 0}, {0, 1.5, 0, 0}, {0, 0, 3, 0}}};
    float values[60] = {0};
    double expected[60] = {0};
    struct image_content content = {.grid = grid, .floats = values, .description = ""};
    check(write_image(&content, "no_space.nii"), expected, &grid);
}

static void no_folder(void)
{
    struct error err = {0};
    float values[60] = {0};
    struct image_content content = {.grid = turned_grid(), .floats = values, .description = ""};
    CU_ASSERT_EQUAL(image_write("/nowhere/map.nii.tmp", "/nowhere/map.nii", &content, &err),
                    EXIT_CODE_FAILED);
    CU_ASSERT_STRING_EQUAL(err.message,
                           "/nowhere/map.nii: cannot be written whole: No such file or directory");
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {{"floats", floats},
                                             {"labels", labels},
                                             {"qform", qform},
                                             {"no space", no_space},
                                             {"no folder", no_folder}};
    return testing_main(argc, argv, "writing images", cases, sizeof cases / sizeof *cases);
}
