#!/usr/bin/env bash
# What `arete plan` predicts for large clusters. The rates of a core are measured on this machine; everything else is the plan's model
# (docs/cluster.md). No study is run.
#
#   scripts/scaling.sh                           build/release/arete
#   ARETE=/path/to/arete scripts/scaling.sh
#   BANDWIDTH_GBIT_S=100 LATENCY_US=2 MEMORY_GB=64 scripts/scaling.sh     another network, other machines
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

arete=${ARETE:-build/release/arete}
network=bandwidth_gbit_s=${BANDWIDTH_GBIT_S:-10},latency_us=${LATENCY_US:-20},memory_gb=${MEMORY_GB:-128}
reference=snps=500000,targets=1000,covariates=15,outer_folds=10,inner_folds=5,penalties=5

predict() { # title, shape, options
    printf '\n== %s\n' "$1"
    "$arete" plan --shape "$2,$network" "${@:3}"
}

[ -x "$arete" ] || { echo "scaling: no program at $arete (build it, or set ARETE)" >&2; exit 1; }
echo "Rates of $(uname -m), $(nproc) cores of this machine; a cluster of other cores is slower or faster in proportion."

predict "the 2013 reference study on one process of this machine" "subjects=1500,permutations=10000,$reference"
predict "the 2013 cluster, 480 cores (the 2013 program was estimated at 50,000 core-hours): 60 machines of 8 cores" \
    "subjects=1500,permutations=10000,$reference" --nodes 60 --ranks 2 --threads 4
predict "1,000 machines of 16 cores and ${MEMORY_GB:-128} GB, the same study" \
    "subjects=1500,permutations=10000,$reference" --nodes 1000 --ranks 4 --threads 4
predict "1,000 machines of 16 cores and ${MEMORY_GB:-128} GB, 1,000,000 permutations" \
    "subjects=1500,permutations=1000000,$reference" --nodes 1000 --ranks 4 --threads 4
predict "40,000 subjects x 1,000,000 permutations on 1,000 machines of 16 cores and ${MEMORY_GB:-128} GB" \
    "subjects=40000,permutations=1000000,$reference" --nodes 1000 --ranks 4 --threads 4
