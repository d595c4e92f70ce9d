# Builds the program as it is installed: build/release/signoff, what is packaged with it, and the simulation.
foreach(arguments "--preset;release" "--build;--preset;release;--target;signoff;packaging;sim")
  execute_process(COMMAND ${CMAKE_COMMAND} ${arguments} COMMAND_ERROR_IS_FATAL ANY)
endforeach()
