/* Time that only goes forward, whatever happens to the calendar. */
#ifndef ARETE_BASE_CLOCK_H
#define ARETE_BASE_CLOCK_H

/* Seconds of the monotonic clock, from an arbitrary beginning. */
double clock_seconds(void);

#endif
