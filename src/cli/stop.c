#include "cli/stop.h"

#include "tasks/runtime.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* Signal handlers can reach nothing but a global. OpenBLAS starts threads before main with signals unblocked,
 * so any thread may run the handler. */
static volatile sig_atomic_t asked_by;

static void end_at_once(void)
{
    static const char line[] =
        "\narete: stopped at once\n"; /* the first end of line is that of a bar and its ^C */
    if (write(STDERR_FILENO, line, sizeof line - 1) < 0)
        _exit(EXIT_CODE_STOPPED); /* nobody is there to be told */
    _exit(EXIT_CODE_STOPPED);
}

static void ask(int number)
{
    if (number == SIGINT && asked_by == SIGINT)
        end_at_once();
    asked_by = number;
}

int stop_install(struct error *err)
{
    const int signals[] = {SIGTERM, SIGINT, SIGUSR1};
    struct sigaction action = {.sa_handler = ask, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    for (size_t k = 0; k < sizeof signals / sizeof *signals; k++)
        if (sigaction(signals[k], &action, NULL) != 0)
            return error_set(err, EXIT_CODE_FAILED, "cannot handle %s: %s", strsignal(signals[k]),
                             strerror(errno));
    return 0;
}

bool stop_requested(void)
{
    return asked_by != 0;
}

bool stop_by_interrupt(void)
{
    return asked_by == SIGINT;
}

const char *stop_reason(void)
{
    return asked_by == SIGTERM   ? "SIGTERM"
           : asked_by == SIGINT  ? "SIGINT"
           : asked_by == SIGUSR1 ? "SIGUSR1"
                                 : NULL;
}
