#include "checkpoint/stored_type.h"

#include "checkpoint/layout/cursor.h"

#include <string.h>

/* Classes, versions and bits of the HDF5 File Format Specification, "The Datatype Message". */
enum { WHOLE_NUMBER = 0, REAL_NUMBER = 1, TEXT = 3, ROW = 6 };
enum { HEAD_BYTES = 8, WHOLE_BYTES = HEAD_BYTES + 4, REAL_BYTES = HEAD_BYTES + 12 };
enum { SIGNED = 0x08, NULL_PADDED = 0x01, UTF8 = 0x10, IMPLIED_ONE = 0x20, ROW_VERSION = 3 };

/* What every type begins with. */
struct head {
    uint64_t class, version, bits, bytes;
};

static struct head take_head(struct cursor *type)
{
    uint64_t first = cursor_number(type, 1);
    struct head head = {.class = first % 16, .version = first / 16};
    head.bits = cursor_number(type, 3);
    head.bytes = cursor_number(type, 4);
    return head;
}

/* All bits of a little-endian number, none left over. */
static bool take_whole(struct cursor *type, size_t bytes, bool is_signed)
{
    struct head head = take_head(type);
    uint64_t offset = cursor_number(type, 2), precision = cursor_number(type, 2);
    return !type->failed && head.class == WHOLE_NUMBER && head.version >= 1 && head.version <= 3 &&
           head.bits == (is_signed ? SIGNED : 0) && head.bytes == bytes && offset == 0 &&
           precision == 8 * bytes;
}

/* IEEE 754, little-endian, of 4 or 8 bytes. */
static bool take_real(struct cursor *type, size_t bytes)
{
    const uint64_t fraction = bytes == 4 ? 23 : 52, sign = 8 * bytes - 1, exponent = sign - fraction;
    struct head head = take_head(type);
    uint64_t offset = cursor_number(type, 2), precision = cursor_number(type, 2),
             exponent_at = cursor_number(type, 1), exponent_bits = cursor_number(type, 1),
             fraction_at = cursor_number(type, 1), fraction_bits = cursor_number(type, 1),
             bias = cursor_number(type, 4);
    return !type->failed && head.class == REAL_NUMBER && head.version >= 1 && head.version <= 3 &&
           head.bits == (IMPLIED_ONE | sign << 8) && head.bytes == bytes && offset == 0 &&
           precision == 8 * bytes && exponent_at == fraction && exponent_bits == exponent &&
           fraction_at == 0 && fraction_bits == fraction && bias == (1ull << (exponent - 1)) - 1;
}

static bool take_text(struct cursor *type, size_t bytes)
{
    struct head head = take_head(type);
    return !type->failed && head.class == TEXT && head.version >= 1 && head.version <= 3 &&
           head.bits == (NULL_PADDED | UTF8) && head.bytes == bytes;
}

static bool take(struct cursor *type, enum schema_type expected, size_t width)
{
    switch (expected) {
    case SCHEMA_U8:
        return take_whole(type, 1, false);
    case SCHEMA_I32:
        return take_whole(type, 4, true);
    case SCHEMA_U32:
        return take_whole(type, 4, false);
    case SCHEMA_I64:
        return take_whole(type, 8, true);
    case SCHEMA_U64:
        return take_whole(type, 8, false);
    case SCHEMA_F32:
        return take_real(type, 4);
    case SCHEMA_F64:
        return take_real(type, 8);
    case SCHEMA_TEXT:
        return take_text(type, width);
    case SCHEMA_ROW:
        break;
    }
    return false;
}

/* The name of a member and where it stands in the row, in as many bytes as the row's size asks for. */
static bool take_member(struct cursor *type, const char *name, uint64_t offset, uint64_t row_bytes)
{
    size_t bytes = 1;
    while (bytes < 8 && row_bytes >> (8 * bytes) != 0)
        bytes++;
    struct cursor text = cursor_take(type, strlen(name) + 1);
    return cursor_number(type, bytes) == offset && !type->failed && memcmp(text.at, name, text.left) == 0;
}

/* A text, and numbers of 8 bytes after it without padding. */
static bool take_row(struct cursor *type, const struct schema_row *row, size_t *width)
{
    struct head head = take_head(type);
    uint64_t numbers = 8 * row->n_numbers;
    if (type->failed || head.class != ROW || head.version != ROW_VERSION || head.bits != row->n_numbers + 1 ||
        head.bytes <= numbers)
        return false;
    *width = head.bytes - numbers;
    bool right = take_member(type, row->text, 0, head.bytes) && take_text(type, *width);
    for (size_t k = 0; right && k < row->n_numbers; k++)
        right = take_member(type, row->number[k].name, *width + 8 * k, head.bytes) &&
                take(type, row->number[k].type, 0);
    return right;
}

bool stored_type_is(const struct layout_form *form, enum schema_type type)
{
    struct cursor cursor = {.at = form->type, .left = form->type_bytes};
    return take(&cursor, type, form->width) && cursor.left == 0;
}

bool stored_type_is_of(const struct layout_form *form, const struct schema_field *field, size_t *width)
{
    *width = field->type == SCHEMA_TEXT ? form->width : 1;
    if (field->type != SCHEMA_ROW)
        return stored_type_is(form, field->type);
    struct cursor cursor = {.at = form->type, .left = form->type_bytes};
    return take_row(&cursor, field->row, width) && cursor.left == 0;
}
