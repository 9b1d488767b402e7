# Turns the report's style sheet and scripts into a C file of texts. Called by CMakeLists.txt:
#
#   cmake -D SOURCE=src/report -D OUTPUT=assets.c -P scripts/assets.cmake
set(text "#include \"report/assets.h\"\n\n")
foreach(pair "style page.css" "script page.js" "viewer_script viewer.js")
  string(REPLACE " " ";" pair ${pair})
  list(GET pair 0 name)
  list(GET pair 1 file)
  file(READ ${SOURCE}/${file} bytes HEX)
  string(REGEX REPLACE "(................................)" "\\1\n    " bytes "${bytes}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1', " bytes "${bytes}")
  string(APPEND text "const char assets_${name}[] = {\n    ${bytes}'\\0'};\n")
endforeach()
file(WRITE ${OUTPUT} "${text}")
