#include "cli/study_process.h"

#include "base/memory.h"
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/stop.h"
#include "cli/terminal.h"
#include "ranks/collectives.h"

#include <stdio.h>

int study_process_run(int argc, char **argv, study_process_step *study, struct error *err)
{
    static const char *const shortcuts[] = {"threads", "memory", "seed", "output", NULL};
    struct ranks ranks = {0};
    struct arguments arguments;
    struct terminal terminal;
    struct reporter reporter = terminal_reporter(&terminal, stderr);
    memory_return_large();
    bool is_joined = stop_install(err) == 0 && ranks_open(&ranks, err) == 0;
    if (is_joined) {
        arguments_read(&arguments, argc, argv, "fresh", shortcuts, err);
        struct run_request request = {.study_path = arguments.study_path,
                                      .sets = &arguments.sets,
                                      .fresh = arguments.flag,
                                      .reporter = &reporter,
                                      .warnings = stderr,
                                      .screen = stdout};
        if (collectives_agree(&ranks, err) == 0)
            study(&request, &ranks, err);
        arguments_free(&arguments);
    }
    if (is_joined && ranks.rank != 0) /* rank 0 tells it */
        err->message[0] = '\0';
    int code = err->code;
    fflush(stdout);
    if (ranks.size > 1 && code != 0)
        command_print_error(err);
    err->message[0] = ranks.size > 1 ? '\0' : err->message[0];
    ranks_close(&ranks, code);
    return code;
}
