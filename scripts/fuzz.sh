#!/usr/bin/env bash
# Runs the fuzz targets of tests/fuzz with libFuzzer, one after the other, and says how often and what they reached. Needs clang-14, libclang-rt-14-dev, llvm-14.
#
#   scripts/fuzz.sh SECONDS [TARGET...]      such as: scripts/fuzz.sh 3600 layout campaign
#
# What is found stays in build/fuzz/found: put it into tests/fuzz/corpus/TARGET, where it is a test from then on.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

[ $# -ge 1 ] || { sed -n '4p' "$0" >&2; exit 2; }
seconds=$1
shift
targets=("$@")
[ $# -gt 0 ] || targets=(table lists study image atlas plink cohort init layout campaign sums block trace)

cmake --preset fuzz > /dev/null
cmake --build --preset fuzz --target "${targets[@]/#/fuzz_}"
mkdir -p build/fuzz/found
for target in "${targets[@]}"; do
    program=build/fuzz/tests/fuzz/fuzz_$target corpus=build/fuzz/corpus-$target log=build/fuzz/$target.log
    mkdir -p "$corpus"
    LLVM_PROFILE_FILE=/dev/null nice -n 19 "$program" -max_total_time="$seconds" -timeout=600 -rss_limit_mb=2500 -print_final_stats=1 \
        -artifact_prefix="build/fuzz/found/$target-" "$corpus" "tests/fuzz/corpus/$target" > "$log" 2>&1 ||
        echo "$target: FAILED: $(grep -m 1 -E 'ERROR|SUMMARY|runtime error' "$log"); see $log and build/fuzz/found"
    LLVM_PROFILE_FILE=build/fuzz/$target.profraw "$program" -runs=0 "$corpus" "tests/fuzz/corpus/$target" > /dev/null 2>&1 || true
    llvm-profdata-14 merge -o "build/fuzz/$target.profdata" "build/fuzz/$target.profraw"
    echo "$target: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") executions; lines reached:"
    llvm-cov-14 report "$program" -instr-profile="build/fuzz/$target.profdata" 2> /dev/null |
        awk 'NR > 2 && $1 ~ /\.c$/ && $10 != "0.00%" && $8 > 0 {print "  " $1, $10}'
done
