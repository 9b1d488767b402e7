#include "cli/command.h"

#include "base/screen.h"
#include "cli/terminal.h"
#include "model/blas/blas_kernels.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const struct command *const commands[] = {
    &command_init,    &command_run,    &command_associate,   &command_plan,     &command_status,
    &command_results, &command_report, &command_permutation, &command_simulate, &command_parcellate};
enum { N_COMMANDS = sizeof commands / sizeof *commands };

static void print_help(FILE *out)
{
    fputs("arete: which parts of the brain can our genes predict?\n"
          "\n"
          "For every target (a parcel, a voxel, any phenotype) arete fits ridge regression on all SNPs at "
          "once, measures\n"
          "prediction by nested cross-validation, and tests it by permutation.\n"
          "\n"
          "usage: arete COMMAND ...\n"
          "\n",
          out);
    for (size_t k = 0; k < N_COMMANDS; k++)
        fprintf(out, "  %-12s %s\n", commands[k]->name, commands[k]->summary);
    fputs(
        "\n"
        "arete COMMAND --help tells about one command; arete --version gives the version.\n" COMMAND_EXIT_CODES,
        out);
}

void command_print_error(const struct error *err)
{
    if (err->code == EXIT_CODE_STOPPED) /* prose; others may hold commands and paths, which are copied */
        screen_say(stderr, "arete:", err->message);
    else
        terminal_say(stderr, err->message);
}

/* What went to standard output must have arrived there. */
static int end(int code, struct error *err)
{
    if (code == 0 && (fflush(stdout) != 0 || ferror(stdout)))
        code = error_set(err, EXIT_CODE_FAILED, "standard output could not be written");
    if (code != 0)
        command_print_error(err);
    return code;
}

static bool asks_for_help(const char *argument)
{
    return strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0;
}

static int run_command(const struct command *command, int argc, char **argv, struct error *err)
{
    for (int k = 1; k < argc; k++)
        if (asks_for_help(argv[k])) {
            fputs(command->help, stdout);
            if (command->more_help != NULL)
                command->more_help(stdout);
            return 0;
        }
    return command->run(argc, argv, err);
}

static int refuse(const char *name, struct error *err)
{
    char names[N_COMMANDS * 24] = "";
    for (size_t k = 0, length = 0; k < N_COMMANDS && length < sizeof names; k++) {
        const char *before = k == 0 ? "" : k + 1 < N_COMMANDS ? ", " : " or ";
        length += (size_t)snprintf(names + length, sizeof names - length, "%s%s", before, commands[k]->name);
    }
    return error_set(err, EXIT_CODE_BAD_INPUT, "%s: no such command; expected %s (arete --help)", name,
                     names);
}

static int choose(int argc, char **argv, struct error *err)
{
    if (argc < 2) {
        print_help(stderr);
        return error_set(err, EXIT_CODE_BAD_INPUT, "no command found; expected one of those above");
    }
    if (asks_for_help(argv[1]) || strcmp(argv[1], "help") == 0) {
        print_help(stdout);
        return 0;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("arete " ARETE_VERSION);
        return 0;
    }
    for (size_t k = 0; k < N_COMMANDS; k++)
        if (strcmp(argv[1], commands[k]->name) == 0)
            return run_command(commands[k], argc - 1, argv + 1, err);
    return refuse(argv[1], err);
}

int command_main(int argc, char **argv)
{
    /* A file or pipe that takes no more is an error with a message, not a death. */
    signal(SIGXFSZ, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    struct error err = {0}, slow = {0};
    if (blas_kernels_choose(&slow) != 0)
        fprintf(stderr, "arete: warning: %s\n", slow.message);
    return end(choose(argc, argv, &err), &err);
}
