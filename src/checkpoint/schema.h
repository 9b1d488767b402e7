/* One description of a record. A record is a struct that is kept in an HDF5 file: a campaign, a part file, a
 * merge tree. Its schema is a table that says of every field what it is called in the file, its type and
 * shape, where it stands in the struct, and whether other processes are told. From the table follow
 *
 *     writing          schema_write.h (the structure by HDF5, the values as plain bytes)
 *     reading          schema_read.h; catalog.h checks every type, shape and place first
 *     releasing        schema_free
 *     broadcasting     schema_broadcast.h
 *
 * A new field is a member of the struct and a line of its table (campaign_schema.c, parcel_tree.c). */
#ifndef ARETE_CHECKPOINT_SCHEMA_H
#define ARETE_CHECKPOINT_SCHEMA_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum schema_type { /* all little-endian */
                   SCHEMA_U8,
                   SCHEMA_I32,
                   SCHEMA_U32,
                   SCHEMA_I64,
                   SCHEMA_U64,
                   SCHEMA_F32,
                   SCHEMA_F64,
                   SCHEMA_TEXT, /* UTF-8; in the file of fixed width, filled up with zero bytes */
                   SCHEMA_ROW   /* a text and 64-bit numbers; in the file without padding */
};

/* What a row consists of. In memory it is a struct of a char * and the numbers, each of 8 bytes. */
enum { SCHEMA_ROW_NUMBERS = 3 };
struct schema_row {
    const char *text;
    size_t n_numbers;
    struct {
        const char *name;
        enum schema_type type;
    } number[SCHEMA_ROW_NUMBERS];
};

/* What a dimension counts. One of the three, and the others 0: */
struct schema_length {
    const char *name; /* for messages: "subjects" */
    size_t place;     /* of a size_t in the record, which holds it; `least` is the smallest that can be */
    uint64_t fixed;   /* always this */
    bool (*derive)(const void *record, uint64_t *length); /* follows from the record; false: it cannot be */
    uint64_t least;
};

/* Where the values stand. */
enum schema_storage {
    SCHEMA_POINTED, /* the record has a pointer to them: numbers, rows; char * for one text, char ** for
                       several. One number stands in the record itself */
    SCHEMA_WITHIN,  /* an array of numbers in the record itself */
    SCHEMA_APART    /* not in the record: the file only has room for them, and no CRC of its own */
};

enum { SCHEMA_SHAPE_MOST = 2 };

struct schema_field {
    const char *
        path; /* of the dataset, or of what the attribute belongs to ("/": the root); NULL: not in the file */
    const char *attribute; /* NULL: the field is the dataset */
    enum schema_type type;
    const struct schema_row *row; /* of SCHEMA_ROW */
    int rank;                     /* dimensions; 0: one value */
    int shape[SCHEMA_SHAPE_MOST]; /* which lengths */
    enum schema_storage storage;
    size_t place;       /* in the record */
    unsigned broadcast; /* which broadcasts it takes part in: a bit each; 0: none */
    /* Every file of this format and later has the dataset. In an older one it may be missing; then its
     * pointer is NULL and its length 0, and it is not written again, nor is what is apart and has no values.
     * Its attributes come and go with it. */
    int32_t since;
};

enum { SCHEMA_FIELDS_MOST = 96, SCHEMA_LENGTHS_MOST = 48 };

struct schema {
    const char *format;      /* the root's attribute "format" */
    const char *a_file;      /* "an arete campaign" */
    const char *version_of;  /* "campaign format" */
    const char *remedy;      /* against another version; NULL: go on with the arete that wrote the file */
    int32_t version, oldest; /* that are written and read: from `oldest` to `version` */
    bool sparse;             /* what is apart takes space on the disk only when it is written */
    size_t record_bytes;
    const struct schema_length *lengths;
    int n_lengths;
    const struct schema_field *fields; /* in the order of the file, attributes after their dataset */
    int n_fields;
    /* What types, shapes and CRCs cannot tell of values that are used as an index or a count; NULL:
     * nothing. */
    int (*check)(const void *record, const char *path, struct error *err);
};

/* The lengths of a record; those that cannot be derived are UINT64_MAX. */
void schema_lengths(const struct schema *schema, const void *record, uint64_t length[SCHEMA_LENGTHS_MOST]);

/* The record's own count of a length; NULL when it has none. */
size_t *schema_length_place(const struct schema *schema, void *record, int length);

/* Values of a field: the product of its lengths, 1 of rank 0. False when it is more than 64 bits hold. */
bool schema_count(const struct schema_field *field, const uint64_t length[SCHEMA_LENGTHS_MOST],
                  uint64_t *count);

/* Bytes of a value in the file; `width` is that of a text or of a row's text, in bytes. */
size_t schema_value_bytes(const struct schema_field *field, size_t width);

/* Whether the values of a field are texts or rows, which stand in the file otherwise than in memory. */
bool schema_has_text(const struct schema_field *field);

/* The format that the file of this record is of: the newest that asks for no field which the record lacks. */
int32_t schema_file_version(const struct schema *schema, const void *record);

/* Whether the file of this record has the field. */
bool schema_is_written(const struct schema *schema, const void *record, const struct schema_field *field);

/* The first value of a field in memory, whatever its type: what the record points to, or what stands in
 * it. */
void *schema_values(const struct schema_field *field, void *record);
const void *schema_values_const(const struct schema_field *field, const void *record);
/* Whether the record has a pointer to the values, and then a new one. */
bool schema_is_pointed(const struct schema_field *field);
void schema_set_values(const struct schema_field *field, void *record, void *values);

/* The number of a dataset in the table; it must be there. */
int schema_find(const struct schema *schema, const char *path);

/* Releases what a record points to of one field, and forgets it. */
void schema_release(const struct schema *schema, const struct schema_field *field, void *record);

/* Releases all that a record points to and makes it all zeros. */
void schema_free(const struct schema *schema, void *record);

/* "f64", "(text name, u64 hash)", for messages. */
enum { SCHEMA_TYPE_TEXT_BYTES = 128 };
void schema_type_text(const struct schema_field *field, char text[SCHEMA_TYPE_TEXT_BYTES]);

#endif
