#!/usr/bin/env bash
# Runs the fuzz targets of tests/fuzz with libFuzzer and says how often and what they reached. Needs clang-14, libclang-rt-14-dev, llvm-14.
#
#   scripts/fuzz.sh [--jobs N] SECONDS [TARGET...]      such as: scripts/fuzz.sh --jobs 4 3600 layout campaign
#
# N targets run side by side (1); they start from what they have found before (build/fuzz/corpus-TARGET), which 0 seconds only measure; their files are in
# /dev/shm if it is there. What makes one fail stays in build/fuzz/found: put it into tests/fuzz/corpus/TARGET, where it is a test from then on.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

jobs=1
[ "${1-}" != --jobs ] || { jobs=$2; shift 2; }
[ $# -ge 1 ] || { sed -n '4p' "$0" >&2; exit 2; }
seconds=$1
shift
targets=("$@")
[ $# -gt 0 ] || targets=(table lists study image atlas stack plink cohort init layout campaign plots sums block trace)
# What the fuzzer puts in; and where the reader is whose lines are counted.
declare -A words=([study]=study [image]=image [atlas]=image [stack]=image [layout]=hdf5 [campaign]=hdf5 [plots]=hdf5 [sums]=hdf5 [trace]=trace)
declare -A reader=([table]='input/tables/[nt]' [lists]=input/tables/id_list [study]=config/ [image]=images/image_[fgh] [atlas]='images/[rl]' [stack]=input/images/ [plink]=input/genotypes/
                   [cohort]='input/(cohort|tables)/' [init]=starter/ [layout]=checkpoint/layout/ [campaign]='(checkpoint|report)/' [plots]='(checkpoint/campaign|report/)' [sums]='checkpoint/(fold_sums|part_file|unit|catalog|dataset|schema_read)'
                   [block]='checkpoint/block_file|checkpoint/lock|tasks/maximum_part' [trace]=report/trace_read)
[ -n "${TMPDIR-}" ] || [ ! -w /dev/shm ] || export TMPDIR=/dev/shm

program() { echo "build/fuzz/tests/fuzz/fuzz_$1"; }

# Seconds of the clock, as -timeout is: other work must not look like a reader that hangs.
fuzz() {
    local log=build/fuzz/$1.log
    mkdir -p "build/fuzz/corpus-$1"
    [ "$seconds" != 0 ] || return 0
    LLVM_PROFILE_FILE=/dev/null nice -n 19 "$(program "$1")" -max_total_time="$seconds" -timeout=3600 -rss_limit_mb=2500 -print_final_stats=1 -reload=30 \
        -dict="tests/fuzz/dictionaries/${words[$1]-text}.dict" -artifact_prefix="build/fuzz/found/$1-" \
        "build/fuzz/corpus-$1" "tests/fuzz/corpus/$1" > "$log" 2>&1 ||
        echo "$1: FAILED: $(grep -m 1 -E 'ERROR|SUMMARY|runtime error' "$log"); see $log and build/fuzz/found"
}

report() {
    LLVM_PROFILE_FILE=build/fuzz/$1.profraw "$(program "$1")" -runs=0 "build/fuzz/corpus-$1" "tests/fuzz/corpus/$1" > /dev/null 2>&1 || true
    llvm-profdata-14 merge -o "build/fuzz/$1.profdata" "build/fuzz/$1.profraw"
    echo "$1: $(sed -n 's/^stat::number_of_executed_units: *//p' "build/fuzz/$1.log" 2> /dev/null) executions; lines of its reader that were reached:"
    llvm-cov-14 report "$(program "$1")" -instr-profile="build/fuzz/$1.profdata" 2> /dev/null |
        awk -v reader="^(src/)?${reader[$1]}" '$1 ~ reader && $1 ~ /\.c$/ {print "  " $1, $10; lines += $8; missed += $9}
                                    END {if (lines > 0) printf "  all %d of %d, %.1f %%\n", lines - missed, lines, 100 * (lines - missed) / lines}'
}

cmake --preset fuzz > /dev/null
cmake --build --preset fuzz --target "${targets[@]/#/fuzz_}"
mkdir -p build/fuzz/found
for target in "${targets[@]}"; do
    [ "$(jobs -rp | wc -l)" -lt "$jobs" ] || wait -n
    fuzz "$target" &
done
wait
for target in "${targets[@]}"; do
    report "$target"
done
