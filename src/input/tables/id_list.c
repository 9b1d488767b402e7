#include "input/tables/id_list.h"

#include "base/memory.h"
#include "base/utf8_check.h"
#include "input/tables/problems.h"

#include <stdlib.h>
#include <string.h>

static bool is_header(const char *first, const char *second)
{
    if (second == NULL)
        return strcmp(first, "IID") == 0 || strcmp(first, "#IID") == 0;
    return (strcmp(first, "FID") == 0 || strcmp(first, "#FID") == 0) && strcmp(second, "IID") == 0;
}

/* One line of a list of subjects. */
static int add_subject(struct subjects *subjects, const struct text_reader *reader, char *line,
                       struct problems *problems, struct error *err)
{
    char *rest = line;
    const char *first = text_next_field(&rest, ' ');
    const char *second = text_next_field(&rest, ' ');
    bool first_line = subjects->iid.count == 0;
    if (first == NULL || (first_line && is_header(first, second)))
        return 0;
    if (!first_line && (second != NULL) != (subjects->fid.count > 0)) {
        problems_add(problems, err, "%s:%zu: %s found; expected %s, as in the lines above", reader->path,
                     reader->line_number, second != NULL ? "FID and IID" : "1 field",
                     second != NULL ? "IID alone" : "FID and IID");
        return 0;
    }
    if (second == NULL)
        return subjects_add(subjects, NULL, first, reader, err);
    return subjects_add(subjects, first, second, reader, err);
}

int id_list_read_subjects(struct subjects *subjects, const char *path, enum id_list_least least,
                          struct error *err)
{
    *subjects = (struct subjects){0};
    struct problems problems = {0};
    struct text_reader reader;
    if (text_reader_open(&reader, path, err) != 0)
        return err->code;
    char *line;
    int code = text_reader_next(&reader, &line, err);
    while (code == 0 && line != NULL) {
        code = add_subject(subjects, &reader, line, &problems, err);
        if (code == 0)
            code = text_reader_next(&reader, &line, err);
    }
    text_reader_close(&reader);
    if (code == 0)
        code = problems_end(&problems, err);
    if (code == 0 && subjects->iid.count == 0 && least == ID_LIST_ONE_OR_MORE)
        code = error_set(err, EXIT_CODE_BAD_INPUT,
                         "%s: no subject found; expected FID IID, one subject a line", path);
    if (code == 0)
        code = subjects_check_unique(subjects, path, err);
    if (code != 0)
        subjects_free(subjects);
    return code;
}

int id_list_open(struct id_list *list, const char *path, enum id_list_least least, struct error *err)
{
    *list = (struct id_list){0};
    struct problems problems = {0};
    struct text_reader reader;
    if (text_reader_open(&reader, path, err) != 0)
        return err->code;
    char *line;
    int code;
    while ((code = text_reader_next(&reader, &line, err)) == 0 && line != NULL) {
        char *rest = line;
        const char *name = text_next_field(&rest, ' ');
        if (name == NULL)
            continue;
        if (text_next_field(&rest, ' ') != NULL)
            problems_add(&problems, err, "%s:%zu: more than one field found; expected one SNP ID a line",
                         path, reader.line_number);
        else if (list->names.count == ID_LIST_MOST_SNPS)
            code = error_set(err, EXIT_CODE_BAD_INPUT, "%s:%zu: more than %d SNPs found; expected no more",
                             path, reader.line_number, ID_LIST_MOST_SNPS);
        else if (utf8_check(name, path, reader.line_number, "SNP", err) != 0)
            code = err->code;
        else
            code = text_list_add(&list->names, name, err);
        if (code != 0)
            break;
    }
    text_reader_close(&reader);
    if (code == 0)
        code = problems_end(&problems, err);
    if (code == 0 && list->names.count == 0 && least == ID_LIST_ONE_OR_MORE)
        code = error_set(err, EXIT_CODE_BAD_INPUT, "%s: no SNP found; expected one SNP ID a line", path);
    if (code == 0)
        code = text_index_init(&list->index, list->names.items, list->names.count, err);
    if (code == 0) {
        list->met = memory_zeroed(list->names.count, sizeof *list->met, "a list of SNPs", err);
        code = err->code;
    }
    if (code != 0)
        id_list_close(list);
    return code;
}

void id_list_close(struct id_list *list)
{
    text_index_free(&list->index);
    text_list_free(&list->names);
    free(list->met);
    *list = (struct id_list){0};
}

bool id_list_meet(struct id_list *list, const char *name)
{
    ptrdiff_t found = text_index_find(&list->index, name);
    if (found != TEXT_NOT_FOUND)
        list->met[found] = true;
    return found != TEXT_NOT_FOUND;
}

struct id_list_tally id_list_count(const struct id_list *list)
{
    const struct text_index *index = &list->index;
    struct id_list_tally tally = {0};
    size_t first = list->names.count;
    for (size_t k = 0; k < index->count; k++) {
        if (k > 0 && strcmp(index->names[k - 1], index->names[k]) == 0)
            continue;
        size_t position = index->positions[k];
        tally.n_names++;
        tally.n_absent += !list->met[position];
        if (!list->met[position] && position < first)
            first = position;
    }
    tally.absent = tally.n_absent > 0 ? list->names.items[first] : NULL;
    return tally;
}
