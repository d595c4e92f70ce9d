# A layer is a folder, a library, and a rank: #include may only point to lower ranks.
#
#   sgn_layer(store SOURCES store.c store_sqlite.c
#             USES base            # layers whose types appear in this layer's headers
#             PRIVATE_USES model   # layers only its .c files need
#             LIBS PkgConfig::SQLITE)   # third-party libraries, never passed on
#
# PRIVATE linking keeps a lower layer's headers invisible to those who did not name it, so an
# include in the wrong direction does not compile.
function(sgn_layer name)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES;PRIVATE_USES;LIBS" ${ARGN})
  add_library(sgn_${name} STATIC ${ARG_SOURCES})
  add_library(sgn::${name} ALIAS sgn_${name})
  target_include_directories(sgn_${name} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
  list(TRANSFORM ARG_USES PREPEND sgn::)
  list(TRANSFORM ARG_PRIVATE_USES PREPEND sgn::)
  target_link_libraries(sgn_${name}
    PUBLIC sgn_flags ${ARG_USES}
    PRIVATE ${ARG_PRIVATE_USES} ${ARG_LIBS})
endfunction()

# A unit test links its layer and nothing above it.
#
#   sgn_unit(store test_store_chain.c)      makes and registers the program unit.test_store_chain
function(sgn_unit layer source)
  cmake_parse_arguments(ARG "" "TIMEOUT" "USES;LIBS" ${ARGN})
  get_filename_component(name ${source} NAME_WE)
  add_executable(${name} ${source})
  list(TRANSFORM ARG_USES PREPEND sgn::)
  target_link_libraries(${name} PRIVATE sgn::${layer} ${ARG_USES} ${ARG_LIBS} PkgConfig::CMOCKA)
  target_compile_definitions(${name} PRIVATE SGN_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300) # a browser beside it takes what processors it can get
  endif()
  add_test(NAME unit.${name} COMMAND ${name})
  set_tests_properties(unit.${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS unit)
endfunction()
