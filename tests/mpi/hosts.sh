#!/usr/bin/env bash
# hosts.sh PROGRAM: ranks on separate hosts. Two network namespaces with names of their own, joined by a bridge in a
# third, stand for two machines: TCP between the ranks, no shared memory. A campaign spread over them, in either
# placement, has the same bits as one process, also with two ranks on each; when the network is cut in the middle of it, the run ends within 30 s with a message, and then
# goes on. Needs root, ip (iproute2) and leave to make namespaces: without them it says that it was skipped (exit 77).
set -euo pipefail
program=$(realpath "$1")
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.."

skip() {
    echo "skipped: $1"
    exit 77
}
[ "$(id -u)" -eq 0 ] || skip "not root"
command -v ip > /dev/null || skip "no ip command (package iproute2)"

work=$(mktemp -d)
tag=arete$$
near=$tag-1 far=$tag-2 switch=$tag-switch
runner=""
# The namespaces' processes are children of ours; ending the runner and its far daemon ends all.
finish() {
    if [ -n "$runner" ] && kill -0 "$runner" 2> /dev/null; then kill -KILL "$runner"; fi
    local pids
    for host in "$near" "$far" "$switch"; do
        pids=$(ip netns pids "$host" 2> /dev/null || true)
        [ -z "$pids" ] || kill -KILL $pids 2> /dev/null || true
        ip netns delete "$host" 2> /dev/null || true
    done
    rm -rf "$work"
}
trap finish EXIT

ip netns add "$near" 2> "$work/error" || skip "no network namespaces here ($(cat "$work/error"))"
ip netns add "$far"
ip netns add "$switch"
ip -n "$switch" link add bridge type bridge 2> "$work/error" || skip "no bridges here ($(cat "$work/error"))"
ip -n "$switch" link set bridge up
number=1
for host in "$near" "$far"; do
    ip -n "$host" link add wire type veth peer name "port$number" netns "$switch"
    ip -n "$switch" link set "port$number" master bridge up
    ip -n "$host" address add "10.77.0.$number/24" dev wire
    ip -n "$host" link set lo up
    ip -n "$host" link set wire up
    number=$((number + 1))
done

# Runs a command on a host: in its network, under its name.
cat > "$work/on" << END
#!/bin/sh
case \$1 in *.1) host=$near ;; *) host=$far ;; esac
shift
exec ip netns exec \$host unshare --uts sh -c 'hostname "\$0" && eval "exec \$*"' \$host "\$@"
END
chmod +x "$work/on"

export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_plm_rsh_agent=$work/on
export OMPI_MCA_btl=self,tcp OMPI_MCA_pml=ob1 OMPI_MCA_btl_tcp_if_include=wire OMPI_MCA_oob_tcp_if_include=wire
# mpirun itself notices a dead wire by keepalives, after minutes unless told otherwise (docs/cluster.md).
export OMPI_MCA_oob_tcp_keepalive_time=10 OMPI_MCA_oob_tcp_keepalive_intvl=5 OMPI_MCA_oob_tcp_keepalive_probes=2
study=(run configs/mouse.yaml --threads 1 --set permutations.method=orbits --set permutations.count=40000 --set run.block=1000)
each=1 # ranks of a host

on_two_hosts() { # OUTPUT ARGUMENTS
    local output=$1
    shift
    timeout -k 5 120 "$work/on" 10.77.0.1 mpirun -n $((2 * each)) --host 10.77.0.1:$each,10.77.0.2:$each --bind-to none \
        "$program" "${study[@]}" --output "$output" "$@"
}

same_bits() { # PLACEMENT
    local output=$work/$1-$each
    on_two_hosts "$output" --set run.placement="$1" > "$output.out" 2>&1 || { cat "$output.out"; exit 1; }
    grep -q "ranks: $((2 * each)) on 2 machines" "$output/run.log"
    cmp "$work/alone/results.tsv" "$output/results.tsv"
    echo "$1 on two hosts, ranks on each: $each: the same results.tsv"
}

units_done() { # OUTPUT
    "$program" status "$1/campaign.h5" --json 2> /dev/null | grep -o '"done": *[0-9]*' | grep -o '[0-9]*$' || echo 0
}

# Cuts the wire in the middle of a campaign that would take minutes. Who is silent is missed by the ranks or by mpirun.
cut_and_go_on() { # PLACEMENT
    local output=$work/cut-$1 begun status=0 before
    on_two_hosts "$output" --set run.placement="$1" --set permutations.count=10000000 > "$work/cut.out" 2>&1 &
    runner=$!
    for _ in $(seq 600); do
        [ "$(units_done "$output")" -lt 2000 ] || break
        sleep 0.1
    done
    ip -n "$switch" link set port2 nomaster # packets vanish; the wire itself looks well
    begun=$(date +%s)
    wait "$runner" || status=$?
    runner=""
    echo "$1: the run ended $(($(date +%s) - begun)) s after the cut, exit code $status:"
    grep -a "lost communication\|has not been heard of" "$work/cut.out" || { cat "$work/cut.out"; exit 1; }
    [ $(($(date +%s) - begun)) -le 30 ] && [ "$status" -ne 0 ] && [ "$status" -ne 124 ]
    [ ! -e "$output/results.tsv" ]
    ip -n "$switch" link set port2 master bridge
    before=$(units_done "$output")
    [ "$before" -ge 2000 ]
    on_two_hosts "$output" --set run.placement="$1" > "$work/again.out" 2>&1 || { cat "$work/again.out"; exit 1; }
    cmp "$work/alone/results.tsv" "$output/results.tsv"
    echo "$1: it went on from $before permutations: the same results.tsv"
}

timeout 120 "$program" "${study[@]}" --output "$work/alone" > "$work/alone.out" 2>&1 || { cat "$work/alone.out"; exit 1; }
for placement in replicate by-fold; do
    same_bits "$placement"
    cut_and_go_on "$placement"
done
each=2
same_bits by-fold
same_bits replicate # two build the forms, and two get them
