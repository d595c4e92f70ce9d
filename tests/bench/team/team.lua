-- The team that the benchmark loads.
return team "bench" {
  title = "Benchmark", timezone = "UTC", currency = "EUR",
  use "flip", use "flip_lua",
}
