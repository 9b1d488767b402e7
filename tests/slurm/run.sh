#!/usr/bin/env bash
# Proves on a real Slurm, made for it on this machine, that scripts/slurm/arete.sbatch loses nothing:
#
#   tests/slurm/run.sh                        (builds arete if build/release/arete is not there)
#   ARETE=build/dev/arete tests/slurm/run.sh
#   tests/slurm/run.sh ranks                  (one of the cases alone: preempted, limited, array, ranks)
#
# 1. a campaign is preempted twice by a job of a higher partition: once with a grace time (arete saves, ends with 75, the script requeues
#    it), once without (Slurm ends and requeues it);
# 2. a second one, on one core, is cancelled by its user and must stay so, is submitted again, and runs into its time limit;
# 3. two in a job array are stopped: each is requeued once, and alone;
# 4. one of two ranks (srun's tasks) is stopped and requeued.
# 1, 2 and 4 must end with the bytes of a campaign that nobody interrupted, and begin each time with what was saved before.
# Needs root on Debian (installs slurm-wlm and munge), about 5 minutes, 2 cores. KEEP=folder keeps all logs there.
# Ends with 0: passed, 1: failed, 77: cannot be done here.
set -uo pipefail
shopt -s inherit_errexit
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." || exit 1

most_seconds=450
campaign_seconds=35 # of an uninterrupted campaign, as measured at the start
source=$PWD

skip() { echo "skipped:  $*"; exit 77; }
fail() { echo "FAILED:   $*"; exit 1; }

[ "$(id -u)" -eq 0 ] || skip "a Slurm of its own needs root"
root=$(mktemp -d "${TMPDIR:-/tmp}/arete-slurm-XXXXXX")
chmod 755 "$root" # munge refuses a socket that others cannot reach
# shellcheck source=tests/slurm/cluster.sh
source "$source/tests/slurm/cluster.sh"
clean() {
    local code=$?
    trap - EXIT
    cluster_stop
    if [ "$code" -eq 1 ]; then
        tail -n 25 "$root"/study/*.log "$root/slurmctld.log" 2> /dev/null
    fi
    [ -z "${KEEP-}" ] || cp -r "$root" "$KEEP"
    rm -rf "$root"
    exit "$code"
}
trap clean EXIT
trap 'exit 1' INT TERM HUP

prepare() {
    cluster_packages || skip "slurm-wlm and munge are not there and cannot be installed"
    if ! /usr/bin/python3 -c 'import h5py, numpy' 2> /dev/null; then
        scripts/install.sh --tests > "$root/install.log" 2>&1 || skip "python3-h5py and python3-numpy cannot be installed"
    fi
    local arete=${ARETE:-build/release/arete}
    if [ ! -x "$arete" ]; then
        [ -z "${ARETE-}" ] || fail "$ARETE: no such program"
        { scripts/install.sh && cmake --preset release && cmake --build --preset release --target arete; } > "$root/build.log" 2>&1 ||
            { tail "$root/build.log"; fail "arete could not be built"; }
    fi
    mkdir -p "$root/bin" "$root/study"
    ln -s "$(realpath "$arete")" "$root/bin/arete"
    export PATH=$root/bin:$PATH
    unset "${!SLURM_@}" "${!SBATCH_@}" "${!SRUN_@}" ARETE
}

write_study() {
    printf '%s\n' 'output: data' 'subjects: 600' 'snps: 4000' 'chromosomes: 1' 'targets: {count: 100}' > sim.yaml
    arete simulate sim.yaml || return 1
    cat > study.yaml << STUDY
genotypes: {plink: data/chr1}
targets: {table: data/targets.tsv}
covariates: {table: data/covariates.tsv, columns: [age, sex], categorical: [site], genetic_pcs: 2}
permutations: {count: 400}
output: probe
run: {block: 100}
STUDY
}

set_count() { # of permutations; and blocks, so that a stop is quick
    count=$1
    sed -i "s/count: [0-9]*/count: $count/; s/block: [0-9]*/block: $((count / 20))/" study.yaml
}

# So many permutations that the uninterrupted campaign takes campaign_seconds here and now, whoever else uses the machine.
run_uninterrupted() {
    local began rate
    timeout 60 arete run study.yaml > probe.out 2>&1 || { cat probe.out; return 1; }
    rate=$(sed -n 's/.*(\([0-9.e+]*\) a second)/\1/p' probe/run.log)
    set_count "$(awk "BEGIN { printf \"%.0f\", $rate * $campaign_seconds / 100 }")00"
    uninterrupted || return 1
    [ "$seconds" -lt $((campaign_seconds * 2 / 3)) ] || return 0
    set_count $((count * campaign_seconds / (seconds + 1))) # something else slowed the probe
    uninterrupted
}

uninterrupted() {
    local began=$SECONDS
    timeout "$most_seconds" arete run study.yaml --output uninterrupted --fresh > uninterrupted.out 2>&1 || { cat uninterrupted.out; return 1; }
    seconds=$((SECONDS - began))
    echo "uninterrupted: $count permutations in $seconds s"
}

done_now() { # permutations of the campaign in folder $1
    local found
    found=$(arete status "$1/campaign.h5" --json 2> /dev/null | sed -n 's/.*"done": \([0-9]*\),.*/\1/p')
    echo "${found:-0}"
}

# The script as a user submits it: $1 the output folder, then what is to override its options.
submit() {
    local output=$1
    shift
    sed "s/output: probe/output: $output/" study.yaml > "$output.yaml"
    # shellcheck disable=SC2046 # several options
    job=$(sbatch --parsable $(arete plan "$output.yaml" --sbatch) --partition=low --output="$output.log" "$@" \
        "$source/scripts/slurm/arete.sbatch" "$output.yaml") || fail "sbatch refused the job"
}

job_field() { # the value of field $2 of job $1
    scontrol show job "$1" -o | tr ' ' '\n' | sed -n "s/^$2=//p"
}

await() { # "what is awaited", then the command that is to succeed
    local what=$1
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$most_seconds" ] || { squeue; fail "not within $most_seconds s: $what"; }
        sleep 0.3
    done
}
has_done() { [ "$(done_now "$1")" -ge "$2" ]; }
is_state() { [ "$(job_field "$1" JobState)" = "$2" ]; }
has_ended() { case $(job_field "$1" JobState) in COMPLETED | FAILED | CANCELLED | TIMEOUT | NODE_FAIL | OUT_OF_MEMORY | PREEMPTED) true ;; *) false ;; esac }
has_restarted() { # campaign $1, times $2
    ! has_ended "$job" || fail "$1: the job ended before it was requeued"
    [ "$(job_field "$job" Restarts)" -ge "$2" ]
}

# Takes note of what is saved while nothing runs: the next run must begin with it.
begins=0
stopped() { begins="$begins $1"; }

compare() { # the campaign in folder $1 with the uninterrupted one
    cmp uninterrupted/results.tsv "$1/results.tsv" || fail "$1: results.tsv differs"
    /usr/bin/python3 - uninterrupted/campaign.h5 "$1/campaign.h5" << 'PYTHON' || fail "$1: /null/score differs"
import sys
import h5py
score = [h5py.File(path, "r")["null/score"][()] for path in sys.argv[1:]]
sys.exit(score[0].shape != score[1].shape or score[0].tobytes() != score[1].tobytes())
PYTHON
    local began
    began=$(sed -n 's/.*of them \([0-9]*\) done.*/\1/p' "$1/run.log" | paste -sd' ')
    echo "same bits: $1: its runs began with $began permutations and ended with $(sed -n 's/.*arete ended with \([0-9]*\).*/\1/p' "$1.log" | paste -sd' ')"
    [ "$began" = "$begins" ] || fail "$1: its runs began with $began permutations; expected $begins"
}

preempt() { # $1: grace; $2: done at least
    local before restarts high saved
    restarts=$(job_field "$job" Restarts)
    scontrol update PartitionName=low GraceTime="$1"
    await "$2 permutations" has_done preempted "$2"
    # The job that preempts looks at the campaign: nothing is in flight while it runs.
    high=$(sbatch --parsable --partition=high --ntasks=1 --cpus-per-task="$(nproc)" --mem=100M --output="$restarts.status" \
        --wrap 'arete status preempted/campaign.h5 --json; sleep 1')
    before=$SECONDS
    await "the job that preempts" has_ended "$high"
    await "the requeue" has_restarted preempted $((restarts + 1))
    grep -q '"running": false' "$restarts.status" || { cat "$restarts.status"; fail "arete still ran while it was preempted"; }
    saved=$(sed -n 's/.*"done": \([0-9]*\),.*/\1/p' "$restarts.status")
    stopped "$saved"
    echo "preempted: grace $1 s: saved $saved of $count, $((SECONDS - before)) s until the other job was done"
}

case_preempted() {
    submit preempted
    preempt 60 $((count / 10))
    preempt 0 $((count * 4 / 10))
    await "the end of the preempted campaign" has_ended "$job"
    is_state "$job" COMPLETED || fail "the preempted campaign ended as $(job_field "$job" JobState)"
    compare preempted
}

case_limited() {
    begins=0
    submit limited --cpus-per-task=1
    await "$((count / 10)) permutations" has_done limited $((count / 10))
    scancel "$job"
    await "the end of the cancelled job" has_ended "$job"
    sleep 8 # longer than a requeued job waits
    is_state "$job" CANCELLED || fail "a cancelled job became $(job_field "$job" JobState)"
    [ "$(job_field "$job" Restarts)" -eq 0 ] || fail "a cancelled job was requeued"
    stopped "$(done_now limited)"
    echo "cancelled: saved ${begins##* } of $count, not requeued"
    submit limited --cpus-per-task=1 --time=1 --signal=B:USR1@60 # Slurm looks at limits every 30 s, and signals up to 60 s early
    await "the requeue after the time limit" has_restarted limited 1
    stopped "$(done_now limited)"
    echo "time limit: saved ${begins##* } of $count, requeued"
    scontrol update JobId="$job" TimeLimit=10
    await "the end of the limited campaign" has_ended "$job"
    is_state "$job" COMPLETED || fail "the limited campaign ended as $(job_field "$job" JobState)"
    compare limited
}

case_array() {
    local task
    for task in 1 2; do
        sed "s/output: probe/output: array-$task/; s/count: [0-9]*/count: $((count / 10))/; s/block: [0-9]*/block: 10/" study.yaml > "array-$task.yaml"
    done
    # shellcheck disable=SC2046 # several options
    job=$(sbatch --parsable --array=1-2 $(arete plan array-1.yaml --sbatch) --cpus-per-task=1 --mem=200M --partition=low \
        --output=array-%a.log "$source/scripts/slurm/arete.sbatch" array-%a.yaml) || fail "sbatch refused the array"
    for task in 1 2; do
        await "a permutation of task $task" has_done "array-$task" 1
        scancel --batch --signal=USR1 "${job}_$task"
    done
    for task in 1 2; do
        await "the end of task $task" has_ended "${job}_$task"
        is_state "${job}_$task" COMPLETED || fail "task $task ended as $(job_field "${job}_$task" JobState)"
        [ "$(job_field "${job}_$task" Restarts)" -eq 1 ] || fail "task $task: $(job_field "${job}_$task" Restarts) restarts; expected 1"
    done
    echo "array:    2 tasks, each stopped with 75, requeued once and done"
}

case_ranks() {
    begins=0
    submit ranks --ntasks=2 --cpus-per-task=1
    await "$((count / 10)) permutations" has_done ranks $((count / 10))
    scancel --batch --signal=USR1 "$job"
    await "the requeue of both ranks" has_restarted ranks 1
    stopped "$(done_now ranks)"
    await "the end of the campaign of two ranks" has_ended "$job"
    is_state "$job" COMPLETED || fail "the campaign of two ranks ended as $(job_field "$job" JobState)"
    grep -q "ranks: 2 on 1 machine" ranks/run.log || fail "srun's tasks were not ranks of one run"
    compare ranks
}

cases=("$@")
[ $# -gt 0 ] || cases=(preempted limited array ranks)
prepare
SECONDS=0 # without what was installed and built
cd "$root/study" || fail "$root/study is not there"
write_study || fail "no study could be simulated"
run_uninterrupted || fail "the uninterrupted campaign"
cluster_start 60 || fail "Slurm does not start"
for case in "${cases[@]}"; do "case_$case"; done
echo "passed:   in $SECONDS s, Slurm $(sinfo --version | cut -d' ' -f2)"
