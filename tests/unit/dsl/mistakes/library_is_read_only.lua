string.rep = nil --> the library string is read-only
return workflow "library_is_read_only" { key = "CA", state "one" }
