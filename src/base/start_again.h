/* The same program anew in the same process, for libraries that read the environment only when they are
 * loaded. */
#ifndef ARETE_BASE_START_AGAIN_H
#define ARETE_BASE_START_AGAIN_H

/* Executes what the kernel was asked to execute, a loader's command line included, with the environment as it
 * is now. To be called before files are opened and threads started: nothing of this one goes on. Returns
 * where that cannot be done (as without /proc); then nothing has changed. */
void start_again(void);

#endif
