#include "tasks/in_flight.h"

#include <string.h>
#include <time.h>

int in_flight_init(struct in_flight *in_flight, struct error *err)
{
    pthread_condattr_t attributes;
    *in_flight = (struct in_flight){0};
    int code = pthread_mutex_init(&in_flight->mutex, NULL);
    if (code == 0)
        code = pthread_condattr_init(&attributes);
    if (code == 0) {
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
        code = pthread_cond_init(&in_flight->changed, &attributes);
        pthread_condattr_destroy(&attributes);
    }
    return code == 0 ? 0 : error_set(err, EXIT_CODE_FAILED, "cannot make a lock: %s", strerror(code));
}

void in_flight_free(struct in_flight *in_flight)
{
    pthread_cond_destroy(&in_flight->changed);
    pthread_mutex_destroy(&in_flight->mutex);
}

void in_flight_add_block(struct in_flight *in_flight)
{
    pthread_mutex_lock(&in_flight->mutex);
    in_flight->n_blocks++;
    pthread_mutex_unlock(&in_flight->mutex);
}

void in_flight_add_message(struct in_flight *in_flight)
{
    pthread_mutex_lock(&in_flight->mutex);
    in_flight->n_messages++;
    pthread_mutex_unlock(&in_flight->mutex);
}

static void count_down(struct in_flight *in_flight, size_t *counter)
{
    pthread_mutex_lock(&in_flight->mutex);
    --*counter;
    pthread_cond_signal(&in_flight->changed);
    pthread_mutex_unlock(&in_flight->mutex);
}

void in_flight_block_saved(void *context)
{
    struct in_flight *in_flight = context;
    count_down(in_flight, &in_flight->n_blocks);
}

void in_flight_message_sent(void *context)
{
    struct in_flight *in_flight = context;
    count_down(in_flight, &in_flight->n_messages);
}

bool in_flight_has_room(struct in_flight *in_flight, size_t most_blocks, size_t most_messages)
{
    const long longest_ns = 200000000;
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += longest_ns;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_mutex_lock(&in_flight->mutex);
    bool room = in_flight->n_blocks <= most_blocks && in_flight->n_messages <= most_messages;
    if (!room)
        pthread_cond_timedwait(&in_flight->changed, &in_flight->mutex, &until);
    pthread_mutex_unlock(&in_flight->mutex);
    return room;
}
