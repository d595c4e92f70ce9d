# Builds the program as it is installed: build/release/signoff, what is packaged with it, the simulation, the
# crowd of connections, and what counts the steps of scripts by the hundred.
foreach(arguments "--preset;release" "--build;--preset;release;--target;signoff;packaging;sim;crowd;rules_run")
  execute_process(COMMAND ${CMAKE_COMMAND} ${arguments} COMMAND_ERROR_IS_FATAL ANY)
endforeach()
