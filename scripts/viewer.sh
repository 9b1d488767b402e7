#!/usr/bin/env bash
# Installs the viewer of the report's brain maps (NiiVue) into node_modules, as package-lock.json pins it. It is built in by the next cmake --build.
# Without npm, or without its registry, reports have still slices alone, and say so.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

if ! command -v npm > /dev/null; then
    echo "viewer: npm is not installed; reports are made without a viewer, with still slices"
elif [ node_modules/.package-lock.json -nt package-lock.json ]; then
    echo "viewer: as package-lock.json pins it"
elif npm ci --silent < /dev/null; then
    echo "viewer: installed into node_modules"
else
    rm -rf node_modules
    echo "viewer: npm could not install it; reports are made without a viewer, with still slices" >&2
fi
