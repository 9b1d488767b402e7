/* Counts what a rank has in flight: blocks that are submitted and not yet saved, messages not yet sent.
 * Submission waits until there is room for more, so that memory does not grow with the number of
 * permutations. */
#ifndef ARETE_TASKS_IN_FLIGHT_H
#define ARETE_TASKS_IN_FLIGHT_H

#include "base/error.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

struct in_flight {
    pthread_mutex_t mutex;  /* guards what follows */
    pthread_cond_t changed; /* signalled when a count goes down */
    size_t n_blocks, n_messages;
};

int in_flight_init(struct in_flight *in_flight, struct error *err);
void in_flight_free(struct in_flight *in_flight);

void in_flight_add_block(struct in_flight *in_flight);
void in_flight_add_message(struct in_flight *in_flight);
/* Callbacks of save_block and exchange_send; context is the struct in_flight. From any thread. */
void in_flight_block_saved(void *context);
void in_flight_message_sent(void *context);

/* Whether at most so many blocks and messages are in flight. If there are more, waits until a count goes
 * down, at most 0.2 s, and returns false: ask again. */
bool in_flight_has_room(struct in_flight *in_flight, size_t most_blocks, size_t most_messages);

#endif
