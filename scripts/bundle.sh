#!/usr/bin/env bash
# Makes arete-VERSION-linux-x86_64.tar.gz: the program with all its libraries and their own loader, for any Linux on x86-64, without root.
# Run it on Debian 12, after scripts/quickstart.sh.
#
#   scripts/bundle.sh [BUILD]      BUILD: a built folder (default: build/release); the archive is made beside it, in build/
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

build=${1-build/release}
arch=x86_64-linux-gnu
version=$("$build/arete" --version | cut -d' ' -f2)
name=arete-$version-linux-x86_64
target=build/$name
if [ "$(uname -m)" != x86_64 ] || [ ! -d /usr/lib/$arch ]; then
    echo "bundle.sh: this is no Debian on x86-64" >&2
    exit 1
fi
rm -rf "$target"
mkdir -p "$target"/{bin,licences} "$target"/lib/{programs,$arch/openmpi/lib/openmpi3,$arch/pmix2/lib/pmix} "$target"/share

# Programs, and the launcher in their place.
cmake --install "$build" --prefix "$PWD/$target" --strip > /dev/null
mv "$target/bin/arete" "$target/lib/programs/arete"
cp "$(readlink -f /usr/bin/mpirun)" "$target/lib/programs/mpirun"
cp "$(readlink -f /usr/bin/orted)" "$target/lib/programs/orted"
gcc -std=c11 -Os -static -Wall -Wextra -o "$target/bin/arete" scripts/bundle/launcher.c
strip "$target/bin/arete"
ln -s arete "$target/bin/mpirun"
ln -s arete "$target/bin/orted"

# Open MPI's and PMIx's plugins, but for those of networks whose drivers belong to the system.
for plugin in /usr/lib/$arch/openmpi/lib/openmpi3/mca_*.so; do
    case $plugin in
        *_ucx.so | *_ofi.so | *_openib.so | *_psm*.so | *memheap* | *spml* | *sshmem* | *scoll* | *monitoring* | *flux* | *vprotocol*) ;;
        *) cp "$plugin" "$target/lib/$arch/openmpi/lib/openmpi3/" ;;
    esac
done
cp /usr/lib/$arch/pmix2/lib/pmix/*.so "$target/lib/$arch/pmix2/lib/pmix/"
cp -r /usr/share/openmpi "$target/share/"
[ ! -d /usr/share/pmix ] || cp -r /usr/share/pmix "$target/share/"

# Libraries: what ldd finds for all of these, under the names that are asked for.
listed=$(find "$target/lib" -type f -exec ldd {} + 2> /dev/null)
if grep -q 'not found' <<< "$listed"; then
    grep 'not found' <<< "$listed" | sort -u >&2
    exit 1
fi
libraries=$(awk '$2 == "=>" && $3 ~ /^\// { print $3 }' <<< "$listed" | sort -u)
sources=("$(readlink -f /lib64/ld-linux-x86-64.so.2)")
cp "${sources[0]}" "$target/lib/ld-linux-x86-64.so.2"
for library in $libraries; do
    cp "$(readlink -f "$library")" "$target/lib/$(basename "$library")"
    sources+=("$library")
done
# Names of hosts are looked up by these, which no program is linked with.
for library in /lib/$arch/libnss_{files,dns}.so.2 /lib/$arch/libresolv.so.2; do
    [ ! -e "$library" ] || cp "$(readlink -f "$library")" "$target/lib/$(basename "$library")"
done
strip --strip-unneeded "$target"/lib/*.so* "$target"/lib/programs/*

# Licences, by the Debian package that each file is from.
package_of() { # PATH: libraries may be known under /lib or /usr/lib, and by their real name
    local path
    for path in "$1" "$(readlink -f "$1")" "/usr$1" "$(readlink -f "$1" | sed 's|^/usr||')"; do
        dpkg -S "$path" 2> /dev/null | grep -v '^diversion' | head -n 1 | cut -d: -f1 | cut -d, -f1 && return
    done
    return 1
}
printf 'package\tversion\n' > "$target/licences/packages.tsv"
{
    for source in "${sources[@]}"; do
        package_of "$source" || { echo "bundle.sh: no Debian package has $source" >&2; exit 1; }
    done
    printf '%s\n' openmpi-bin libopenmpi3 libpmix2 openmpi-common libc6
} | sort -u | while read -r package; do
    [ -n "$package" ] || continue
    if [ ! -s "/usr/share/doc/$package/copyright" ]; then
        echo "bundle.sh: no licence in /usr/share/doc/$package (small images leave them out; install $package where they are kept)" >&2
        exit 1
    fi
    cp -L "/usr/share/doc/$package/copyright" "$target/licences/$package.txt"
    dpkg-query -W -f '${Package}\t${Version}\n' "$package" | head -n 1 >> "$target/licences/packages.tsv"
done
# What those files refer to instead of quoting it.
cat "$target"/licences/*.txt | grep -o '/usr/share/common-licenses/[A-Za-z0-9.-]*[A-Za-z0-9]' | sort -u | while read -r file; do
    [ ! -e "$file" ] || { mkdir -p "$target/licences/common"; cp -L "$file" "$target/licences/common/"; }
done
cp LICENSE "$target/licences/arete.txt"
scripts/viewer-asset.sh . --licences > "$target/licences/viewer.txt"
sed "s/VERSION/$version/" scripts/bundle/README > "$target/README"

tar --sort=name --owner=0 --group=0 --numeric-owner -C build -czf "build/$name.tar.gz" "$name"
echo "bundle:   build/$name.tar.gz, $(du -m "build/$name.tar.gz" | cut -f1) MB; unpacked $(du -sm "$target" | cut -f1) MB, $(wc -l < "$target/licences/packages.tsv" | awk '{ print $1 - 1 }') packages"
