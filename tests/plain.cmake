# Builds the program as it is installed: build/release/signoff.
foreach(arguments "--preset;release" "--build;--preset;release;--target;signoff")
  execute_process(COMMAND ${CMAKE_COMMAND} ${arguments} COMMAND_ERROR_IS_FATAL ANY)
endforeach()
