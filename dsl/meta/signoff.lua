-- SPDX-License-Identifier: Apache-2.0
---@meta signoff
-- The words of Signoff's rule language, for editors. Printed by "signoff reference --format lua":
-- not written by hand, and read by no server.

---@alias signoff.Title string|{ en?: string, zh?: string }
---@alias signoff.Who string|signoff.People|function|(string|signoff.People)[]
---@alias signoff.When signoff.Cond|function|table<string, signoff.Op>

---@class signoff.Node
---@class signoff.Field
---@class signoff.Rule: signoff.Node
---@class signoff.Action: signoff.Node
---@class signoff.Op
---@class signoff.Cond
---@class signoff.Set
---@class signoff.People
---@class signoff.Channel
---@class signoff.Secret

---The case, as a function gets it.
---@class signoff.Case
---@field key string its key, "CR-1"
---@field workflow string its workflow
---@field version integer the version it runs under
---@field now any the time of the command
---@field owner? string the owner, the first in document order
---@field opener string who opened it
---@field outcome? string how it ended
---@field rev integer how often it changed
---@field fields table<string, any> its fields, and priority; an unknown one is a mistake
---@field people table<string, string[]> who holds a role: c.people.pm
---@field project? table its project: key, client, title, and its attributes
---@field ballots table[] ballots of its rounds
---@field tasks table[] its checklist
---@field is_in fun(self, state: string): boolean is that state active?
---@field visits fun(self, state: string): integer how often it was entered
---@field set fun(self, field: string, value: any) changes a field; nil empties it
---@field emit fun(self, event: string, data?: table) an internal event of this macrostep
---@field send fun(self, event: string, options: { after: string, data?: table, id?: string }) an event to this case later
---@field cancel fun(self, id: string) takes back what was sent
---@field assign fun(self, to: signoff.Who) gives it to somebody
---@field priority fun(self, level: string) low normal high urgent, up or down; c.fields.priority reads it
---@field remind fun(self, to: signoff.Who) reminds people
---@field notify fun(self, to: signoff.Who|signoff.Channel, template?: string, values?: table) tells people or a channel
---@field open fun(self, workflow: string, fields?: table, opener?: string) opens another case, linked to this one; opener is whose it is: c.opener, e.by
---@field fire fun(self, key: string, event: string, data?: table) fires an event of another case

---The event, as a function gets it.
---@class signoff.Event
---@field name string its name
---@field by string who fired it
---@field on_behalf? string for whom
---@field data table<string, any> what it carries: e.data.amount
---@field comment? string what was said
---@field at any when

---What another tool has sent, as the function of its hook gets it.
---@class signoff.Hook
---@field body any what was sent, its JSON; a number with a fraction is text
---@field headers table<string, string> headers of it that begin with x-, webhook- or ce-, in small letters, without signatures

---What the function of a hook returns.
---@class signoff.Does
---@field fire? string the event that is fired
---@field open? string the workflow of which a case is opened
---@field comment? string what is said: by itself, or with fire or open
---@field ignore? string why nothing is done
---@field case any its key, or what the one open case has: { workflow = "issue", ticket = "PROJ-12" }
---@field data? table what the event carries
---@field fields? table what the case is opened with
---@field project? string where it is opened, when the team has several
---@field shared? boolean may the client read the comment?
---@field otherwise? signoff.Does what is done when no open case has these values

---What makes a project red or yellow: one of them is enough.
---@class signoff.Limits
---@field overdue? signoff.Op open cases of the project that are past their time
---@field overdue_issues? signoff.Op of them those of workflows that serve as issue
---@field late_milestones? signoff.Op open milestones whose day has passed, but for those that are being confirmed
---@field slipped_milestones? signoff.Op open milestones that have a later day than was agreed first
---@field budget_used? signoff.Op percent of its budgets that are spent, rounded up to a tenth
---@field silence? signoff.Op whole days since the client was last heard from, or a contact with it noted
---@field complaints? signoff.Op open cases of workflows that serve as complaint
---@field satisfaction? signoff.Op mean of the answers to "how content are you" (1 to 5) in its last survey that has any
---@field stuck? signoff.Op open cases that the engine could not move

---@class signoff.workflow.Body
---@field client? "none"|"own"|"project" who of the client sees these cases: "none", "own" or "project"
---@field fields? table<string, signoff.Field> what the client may see: names with their types
---@field help? signoff.Title a longer explanation
---@field internal? table<string, signoff.Field> what never leaves the team: names with their types
---@field key string the letters of case keys, "CR" for CR-1
---@field open? { by?: signoff.Who, takes?: string[] } who may open one, with which fields: { by = ..., takes = { ... } }
---@field outcomes? table<string, signoff.Title> titles of how it may end, manners too: { deemed = { en = "Deemed", zh = "..." } }
---@field roles? table<integer|string, string> the roles of the project, and own names for built-in ones: requester = "opener"
---@field serves? "charter"|"milestone"|"budget"|"change_request"|"closeout"|"survey"|"issue"|"complaint"|"feedback"|"acceptance"|"risk"|"lesson"|"improvement" what it is for, where cases of a project are counted: see signoff reference serves
---@field start? string|string[] which states are entered first
---@field title? signoff.Title what people read: text, or { en = "...", zh = "..." }
---@field version? integer the number of this version, from 1
---@field [integer] any

---@class signoff.workflow.2
---@operator call(signoff.workflow.Body): signoff.Node

---A workflow: its fields, who may do what, its states; outcomes has titles of how it may end.
---
---    return workflow "change_request" { key = "CR", ... }
---@param name string
---@param more2? signoff.workflow.Body
---@return signoff.workflow.2
function workflow(name, more2) end

---@class signoff.migrate.Body
---@field fields? function a function of the old fields that gives the new ones: it gets f, and nothing else of the case
---@field from? integer the version that it is for
---@field states? table<string, string> states by their old and new names
---@field [integer] any

---How cases of an older version come to this one.
---
---    migrate { from = 2, states = { screening = "triage" } }
---@param body signoff.migrate.Body
---@return signoff.Node
function migrate(body) end

---@class signoff.retention.Body
---@field [integer] any

---How long what is kept of a case that has ended: after so many years, months, weeks or days what erase names is taken out for good, fields by name, "internal" or "all" parts of its history; the case is there, and its history verifies. Counted from its end; the version in force says it for cases of all versions. Without it nothing is ever erased.
---
---    retention { { after = "3 years", erase = { "phone" } }, { after = "10 years", erase = "all" } }
---@param body signoff.retention.Body
---@return signoff.Node
function retention(body) end

---@class signoff.team.Body
---@field currency? string its currency, like "CNY"; else the project's, else the team's
---@field language? "en"|"zh" "en" or "zh"
---@field timezone? string its zone, like "Asia/Shanghai"
---@field title? signoff.Title what people read: text, or { en = "...", zh = "..." }
---@field [integer] any

---@class signoff.team.2
---@operator call(signoff.team.Body): signoff.Node

---A team: its calendars, channels and the workflows it uses.
---
---    return team "delivery" { timezone = "Asia/Shanghai", use "issue" }
---@param name string
---@param more2? signoff.team.Body
---@return signoff.team.2
function team(name, more2) end

---@class signoff.state.Body
---@field client_title? signoff.Title the title that the client reads
---@field done? string|string[] where it leads when all inside is done
---@field edit? table<string, string[]|"all"> who may change which fields here: { role = { fields } } or "all"
---@field enter? signoff.Action|function|(signoff.Action|function)[] what is done on entry
---@field help? signoff.Title a longer explanation
---@field leave? signoff.Action|function|(signoff.Action|function)[] what is done on exit
---@field owner? signoff.Who who is responsible while it is active
---@field start? string|string[] which states are entered first
---@field title? signoff.Title what people read: text, or { en = "...", zh = "..." }
---@field waiting_for? string the role that is waited for; deadlines around it pause
---@field [integer] any

---@class signoff.state.2: signoff.Node
---@operator call(signoff.state.Body): signoff.Node

---A state; with states inside it is compound and begins at start.
---
---    state "screening" { owner = "pm", on "accept" { by = "pm", to = "impact" } }
---@param name string
---@param more2? signoff.state.Body
---@return signoff.state.2
function state(name, more2) end

---@class signoff.parallel.Body
---@field client_title? signoff.Title the title that the client reads
---@field done? string|string[] where it leads when all inside is done
---@field edit? table<string, string[]|"all"> who may change which fields here: { role = { fields } } or "all"
---@field enter? signoff.Action|function|(signoff.Action|function)[] what is done on entry
---@field help? signoff.Title a longer explanation
---@field leave? signoff.Action|function|(signoff.Action|function)[] what is done on exit
---@field owner? signoff.Who who is responsible while it is active
---@field title? signoff.Title what people read: text, or { en = "...", zh = "..." }
---@field waiting_for? string the role that is waited for; deadlines around it pause
---@field [integer] any

---@class signoff.parallel.2
---@operator call(signoff.parallel.Body): signoff.Node

---Regions that are active together; done is taken when all are final.
---
---    parallel "impact" { state "technical" {...}, state "commercial" {...}, done = "deciding" }
---@param name string
---@param more2? signoff.parallel.Body
---@return signoff.parallel.2
function parallel(name, more2) end

---@class signoff.final.Body
---@field client_title? signoff.Title the title that the client reads
---@field enter? signoff.Action|function|(signoff.Action|function)[] what is done on entry
---@field help? signoff.Title a longer explanation
---@field leave? signoff.Action|function|(signoff.Action|function)[] what is done on exit
---@field outcome? string how the case ends
---@field title? signoff.Title what people read: text, or { en = "...", zh = "..." }
---@field [integer] any

---@class signoff.final.2: signoff.Node
---@operator call(signoff.final.Body): signoff.Node

---An end: of the case at the top, of its compound state inside one.
---
---    final "closed" { outcome = "implemented" }
---@param name string
---@param more2? signoff.final.Body
---@return signoff.final.2
function final(name, more2) end

---@class signoff.history.Body
---@field deep? boolean remembers the states inside as well
---@field help? signoff.Title a longer explanation
---@field start string|string[] which states are entered first
---@field title? signoff.Title what people read: text, or { en = "...", zh = "..." }
---@field [integer] any

---@class signoff.history.2: signoff.Node
---@operator call(signoff.history.Body): signoff.Node

---Resumes where its parent was; start says where when it never was.
---
---    history "where_it_was" { deep = true, start = "working" }
---@param name string
---@param more2? signoff.history.Body
---@return signoff.history.2
function history(name, more2) end

---@class signoff.on.Body
---@field by? signoff.Who who may fire it; without it the engine alone
---@field help? signoff.Title a longer explanation
---@field internal? boolean keeps the state active when the target lies inside it
---@field needs? string[] fields that must be filled
---@field note? "required"|"shared"|string[] "required" asks for a comment, "shared" lets the client read it
---@field run? signoff.Action|function|(signoff.Action|function)[] what is done on the way
---@field takes? string[] fields that the event carries
---@field title? signoff.Title what people read: text, or { en = "...", zh = "..." }
---@field to? string|string[] where it leads; without it the state stays
---@field when? signoff.When only when this condition holds
---@field [integer] any

---@class signoff.on.2
---@operator call(signoff.on.Body): signoff.Node

---What an event does: who may fire it, what it needs, where it leads. note: a comment is required, shared with the client, or both.
---
---    on "return" { by = "pm", needs = { "cost" }, note = { "required", "shared" }, to = "draft" }
---@param names string|string[]
---@param more2? signoff.on.Body
---@return signoff.on.2
function on(names, more2) end

---@class signoff.always.Body
---@field help? signoff.Title a longer explanation
---@field internal? boolean keeps the state active when the target lies inside it
---@field run? signoff.Action|function|(signoff.Action|function)[] what is done on the way
---@field title? signoff.Title what people read: text, or { en = "...", zh = "..." }
---@field to? string|string[] where it leads; without it the state stays
---@field when? signoff.When only when this condition holds
---@field [integer] any

---A transition without an event: taken as soon as its condition holds.
---
---    always { when = { cost = above(0) }, to = "priced" }
---@param body signoff.always.Body
---@return signoff.Node
function always(body) end

---@class signoff.after.Body
---@field help? signoff.Title a longer explanation
---@field internal? boolean keeps the state active when the target lies inside it
---@field run? signoff.Action|function|(signoff.Action|function)[] what is done on the way
---@field title? signoff.Title what people read: text, or { en = "...", zh = "..." }
---@field to? string|string[] where it leads; without it the state stays
---@field when? signoff.When only when this condition holds
---@field [integer] any

---@class signoff.after.2
---@operator call(signoff.after.Body): signoff.Node

---A transition that time takes, counted from entry.
---
---    after "30 days" { to = "lapsed" }
---@param duration string
---@param more2? signoff.after.Body
---@return signoff.after.2
function after(duration, more2) end

---@class signoff.within.Body
---@field clock? string whose working time: "team", "client" or a calendar's name
---@field due? string the field of type date or time that says when; of a day the close
---@field from? string the field of type time from which it counts
---@field pause? string|string[] states in which the time stands still
---@field title? signoff.Title what people read: text, or { en = "...", zh = "..." }
---@field ["until"]? string the event that ends it
---@field [integer] any

---@class signoff.within.2
---@operator call(signoff.within.Body): signoff.Node

---@class signoff.within.1: signoff.Node
---@operator call(string): signoff.within.2

---A deadline with its rungs, from entry to leaving: so long, or until the day that a field says (due).
---
---    within { "2 days", late "0" { remind "owner" } }
---@type signoff.within.1
within = nil

---@class signoff.per.Body
---@field [string] any

---@class signoff.per.2
---@operator call(signoff.per.Body): signoff.Node

---A duration that depends on a field's value.
---
---    within { per "priority" { high = "4 hours", normal = "2 days" } }
---@param name string
---@param more2? signoff.per.Body
---@return signoff.per.2
function per(name, more2) end

---@class signoff.at.Body
---@field even_if_down? boolean speaks even when it fell due while the server was down
---@field [integer] any

---@class signoff.at.2
---@operator call(signoff.at.Body): signoff.Node

---A rung before the due time, in percent of the time counted.
---
---    at "80%" { remind "owner" }
---@param percent string
---@param more2? signoff.at.Body
---@return signoff.at.2
function at(percent, more2) end

---@class signoff.late.Body
---@field even_if_down? boolean speaks even when it fell due while the server was down
---@field [integer] any

---@class signoff.late.2
---@operator call(signoff.late.Body): signoff.Node

---A rung at the due time ("0") or after it.
---
---    late "1 day" { notify "sponsor" }
---@param duration string
---@param more2? signoff.late.Body
---@return signoff.late.2
function late(duration, more2) end

---@class signoff.again.Body
---@field even_if_down? boolean speaks even when it fell due while the server was down
---@field most? integer how often at most
---@field [integer] any

---@class signoff.again.2
---@operator call(signoff.again.Body): signoff.Node

---A rung that repeats after the due time.
---
---    again "1 day" { remind "pending", most = 10 }
---@param duration string
---@param more2? signoff.again.Body
---@return signoff.again.2
function again(duration, more2) end

---@class signoff.approval.Body
---@field approved string|string[] where it leads when it is agreed to
---@field changes? string|string[] where it leads when somebody asks for changes
---@field covers? string[] the fields that are agreed to; a change to one opens the next round
---@field deferred? string|string[] where it leads when it is put off
---@field distinct? boolean all seats are different persons
---@field exclude? signoff.Who who may not take part: roles, or decided_by "state"
---@field fixed? boolean looks up once who is asked, when the round opens
---@field may_defer? signoff.Who who may put it off
---@field may_return? signoff.Who who may ask for changes
---@field rejected string|string[] where it leads when it is refused
---@field rule signoff.Rule who has to agree
---@field [integer] any

---Asks people to agree to the covered fields; each outcome leads somewhere.
---
---    approval { covers = { "cost" }, rule = one_of "pm", approved = "done", rejected = "back" }
---@param body signoff.approval.Body
---@return signoff.Node
function approval(body) end

---@class signoff.one_of.Body
---@field covers? string[] the fields that are agreed to; a change to one opens the next round
---@field exclude? signoff.Who who may not take part: roles, or decided_by "state"
---@field nobody? string what when there are too few of them: "skip", "reject" or a role
---@field when? signoff.When only when this condition holds
---@field [integer] any

---@class signoff.one_of.2: signoff.Rule
---@operator call(signoff.one_of.Body): signoff.Rule

---One approval of these people.
---
---    one_of "sponsor" { nobody = "reject" }
---@param who signoff.Who
---@param more2? signoff.one_of.Body
---@return signoff.one_of.2
function one_of(who, more2) end

---@class signoff.at_least.Body
---@field covers? string[] the fields that are agreed to; a change to one opens the next round
---@field exclude? signoff.Who who may not take part: roles, or decided_by "state"
---@field nobody? string what when there are too few of them: "skip", "reject" or a role
---@field when? signoff.When only when this condition holds
---@field [integer] any

---@class signoff.at_least.3: signoff.Rule
---@operator call(signoff.at_least.Body): signoff.Rule

---@class signoff.at_least.2
---@operator call(signoff.Who): signoff.at_least.3

---So many approvals of these people.
---
---    at_least(2) "ccb" { nobody = "sponsor" }
---@param number integer
---@param more2? signoff.Who
---@param more3? signoff.at_least.Body
---@return signoff.at_least.2
function at_least(number, more2, more3) end

---@class signoff.percent.Body
---@field covers? string[] the fields that are agreed to; a change to one opens the next round
---@field exclude? signoff.Who who may not take part: roles, or decided_by "state"
---@field nobody? string what when there are too few of them: "skip", "reject" or a role
---@field when? signoff.When only when this condition holds
---@field [integer] any

---@class signoff.percent.3: signoff.Rule
---@operator call(signoff.percent.Body): signoff.Rule

---@class signoff.percent.2
---@operator call(signoff.Who): signoff.percent.3

---This share of the people who do not abstain.
---
---    percent(60) "ccb" {}
---@param number integer
---@param more2? signoff.Who
---@param more3? signoff.percent.Body
---@return signoff.percent.2
function percent(number, more2, more3) end

---@class signoff.weighted.Body
---@field covers? string[] the fields that are agreed to; a change to one opens the next round
---@field exclude? signoff.Who who may not take part: roles, or decided_by "state"
---@field nobody? string what when there are too few of them: "skip", "reject" or a role
---@field when? signoff.When only when this condition holds
---@field [integer] any

---@class signoff.weighted.3: signoff.Rule
---@operator call(signoff.weighted.Body): signoff.Rule

---@class signoff.weighted.2
---@operator call(table<string, integer>): signoff.weighted.3

---Approvals whose weights add up to the number.
---
---    weighted(5) { ccb = 2, client = 3 } { nobody = "reject" }
---@param number integer
---@param more2? table<string, integer>
---@param more3? signoff.weighted.Body
---@return signoff.weighted.2
function weighted(number, more2, more3) end

---@class signoff.veto.Body
---@field covers? string[] the fields that are agreed to; a change to one opens the next round
---@field exclude? signoff.Who who may not take part: roles, or decided_by "state"
---@field nobody? string what when there are too few of them: "skip", "reject" or a role
---@field when? signoff.When only when this condition holds
---@field [integer] any

---@class signoff.veto.2: signoff.Rule
---@operator call(signoff.veto.Body): signoff.Rule

---No if one of these people rejects, else yes.
---
---    veto "client" {}
---@param who signoff.Who
---@param more2? signoff.veto.Body
---@return signoff.veto.2
function veto(who, more2) end

---@class signoff.all_of.Body
---@field covers? string[] the fields that are agreed to; a change to one opens the next round
---@field exclude? signoff.Who who may not take part: roles, or decided_by "state"
---@field nobody? string what when there are too few of them: "skip", "reject" or a role
---@field when? signoff.When only when this condition holds
---@field [integer] any

---Yes when all its rules are.
---
---    all_of { one_of "pm", one_of "client" }
---@param body signoff.all_of.Body
---@return signoff.Rule
function all_of(body) end

---@class signoff.any_of.Body
---@field covers? string[] the fields that are agreed to; a change to one opens the next round
---@field exclude? signoff.Who who may not take part: roles, or decided_by "state"
---@field nobody? string what when there are too few of them: "skip", "reject" or a role
---@field when? signoff.When only when this condition holds
---@field [integer] any

---Yes when one of its rules is.
---
---    any_of { one_of "pm", one_of "sponsor" }
---@param body signoff.any_of.Body
---@return signoff.Rule
function any_of(body) end

---@class signoff.in_order.Body
---@field covers? string[] the fields that are agreed to; a change to one opens the next round
---@field exclude? signoff.Who who may not take part: roles, or decided_by "state"
---@field nobody? string what when there are too few of them: "skip", "reject" or a role
---@field when? signoff.When only when this condition holds
---@field [integer] any

---The same as all_of, asking one rule at a time.
---
---    in_order { one_of "pm", one_of "client" }
---@param body signoff.in_order.Body
---@return signoff.Rule
function in_order(body) end

---@class signoff.everyone_answers.Body
---@field covers? string[] the fields that are agreed to; a change to one opens the next round
---@field exclude? signoff.Who who may not take part: roles, or decided_by "state"
---@field nobody? string what when there are too few of them: "skip", "reject" or a role
---@field when? signoff.When only when this condition holds
---@field [integer] any

---Open until everybody asked has answered.
---
---    everyone_answers { at_least(1) "ccb" }
---@param body signoff.everyone_answers.Body
---@return signoff.Rule
function everyone_answers(body) end

---@class signoff.tasks.Body
---@field done? string|string[] where it leads when all inside is done
---@field [integer] any

---A checklist; done is taken when it is complete.
---
---    tasks { task "documents" { by = "pm" }, done = "archiving" }
---@param body signoff.tasks.Body
---@return signoff.Node
function tasks(body) end

---@class signoff.task.Body
---@field by signoff.Who who has to do it
---@field optional? boolean need not be done
---@field proof? "file" "file": a file has to be given
---@field title? signoff.Title what people read: text, or { en = "...", zh = "..." }
---@field when? signoff.When only when this condition holds
---@field [integer] any

---@class signoff.task.2
---@operator call(signoff.task.Body): signoff.Node

---One thing to do, and by whom.
---
---    task "training" { by = "engineer", optional = true }
---@param name string
---@param more2? signoff.task.Body
---@return signoff.task.2
function task(name, more2) end

---@class signoff.text.Body
---@field default? any the value when none is given
---@field help? signoff.Title a longer explanation
---@field indexed? boolean lists can be filtered by it
---@field max? number|string the most: a value, or a length
---@field min? number|string the least: a value, or a length
---@field required? boolean must be filled
---@field title? signoff.Title what people read: text, or { en = "...", zh = "..." }
---@field [integer] any

---@class signoff.text.1: signoff.Field
---@operator call(signoff.text.Body): signoff.Field

---Text; max and min count characters.
---
---    summary = text { max = 200, required = true }
---@type signoff.text.1
text = nil

---@class signoff.number.Body
---@field default? any the value when none is given
---@field help? signoff.Title a longer explanation
---@field indexed? boolean lists can be filtered by it
---@field max? number|string the most: a value, or a length
---@field min? number|string the least: a value, or a length
---@field places? integer digits behind the point, 1 to 6
---@field required? boolean must be filled
---@field title? signoff.Title what people read: text, or { en = "...", zh = "..." }
---@field [integer] any

---@class signoff.number.1: signoff.Field
---@operator call(signoff.number.Body): signoff.Field

---A whole number, or with places an exact decimal.
---
---    days = number { min = 0 }
---@type signoff.number.1
number = nil

---@class signoff.money.Body
---@field currency? string its currency, like "CNY"; else the project's, else the team's
---@field default? any the value when none is given
---@field help? signoff.Title a longer explanation
---@field indexed? boolean lists can be filtered by it
---@field max? number|string the most: a value, or a length
---@field min? number|string the least: a value, or a length
---@field required? boolean must be filled
---@field title? signoff.Title what people read: text, or { en = "...", zh = "..." }
---@field [integer] any

---@class signoff.money.1: signoff.Field
---@operator call(signoff.money.Body): signoff.Field

---An amount of money, exact.
---
---    cost = money { min = 0 }
---@type signoff.money.1
money = nil

---@class signoff.date.Body
---@field default? any the value when none is given
---@field help? signoff.Title a longer explanation
---@field indexed? boolean lists can be filtered by it
---@field max? number|string the most: a value, or a length
---@field min? number|string the least: a value, or a length
---@field required? boolean must be filled
---@field title? signoff.Title what people read: text, or { en = "...", zh = "..." }
---@field [integer] any

---@class signoff.date.1: signoff.Field
---@operator call(signoff.date.Body): signoff.Field

---A day.
---
---    planned = date {}
---@type signoff.date.1
date = nil

---@class signoff.time.Body
---@field default? any the value when none is given
---@field help? signoff.Title a longer explanation
---@field indexed? boolean lists can be filtered by it
---@field max? number|string the most: a value, or a length
---@field min? number|string the least: a value, or a length
---@field required? boolean must be filled
---@field title? signoff.Title what people read: text, or { en = "...", zh = "..." }
---@field [integer] any

---@class signoff.time.1: signoff.Field
---@operator call(signoff.time.Body): signoff.Field

---A moment.
---
---    served = time {}
---@type signoff.time.1
time = nil

---@class signoff.choice.Body
---@field default? any the value when none is given
---@field help? signoff.Title a longer explanation
---@field indexed? boolean lists can be filtered by it
---@field required? boolean must be filled
---@field title? signoff.Title what people read: text, or { en = "...", zh = "..." }
---@field titles? table<string, signoff.Title> what its words are called: { low = { en = "Low", zh = "..." } }
---@field [integer] any

---One of the given words; titles says what they are called.
---
---    risk = choice { "low", "high", titles = { low = { en = "Low", zh = "低" }, high = { en = "High", zh = "高" } } }
---@param body signoff.choice.Body
---@return signoff.Field
function choice(body) end

---@class signoff.flag.Body
---@field default? any the value when none is given
---@field help? signoff.Title a longer explanation
---@field indexed? boolean lists can be filtered by it
---@field required? boolean must be filled
---@field title? signoff.Title what people read: text, or { en = "...", zh = "..." }
---@field [integer] any

---@class signoff.flag.1: signoff.Field
---@operator call(signoff.flag.Body): signoff.Field

---Yes or no.
---
---    urgent = flag {}
---@type signoff.flag.1
flag = nil

---@class signoff.file.Body
---@field default? any the value when none is given
---@field help? signoff.Title a longer explanation
---@field indexed? boolean lists can be filtered by it
---@field required? boolean must be filled
---@field title? signoff.Title what people read: text, or { en = "...", zh = "..." }
---@field [integer] any

---@class signoff.file.1: signoff.Field
---@operator call(signoff.file.Body): signoff.Field

---A file.
---
---    report = file {}
---@type signoff.file.1
file = nil

---@class signoff.list.Body
---@field default? any the value when none is given
---@field help? signoff.Title a longer explanation
---@field indexed? boolean lists can be filtered by it
---@field max? number|string the most: a value, or a length
---@field of signoff.Field the type of its values
---@field required? boolean must be filled
---@field title? signoff.Title what people read: text, or { en = "...", zh = "..." }
---@field [integer] any

---Up to 1,000 values of one type.
---
---    parts = list { of = number {} }
---@param body signoff.list.Body
---@return signoff.Field
function list(body) end

---@class signoff.record.Body
---@field default? any the value when none is given
---@field fields? table<string, signoff.Field> its parts: names with their types
---@field help? signoff.Title a longer explanation
---@field indexed? boolean lists can be filtered by it
---@field required? boolean must be filled
---@field title? signoff.Title what people read: text, or { en = "...", zh = "..." }
---@field [integer] any

---Several named values that belong together.
---
---    address = record { fields = { city = text {}, street = text {} } }
---@param body signoff.record.Body
---@return signoff.Field
function record(body) end

---@class signoff.person.1: signoff.Field
---@operator call(string|table): signoff.Field

---A field that names a person; with a key, that person.
---
---    owner = person "li"
---@type signoff.person.1
person = nil

---The people of a group of the team.
---
---    by = group "ccb"
---@param name string
---@return signoff.People
function group(name) end

---Who decided in that state's last round.
---
---    exclude = { decided_by "screening" }
---@param name string
---@return signoff.People
function decided_by(name) end

---More than.
---
---    when = { cost = above(50000) }
---@param value any
---@return signoff.Op
function above(value) end

---Less than.
---
---    when = { cost = below(100) }
---@param value any
---@return signoff.Op
function below(value) end

---At least.
---
---    when = { days = min(5) }
---@param value any
---@return signoff.Op
function min(value) end

---At most.
---
---    when = { days = max(5) }
---@param value any
---@return signoff.Op
function max(value) end

---Equal to.
---
---    when = { class = is "emergency" }
---@param value any
---@return signoff.Op
function is(value) end

---One of a list.
---
---    when = { class = one_in { "a", "b" } }
---@param value any
---@return signoff.Op
function one_in(value) end

---@class signoff.filled.1: signoff.Op
---@operator call(any): signoff.Op

---Not empty; filled(false): empty.
---
---    when = { cost = filled }
---@type signoff.filled.1
filled = nil

---One of these conditions.
---
---    when = any { { cost = filled }, { days = above(3) } }
---@param value any
---@return signoff.Cond
function any(value) end

---Not this condition.
---
---    when = no { class = is "emergency" }
---@param value any
---@return signoff.Cond
function no(value) end

---That state is active.
---
---    when = in_state "pricing"
---@param names string|string[]
---@return signoff.Cond
function in_state(names) end

---No open case of these workflows in the project.
---
---    when = none_open { "change_request", "issue" }
---@param names string|string[]
---@return signoff.Cond
function none_open(names) end

---The checklist is complete.
---
---    when = tasks_done
---@type signoff.Cond
tasks_done = nil

---Changes fields.
---
---    run = set { offers = plus(1), decided_on = now }
---@param value any
---@return signoff.Action
function set(value) end

---The field's value and this much more.
---
---    set { offers = plus(1) }
---@param value any
---@return signoff.Set
function plus(value) end

---The time of the command.
---
---    set { decided_on = now }
---@type signoff.Set
now = nil

---What the event carries under that name.
---
---    set { amount = from_event "amount" }
---@param name string
---@return signoff.Set
function from_event(name) end

---How many cases of these workflows are open in the project.
---
---    set { open_issues = open_cases { "issue", "feedback" } }
---@param names string|string[]
---@return signoff.Set
function open_cases(names) end

---When the project's client last heard from the team, by the channel that this field names (empty or any: whichever): by what was told or noted.
---
---    set { heard = last_contact "channel" }
---@param name string
---@return signoff.Set
function last_contact(name) end

---No value.
---
---    set { note = empty }
---@type signoff.Set
empty = nil

---@class signoff.emit.2: signoff.Action
---@operator call(any): signoff.Action

---An internal event of this macrostep.
---
---    run = emit "priced"
---@param name string
---@param more2? any
---@return signoff.emit.2
function emit(name, more2) end

---Reminds these people of what waits for them.
---
---    remind "owner"
---@param who signoff.Who
---@return signoff.Action
function remind(who) end

---@class signoff.notify.3: signoff.Action
---@operator call(any): signoff.Action

---@class signoff.notify.2: signoff.Action
---@operator call(string): signoff.notify.3

---Tells people or a channel.
---
---    notify("sponsor", "late_change", { days = 3 })
---@param who_or_channel signoff.Who|signoff.Channel
---@param more2? string
---@param more3? any
---@return signoff.notify.2
function notify(who_or_channel, more2, more3) end

---Gives the case to somebody else.
---
---    reassign "sponsor"
---@param who signoff.Who
---@return signoff.Action
function reassign(who) end

---low normal high urgent, or up and down.
---
---    priority "up"
---@param name string
---@return signoff.Action
function priority(name) end

---@class signoff.fire.2: signoff.Action
---@operator call(any): signoff.Action

---Fires an event, of this case or of another one.
---
---    fire("remind_client", { case = "CR-1" })
---@param name string
---@param more2? any
---@return signoff.fire.2
function fire(name, more2) end

---@class signoff.start.2: signoff.Action
---@operator call(any): signoff.Action

---Opens a case of another workflow.
---
---    start "progress_report"
---@param name string
---@param more2? any
---@return signoff.start.2
function start(name, more2) end

---@class signoff.decide.2: signoff.Action
---@operator call(any): signoff.Action

---Ends the open round with an outcome.
---
---    decide "approved" { as = "deemed" }
---@param name string
---@param more2? any
---@return signoff.decide.2
function decide(name, more2) end

---Leaves for another state.
---
---    go "lapsed"
---@param names string|string[]
---@return signoff.Action
function go(names) end

---@class signoff.use.Body
---@field group? string the group that owns it
---@field [integer] any

---@class signoff.use.2: signoff.Node
---@operator call(signoff.use.Body): signoff.Node

---Makes a workflow one of the team's.
---
---    use "issue" { group = "support" }
---@param name string
---@param more2? signoff.use.Body
---@return signoff.use.2
function use(name, more2) end

---@class signoff.calendar.Body
---@field every_day? string|string[] working hours on all seven days
---@field friday? string|string[] working hours on Fridays
---@field holidays? string|string[] a country that is shipped ("cn"), or files of days off
---@field monday? string|string[] working hours on Mondays
---@field monday_to_friday? string|string[] working hours on these five days
---@field monday_to_saturday? string|string[] working hours on these six days
---@field saturday? string|string[] working hours on Saturdays
---@field sunday? string|string[] working hours on Sundays
---@field thursday? string|string[] working hours on Thursdays
---@field timezone? string its zone, like "Asia/Shanghai"
---@field tuesday? string|string[] working hours on Tuesdays
---@field wednesday? string|string[] working hours on Wednesdays
---@field weekend? string|string[] working hours on Saturdays and Sundays
---@field [string] any

---@class signoff.calendar.2
---@operator call(signoff.calendar.Body): signoff.Node

---Working hours and holidays.
---
---    calendar "office" { monday_to_friday = { "09:00-12:00", "13:30-18:00" }, holidays = "cn" }
---@param name string
---@param more2? signoff.calendar.Body
---@return signoff.calendar.2
function calendar(name, more2) end

---@class signoff.channel.Body
---@field [string] any

---@class signoff.channel.2: signoff.Channel
---@operator call(signoff.channel.Body): signoff.Channel

---A place outside to tell things to.
---
---    channel "wecom" { kind = "wecom", url = secret "WECOM_URL" }
---@param name string
---@param more2? signoff.channel.Body
---@return signoff.channel.2
function channel(name, more2) end

---A value from the site's settings, never shown.
---
---    url = secret "WECOM_URL"
---@param name string
---@return signoff.Secret
function secret(name) end

---@class signoff.every.Body
---@field missed? string what of several missed times: latest, all or skip
---@field name? string what it is called in lists
---@field [integer] any

---@class signoff.every.2
---@operator call(signoff.every.Body): signoff.Node

---Does something on a schedule; missed says what of several missed times: latest, all or skip.
---
---    every "friday 16:00" { start "progress_report" { for_each = "open project" } }
---@param text string
---@param more2? signoff.every.Body
---@return signoff.every.2
function every(text, more2) end

---@class signoff.health.Body
---@field red? signoff.Limits what makes a project red: { overdue = above(5) }
---@field yellow? signoff.Limits what makes a project yellow that is not red
---@field [integer] any

---What makes a project red or yellow: figures of it, one of which is enough. A colour that is not said keeps the usual limits.
---
---    health { red = { overdue_issues = above(2) }, yellow = { silence = above(14), satisfaction = below(4) } }
---@param body signoff.health.Body
---@return signoff.Node
function health(body) end

---@class signoff.hook.Body
---@field by string on whose behalf: a person of the team, whose rights decide
---@field does fun(h: signoff.Hook): signoff.Does a function of h that gives what is to be done, see below: fire, open, comment or ignore
---@field scheme "standard"|"github"|"bearer" how its sender signs: "standard" (Standard Webhooks), "github" or "bearer"
---@field [integer] any

---@class signoff.hook.2
---@operator call(signoff.hook.Body): signoff.Node

---Lets another tool in, by POST /hooks/TEAM/NAME; the secret it signs with is set by signoff hook secret, never here.
---
---    hook "tracker" { scheme = "standard", by = "robot", does = function(h) return { open = "issue", fields = { summary = h.body.title } } end }
---@param name string
---@param more2? signoff.hook.Body
---@return signoff.hook.2
function hook(name, more2) end

---an exact number with a fraction
---@param text string|number
---@return any
function decimal(text) end

---does the text match the regular expression (PCRE2)?
---@param text string
---@param pattern string
---@return boolean
function matches(text, pattern) end

---@class signoff.test.Case.fire
---@field by? string who does it
---@field data? table what the event carries
---@field comment? string what is said with it
---@field on_behalf? string for whom, as their stand-in
---@field shared? boolean the client may read it

---@class signoff.test.Case.refuse
---@field by? string who does it
---@field data? table what the event carries
---@field comment? string what is said with it
---@field on_behalf? string for whom, as their stand-in
---@field shared? boolean the client may read it
---@field why? string the code of the refusal, or a part of its message

---@class signoff.test.Case.edit
---@field by? string who does it

---@class signoff.test.Case.refuse_edit
---@field by? string who does it
---@field why? string the code of the refusal, or a part of its message

---@class signoff.test.Case.vote
---@field by? string who does it
---@field comment? string what is said with it
---@field on_behalf? string for whom, as their stand-in
---@field shared? boolean the client may read it
---@field approval? string which one, where several are open

---@class signoff.test.Case.refuse_vote
---@field by? string who does it
---@field comment? string what is said with it
---@field on_behalf? string for whom, as their stand-in
---@field shared? boolean the client may read it
---@field approval? string which one, where several are open
---@field why? string the code of the refusal, or a part of its message

---@class signoff.test.Case.withdraw
---@field by? string who does it
---@field on_behalf? string for whom, as their stand-in
---@field approval? string which one, where several are open

---@class signoff.test.Case.task
---@field by? string who does it
---@field comment? string what is said with it
---@field on_behalf? string for whom, as their stand-in
---@field shared? boolean the client may read it
---@field state? string which one, where several are active
---@field file? string its proof, from c:attach

---@class signoff.test.Case.refuse_task
---@field by? string who does it
---@field comment? string what is said with it
---@field on_behalf? string for whom, as their stand-in
---@field shared? boolean the client may read it
---@field state? string which one, where several are active
---@field file? string its proof, from c:attach
---@field why? string the code of the refusal, or a part of its message

---@class signoff.test.Case.undo
---@field by? string who does it
---@field comment? string what is said with it
---@field on_behalf? string for whom, as their stand-in
---@field shared? boolean the client may read it

---@class signoff.test.Case.comment
---@field by? string who does it
---@field shared? boolean the client may read it

---@class signoff.test.Case.assign
---@field by? string who does it
---@field state? string which one, where several are active
---@field on_behalf? string for whom, as their stand-in

---@class signoff.test.Case.attach
---@field by? string who does it
---@field text? string what the file holds
---@field shared? boolean the client may read it
---@field field? string of type file, which it goes into
---@field comment? string what is said with it

---@class signoff.test.Case.retry
---@field by? string who does it

---@class signoff.test.Case.expect
---@field state? string|string[] active, or around what is; a list: exactly these are
---@field outcome? any how it ended
---@field fields? table fields with their values
---@field owner? any a person, or { state = person }
---@field opener? string whose it is
---@field waiting? string[] exactly these persons or roles
---@field due? any "2026-01-19 18:00", or { deadline = time }
---@field stuck? boolean did something fail that nobody waits for?
---@field allowed? table<string, string[]> exactly these events for that person
---@field priority? string low normal high urgent
---@field tasks? string[] what is left to do
---@field links? string[] exactly these cases are linked to it

---A case in a test: what t:open gave.
---@class signoff.test.Case
---@field key string Its key.
---@field fire fun(self, event: string, options?: signoff.test.Case.fire) Makes an event happen.
---@field refuse fun(self, event: string, options?: signoff.test.Case.refuse) The event must be refused.
---@field edit fun(self, fields: table, options?: signoff.test.Case.edit) Changes fields.
---@field refuse_edit fun(self, fields: table, options?: signoff.test.Case.refuse_edit) The change must be refused.
---@field vote fun(self, choice: string, options?: signoff.test.Case.vote) Votes on what the person sees.
---@field refuse_vote fun(self, choice: string, options?: signoff.test.Case.refuse_vote) The vote must be refused.
---@field withdraw fun(self, options: signoff.test.Case.withdraw) Takes the vote back.
---@field task fun(self, task: string, options?: signoff.test.Case.task) Ticks a task off.
---@field refuse_task fun(self, task: string, options?: signoff.test.Case.refuse_task) The tick must be refused.
---@field undo fun(self, task: string, options?: signoff.test.Case.undo) A task is not done after all.
---@field comment fun(self, text: string, options?: signoff.test.Case.comment) Writes a comment.
---@field assign fun(self, to: string, options?: signoff.test.Case.assign) Gives the case to somebody.
---@field attach fun(self, name: string, options?: signoff.test.Case.attach): string Uploads a file and attaches it; gives the file.
---@field retry fun(self, options: signoff.test.Case.retry) Tries again what left it stuck.
---@field field fun(self, name: string): any What a field holds.
---@field expect fun(self, options: signoff.test.Case.expect) The case is so; what is not said is not looked at, empty means that there is none.

---@class signoff.test.Test.open
---@field by? string who does it
---@field fields? table fields with their values
---@field comment? string what is said with it
---@field shared? boolean the client may read it

---@class signoff.test.Test.refuse_open
---@field by? string who does it
---@field fields? table fields with their values
---@field comment? string what is said with it
---@field shared? boolean the client may read it
---@field why? string the code of the refusal, or a part of its message

---@class signoff.test.Test.absent
---@field to? string who stands in
---@field workflows? string[] for these only

---@class signoff.test.Test.hook
---@field body? any what is sent, as JSON has it
---@field headers? table<string, string> headers that come with it

---@class signoff.test.Test.refuse_hook
---@field body? any what is sent, as JSON has it
---@field headers? table<string, string> headers that come with it
---@field why? string the code of the refusal, or a part of its message

---@class signoff.test.Test.expect_message
---@field to? string who was told
---@field about? signoff.test.Case a case
---@field text? string a part of it, or its rung, deadline or template
---@field kind? string remind, notify and the like
---@field times? integer how often, exactly

---@class signoff.test.Test.expect_none
---@field to? string who was told
---@field about? signoff.test.Case a case
---@field text? string a part of it, or its rung, deadline or template
---@field kind? string remind, notify and the like

---What a test is given.
---@class signoff.test.Test
---@field open fun(self, workflow: string, options?: signoff.test.Test.open): signoff.test.Case Opens a case.
---@field refuse_open fun(self, workflow: string, options?: signoff.test.Test.refuse_open) Nobody may open it so.
---@field case fun(self, key: string): signoff.test.Case One that the rules opened.
---@field cases fun(self, workflow: string): signoff.test.Case[] All of a workflow, oldest first.
---@field now fun(self): string This moment, as fields of type time take it.
---@field time fun(self, text: string): string A moment of the team's time, as fields of type time take it.
---@field at fun(self, text: string) Lives until then; the first thing said, the test starts there.
---@field advance fun(self, duration: string) Lives so long, in the team's calendar.
---@field absent fun(self, person: string, from: string, to: string, options?: signoff.test.Test.absent) Whole days, the last one included; who is absent does nothing.
---@field holiday fun(self, date: string, hours?: string) A day off for the team, or a day with other hours.
---@field hook fun(self, name: string, options?: signoff.test.Test.hook): signoff.test.Case Another tool sends this to a hook of the team, signed well; gives the case that it came to.
---@field refuse_hook fun(self, name: string, options?: signoff.test.Test.refuse_hook) What is sent to the hook is ignored, or refused; why is a code ("ignored" is one), or a part of the reason.
---@field expect_message fun(self, options: signoff.test.Test.expect_message) Somebody was told this; what is not said is not looked at.
---@field expect_none fun(self, options: signoff.test.Test.expect_none) Nobody was told such a thing.

---@class signoff.test.people
---@field of? string the client whose person it is
---@field lead? boolean leads the team
---@field groups? string[] the groups they are in
---@field title? string what people read
---@field language? string en or zh
---@field [integer] string a role

---@class signoff.test.project
---@field title? string what people read
---@field attributes? table its attributes
---@field currency? string its currency
---@field calendar? string its calendar
---@field client_calendar? string the client's calendar

---Everybody there is, with the roles that they hold in the one project of the file.
---
---    people { li = "pm", wang = { "engineer", "ccb" }, mei = { "client", of = "acme" } }
---@param who table<string, string|signoff.test.people>
function people(who) end

---More about the project, where a workflow asks.
---
---    project { title = "ERP", attributes = { survey = "yes" } }
---@param given signoff.test.project
function project(given) end

---A test, with an engine, a store and a clock of its own; it is Monday 2026-01-05 09:00 in the team's zone until t:at or t:advance say otherwise.
---
---    test "silence for ten working days is deemed acceptance" (function(t) ... end)
---@param name string
---@return fun(body: fun(t: signoff.test.Test))
function test(name) end
