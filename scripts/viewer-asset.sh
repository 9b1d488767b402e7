#!/bin/sh
# Turns the viewer that scripts/viewer.sh installed into a C file of texts, packed, with the licences of all that is in it. Called by CMakeLists.txt:
#
#   scripts/viewer-asset.sh SOURCE_DIR viewer.c
#   scripts/viewer-asset.sh SOURCE_DIR --licences     prints the licences alone
#
# Where it is not installed the texts are empty.
set -eu
modules=$1/node_modules
code=$modules/@niivue/niivue/dist/niivue.umd.js

quoted() {
    sed -e 's/[\\"]/\\&/g' -e 's/.*/    "&\\n"/'
}

licences() {
    version=$(sed -n 's/^ *"version": "\(.*\)",*$/\1/p' "$modules/@niivue/niivue/package.json")
    printf 'NiiVue %s\n\n' "$version"
    cat "$1/scripts/niivue-licence.txt"
    find -H "$modules" -mindepth 2 -maxdepth 3 -iname 'licen[cs]e*' | LC_ALL=C sort | while read -r file; do
        folder=$(dirname "$file")
        printf '\n%s\n\n' "${folder#"$modules/"}"
        tr -d '\r' < "$file"
    done
}

if [ "$2" = --licences ]; then
    [ ! -f "$code" ] || licences "$1"
    exit
fi
{
    printf '#include "report/assets.h"\n\nconst char assets_viewer[] =\n'
    if [ -f "$code" ]; then
        gzip -9n < "$code" | base64 -w 120 | sed 's/.*/    "&"/'
    fi
    printf '    "";\n\nconst char assets_viewer_licences[] =\n'
    if [ -f "$code" ]; then
        licences "$1" | quoted
    fi
    printf '    "";\n'
} > "$2"
