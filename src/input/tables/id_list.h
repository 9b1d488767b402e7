/* Lists of IDs: subjects to keep or remove (FID IID, or IID alone), SNPs to extract or exclude (one a line).
 */
#ifndef ARETE_INPUT_TABLES_ID_LIST_H
#define ARETE_INPUT_TABLES_ID_LIST_H

#include "base/error.h"
#include "base/text.h"
#include "input/tables/subjects.h"

#include <stdbool.h>

/* FID IID a line, or IID a line; further columns and a header line are passed over. On error `subjects` is
 * empty. */
int id_list_read_subjects(struct subjects *subjects, const char *path, struct error *err);

/* Names of SNPs. All zeros is a list that holds none. */
struct id_list {
    struct text_list names;
    struct text_index index;
};

int id_list_open(struct id_list *list, const char *path, struct error *err);
void id_list_close(struct id_list *list);
bool id_list_holds(const struct id_list *list, const char *name);

#endif
