local a = sttate "x" --> unknown word "sttate" (did you mean "state"?)
local b = nil
b.c = 1 --> attempt to index a nil value (local 'b')
