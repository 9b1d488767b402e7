/* What this process may use of the machine it runs on. */
#ifndef ARETE_BASE_MACHINE_H
#define ARETE_BASE_MACHINE_H

/* Cores that this process is bound to; at least 1. */
int machine_cores(void);

/* Bytes of memory that this machine and this process's cgroup allow. */
double machine_memory_bytes(void);

#endif
