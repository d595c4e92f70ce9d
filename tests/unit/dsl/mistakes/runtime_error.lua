local shared = { days = 3 }
local limit = shared.hours + 1 --> attempt to perform arithmetic on a nil value (field 'hours')
return workflow "runtime_error" { key = "CA" }
