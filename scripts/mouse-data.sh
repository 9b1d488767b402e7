#!/usr/bin/env bash
# Unpacks the heterogeneous-stock mice of Debian's gemma-doc (1,940 mice, 12,226 SNPs, traits in the .fam) to data/mouse in the present folder.
set -euo pipefail

name=mouse_hs1940
packed=/usr/share/doc/gemma/example
unpacked=data/mouse

whole() { # FOLDER ENDING: whether all files of the fileset are in the folder, none of them empty
    local suffix
    for suffix in bed bim fam; do
        [ -s "$1/$name.$suffix$2" ] || return 1
    done
}

if whole "$unpacked" ""; then
    echo "mouse data: $unpacked is there"
    exit 0
fi
if ! whole "$packed" .gz; then
    # Small container images tell dpkg to leave out /usr/share/doc.
    echo "mouse data: not in $packed, although gemma-doc has it; taking it from the package itself"
    folder=$PWD/data/gemma-doc
    rm -rf "$folder"
    mkdir -p "$folder"
    download() {
        (cd "$folder" && apt-get -q -o Acquire::Retries=3 download gemma-doc)
    }
    download || { apt-get -q update && download; }
    dpkg-deb -x "$folder"/gemma-doc_*.deb "$folder"
    packed=$folder$packed
    whole "$packed" .gz || { echo "mouse-data.sh: no $name.bed.gz, .bim.gz and .fam.gz in $packed" >&2; exit 1; }
fi
mkdir -p "$unpacked"
for suffix in bed bim fam; do
    gunzip -c "$packed/$name.$suffix.gz" > "$unpacked/$name.$suffix.part"
    mv "$unpacked/$name.$suffix.part" "$unpacked/$name.$suffix"
done
rm -rf data/gemma-doc
echo "mouse data: unpacked to $unpacked"
