local co = coroutine.create(function() end)
local words = ("a b"):gmatch("%a")
return workflow "function_reaches_coroutine" {
  key = "CA",
  state "one" {
    on "x" { by = "pm", to = "two", when = function() return coroutine.resume(co) end }, --> a function may not reach a coroutine: nothing is kept between calls
    on "y" { by = "pm", to = "two", when = function() return words() == "a" end }, --> a function may not reach an iterator made outside it: nothing is kept between calls
  },
  final "two",
}
