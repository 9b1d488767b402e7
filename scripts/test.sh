#!/usr/bin/env bash
# Installs what is missing, builds with warnings as errors, runs all tests. Ends with CTest's own summary and exit code.
# Arguments go to CTest, such as: scripts/test.sh -R folds
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

scripts/install.sh --tests
scripts/mouse-data.sh
cmake --preset dev
cmake --build --preset dev
# Twice as many tests as processors: those of several ranks wait for most of their time.
ctest --preset dev -j "$((2 * $(nproc)))" "$@"
