# The man page arete-study(5) from docs/study-file.md: awk -v version=0.1.0 -f study-page.awk study-file.md > arete-study.5
# Understands as much of Markdown as that page uses: headings, paragraphs, lists, tables, code.

function escaped(text) {
    gsub(/\\/, "\\e", text)
    gsub(/-/, "\\-", text)
    return text
}

# Words in backquotes and stars, and links, of which the text stays.
function inline(text,    out, found, code) {
    out = ""
    while (match(text, /`[^`]*`|\*\*[^*]+\*\*|\*[^* ][^*]*\*|\[[^][]*\]\([^()]*\)/)) {
        found = substr(text, RSTART, RLENGTH)
        out = out escaped(substr(text, 1, RSTART - 1))
        text = substr(text, RSTART + RLENGTH)
        if (found ~ /^`/)
            out = out "\\fB" escaped(substr(found, 2, length(found) - 2)) "\\fR"
        else if (found ~ /^\*\*/) {
            gsub(/[*`]/, "", found)
            out = out "\\fB" escaped(found) "\\fR"
        }
        else if (found ~ /^\*/)
            out = out "\\fI" escaped(substr(found, 2, length(found) - 2)) "\\fR"
        else {
            sub(/^\[/, "", found)
            sub(/\]\(.*$/, "", found)
            out = out inline_code(found)
        }
    }
    return out escaped(text)
}

# The text of a link may hold a word in backquotes.
function inline_code(text) {
    if (text ~ /^`[^`]*`$/)
        return "\\fB" escaped(substr(text, 2, length(text) - 2)) "\\fR"
    return escaped(text)
}

# Running text is kept until it ends, as words in backquotes may go on in the next line.
function put(text) {
    sub(/^[ \t]+/, "", text)
    kept = kept == "" ? text : kept " " text
}

# Writes it, a sentence a line; none may begin like a request.
function flush(    text) {
    if (kept == "") return
    text = inline(kept)
    kept = ""
    gsub(/\. /, ".\n", text)
    if (text ~ /^[.']/) text = "\\&" text
    gsub(/\n\./, "\n\\\&.", text)
    gsub(/\n'/, "\n\\\&'", text)
    print text
}

# Cells of a row; a bar inside backquotes parts none.
function cut(line, cells,    n, k, letter, quoted, cell) {
    n = 0; cell = ""; quoted = 0
    for (k = 2; k <= length(line); k++) {
        letter = substr(line, k, 1)
        if (letter == "`") quoted = !quoted
        if (letter == "|" && !quoted) {
            gsub(/^ +| +$/, "", cell)
            cells[++n] = cell
            cell = ""
        } else
            cell = cell letter
    }
    return n
}

function row(line,    cells, n, k, text) {
    n = cut(line, cells)
    if (!in_table) {
        n_names = cut(line, names)
        in_table = 1
        return
    }
    if (line ~ /^\|[-| ]+$/)
        return
    flush()
    print ".TP"
    put(cells[1] == "" ? "\"" : cells[1])
    flush()
    for (k = 2; k <= n; k++) {
        text = cells[k]
        if (text == "") continue
        if (text == "required") text = "Required"
        else if (k > 2 || names[1] == "") text = (names[k] == "" ? "" : toupper(substr(names[k], 1, 1)) substr(names[k], 2) ": ") text
        put(text (text ~ /[.:]$/ ? "" : "."))
    }
}

BEGIN {
    print ".TH ARETE\\-STUDY 5 \"\" \"arete " version "\""
    print ".SH NAME\narete\\-study \\- the study file of arete(1)\n.SH DESCRIPTION"
}
/^ *```/ {
    flush()
    in_code = !in_code
    print in_code ? ".PP\n.RS 4\n.nf" : ".fi\n.RE"
    next
}
in_code { text = escaped($0); print text ~ /^[.']/ ? "\\&" text : text; next }
/^# / { next }
/^## / { flush(); title = substr($0, 4); print ".SH \"" escaped(toupper(title)) "\""; in_table = 0; next }
/^### / { flush(); print ".SS \"" escaped(substr($0, 5)) "\""; in_table = 0; next }
/^ *\|/ { flush(); sub(/^ +/, ""); row($0); next }
/^ *$/ { flush(); print ".PP"; in_table = 0; next }
/^- / { flush(); in_table = 0; print ".IP \\(bu 2"; put(substr($0, 3)); next }
{ put($0) }
END { flush(); print ".SH SEE ALSO\n.BR arete (1)" }
