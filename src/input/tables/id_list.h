/* Lists of IDs: subjects to keep or remove (FID IID, or IID alone), SNPs to extract or exclude (one a line).
 */
#ifndef ARETE_INPUT_TABLES_ID_LIST_H
#define ARETE_INPUT_TABLES_ID_LIST_H

#include "base/error.h"
#include "base/text.h"
#include "input/tables/subjects.h"

#include <stdbool.h>

/* Whether a list without an entry is one: of those to leave out it is, as programs write it where nobody is
 * to be left out; of those to keep it is a mistake. */
enum id_list_least { ID_LIST_ONE_OR_MORE, ID_LIST_MAY_BE_EMPTY };

/* FID IID a line, or IID a line; further columns and a header line are passed over. On error `subjects` is
 * empty. */
int id_list_read_subjects(struct subjects *subjects, const char *path, enum id_list_least least,
                          struct error *err);

enum { ID_LIST_MOST_SNPS = 1 << 24 };

/* Names of SNPs. All zeros is a list that holds none. */
struct id_list {
    struct text_list names;
    struct text_index index;
    bool *met; /* of each name: whether it was asked for */
};

int id_list_open(struct id_list *list, const char *path, enum id_list_least least, struct error *err);
void id_list_close(struct id_list *list);

/* Whether the list has a name, which it notes as met. */
bool id_list_meet(struct id_list *list, const char *name);

/* How many different names there are, and how many of these were never met. */
struct id_list_tally {
    size_t n_names, n_absent;
    const char *absent; /* the first of the latter, or NULL */
};

struct id_list_tally id_list_count(const struct id_list *list);

#endif
