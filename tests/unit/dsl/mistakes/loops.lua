while true do end --> stopped: more than 10000000 instructions in one run
