# Builds the program as it is installed: build/release/signoff, what is packaged with it, the simulation, and
# what counts the steps of scripts by the hundred.
foreach(arguments "--preset;release" "--build;--preset;release;--target;signoff;packaging;sim;rules_run")
  execute_process(COMMAND ${CMAKE_COMMAND} ${arguments} COMMAND_ERROR_IS_FATAL ANY)
endforeach()
