#!/bin/sh
# layers.sh SOURCE_DIR: who may include whom (the rooms of SOURCE_DIR/src). Prints each crossing as file:line and
# fails when there is one.
#
# A room is a folder of src/ (of src/model/ and src/input/ one below it). It sees itself and the rooms named beside it; main sees cli and base.
# docs/design.md, section 4 has the same as a picture. CMakeLists.txt links each room with just these.
set -u
if [ $# -ne 1 ] || [ ! -d "$1/src" ]; then
    echo "usage: layers.sh SOURCE_DIR (the folder that holds src/)" >&2
    exit 2
fi
cd "$1" || exit 2

inputs="input/tables input/genotypes input/images input/cohort"
models="model/blas model/stats model/kinship model/ridge model/orbits model/parcels model/simulate"
rooms_seen_by() {
    case $1 in
    base) echo base ;;
    config | images | checkpoint | ranks) echo "base $1" ;;
    input/tables) echo "base $1" ;;
    input/genotypes) echo "base input/tables $1" ;;
    input/images) echo "base images input/tables $1" ;;
    input/cohort) echo "base images $inputs" ;;
    output) echo "base images $1" ;;
    model/blas | model/stats | model/kinship | model/parcels) echo "base $1" ;;
    model/ridge | model/simulate) echo "base model/stats $1" ;;
    model/orbits) echo "base model/stats model/ridge model/orbits" ;;
    planning) echo "base model/stats model/kinship model/ridge planning" ;;
    codelets) echo "base model/stats model/kinship model/ridge checkpoint codelets" ;;
    tasks) echo "base $models planning checkpoint codelets ranks tasks" ;;
    study) echo "base config images $inputs $models planning checkpoint study" ;;
    run) echo "base config images $inputs $models planning checkpoint output codelets ranks tasks study run" ;;
    parcellation) echo "base config images input/images model/parcels checkpoint output parcellation" ;;
    simulation) echo "base config model/blas model/simulate output simulation" ;;
    cli) echo "base config images $inputs $models planning checkpoint output codelets ranks tasks study run parcellation simulation cli" ;;
    main) echo "base cli" ;;
    esac
}

# The rooms that may include a library's header; nothing for a header of libc. HDF5 in output is for reading only.
rooms_of_library() {
    case $1 in
    yaml.h) echo config ;;
    nifti*.h | znzlib.h | nifti/*) echo images ;;
    hdf5*.h | H5*.h) echo "checkpoint output" ;;
    mpi.h) echo ranks ;;
    starpu_mpi.h) echo tasks ;;
    starpu*.h | starpu/*) echo "codelets tasks" ;;
    cblas*.h | lapack*.h | openblas*.h | openblas/*) echo "$models planning" ;;
    Random123/*) echo model/stats ;;
    xxhash.h | xxh3.h) echo "config $inputs checkpoint output study run" ;;
    esac
}

among() { # WORD LIST
    case " $2 " in
    *" $1 "*) return 0 ;;
    esac
    return 1
}

# Sets `wrong` to what is wrong with an include of $2 in room $1, which sees the rooms $3; to nothing when it is right. (A
# subshell an include would take a minute on a busy machine.)
look_at() {
    wrong=""
    case $2 in
    ../* | */../* | /*) wrong="not a path from src/" && return ;;
    */*)
        if [ -d "src/${2%/*}" ]; then
            among "${2%/*}" "$3" || wrong="$1 sees only: $3"
            return
        fi
        ;;
    esac
    allowed=$(rooms_of_library "$2")
    if [ -n "$allowed" ]; then
        among "$1" "$allowed" || wrong="only for $allowed"
    elif [ -e "src/$2" ] || [ -e "src/$1/$2" ]; then
        wrong="not a path from src/"
    fi
}

list=$(mktemp) || exit 2
trap 'rm -f "$list"' EXIT
find src -name '*.[ch]' -exec grep -nE '^[[:space:]]*#[[:space:]]*include' /dev/null {} + >"$list"
n_includes=0 n_crossings=0 looked_at=""
while IFS= read -r found; do
    file=${found%%:*} rest=${found#*:}
    line=${rest%%:*}
    header=${rest#*[\"<]}
    header=${header%%[\">]*}
    [ "$header" != "$rest" ] || header=""
    room=${file#src/}
    case $room in
    main.c) room=main ;;
    */*) room=${room%/*} ;;
    esac
    n_includes=$((n_includes + 1))
    [ "$room" = "$looked_at" ] || seen=$(rooms_seen_by "$room")
    looked_at=$room
    if [ -z "$seen" ]; then
        wrong="no layer is known for src/$room"
    elif [ -z "$header" ]; then
        wrong="an include without a name cannot be checked"
    else
        look_at "$room" "$header" "$seen"
    fi
    if [ -n "$wrong" ]; then
        echo "$file:$line: includes $header ($wrong)"
        n_crossings=$((n_crossings + 1))
    fi
done <"$list"

if [ "$n_includes" -eq 0 ]; then
    echo "no include found under $1/src" >&2
    exit 2
fi
echo "$n_includes includes, $n_crossings crossings"
[ "$n_crossings" -eq 0 ]
