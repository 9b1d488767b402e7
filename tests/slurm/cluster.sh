# A Slurm of one machine that lives in one folder: munged, slurmctld and slurmd as root, on 127.0.0.1 only, without cgroups and
# systemd. To be sourced; the caller sets `root`, the folder, and calls cluster_stop whatever happens.
# Partition low is preempted by partition high, and its jobs are requeued.
# shellcheck shell=bash

: "${root:?the folder to live in}"
cluster_pids=()

cluster_packages() { # Are Debian's packages there, or can they be had?
    if command -v slurmctld && command -v slurmd && command -v munged && command -v srun; then return 0; fi > /dev/null
    command -v apt-get > /dev/null || return 1
    echo "slurm:    installing slurm-wlm and munge"
    apt() {
        env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Acquire::Retries=3 -o DPkg::Lock::Timeout=60 "$@" < /dev/null
    }
    { apt update && apt install --no-install-recommends slurm-wlm munge; } > "$root/apt.log" 2>&1
}

cluster_free_port() {
    /usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

cluster_configure() { # $1: seconds of grace
    local host cores memory
    host=$(hostname -s)
    cores=$(nproc)
    memory=$(awk '/^MemTotal/ { print int($2 / 1024 * 0.9) }' /proc/meminfo)
    cat > "$root/slurm.conf" << CONF
ClusterName=arete
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$(cluster_free_port)
SlurmdPort=$(cluster_free_port)
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
# How long a requeued job waits before it starts again: 120 s by default.
AuthInfo=socket=$root/munge.socket,cred_expire=5
StateSaveLocation=$root/state
SlurmdSpoolDir=$root/spool
SlurmctldPidFile=$root/slurmctld.pid
SlurmdPidFile=$root/slurmd.pid
SlurmctldLogFile=$root/slurmctld.log
SlurmdLogFile=$root/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SchedulerParameters=bf_interval=2,sched_interval=2
JobRequeue=1
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
KillWait=30
ReturnToService=2
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
JobCompType=jobcomp/none
MpiDefault=none
NodeName=$host NodeAddr=127.0.0.1 CPUs=$cores RealMemory=$memory
PartitionName=low Nodes=$host PriorityTier=1 GraceTime=$1
PartitionName=high Nodes=$host PriorityTier=10 PreemptMode=OFF
CONF
    touch "$root/cgroup.conf"
}

cluster_start() { # $1: seconds of grace
    local try
    cluster_configure "$1"
    mkdir -p "$root/state" "$root/spool" "$root/munge"
    export SLURM_CONF=$root/slurm.conf
    head -c 1024 /dev/urandom > "$root/munge/key"
    chmod 600 "$root/munge/key"
    munged --foreground --force --key-file="$root/munge/key" --socket="$root/munge.socket" --pid-file="$root/munge/pid" \
        --seed-file="$root/munge/seed" --log-file="$root/munge/log" > "$root/munge/out" 2>&1 &
    cluster_pids+=($!)
    for try in $(seq 50); do
        [ ! -S "$root/munge.socket" ] || break
        sleep 0.1
    done
    slurmctld -D -c -f "$SLURM_CONF" > "$root/slurmctld.out" 2>&1 &
    cluster_pids=($! "${cluster_pids[@]}")
    slurmd -D -f "$SLURM_CONF" > "$root/slurmd.out" 2>&1 &
    cluster_pids=($! "${cluster_pids[@]}")
    for try in $(seq 100); do
        if [ "$(sinfo -h -p low -o %t 2> /dev/null)" = idle ]; then return 0; fi
        sleep 0.2
    done
    echo "slurm:    the node is not idle after 20 s ($try tries)" >&2
    return 1
}

cluster_stop() {
    local pid try
    if [ -S "$root/munge.socket" ]; then
        scancel -u root 2> /dev/null
        for try in $(seq 200); do
            [ -n "$(squeue -h 2> /dev/null)" ] || break
            sleep 0.2
        done
    fi
    for pid in "${cluster_pids[@]}"; do # slurmd first, munged last
        kill "$pid" 2> /dev/null
        for try in $(seq 50); do
            kill -0 "$pid" 2> /dev/null || break
            sleep 0.1
        done
        kill -9 "$pid" 2> /dev/null
        wait "$pid" 2> /dev/null
    done
    cluster_pids=()
}
