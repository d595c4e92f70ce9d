local count = 0
local function helper() count = count + 1 end --> a function may not change "count", which lives outside it: nothing is kept between calls
return workflow "functions" {
  key = "CA",
  state "one" {
    on "x" { by = "pm", to = "two",
      when = function(c)
        helper()
        total = 3 --> "total" is not local: write "local total = ..."
        return c.fields.a == bound --> unknown name "bound"
      end,
      run = function(c)
        state "x" {} --> "state" builds rules: it cannot be used inside a function
      end },
  },
  final "two",
}
