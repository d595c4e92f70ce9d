# Builds the program as it is installed: build/release/signoff, and what is packaged with it.
foreach(arguments "--preset;release" "--build;--preset;release;--target;signoff;packaging")
  execute_process(COMMAND ${CMAKE_COMMAND} ${arguments} COMMAND_ERROR_IS_FATAL ANY)
endforeach()
