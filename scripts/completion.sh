#!/bin/sh
# Shell completion from what `arete --help` and `arete COMMAND --help` say.
#
#   scripts/completion.sh build/release/arete bash > arete.bash
#   scripts/completion.sh build/release/arete zsh > _arete
set -eu

usage() {
    echo "usage: completion.sh ARETE bash|zsh" >&2
    exit 2
}
[ $# -eq 2 ] || usage
arete=$1
"$arete" --version > /dev/null # a program that does not start is seen here

# "command<TAB>summary" lines.
commands() {
    "$arete" --help | awk '/^  [a-z]+  / { name = $1; sub(/^ *[a-z]+ +/, ""); print name "\t" $0 }'
}

# "option<TAB>argument or nothing<TAB>text" lines of a command.
options() {
    "$arete" "$1" --help | awk '/^  --[a-z]/ {
        sub(/^ +/, "")
        option = $1
        argument = $2 ~ /^[A-Z][A-Z,.=]*$/ ? $2 : ""
        text = $0
        if (match(text, /  +/)) text = substr(text, RSTART + RLENGTH); else text = ""
        print option "\t" argument "\t" text
    }'
    printf -- '--help\t\twhat the command does\n'
}

# What the command takes beside options: the ending of its files, or any file.
files_of() {
    "$arete" "$1" --help | awk 'NR == 1 { print /\.yaml/ ? "yaml" : /\.h5/ ? "h5" : "any" }'
}

bash_page() {
    names=$(commands | cut -f1 | tr '\n' ' ')
    # Options with a value that is no path: nothing is to be proposed after them.
    valued=$(for name in $names; do options "$name"; done | awk -F'\t' '$2 != "" && $1 != "--output" && $1 != "--study" { print $1 }' |
        sort -u | tr '\n' '|' | sed 's/|$//; s/|/ | /g')
    cat << EOF
# bash completion of arete. Written by completion.sh from arete --help.
_arete() {
    local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} options= files=any
    COMPREPLY=()
    if [ "\$COMP_CWORD" -eq 1 ]; then
        COMPREPLY=(\$(compgen -W '${names}--help --version' -- "\$word"))
        return
    fi
    case \${COMP_WORDS[1]} in
EOF
    for name in $names; do
        echo "        $name) files=$(files_of "$name") options='$(options "$name" | cut -f1 | tr '\n' ' ' | sed 's/ $//')' ;;"
    done
    cat << EOF
    esac
    case \$before in
        --output) COMPREPLY=(\$(compgen -d -- "\$word")); return ;;
        $valued) return ;;
    esac
EOF
    cat << 'EOF'
    case $word in
        -*) COMPREPLY=($(compgen -W "$options" -- "$word")) ;;
        *)
            local IFS=$'\n'
            case $files in
                any) COMPREPLY=($(compgen -f -- "$word")) ;;
                *) COMPREPLY=($(compgen -d -- "$word") $(compgen -f -X "!*.$files" -- "$word")) ;;
            esac
            ;;
    esac
}
complete -o filenames -F _arete arete
EOF
}

zsh_page() {
    echo '#compdef arete'
    echo '# zsh completion of arete. Written by completion.sh from arete --help.'
    echo '_arete() {'
    echo '    local -a commands'
    echo '    commands=('
    commands | sed "s/'/'\\\\''/g; s/:/\\\\:/g; s/^\([a-z]*\)	\(.*\)/        '\1:\2'/"
    echo '    )'
    # shellcheck disable=SC2016
    echo '    if (( CURRENT == 2 )); then _describe command commands; return; fi'
    # shellcheck disable=SC2016
    echo '    case $words[2] in'
    for name in $(commands | cut -f1); do
        case $(files_of "$name") in
            any) pattern= ;;
            *) pattern=" -g \"*.$(files_of "$name")(-.) *(-/)\"" ;;
        esac
        echo "        $name) shift words; (( CURRENT-- )); _arguments \\"
        options "$name" | awk -F'\t' '{
            gsub(/\047/, "\047\\\047\047", $3); gsub(/[][]/, "\\\\&", $3); gsub(/:/, "\\:", $3)
            repeat = $3 ~ /may be repeated/ || $1 == "--set" ? "*" : ""
            action = $1 == "--output" ? "_files -/" : $1 == "--study" ? "_files" : " "
            printf "            \047%s%s[%s]%s\047 \\\n", repeat, $1, $3, $2 == "" ? "" : ":" $2 ":" action
        }'
        echo "            '*:file:_files$pattern' ;;"
    done
    echo '    esac'
    echo '}'
    echo '_arete "$@"'
}

case $2 in
    bash) bash_page ;;
    zsh) zsh_page ;;
    *) usage ;;
esac
