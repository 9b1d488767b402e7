#include "config/yaml_dump.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

struct dumping {
    yaml_emitter_t emitter;
    char *text;
    size_t length, capacity;
    struct error *err;
};

static int append(void *data, unsigned char *bytes, size_t count)
{
    struct dumping *dumping = data;
    char *grown = memory_grow(dumping->text, &dumping->capacity, dumping->length + count + 1, 1,
                              "the study file", dumping->err);
    if (grown == NULL)
        return 0;
    dumping->text = grown;
    memcpy(dumping->text + dumping->length, bytes, count);
    dumping->length += count;
    dumping->text[dumping->length] = '\0';
    return 1;
}

/* Emits an event that an initialize function made (or could not make); the emitter owns it then. */
static bool emit(struct dumping *dumping, int initialized, yaml_event_t *event)
{
    return initialized && yaml_emitter_emit(&dumping->emitter, event);
}

static bool emit_text(struct dumping *dumping, const char *text, bool plain)
{
    yaml_event_t event;
    return emit(
        dumping,
        yaml_scalar_event_initialize(&event, NULL, NULL, (const unsigned char *)text, (int)strlen(text), 1, 1,
                                     plain ? YAML_PLAIN_SCALAR_STYLE : YAML_SINGLE_QUOTED_SCALAR_STYLE),
        &event);
}

static bool emit_node(struct dumping *dumping, const struct yaml_tree *tree)
{
    if (tree->kind == YAML_SCALAR)
        return emit_text(dumping, tree->text, tree->plain);
    yaml_event_t event;
    bool mapping = tree->kind == YAML_MAPPING;
    int ready = mapping
                    ? yaml_mapping_start_event_initialize(&event, NULL, NULL, 1, YAML_BLOCK_MAPPING_STYLE)
                    : yaml_sequence_start_event_initialize(&event, NULL, NULL, 1, YAML_FLOW_SEQUENCE_STYLE);
    if (!emit(dumping, ready, &event))
        return false;
    for (size_t i = 0; i < tree->n_children; i++) {
        if (mapping && !emit_text(dumping, tree->children[i]->key, true))
            return false;
        if (!emit_node(dumping, tree->children[i]))
            return false;
    }
    ready = mapping ? yaml_mapping_end_event_initialize(&event) : yaml_sequence_end_event_initialize(&event);
    return emit(dumping, ready, &event);
}

static bool emit_stream(struct dumping *dumping, const struct yaml_tree *tree)
{
    yaml_event_t event;
    return emit(dumping, yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING), &event) &&
           emit(dumping, yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1), &event) &&
           emit_node(dumping, tree) && emit(dumping, yaml_document_end_event_initialize(&event, 1), &event) &&
           emit(dumping, yaml_stream_end_event_initialize(&event), &event) &&
           yaml_emitter_flush(&dumping->emitter);
}

char *yaml_dump(const struct yaml_tree *tree, struct error *err)
{
    struct dumping dumping = {.err = err};
    if (!yaml_emitter_initialize(&dumping.emitter)) {
        error_set(err, EXIT_CODE_FAILED, "out of memory for the study file's text");
        return NULL;
    }
    yaml_emitter_set_output(&dumping.emitter, append, &dumping);
    yaml_emitter_set_unicode(&dumping.emitter, 1);
    yaml_emitter_set_width(&dumping.emitter, -1);
    bool done = emit_stream(&dumping, tree);
    if (!done && dumping.emitter.error == YAML_EMITTER_ERROR)
        error_set(err, EXIT_CODE_FAILED, "the study cannot be written as YAML: %s", dumping.emitter.problem);
    else if (!done)
        error_set(err, EXIT_CODE_FAILED, "out of memory for the study file's text");
    yaml_emitter_delete(&dumping.emitter);
    if (done)
        return dumping.text;
    free(dumping.text);
    return NULL;
}
