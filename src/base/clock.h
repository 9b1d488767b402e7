/* Time that only goes forward, whatever happens to the date. */
#ifndef ARETE_BASE_CLOCK_H
#define ARETE_BASE_CLOCK_H

/* Seconds of the monotonic clock, counted from an arbitrary moment. */
double clock_seconds(void);

#endif
