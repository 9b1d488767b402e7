#!/usr/bin/env bash
# Installs the Debian 12 packages that arete needs, and only those that are missing.
#
#   scripts/install.sh            to build and run arete (and, where npm is there, the viewer of the report's brain maps: scripts/viewer.sh)
#   scripts/install.sh --tests    and to test it
set -euo pipefail

to_run=(cmake ninja-build make gcc libc6-dev pkg-config libstarpu-dev libopenblas-pthread-dev liblapacke-dev libhdf5-dev libyaml-dev
        librandom123-dev libxxhash-dev libnifti2-dev zlib1g-dev openmpi-bin libopenmpi-dev gemma-doc)
to_test=(libcunit1-dev python3-numpy python3-scipy python3-sklearn python3-h5py python3-yaml plink2 mricron-data valgrind clang-format-14 clang-tidy-14
         universal-ctags git iproute2 chromium r-base-core)

case "${1-}" in
    "") wanted=("${to_run[@]}") ;;
    --tests) wanted=("${to_run[@]}" "${to_test[@]}") ;;
    *) echo "usage: scripts/install.sh [--tests]" >&2; exit 2 ;;
esac
if ! command -v apt-get > /dev/null || ! command -v dpkg-query > /dev/null; then
    echo "install.sh: this is no Debian system; install by hand: ${wanted[*]}" >&2
    exit 1
fi

missing=()
for package in "${wanted[@]}"; do
    status=$(dpkg-query -W -f '${db:Status-Status}\n' "$package" 2> /dev/null | head -n 1) || true
    [ "$status" = installed ] || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
    echo "packages: all ${#wanted[@]} are installed"
    exec "$(dirname -- "${BASH_SOURCE[0]}")/viewer.sh"
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo > /dev/null; then
        echo "install.sh: packages are missing and this is not root; have installed: ${missing[*]}" >&2
        exit 1
    fi
    as_root=(sudo)
fi
apt() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 "$@" < /dev/null
}
echo "packages: installing ${missing[*]}"
apt update
apt install --no-install-recommends "${missing[@]}"
"$(dirname -- "${BASH_SOURCE[0]}")/viewer.sh"
