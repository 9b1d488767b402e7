# Writes the man page from what `arete --help` and `arete COMMAND --help` say: cmake -D ARETE=arete -D VERSION=0.1.0 -D PAGE=arete.1 -P man-page.cmake

function(help_of text) # TEXT ARGUMENT...: what arete prints, as troff takes it
  execute_process(COMMAND ${ARETE} ${ARGN} --help OUTPUT_VARIABLE printed COMMAND_ERROR_IS_FATAL ANY)
  string(REPLACE "\\" "\\e" printed "${printed}")
  string(REPLACE "-" "\\-" printed "${printed}")
  string(REGEX REPLACE "(^|\n)([.'])" "\\1\\\\&\\2" printed "${printed}")
  set(${text} "${printed}" PARENT_SCOPE)
endfunction()

help_of(all)
string(REGEX MATCH "^arete: [^\n]*" name "${all}")
string(REPLACE "arete: " "" name "${name}")
string(REGEX REPLACE "^[^\n]*\n\n" "" description "${all}")
string(REGEX MATCHALL "\n  [a-z]+  " lines "${all}") # a summary may hold a semicolon, which would part a list
set(page ".TH ARETE 1 \"\" \"arete ${VERSION}\"\n.SH NAME\narete \\- ${name}\n.SH DESCRIPTION\n.nf\n${description}.fi\n")
foreach(line IN LISTS lines)
  string(REGEX MATCH "[a-z]+" command "${line}")
  help_of(text ${command})
  string(TOUPPER ${command} title)
  string(APPEND page ".SH \"ARETE ${title}\"\n.nf\n${text}.fi\n")
endforeach()
file(WRITE ${PAGE} "${page}")
