/* What a rank has under way: blocks that are not saved yet, sums that are not sent yet. Submission waits for
 * room, so that memory does not grow. */
#ifndef ARETE_TASKS_FLIGHT_H
#define ARETE_TASKS_FLIGHT_H

#include "base/error.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

struct flight {
    pthread_mutex_t mutex; /* guards what follows */
    pthread_cond_t landed;
    size_t n_blocks, n_messages;
};

int flight_init(struct flight *flight, struct error *err);
void flight_free(struct flight *flight);

void flight_add_block(struct flight *flight);
void flight_add_message(struct flight *flight);
/* From any thread; context is the struct flight. */
void flight_block_saved(void *context);
void flight_message_sent(void *context);

/* Whether at most so many blocks and messages are under way; if not, waits until something lands, but at most
 * 0.2 s. */
bool flight_has_room(struct flight *flight, size_t most_blocks, size_t most_messages);

#endif
