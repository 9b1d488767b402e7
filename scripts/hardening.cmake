# What makes a mistake end the program before it can be used against its user: checked copies (_FORTIFY_SOURCE), guarded stacks, code at addresses that nobody
# foresees (PIE), tables of the linker that nobody can write to (full RELRO). What it costs: bench/NOTES.md. tests/cli/hardened.py looks at the program.
include(CheckCCompilerFlag)

function(arete_harden target)
  foreach(flag -fstack-protector-strong -fstack-clash-protection -fcf-protection)
    string(MAKE_C_IDENTIFIER "has${flag}" known)
    check_c_compiler_flag(${flag} ${known})
    if(${known})
      target_compile_options(${target} INTERFACE ${flag})
    endif()
  endforeach()
  # Without optimisation there is nothing to check copies by.
  target_compile_options(${target} INTERFACE $<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE> $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=3>)
  set(is_module $<STREQUAL:$<TARGET_PROPERTY:TYPE>,MODULE_LIBRARY>)
  target_compile_options(${target} INTERFACE $<$<NOT:${is_module}>:-fPIE>)
  target_link_options(${target} INTERFACE $<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:-pie> -Wl,-z,relro,-z,now -Wl,-z,noexecstack)
endfunction()
