#include "config/yaml_parse.h"

#include "base/memory.h"
#include "base/text.h"
#include "config/yaml_braces.h"
#include "config/yaml_show.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

struct parsing {
    yaml_parser_t parser;
    const char *text; /* what libyaml reads: with braces replaced */
    size_t length;
    const char *source;
    bool lines;
    struct error *err;
};

static void fail_at(const struct parsing *parsing, size_t line, size_t column, const char *what)
{
    char *place = yaml_show_place(parsing->source, parsing->lines ? line : 0, column, parsing->err);
    if (place != NULL)
        error_set(parsing->err, EXIT_CODE_BAD_INPUT, "%s: %s", place, what);
    free(place);
}

static void fail(const struct parsing *parsing, yaml_mark_t mark, const char *what)
{
    fail_at(parsing, mark.line + 1, mark.column + 1, what);
}

/* Whether the blanks at the start of a line (from 0) hold a tab: YAML's commonest mistake, and libyaml does
 * not name it. */
static bool tab_indents(const struct parsing *parsing, size_t line)
{
    const char *at = parsing->text;
    for (; line > 0 && at != NULL; line--) {
        at = strchr(at, '\n');
        at = at != NULL ? at + 1 : NULL;
    }
    return at != NULL && memchr(at, '\t', strspn(at, " \t")) != NULL;
}

/* Bytes that are not text have an offset, not a line. */
static void fail_reading(const struct parsing *parsing)
{
    size_t line = 1, column = 1;
    for (size_t i = 0; i < parsing->parser.problem_offset && i < parsing->length; i++) {
        bool ends = parsing->text[i] == '\n';
        line += ends;
        column = ends ? 1 : column + 1;
    }
    fail_at(parsing, line, column, "not UTF-8 text; expected a YAML file");
}

static void fail_syntax(const struct parsing *parsing)
{
    const yaml_parser_t *parser = &parsing->parser;
    if (parser->error == YAML_MEMORY_ERROR || parser->problem == NULL) {
        error_set(parsing->err, EXIT_CODE_FAILED, "%s: out of memory while it was read", parsing->source);
        return;
    }
    if (parser->error == YAML_READER_ERROR) {
        fail_reading(parsing);
        return;
    }
    if (tab_indents(parsing, parser->problem_mark.line)) {
        fail(parsing, parser->problem_mark, "not YAML: the line is indented with a tab; expected spaces");
        return;
    }
    char *what = parser->context == NULL
                     ? memory_format(parsing->err, "not YAML: %s", parser->problem)
                     : memory_format(parsing->err, "not YAML: %s %s", parser->problem, parser->context);
    if (what != NULL)
        fail(parsing, parser->problem_mark, what);
    free(what);
}

static int next_event(struct parsing *parsing, yaml_event_t *event)
{
    if (yaml_parser_parse(&parsing->parser, event))
        return 0;
    fail_syntax(parsing);
    return parsing->err->code;
}

/* The text of a scalar, with its braces; NULL and an error when it holds a zero byte. */
static char *scalar_text(const struct parsing *parsing, const yaml_event_t *event)
{
    const char *value = (const char *)event->data.scalar.value;
    if (strlen(value) != event->data.scalar.length) {
        fail(parsing, event->start_mark, "text with a zero byte found; expected text without");
        return NULL;
    }
    char *text = memory_string(value, parsing->err);
    if (text != NULL)
        yaml_braces_restore(text);
    return text;
}

static struct yaml_tree *read_node(struct parsing *parsing, yaml_event_t *event, int depth);

static int read_list(struct parsing *parsing, struct yaml_tree *list, int depth)
{
    for (;;) {
        yaml_event_t event;
        if (next_event(parsing, &event) != 0)
            return parsing->err->code;
        if (event.type == YAML_SEQUENCE_END_EVENT) {
            yaml_event_delete(&event);
            return 0;
        }
        struct yaml_tree *item = read_node(parsing, &event, depth);
        if (item == NULL || yaml_tree_add(list, item, parsing->err) != 0)
            return parsing->err->code;
    }
}

static int refuse_duplicate_keys(const struct parsing *parsing, const struct yaml_tree *mapping)
{
    char **keys = memory_zeroed(mapping->n_children, sizeof *keys, "the study file", parsing->err);
    struct text_index index = {0};
    if (keys == NULL)
        return parsing->err->code;
    for (size_t i = 0; i < mapping->n_children; i++)
        keys[i] = mapping->children[i]->key;
    int code = text_index_init(&index, keys, mapping->n_children, parsing->err);
    ptrdiff_t twice = code == 0 ? text_index_duplicate(&index) : TEXT_NOT_FOUND;
    if (twice != TEXT_NOT_FOUND) {
        const struct yaml_tree *second = mapping->children[twice];
        char shown[YAML_SHOW_BYTES];
        char *what = memory_format(parsing->err, "%s: found twice; expected each key once",
                                   yaml_show_text(second->key, shown));
        if (what != NULL)
            fail_at(parsing, second->line, second->column, what);
        free(what);
        code = parsing->err->code;
    }
    text_index_free(&index);
    free(keys);
    return code;
}

/* One key (whose event is consumed) and its value. */
static int read_pair(struct parsing *parsing, struct yaml_tree *mapping, yaml_event_t *key_event, int depth)
{
    yaml_mark_t mark = key_event->start_mark;
    char *key = NULL;
    if (key_event->type == YAML_SCALAR_EVENT)
        key = scalar_text(parsing, key_event);
    else
        fail(parsing, mark, "a key that is not text found; expected \"key: value\"");
    yaml_event_delete(key_event);
    yaml_event_t event;
    if (key == NULL || next_event(parsing, &event) != 0) {
        free(key);
        return parsing->err->code;
    }
    struct yaml_tree *value = read_node(parsing, &event, depth);
    if (value == NULL) {
        free(key);
        return parsing->err->code;
    }
    value->key = key;
    value->line = parsing->lines ? mark.line + 1 : 0;
    value->column = mark.column + 1;
    return yaml_tree_add(mapping, value, parsing->err);
}

static int read_mapping(struct parsing *parsing, struct yaml_tree *mapping, int depth)
{
    for (;;) {
        yaml_event_t event;
        if (next_event(parsing, &event) != 0)
            return parsing->err->code;
        if (event.type == YAML_MAPPING_END_EVENT) {
            yaml_event_delete(&event);
            return refuse_duplicate_keys(parsing, mapping);
        }
        if (read_pair(parsing, mapping, &event, depth) != 0)
            return parsing->err->code;
    }
}

static int read_content(struct parsing *parsing, struct yaml_tree *tree, const yaml_event_t *event, int depth)
{
    if (tree->kind == YAML_LIST)
        return read_list(parsing, tree, depth + 1);
    if (tree->kind == YAML_MAPPING)
        return read_mapping(parsing, tree, depth + 1);
    /* A tag (!!str) makes a number text, as quotes do. */
    tree->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && event->data.scalar.tag == NULL;
    tree->text = scalar_text(parsing, event);
    return tree->text == NULL ? parsing->err->code : 0;
}

/* The node that begins with an event, which is consumed. NULL and an error if it is refused. */
static struct yaml_tree *read_node(struct parsing *parsing, yaml_event_t *event, int depth)
{
    struct yaml_tree *tree = NULL;
    if (event->type == YAML_ALIAS_EVENT) {
        fail(parsing, event->start_mark, "an alias (*name) found; expected the value itself");
    } else if (depth > YAML_TREE_DEPTH) {
        fail(parsing, event->start_mark, "nested too deeply; expected a study file");
    } else {
        enum yaml_kind kind = event->type == YAML_SEQUENCE_START_EVENT  ? YAML_LIST
                              : event->type == YAML_MAPPING_START_EVENT ? YAML_MAPPING
                                                                        : YAML_SCALAR;
        tree = yaml_tree_new(kind, parsing->source, parsing->err);
        if (tree != NULL) {
            tree->line = parsing->lines ? event->start_mark.line + 1 : 0;
            tree->column = event->start_mark.column + 1;
        }
        if (tree != NULL && read_content(parsing, tree, event, depth) != 0) {
            yaml_tree_free(tree);
            tree = NULL;
        }
    }
    yaml_event_delete(event);
    return tree;
}

/* Reads the events around documents. *more = whether another document begins. */
static int next_document(struct parsing *parsing, bool *more)
{
    for (;;) {
        yaml_event_t event;
        if (next_event(parsing, &event) != 0)
            return parsing->err->code;
        yaml_event_type_t type = event.type;
        yaml_mark_t mark = event.start_mark;
        yaml_event_delete(&event);
        if (type == YAML_DOCUMENT_START_EVENT && *more) {
            fail(parsing, mark, "a second document (---) found; expected one study in a file");
            return parsing->err->code;
        }
        if (type == YAML_DOCUMENT_START_EVENT || type == YAML_STREAM_END_EVENT) {
            *more = type == YAML_DOCUMENT_START_EVENT;
            return 0;
        }
    }
}

static struct yaml_tree *read_stream(struct parsing *parsing)
{
    bool more = false;
    if (next_document(parsing, &more) != 0)
        return NULL;
    struct yaml_tree *tree = NULL;
    if (more) {
        yaml_event_t event;
        if (next_event(parsing, &event) != 0)
            return NULL;
        tree = read_node(parsing, &event, 0);
        if (tree != NULL && next_document(parsing, &more) == 0)
            return tree;
        yaml_tree_free(tree);
        return NULL;
    }
    tree = yaml_tree_new(YAML_SCALAR, parsing->source, parsing->err);
    if (tree == NULL)
        return NULL;
    tree->plain = true;
    tree->text = memory_string("", parsing->err);
    if (tree->text != NULL)
        return tree;
    yaml_tree_free(tree);
    return NULL;
}

struct yaml_tree *yaml_parse(const char *text, size_t length, const char *source, bool lines,
                             struct error *err)
{
    struct parsing parsing = {.source = source, .lines = lines, .err = err, .length = length};
    char *hidden = yaml_braces_hide(text, &parsing.length, err);
    if (hidden == NULL)
        return NULL;
    parsing.text = hidden;
    struct yaml_tree *tree = NULL;
    if (yaml_parser_initialize(&parsing.parser)) {
        yaml_parser_set_input_string(&parsing.parser, (const unsigned char *)hidden, parsing.length);
        tree = read_stream(&parsing);
        yaml_parser_delete(&parsing.parser);
    } else {
        error_set(err, EXIT_CODE_FAILED, "%s: out of memory while it was read", source);
    }
    free(hidden);
    return tree;
}
