/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kinds of findings: one table, from which messages take their ids and the reference page is
 * printed.
 *
 * An id stays for good: scripts and build servers name it.
 */
#include "buf.h"
#include "check_internal.h"
#include "say.h"

#include <stdlib.h>
#include <string.h>

/* clang-format off */
static const struct check_kind kinds[] = {
    [CHECK_UNREACHABLE_STATE] = { "unreachable-state",
        "no way leads to a state",
        "No case will ever be in it, whatever happens: a target is missing, or the state is left over.",
        "Lead a transition there, or take the state out." },
    [CHECK_STUCK_STATE] = { "stuck-state",
        "a state cannot be left",
        "A case that comes there stays open for ever: no transition leaves it, nor anything around it.",
        "Add a transition, or make it a final." },
    [CHECK_NO_END] = { "no-end",
        "from a state no way leads to an end of the case",
        "Cases go round in these states and are never closed.",
        "Lead one of the states to a final of the workflow." },
    [CHECK_LEFT_AT_ONCE] = { "left-at-once",
        "a state that is left as soon as it is entered holds work",
        "An always without a condition is taken before anybody can do anything: events, approvals, "
        "tasks and deadlines of the state never happen.",
        "Give the always a condition, or move the work into the state where it leads." },
    [CHECK_CYCLE] = { "cycle-without-people",
        "states follow each other in a circle without anybody's doing",
        "always, done and after lead back to where they began, none of them under a condition: the "
        "case is cut off after 1,000 steps, or goes round for ever.",
        "Let a person, or a condition, end the circle." },
    [CHECK_WAITS_FOR_EVER] = { "waits-for-ever",
        "a state that waits for people has no deadline",
        "When nobody answers, nothing happens, and nobody is told.",
        "Add within { ... } or after ... { ... } to the state." },

    [CHECK_EVENT_NOBODY] = { "event-nobody",
        "an event that nobody may fire",
        "Without by only the system fires an event, and nothing in the team's rules does.",
        "Say who may: by = \"pm\"." },
    [CHECK_NEVER_TAKEN] = { "never-taken",
        "a transition that an earlier one always forestalls",
        "The first in document order that holds is taken; this one holds only where an earlier one "
        "of the same state does.",
        "Move it up, or give the earlier one a condition." },
    [CHECK_REGIONS_CONFLICT] = { "regions-conflict",
        "one event leaves a parallel from two of its regions",
        "Only the first region's transition is taken; what the other one would have done is lost.",
        "Put the event on the parallel itself, or name it differently in the regions." },
    [CHECK_RUNG_NEVER] = { "rung-never",
        "a rung or a timer comes after the state has been left",
        "An earlier rung or an after without a condition always fires first and ends the deadline.",
        "Let it come earlier, or take it out." },
    [CHECK_RUNG_MUTED] = { "rung-muted",
        "a rung's reminder is due with another one's",
        "Of reminders of one deadline that are due at once only the last is sent: whom the earlier "
        "one names is told nothing.",
        "Name all of them in one rung, or let one come earlier." },

    [CHECK_ROLE_NOBODY] = { "role-nobody",
        "people are named whom no project can have",
        "The client's persons never see a case of client = \"none\"; owner, pending and system are "
        "nobody where there is no owner, no approval and no person.",
        "Name a role, or let the client see the cases." },
    [CHECK_APPROVAL_NOBODY] = { "approval-nobody",
        "nobody can ever give an approval",
        "The words of the rule mean nobody, in whatever project.",
        "Ask a role, a group or a person." },
    [CHECK_APPROVAL_TOO_FEW] = { "approval-too-few",
        "an approval needs more people than there can be",
        "The opener is one person, and so is a person named by key: such a rule can never be yes.",
        "Lower the number, or ask more people." },
    [CHECK_APPROVAL_ONE_PERSON] = { "approval-one-person",
        "an approval that asks several can be given by one person alone",
        "Across rules one ballot counts wherever its giver is eligible: whoever holds several of the "
        "roles decides alone.",
        "Say distinct = true, or exclude whoever must not decide twice." },
    [CHECK_EXCLUDES_ALL] = { "excludes-everybody",
        "an exclusion takes out everybody whom a rule asks",
        "The rule always falls to its nobody, or is never yes.",
        "Take the exclusion out, or ask somebody else." },
    [CHECK_NOBODY_MISSING] = { "nobody-missing",
        "a rule does not say what happens when too few can be asked",
        "A role may be held by nobody on the day. Only the opener is certain: where nothing but "
        "people open such cases and nothing is excluded, nobody may be left out.",
        "Add nobody = \"reject\", \"skip\", or a role that decides instead." },
    [CHECK_NOBODY_USELESS] = { "nobody-useless",
        "the stand-in of a rule is excluded, or asked already",
        "When the rule has nobody, its stand-in is nobody, too.",
        "Name another role, \"skip\" or \"reject\"." },
    [CHECK_COVERS_UNSEEN] = { "covers-unseen",
        "the client is asked to agree to an internal field",
        "Nobody is held to what they did not see: internal fields never leave the team.",
        "Give the client's rule a covers of its own, with shared fields only." },

    [CHECK_NEEDS_UNFILLED] = { "needs-unfilled",
        "a field is needed before anybody can fill it",
        "On every way there nobody may edit the field, no event carries it and nothing sets it: the "
        "transition is always refused.",
        "Let the event take the field, or let somebody edit it before." },
    [CHECK_FIELD_NEVER_FILLED] = { "field-never-filled",
        "a field is looked at and never filled",
        "Conditions on it never hold, and whoever agrees to it agrees to nothing.",
        "Let somebody edit it, an event take it, or a rule set it." },
    [CHECK_FIELD_UNUSED] = { "field-unused",
        "a field that nobody fills and nothing looks at",
        "It is left over, or its use was forgotten.",
        "Use it, or take it out." },
    [CHECK_SERVES_FIELDS] = { "serves-fields",
        "a workflow says what it serves as, and has not the fields that are read for it",
        "Overviews of projects, health and reports find nothing in its cases.",
        "Name the fields as signoff reference serves has them, or say something else." },

    [CHECK_FUNCTION_NAME] = { "function-name",
        "a function reads or sets what the workflow does not have",
        "Reading an unknown field, role or state is an error when the function runs: the command "
        "that needed it is refused.",
        "Use a name that the workflow declares." },

    [CHECK_FUNCTION_MEMBER] = { "function-member",
        "a function asks the case or the event for what they do not have",
        "c, e and what they hold are given to be read: an unknown member or method, a method called "
        "with a dot, and an assignment are errors when the function runs.",
        "signoff reference shows what there is." },
    [CHECK_FUNCTION_CHANGES] = { "function-changes",
        "a condition, or a function that names people, changes something",
        "It is asked whenever somebody looks at the case, and may only look, too: a change or an effect "
        "is an error when it runs.",
        "Move it to run, enter or leave." },
    [CHECK_FUNCTION_VALUE] = { "function-value",
        "a function says a constant that cannot be taken",
        "The value is none of the field's type or choices, the duration is none, the event is the "
        "engine's own: an error when the function runs.",
        "Say a value that fits." },
    [CHECK_CANCEL_UNSENT] = { "cancel-unsent",
        "c:cancel names what nothing sends",
        "Only what was sent under the same id is taken back; this takes back nothing.",
        "Give c:send the same id: { after = \"3 days\", id = \"x\" }." },
    [CHECK_DATA_UNKNOWN] = { "data-unknown",
        "a function reads of an event what no event carries",
        "People give events the fields that they take, rules what they say; anything else is always "
        "empty.",
        "Name a field, or what c:emit, c:send or fire gives along." },

    [CHECK_MIGRATE_STATE] = { "migrate-state",
        "a state of the version before has no counterpart in the one that migrates from it",
        "Cases that stand in it cannot come: they stay at their version, by its rules, until somebody "
        "moves them.",
        "Name it in migrate { states = { OLD = \"NEW\" } }, or take the state up again." },

    [CHECK_MIGRATE_UNKNOWN] = { "migrate-unknown",
        "a migration names a state that the version it is from does not have",
        "It moves nothing: most likely another state is meant, whose cases then stay at their version.",
        "Write the state as that version calls it, or leave it out." },

    [CHECK_RETENTION_VOID] = { "retention-void",
        "a rule of retention finds nothing any more",
        "An earlier one has erased all that it names by then.",
        "Take it out, or let the other one erase less, or later." },

    [CHECK_EVENT_LOST] = { "event-lost",
        "an event is raised that no transition awaits",
        "Nothing happens when it comes: the name is wrong, or a transition is missing.",
        "Name an event of the workflow, or add on \"...\"." },
    [CHECK_FIRE_LOST] = { "fire-lost",
        "an event is fired at another case, and no workflow of the team awaits it",
        "Whatever case it is, nothing happens there.",
        "Name an event of a workflow that the team uses." },
    [CHECK_WORKFLOW_UNKNOWN] = { "workflow-unknown",
        "a case of a workflow is opened that the team does not use",
        "The case is not opened, and the one that asked for it is stuck.",
        "Add use \"...\" to team.lua, or name another." },
    [CHECK_CHANNEL_UNKNOWN] = { "channel-unknown",
        "a channel is told something that the team does not have",
        "The message goes nowhere.",
        "Declare the channel in team.lua." },

    [CHECK_SILENCE_REASON] = { "silence-reason",
        "a silence without a reason",
        "Whoever reads it later cannot tell whether it still holds.",
        "Write -- signoff: allow ID: why." },
    [CHECK_SILENCE_UNKNOWN] = { "silence-unknown",
        "a silence that names no kind of finding",
        "It silences nothing.",
        "signoff check --list shows the ids." },
    [CHECK_SILENCE_UNUSED] = { "silence-unused",
        "a silence at a place where nothing was found",
        "What it allowed is gone, or stands in another line.",
        "Take it out, or move it to the line of the finding." },

    [CHECK_UNUSED_FILE] = { "unused-file",
        "a file of the team's folder is not used",
        "Nothing in it is in force.",
        "Add use \"...\" to team.lua, or take the file away." },
    [CHECK_CLOCK_OF_NOBODY] = { "working-time",
        "working time is counted and the team has no calendar",
        "Every hour counts as a working hour then.",
        "Declare a calendar in team.lua." },
};
/* clang-format on */

const struct check_kind *
check_kinds(size_t *n)
{
    *n = CHECK_KINDS;
    return kinds;
}

const char *
check_id_of(enum check_id id)
{
    return kinds[id].id;
}

const struct check_kind *
check_kind_find(const char *id)
{
    for (size_t i = 0; i < CHECK_KINDS; i++)
        if (strcmp(kinds[i].id, id) == 0)
            return &kinds[i];
    return NULL;
}

const char *
check_kind_nearest(const char *id)
{
    const char *known[CHECK_KINDS];

    for (size_t i = 0; i < CHECK_KINDS; i++)
        known[i] = kinds[i].id;
    return sgn_nearest(id, known, CHECK_KINDS);
}

/* The page is for people: in the order of the table, which goes from states to fields. */
char *
check_kinds_page(const char *language)
{
    struct sgn_buf page;
    char *text;

    sgn_buf_init(&page, 256 * 1024);
    sgn_buf_puts(
        &page,
        sgn_say(language,
                "# What signoff check finds\n\n"
                "All of these are warnings: the engine can run what they are about. A warning "
                "is silenced at its\nline, or from a line of its own right above, by "
                "`-- signoff: allow ID: reason`. `signoff check --strict`\ntakes warnings for "
                "errors.\n"));
    for (size_t i = 0; i < CHECK_KINDS; i++)
        sgn_buf_printf(&page, sgn_say(language, "\n## %s\n\nFound: %s.\n%s\n%s\n"), kinds[i].id,
                       sgn_say(language, kinds[i].says), sgn_say(language, kinds[i].because),
                       sgn_say(language, kinds[i].instead));
    text = page.failed ? NULL : strdup(page.bytes);
    sgn_buf_deinit(&page);
    return text;
}
