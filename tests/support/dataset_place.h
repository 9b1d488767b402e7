/* Where a dataset's bytes stand in a file, to damage them. */
#ifndef ARETE_TEST_DATASET_PLACE_H
#define ARETE_TEST_DATASET_PLACE_H

#include "checkpoint/campaign_schema.h"
#include "checkpoint/catalog.h"

#include "testing.h"

#include <fcntl.h>
#include <unistd.h>

/* Of a campaign or a part, as its schema says. */
static inline struct dataset_place dataset_place(const char *path, const struct schema *schema,
                                                 const char *dataset)
{
    struct error err = {0};
    struct campaign campaign;
    struct catalog catalog;
    int descriptor;
    CU_ASSERT_EQUAL_FATAL(catalog_open(&catalog, &descriptor, &campaign, schema, path, O_RDONLY, &err), 0);
    close(descriptor);
    schema_free(schema, &campaign);
    return catalog.place[schema_find(schema, dataset)];
}

#endif
