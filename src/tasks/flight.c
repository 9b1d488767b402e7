#include "tasks/flight.h"

#include <string.h>
#include <time.h>

int flight_init(struct flight *flight, struct error *err)
{
    pthread_condattr_t attributes;
    *flight = (struct flight){0};
    int code = pthread_mutex_init(&flight->mutex, NULL);
    if (code == 0)
        code = pthread_condattr_init(&attributes);
    if (code == 0) {
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
        code = pthread_cond_init(&flight->landed, &attributes);
        pthread_condattr_destroy(&attributes);
    }
    return code == 0 ? 0 : error_set(err, EXIT_CODE_FAILED, "cannot make a lock: %s", strerror(code));
}

void flight_free(struct flight *flight)
{
    pthread_cond_destroy(&flight->landed);
    pthread_mutex_destroy(&flight->mutex);
}

void flight_add_block(struct flight *flight)
{
    pthread_mutex_lock(&flight->mutex);
    flight->n_blocks++;
    pthread_mutex_unlock(&flight->mutex);
}

void flight_add_message(struct flight *flight)
{
    pthread_mutex_lock(&flight->mutex);
    flight->n_messages++;
    pthread_mutex_unlock(&flight->mutex);
}

static void land(struct flight *flight, size_t *counter)
{
    pthread_mutex_lock(&flight->mutex);
    --*counter;
    pthread_cond_signal(&flight->landed);
    pthread_mutex_unlock(&flight->mutex);
}

void flight_block_saved(void *context)
{
    struct flight *flight = context;
    land(flight, &flight->n_blocks);
}

void flight_message_sent(void *context)
{
    struct flight *flight = context;
    land(flight, &flight->n_messages);
}

bool flight_has_room(struct flight *flight, size_t most_blocks, size_t most_messages)
{
    const long longest_ns = 200000000;
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += longest_ns;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_mutex_lock(&flight->mutex);
    bool room = flight->n_blocks <= most_blocks && flight->n_messages <= most_messages;
    if (!room)
        pthread_cond_timedwait(&flight->landed, &flight->mutex, &until);
    pthread_mutex_unlock(&flight->mutex);
    return room;
}
