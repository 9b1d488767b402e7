#include "input/tables/id_forms.h"

#include "base/memory.h"
#include "base/text.h"
#include "input/tables/subject_index.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Writes the form of an ID into `to`, which has room for FID, IID twice and two bytes more. fid is NULL for
 * IIDs alone. */
typedef void write_form(char *to, const char *fid, const char *iid);

static void write_iid(char *to, const char *fid, const char *iid)
{
    (void)fid;
    stpcpy(to, iid);
}

static void write_joined(char *to, const char *fid, const char *iid)
{
    stpcpy(stpcpy(stpcpy(to, fid != NULL ? fid : ""), "_"), iid);
}

/* S007 becomes S7. */
static void write_without_zeros(char *to, const char *fid, const char *iid)
{
    (void)fid;
    for (bool in_number = false; *iid != '\0'; iid++) {
        if (!in_number && *iid == '0' && isdigit((unsigned char)iid[1]))
            continue;
        in_number = isdigit((unsigned char)*iid) != 0;
        *to++ = *iid;
    }
    *to = '\0';
}

static void write_without_case(char *to, const char *fid, const char *iid)
{
    (void)fid;
    for (; *iid != '\0'; iid++)
        *to++ = (char)tolower((unsigned char)*iid);
    *to = '\0';
}

static void write_without_prefix(char *to, const char *fid, const char *iid)
{
    (void)fid;
    stpcpy(to, strncmp(iid, "sub-", 4) == 0 ? iid + 4 : iid);
}

static void write_without_decimals(char *to, const char *fid, const char *iid)
{
    (void)fid;
    stpcpy(to, iid);
    if (text_ends_with(iid, ".0"))
        to[strlen(iid) - 2] = '\0';
}

static void write_without_punctuation(char *to, const char *fid, const char *iid)
{
    (void)fid;
    for (; *iid != '\0'; iid++)
        if (!ispunct((unsigned char)*iid))
            *to++ = *iid;
    *to = '\0';
}

static void write_after_comma(char *to, const char *fid, const char *iid)
{
    (void)fid;
    const char *comma = strrchr(iid, ',');
    stpcpy(to, comma != NULL && comma[1] != '\0' ? comma + 1 : iid);
}

static void write_doubled(char *to, const char *fid, const char *iid)
{
    (void)fid;
    stpcpy(stpcpy(stpcpy(to, iid), "_"), iid);
}

/* U+0300 to U+036F, which stand behind the letter that they change. */
static bool is_combining(const char *text)
{
    unsigned char first = (unsigned char)text[0], second = first != '\0' ? (unsigned char)text[1] : '\0';
    return (first == 0xCC && second >= 0x80) || (first == 0xCD && second >= 0x80 && second <= 0xAF);
}

/* Without no-break and zero-width spaces, which nobody sees, and without letters that have an accent, whether
 * that is in the letter or behind it (NFC, NFD). */
static void write_ascii(char *to, const char *fid, const char *iid)
{
    (void)fid;
    for (; *iid != '\0'; iid++)
        if ((unsigned char)*iid < 0x80 && !is_combining(iid + 1))
            *to++ = *iid;
    *to = '\0';
}

/* In one form on either side. */
struct form {
    const char *difference;
    write_form *ours, *theirs;
};

static const struct form all_forms[] = {
    {"the IIDs fit, the FIDs differ", write_iid, write_iid},
    {"leading zeros differ, which spreadsheets drop", write_without_zeros, write_without_zeros},
    {"small and capital letters differ", write_without_case, write_without_case},
    {"a sub- in front differs", write_without_prefix, write_without_prefix},
    {"a .0 at the end differs", write_without_decimals, write_without_decimals},
    {"commas stand where blanks are expected", write_iid, write_after_comma},
    {"IIDs there are FID_IID", write_joined, write_iid},
    {"IIDs of the genotypes are FID_IID", write_iid, write_joined},
    {"IIDs there are IID_IID", write_doubled, write_iid},
    {"IIDs of the genotypes are IID_IID", write_iid, write_doubled},
    {"characters differ that look alike or that nobody sees: a no-break or zero-width space, an accent",
     write_ascii, write_ascii},
    {"characters such as - and _ differ", write_without_punctuation, write_without_punctuation},
};

static int add_forms(struct text_list *list, const struct id_forms_side *side, write_form *write,
                     struct error *err)
{
    for (size_t i = 0; i < side->count; i++) {
        const char *fid = side->fid != NULL ? side->fid[i] : NULL;
        char *text = memory_zeroed((fid != NULL ? strlen(fid) : 0) + 2 * strlen(side->iid[i]) + 2, 1,
                                   "another form of an ID", err);
        if (text == NULL)
            return err->code;
        write(text, fid, side->iid[i]);
        int code = text_list_add(list, text, err);
        free(text);
        if (code != 0)
            return code;
    }
    return 0;
}

/* The position of the only one of that form, or TEXT_NOT_FOUND. */
static ptrdiff_t find_only(const struct subject_index *index, const char *form)
{
    return subject_index_find_second(index, NULL, form) == TEXT_NOT_FOUND
               ? subject_index_find(index, NULL, form)
               : TEXT_NOT_FOUND;
}

static int try_form(const struct form *form, const struct id_forms_side *ours,
                    const struct id_forms_side *theirs, struct id_forms *result, struct error *err)
{
    struct text_list left = {0}, right = {0};
    struct subject_index left_index = {0}, right_index = {0};
    *result = (struct id_forms){.difference = form->difference};
    if (add_forms(&left, ours, form->ours, err) == 0 && add_forms(&right, theirs, form->theirs, err) == 0 &&
        subject_index_init(&left_index, NULL, left.items, left.count, false, err) == 0)
        subject_index_init(&right_index, NULL, right.items, right.count, false, err);
    for (size_t i = 0; err->code == 0 && i < left.count; i++) {
        ptrdiff_t found = find_only(&right_index, left.items[i]);
        if (found == TEXT_NOT_FOUND || find_only(&left_index, left.items[i]) == TEXT_NOT_FOUND)
            continue;
        if (result->n_alike++ == 0) {
            result->ours = i;
            result->theirs = (size_t)found;
        }
    }
    subject_index_free(&left_index);
    subject_index_free(&right_index);
    text_list_free(&left);
    text_list_free(&right);
    return err->code;
}

int id_forms_find(struct id_forms *forms, const struct id_forms_side *ours,
                  const struct id_forms_side *theirs, struct error *err)
{
    enum { SHARE = 10 };
    *forms = (struct id_forms){0};
    size_t fewer = ours->count < theirs->count ? ours->count : theirs->count;
    for (size_t k = 0; k < sizeof all_forms / sizeof *all_forms; k++) {
        struct id_forms tried;
        if (try_form(&all_forms[k], ours, theirs, &tried, err) != 0)
            return err->code;
        if (tried.n_alike > forms->n_alike && tried.n_alike * SHARE >= fewer)
            *forms = tried;
    }
    return 0;
}
