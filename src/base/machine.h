/* What this process may use of the computer it runs on. */
#ifndef ARETE_BASE_MACHINE_H
#define ARETE_BASE_MACHINE_H

/* How many cores this process may run on; at least 1. */
int machine_cores(void);

/* Bytes of memory that this machine, this process's control groups and its Slurm job allow. */
double machine_memory_bytes(void);

/* What sbatch --mem or --mem-per-cpu gives the job on this machine, as Slurm's variables say it: a cluster
 * without control groups may end a job that takes more. Infinity outside of a job, and where it has all
 * (--mem=0). */
double machine_job_bytes(void);

/* The smallest memory limit of the control groups that this process is in, its own and all above it (a Slurm
 * job's limit stands above the group of its step), versions 1 and 2; infinity where there is none. `root`
 * goes before every path, "" for this machine. */
double machine_group_bytes(const char *root);

/* Bytes that are free to this user in the file system that `path` is in. Infinity where it does not tell, or
 * has no limit (it is then of no size, as tmpfs mounted with size=0). */
double machine_room_bytes(const char *path);

#endif
