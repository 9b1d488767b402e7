/* What a user is told to type after a run that ended early. The command that was typed goes on with what is
 * saved, unless it has --fresh and this run has begun its campaign: again, it would replace that one. One for
 * the process, as its command line is. From any thread. */
#ifndef ARETE_BASE_SAME_COMMAND_H
#define ARETE_BASE_SAME_COMMAND_H

/* "the same command" or "the same command without --fresh": "...; %s goes on". */
const char *same_command_text(void);

/* This process has --fresh, and its campaign is begun. */
void same_command_without_fresh(void);

#endif
