#!/usr/bin/env bash
# Runs the bundle of scripts/bundle.sh where nothing else is: in an empty folder made to look like a machine (chroot) with busybox and /tmp
# alone, no /proc, /sys or /dev, as a user who is not root. Its table must have the bytes that the built program makes here. Needs root and
# busybox-static; without them it ends with 77, which is CTest's word for a test that was left out.
#
#   tests/bundle/chroot.sh build/arete-0.1.0-linux-x86_64.tar.gz build/release/arete
#   tests/bundle/chroot.sh ARCHIVE ARETE /path/to/a/debian    # in a folder that holds another system, which is left as it was
set -euo pipefail

[ $# -ge 2 ] || { echo "usage: chroot.sh ARCHIVE ARETE [ROOT]" >&2; exit 2; }
archive=$(readlink -f "$1")
arete=$(readlink -f "$2")
tiny=$(readlink -f "$(dirname -- "${BASH_SOURCE[0]}")/../data/tiny")
if [ "$(id -u)" -ne 0 ] || { [ $# -lt 3 ] && [ ! -x /usr/bin/busybox ]; }; then
    echo "chroot.sh: left out: needs root and busybox-static"
    exit 77
fi
work=$(mktemp -d /tmp/arete-bundle-XXXXXX)
root=${3-$work/root}
place=/arete-bundle-test
user=12345
trap 'rm -rf "$work" "$root$place"' EXIT
rm -rf "${root:?}$place"
mkdir -p "$root$place" "$work/here"

cp "$tiny"/* "$root$place/"
cp "$tiny"/* "$work/here/"
cat > "$root$place/study.yaml" << 'EOF'
genotypes: {plink: chr{1..2}}
targets: {table: targets.tsv}
covariates: {table: covariates.tsv, columns: [age, sex], categorical: [site], genetic_pcs: 2}
model: {outer_folds: 5, inner_folds: 4}
permutations: {count: 200, within: site}
output: out
EOF
cp "$root$place/study.yaml" "$work/here/"
tar -xzf "$archive" -C "$root$place" --strip-components=1 --one-top-level=bundle
if [ $# -lt 3 ]; then
    mkdir -p "$root/bin"
    mkdir -m 1777 "$root/tmp"
    cp /usr/bin/busybox "$root/bin/busybox"
    ln -s busybox "$root/bin/sh"
fi
chown -R $user:$user "$root$place"

inside() { # COMMAND: in the shell of that place, with nothing in its environment
    env -i PATH=/bin:/usr/bin "$(command -v chroot)" --userspec=$user:$user "$root" /bin/sh -c "cd $place && $1"
}
same() { # FILE: here and there
    cmp "$work/here/out/$1" "$root$place/out/$1" || { echo "chroot.sh: $1 differs" >&2; exit 1; }
}

echo "there: $(inside 'bundle/bin/arete --version'), user $user, $(du -sm "$root$place/bundle" | cut -f1) MB"
(cd "$work/here" && "$arete" run study.yaml > said 2>&1) || { cat "$work/here/said" >&2; exit 1; }
inside 'bundle/bin/arete run study.yaml > said 2>&1' || { cat "$root$place/said" >&2; exit 1; }
same results.tsv
echo "one process: the same table"
inside 'ln -s bundle/bin/arete linked && ./linked status out/campaign.h5 ' | head -n 2
several() { # COMMAND that runs a shell as that user, FOLDER there, FOLDER here
    "${@:3}" "cd $1 && rm -rf out && TMPDIR=$1 bundle/bin/mpirun -n 2 --bind-to none --oversubscribe bundle/bin/arete run study.yaml --threads 1 > said 2>&1" ||
        { tail -n 20 "$2/said" >&2; return 1; }
    cmp "$work/here/out/results.tsv" "$2/out/results.tsv"
}
as_user=(env -i PATH=/usr/bin:/bin "$(command -v chroot)" --userspec=$user:$user)
cp -a "$root$place" "$work/user"
chmod 755 "$work"
several "$work/user" "$work/user" "${as_user[@]}" / /bin/sh -c || exit 1
echo "two processes of bin/mpirun, on this machine: the same table"
