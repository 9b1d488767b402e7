/* The messages that an object header is made of: what they say goes into the layout. */
#ifndef ARETE_CHECKPOINT_MESSAGE_H
#define ARETE_CHECKPOINT_MESSAGE_H

#include "checkpoint/layout/cursor.h"
#include "checkpoint/layout/layout.h"

enum message_type {
    MESSAGE_NIL = 0,
    MESSAGE_SPACE = 1,
    MESSAGE_LINK_INFO = 2,
    MESSAGE_TYPE = 3,
    MESSAGE_FILL_VALUE = 5,
    MESSAGE_LINK = 6,
    MESSAGE_PLACE = 8,
    MESSAGE_GROUP_INFO = 10,
    MESSAGE_ATTRIBUTE = 12,
    MESSAGE_CONTINUATION = 16,
    MESSAGE_ATTRIBUTE_INFO = 21
};

/* What the messages of one object have told so far. */
struct message_object {
    size_t number; /* in the layout */
    struct layout_form form;
    bool is_group, has_type, has_space, has_place;
    uint64_t offset, count_bytes; /* of a dataset's bytes */
};

/* A message about an object; links become new objects of the layout, whose headers are still to be read. */
int message_read(struct layout *layout, struct message_object *object, unsigned type, struct cursor body,
                 struct error *err);

#endif
