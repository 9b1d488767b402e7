#!/usr/bin/env bash
# From a fresh Debian 12 machine to a tested table: installs, builds, and runs the mouse study (configs/mouse.yaml).
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

scripts/install.sh
cmake --preset release -DBUILD_TESTING=OFF
cmake --build --preset release --target arete man
scripts/mouse-data.sh
echo
build/release/arete run configs/mouse.yaml --fresh
echo "program:  build/release/arete (in $PWD, like the paths above)"
