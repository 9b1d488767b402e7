/* A command that computes a study: joins the ranks, reads the command line, heeds signals, shows progress. */
#ifndef ARETE_CLI_STUDY_PROCESS_H
#define ARETE_CLI_STUDY_PROCESS_H

#include "base/error.h"
#include "ranks/ranks.h"
#include "run/run.h"

typedef int study_process_step(const struct run_request *request, struct ranks *ranks, struct error *err);

/* What a command's `run` does; `study` is called in every rank. */
int study_process_run(int argc, char **argv, study_process_step *study, struct error *err);

#endif
