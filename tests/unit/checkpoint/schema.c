/* Walks the tables of all schemas: every field comes back from a file and from a broadcast, and is missed by
 * its name. */
#include "checkpoint/schema.h"

#include "checkpoint/hdf5_file.h"
#include "checkpoint/hdf5_type.h"
#include "checkpoint/schema_broadcast.h"
#include "checkpoint/schema_read.h"
#include "file_bytes.h"
#include "hdf5_change.h"
#include "schema_records.h"

#include <hdf5.h>
#include <stdalign.h>

/* Bytes of a field in the record itself. */
static size_t bytes_in_record(const struct schema *schema, const struct schema_field *field)
{
    struct schema_record record = {.schema = schema};
    uint64_t length[SCHEMA_LENGTHS_MOST], count = 0;
    if (field->storage == SCHEMA_APART)
        return 0;
    schema_lengths(schema, &record.is, length);
    CU_ASSERT_FATAL(field->storage != SCHEMA_WITHIN || schema_count(field, length, &count));
    return schema_is_pointed(field) ? sizeof(void *)
                                    : (field->rank > 0 ? count : 1) * schema_value_bytes(field, 0);
}

/* A member of the struct without a line in the table, or in another one of the same struct, would be lost
 * without a word. */
static void assert_covered(const struct schema *schema, const struct schema *other, size_t padding)
{
    bool covered[sizeof(struct campaign) + sizeof(struct parcel_tree)] = {false};
    struct schema_record record = {.schema = schema};
    for (int k = 0; k < schema->n_fields; k++)
        memset(covered + schema->fields[k].place, true, bytes_in_record(schema, &schema->fields[k]));
    for (int k = 0; other != NULL && k < other->n_fields; k++)
        memset(covered + other->fields[k].place, true, bytes_in_record(other, &other->fields[k]));
    for (int k = 0; k < schema->n_lengths; k++) {
        const char *place = (const char *)schema_length_place(schema, &record.is, k);
        if (place != NULL)
            memset(covered + (place - (const char *)&record.is), true, sizeof(size_t));
    }
    size_t uncovered = 0;
    for (size_t byte = 0; byte < schema->record_bytes; byte++)
        uncovered += !covered[byte];
    CU_ASSERT_EQUAL(uncovered, padding);
}

static void every_member_is_in_the_table(void)
{
    assert_covered(&campaign_schema, &fold_sums_schema,
                   alignof(size_t) - sizeof(int32_t)); /* after n_inner */
    assert_covered(&parcel_tree_schema, NULL, 0);
}

static void tables_are_in_order(void)
{
    for (int which = 0; which < SCHEMA_RECORDS; which++) {
        struct schema_record record = schema_record_example(which);
        const char *of = "/";
        CU_ASSERT_STRING_EQUAL(record.schema->fields[0].attribute, "arete_version");
        for (int k = 0; k < record.schema->n_fields; k++) {
            const struct schema_field *field = &record.schema->fields[k];
            if (field->path == NULL)
                continue;
            CU_ASSERT(field->attribute != NULL ? strcmp(field->path, of) == 0
                                               : schema_find(record.schema, field->path) == k);
            of = field->path;
        }
        schema_record_free(&record);
    }
}

static void every_field_comes_back_from_the_file(void)
{
    for (int which = 0; which < SCHEMA_RECORDS; which++) {
        struct error err = {0};
        struct schema_record made = schema_record_example(which), read = {.schema = made.schema};
        CU_ASSERT_EQUAL_FATAL(schema_read(&read.is, made.schema, schema_record_file(&made), &err), 0);
        for (int k = 0; k < made.schema->n_fields; k++)
            if (made.schema->fields[k].path != NULL)
                CU_ASSERT(schema_record_same(made.schema, &made.schema->fields[k], &made.is, &read.is));
        schema_record_free(&made);
        schema_free(read.schema, &read.is);
    }
}

/* A process that tells, and one that is told what the first one said. */
struct line {
    unsigned char bytes[1 << 16];
    size_t said, heard;
};

static int say(void *context, void *bytes, size_t count, struct error *err)
{
    struct line *line = context;
    CU_ASSERT_FATAL(count <= sizeof line->bytes - line->said);
    memcpy(line->bytes + line->said, bytes, count);
    line->said += count;
    return err->code;
}

static int hear(void *context, void *bytes, size_t count, struct error *err)
{
    struct line *line = context;
    CU_ASSERT_FATAL(count <= line->said - line->heard);
    memcpy(bytes, line->bytes + line->heard, count);
    line->heard += count;
    return err->code;
}

static int no_other(void *context, struct error *err)
{
    (void)context;
    return err->code;
}

static void tell(const struct schema_record *from, struct schema_record *to, unsigned which)
{
    static struct line line;
    struct error err = {0};
    line = (struct line){.said = 0};
    const struct schema_processes teller = {true, &line, say, no_other},
                                  listener = {false, &line, hear, no_other};
    CU_ASSERT_EQUAL(schema_broadcast(from->schema, (void *)(uintptr_t)&from->is, which, &teller, &err), 0);
    CU_ASSERT_EQUAL(schema_broadcast(from->schema, &to->is, which, &listener, &err), 0);
    CU_ASSERT_EQUAL(line.heard, line.said);
}

static void assert_told(const struct schema_record *made, struct schema_record *told, unsigned which)
{
    static const struct campaign nothing;
    for (int k = 0; k < made->schema->n_fields; k++) {
        const struct schema_field *field = &made->schema->fields[k];
        if ((field->broadcast & which) != 0)
            CU_ASSERT(schema_record_same(made->schema, field, &made->is, &told->is));
        if (field->broadcast == 0 && schema_is_pointed(field))
            CU_ASSERT_PTR_NULL(schema_values(field, &told->is));
        if (field->broadcast == 0 && !schema_is_pointed(field) && field->storage == SCHEMA_POINTED)
            CU_ASSERT(schema_record_same(made->schema, field, &nothing, &told->is));
    }
}

static void assert_comes_back_from_a_broadcast(int which_record)
{
    enum { ALL = CAMPAIGN_BROADCAST_STUDY | CAMPAIGN_BROADCAST_NODES | CAMPAIGN_BROADCAST_UNITS };
    struct schema_record made = schema_record_example(which_record), told = {.schema = made.schema};
    unsigned so_far = 0;
    for (unsigned which = 1; which <= CAMPAIGN_BROADCAST_UNITS; which *= 2) {
        tell(&made, &told, which);
        so_far |= which;
        assert_told(&made, &told, so_far);
    }
    CU_ASSERT_EQUAL(so_far, (unsigned)ALL);
    made.is.campaign.fingerprints[1].hash++; /* again, of other lengths: what was there is replaced */
    free(made.is.campaign.fingerprints[0].name);
    made.is.campaign.fingerprints[0] = made.is.campaign.fingerprints[1];
    made.is.campaign.n_fingerprints = 1;
    tell(&made, &told, ALL);
    assert_told(&made, &told, ALL);
    schema_free(told.schema, &told.is);
    schema_record_free(&made);
}

static void every_field_comes_back_from_a_broadcast(void)
{
    assert_comes_back_from_a_broadcast(0);
    assert_comes_back_from_a_broadcast(SCHEMA_RECORD_ORBITS);
}

/* A file is of the oldest format that has all its fields, so that a campaign without orbits stays what it
 * was. */
static void a_file_is_of_the_format_that_it_needs(void)
{
    struct schema_record single = schema_record_example(0);
    struct schema_record orbits = schema_record_example(SCHEMA_RECORD_ORBITS);
    CU_ASSERT_EQUAL(schema_file_version(single.schema, &single.is), 2);
    CU_ASSERT_EQUAL(schema_file_version(orbits.schema, &orbits.is), 3);
    schema_record_free(&single);
    schema_record_free(&orbits);
}

/* What a process of the run has no need of to be told is not: the record of one that was told nothing stays
 * empty. */
static void what_is_null_arrives_as_null(void)
{
    struct schema_record made = schema_record_example(0), told = schema_record_example(0);
    free(made.is.campaign.covariate_basis);
    made.is.campaign.covariate_basis = NULL;
    tell(&made, &told, CAMPAIGN_BROADCAST_STUDY);
    CU_ASSERT_PTR_NULL(told.is.campaign.covariate_basis);
    schema_record_free(&made);
    schema_record_free(&told);
}

/* Changes the file of record `which`, then asserts what reading says. `expected`: NULL when it is read. */
static void assert_says(const char *path, const struct schema *schema, const char *expected)
{
    struct error err = {0};
    struct schema_record read = {.schema = schema};
    int code = schema_read(&read.is, schema, path, &err);
    CU_ASSERT_EQUAL(code != 0, expected != NULL);
    if (expected != NULL) {
        ASSERT_CONTAINS(err.message, path);
        ASSERT_CONTAINS(err.message, expected);
    }
    schema_free(schema, &read.is);
}

/* The object that a field belongs to, in a file open for writing. */
static hid_t open_object(hid_t file, const struct schema_field *field)
{
    hid_t object = H5Oopen(file, field->path, H5P_DEFAULT);
    CU_ASSERT_FATAL(object >= 0);
    return object;
}

static void remove_field(const char *path, const struct schema_field *field, const char *attribute)
{
    hid_t file = hdf5_change_open(path);
    if (attribute != NULL) {
        hid_t object = open_object(file, field);
        CU_ASSERT(H5Adelete(object, attribute) >= 0);
        H5Oclose(object);
    } else {
        CU_ASSERT(H5Ldelete(file, field->path, H5P_DEFAULT) >= 0);
    }
    H5Fclose(file);
}

static void a_missing_field_is_named(void)
{
    for (int which = 0; which < SCHEMA_RECORDS; which++) {
        struct schema_record made = schema_record_example(which);
        const char *path = schema_record_file(&made);
        struct file_bytes whole = file_bytes_read(path);
        for (int k = 0; k < made.schema->n_fields; k++) {
            const struct schema_field *field = &made.schema->fields[k];
            char expected[160];
            if (!schema_is_written(made.schema, &made.is, field))
                continue;
            file_bytes_put(path, whole);
            remove_field(path, field, field->attribute);
            if (field->attribute != NULL)
                snprintf(expected, sizeof expected, "attribute %s of %s cannot be read", field->attribute,
                         field->path);
            else
                snprintf(expected, sizeof expected, "%s is missing or damaged", field->path);
            bool optional = field->since > schema_file_version(made.schema, &made.is);
            bool of_two = strncmp(field->path, "/power/", strlen("/power/")) == 0 && field->attribute == NULL;
            /* sums without it are of permutations drawn one by one, which have no rows */
            bool of_orbits = strcmp(field->path, "/permutation/method") == 0 && field->attribute == NULL;
            const char *said = of_two ? "belong together" : optional && of_orbits ? "has shape" : NULL;
            assert_says(path, made.schema, said != NULL || optional ? said : expected);
            if (field->attribute != NULL || field->storage == SCHEMA_APART)
                continue;
            file_bytes_put(path, whole);
            remove_field(path, field, "crc32c");
            snprintf(expected, sizeof expected, "attribute crc32c of %s cannot be read", field->path);
            assert_says(path, made.schema, expected);
        }
        free(whole.at);
        schema_record_free(&made);
    }
}

/* Puts something of another type, or of more dimensions, in the place of a field. */
static void exchange(const char *path, const struct schema_field *field, hid_t type, int more_dimensions)
{
    hid_t file = hdf5_change_open(path), object = open_object(file, field), space, other;
    hsize_t shape[H5S_MAX_RANK] = {0};
    if (field->attribute != NULL) {
        hid_t attribute = H5Aopen(object, field->attribute, H5P_DEFAULT);
        space = H5Aget_space(attribute);
        H5Aclose(attribute);
    } else {
        space = H5Dget_space(object);
    }
    int rank = H5Sget_simple_extent_dims(space, shape, NULL);
    for (int d = rank; d < rank + more_dimensions; d++)
        shape[d] = 2;
    rank += more_dimensions;
    other = rank > 0 ? H5Screate_simple(rank, shape, NULL) : H5Screate(H5S_SCALAR);
    H5Oclose(object);
    remove_field(path, field, field->attribute);
    struct error err = {0};
    hid_t properties = hdf5_file_dataset_properties(path, &err);
    object = field->attribute != NULL
                 ? open_object(file, field)
                 : H5Dcreate2(file, field->path, type, other, H5P_DEFAULT, properties, H5P_DEFAULT);
    H5Pclose(properties);
    if (field->attribute != NULL)
        H5Aclose(H5Acreate2(object, field->attribute, type, other, H5P_DEFAULT, H5P_DEFAULT));
    H5Oclose(object);
    H5Sclose(space);
    H5Sclose(other);
    H5Fclose(file);
}

static void another_type_is_named(void)
{
    for (int which = 0; which < SCHEMA_RECORDS; which++) {
        struct schema_record made = schema_record_example(which);
        const char *path = schema_record_file(&made);
        struct file_bytes whole = file_bytes_read(path);
        for (int k = 0; k < made.schema->n_fields; k++) {
            const struct schema_field *field = &made.schema->fields[k];
            char expected[160];
            if (!schema_is_written(made.schema, &made.is, field))
                continue;
            file_bytes_put(path, whole);
            exchange(path, field, H5T_STD_I16LE, 0);
            if (field->attribute != NULL)
                snprintf(expected, sizeof expected, "attribute %s of %s has another type", field->attribute,
                         field->path);
            else
                snprintf(expected, sizeof expected, "%s has another type; expected ", field->path);
            assert_says(path, made.schema, expected);
        }
        free(whole.at);
        schema_record_free(&made);
    }
}

static void another_shape_is_named(void)
{
    for (int which = 0; which < SCHEMA_RECORDS; which++) {
        struct schema_record made = schema_record_example(which);
        const char *path = schema_record_file(&made);
        struct file_bytes whole = file_bytes_read(path);
        for (int k = 0; k < made.schema->n_fields; k++) {
            const struct schema_field *field = &made.schema->fields[k];
            char expected[160];
            if (!schema_is_written(made.schema, &made.is, field) || schema_has_text(field))
                continue; /* a text's width is the file's own */
            file_bytes_put(path, whole);
            exchange(path, field, hdf5_type_of_number(field->type), 1);
            if (field->attribute != NULL)
                snprintf(expected, sizeof expected, "attribute %s of %s has 2 values; expected 1",
                         field->attribute, field->path);
            else
                snprintf(expected, sizeof expected, "%s has shape ", field->path);
            assert_says(path, made.schema, expected);
        }
        free(whole.at);
        schema_record_free(&made);
    }
}

/* Numbers that would be divided by, or indexed with, though every CRC is right. */
static void lengths_that_cannot_be(void)
{
    for (int which = 0; which < SCHEMA_RECORDS; which++) {
        struct schema_record made = schema_record_example(which);
        for (int k = 0; k < made.schema->n_lengths; k++) {
            const struct schema_length *length = &made.schema->lengths[k];
            size_t *place = schema_length_place(made.schema, &made.is, k);
            if (place == NULL || length->least == 0 ||
                (made.schema != &campaign_schema && made.schema != &parcel_tree_schema &&
                 k != CAMPAIGN_TARGETS))
                continue;
            size_t before = *place;
            char expected[160];
            *place = 0;
            snprintf(expected, sizeof expected, "it has 0 %s; expected at least 1", length->name);
            assert_says(schema_record_file(&made), made.schema, expected);
            *place = before;
        }
        schema_record_free(&made);
    }
}

static void what_is_optional_stays_away(void)
{
    struct schema_record made = schema_record_example(0), read = {.schema = made.schema};
    int n_optional = 0;
    for (int k = 0; k < made.schema->n_fields; k++)
        if (made.schema->fields[k].since > made.schema->version && made.schema->fields[k].attribute == NULL) {
            schema_release(made.schema, &made.schema->fields[k], &made.is);
            n_optional++;
        }
    CU_ASSERT(n_optional > 0);
    struct error err = {0};
    const char *path = schema_record_file(&made);
    hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    CU_ASSERT_EQUAL(H5Lexists(file, "/power", H5P_DEFAULT), 0); /* nor its group */
    H5Fclose(file);
    CU_ASSERT_EQUAL(schema_read(&read.is, made.schema, path, &err), 0);
    for (int k = 0; k < made.schema->n_fields; k++)
        if (made.schema->fields[k].since > made.schema->version && made.schema->fields[k].attribute == NULL)
            CU_ASSERT_PTR_NULL(schema_values(&made.schema->fields[k], &read.is));
    CU_ASSERT(read.is.campaign.n_warnings == 0 && read.is.campaign.n_power == 0);
    schema_free(made.schema, &made.is);
    schema_free(read.schema, &read.is);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"every_member_is_in_the_table", every_member_is_in_the_table},
        {"tables_are_in_order", tables_are_in_order},
        {"every_field_comes_back_from_the_file", every_field_comes_back_from_the_file},
        {"every_field_comes_back_from_a_broadcast", every_field_comes_back_from_a_broadcast},
        {"a_file_is_of_the_format_that_it_needs", a_file_is_of_the_format_that_it_needs},
        {"what_is_null_arrives_as_null", what_is_null_arrives_as_null},
        {"a_missing_field_is_named", a_missing_field_is_named},
        {"another_type_is_named", another_type_is_named},
        {"another_shape_is_named", another_shape_is_named},
        {"lengths_that_cannot_be", lengths_that_cannot_be},
        {"what_is_optional_stays_away", what_is_optional_stays_away},
    };
    return testing_main(argc, argv, "schemas", cases, sizeof cases / sizeof *cases);
}
