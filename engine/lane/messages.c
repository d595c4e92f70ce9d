/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a message says, see messages.h. All sentences stand in one table.
 */
#include "messages.h"
#include "buf.h"
#include "duration.h"
#include "json.h"
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX    16384
#define NAME_MAX_OF 64 /* bytes of a placeholder's name */

enum said {
    SAID_REMIND,
    SAID_REMIND_IN,
    SAID_NOTIFY,
    SAID_NOTIFY_IN,
    SAID_OFFERED,
    SAID_DECIDED,
    SAID_VOIDED,
    SAID_STUCK,
    SAID_FAILED,
    SAID_UNOPENED,
    SAID_PERCENT,
    SAID_UP,
    SAID_LATE,
    SAID_AGAIN,
    SAID_DEADLINE,
    SAID_ENDPOINT_GONE,
    SAID_ENDPOINT_FAILING,
    SAID_CLIENT_ENDED,
    SAID_AND,
    SAID_YES,
    SAID_NO,
    SAID_DELEGATED,
    SAID_LOGIN,
    SAID_DELEGATION_ENDED,
    SAID_COUNT
};

/* {} holds a place by its name, as in a template of the rules. */
/* clang-format off */
static const char *const sentences[SAID_COUNT][2] = {
    [SAID_REMIND] = { "this waits for you", "此事项正在等待您处理" },
    [SAID_REMIND_IN] = { "this waits for you: {states}", "此事项正在等待您处理：{states}" },
    [SAID_NOTIFY] = { "there is news", "此事项有新进展" },
    [SAID_NOTIFY_IN] = { "there is news: {states}", "此事项有新进展：{states}" },
    [SAID_OFFERED] = { "{state} is offered to you", "“{state}”可由您认领" },
    [SAID_DECIDED] = { "{state} has been decided: {outcome}", "“{state}”已作出决定：{outcome}" },
    [SAID_VOIDED] = { "what you voted on in {state} has changed: your ballot is void, please look again",
                      "“{state}”中您表决过的内容已变更，原表决作废，请重新查看" },
    [SAID_STUCK] = { "the case is stuck: {message}", "事项受阻：{message}" },
    [SAID_FAILED] = { "the schedule {schedule} could not open a case of {workflow}: {message}",
                      "定时任务“{schedule}”未能发起“{workflow}”：{message}" },
    [SAID_UNOPENED] = { "no case of {workflow} could be opened in the project {project}: {message}",
                        "未能在项目“{project}”中发起“{workflow}”：{message}" },
    [SAID_PERCENT] = { "{percent}% of the time for {deadline} has passed",
                       "“{deadline}”的时限已过 {percent}%" },
    [SAID_UP] = { "the time for {deadline} is up", "“{deadline}”的时限已到" },
    [SAID_LATE] = { "{deadline} is late by {step}", "“{deadline}”已超时 {step}" },
    [SAID_AGAIN] = { "{deadline} is still late, repeated every {step}",
                     "“{deadline}”仍未完成，每隔 {step}提醒一次" },
    [SAID_DEADLINE] = { "the deadline {deadline}", "时限“{deadline}”" },
    [SAID_DELEGATED] = { "{stand_in} stands in for {person} from {from} until {until}",
                         "{stand_in} 于 {from} 至 {until} 期间代理 {person}" },
    [SAID_LOGIN] = { "somebody asked for a link to sign in as you: it is good once, for half an hour; if it was "
                     "not you, do nothing",
                     "有人请求以您的身份登录的链接：仅可使用一次，半小时内有效；若非您本人操作，请忽略" },
    [SAID_DELEGATION_ENDED] = { "{stand_in} stands in for {person} no longer",
                                "{stand_in} 不再代理 {person}" },
    [SAID_ENDPOINT_GONE] = { "deliveries to {endpoint} have stopped: it answered that it wants no more",
                             "已停止向“{endpoint}”投递：对方回复不再接收" },
    [SAID_ENDPOINT_FAILING] = { "deliveries to {endpoint} have stopped: it could not be reached for days",
                                "已停止向“{endpoint}”投递：对方连续数日无法连接" },
    [SAID_CLIENT_ENDED] = { "{client} is a client no more: its people ({people}) may neither sign in nor decide; "
                            "what they are asked for goes on waiting",
                            "“{client}”不再是客户：其人员（{people}）不能登录，也不能表决；需由他们处理的事项仍在等待" },
    [SAID_AND] = { "; ", "；" },
    [SAID_YES] = { "yes", "是" },
    [SAID_NO] = { "no", "否" },
};

static const struct {
    const char *kind;
    enum said said;
    bool internal; /* never told to a client */
} kinds[] = {
    { "remind", SAID_REMIND, false },   { "notify", SAID_NOTIFY, false },
    { "offered", SAID_OFFERED, false }, { "decided", SAID_DECIDED, false },
    { "voided", SAID_VOIDED, false },
    { "login", SAID_LOGIN, false },
    { "delegated", SAID_DELEGATED, false }, { "undelegated", SAID_DELEGATION_ENDED, false },
    { "endpoint_gone", SAID_ENDPOINT_GONE, true },
    { "endpoint_failing", SAID_ENDPOINT_FAILING, true },
    { "client_ended", SAID_CLIENT_ENDED, true },
    { "stuck", SAID_STUCK, true },      { "failed", SAID_FAILED, true },
    { "unopened", SAID_UNOPENED, true },
};
/* clang-format on */

static const char *
sentence(const struct lane_message_scene *scene, enum said said)
{
    return sentences[said][scene->language != NULL && strncmp(scene->language, "zh", 2) == 0];
}

/* ---- values ---- */

/* field: what the value is of, or NULL; a choice is said by its title. */
static void
put_value(const struct lane_message_scene *scene, struct sgn_buf *buf,
          const struct model_field *field, const json_t *value)
{
    const json_t *item;
    size_t i;

    if (json_is_string(value) && field != NULL)
        (void)sgn_buf_puts(buf,
                           model_choice_title(field, json_string_value(value), scene->language));
    else if (json_is_string(value))
        (void)sgn_buf_puts(buf, json_string_value(value));
    else if (json_is_boolean(value))
        (void)sgn_buf_puts(buf, sentence(scene, json_is_true(value) ? SAID_YES : SAID_NO));
    else if (json_is_integer(value))
        (void)sgn_buf_printf(buf, "%lld", (long long)json_integer_value(value));
    else if (json_is_array(value))
        json_array_foreach((json_t *)value, i, item) {
            (void)sgn_buf_puts(buf, i > 0 ? ", " : "");
            put_value(scene, buf, field != NULL && field->n_fields == 1 ? field->fields : NULL,
                      item);
        }
    else if (value != NULL && !json_is_null(value))
        (void)sgn_json_append(buf, value);
}

static const char *
state_title(const struct lane_message_scene *scene, const char *name)
{
    int i = scene->model != NULL && name != NULL ? model_state_find(scene->model, name) : -1;
    const struct model_state *state = i >= 0 ? &scene->model->states[i] : NULL;

    if (state == NULL)
        return name;
    return model_title(scene->for_client && state->client_title != NULL ? state->client_title
                                                                        : state->title,
                       scene->language, name);
}

/* A deadline by its own title, or by that of the state it is named like. */
static const char *
deadline_title(const struct lane_message_scene *scene)
{
    const char *name = sgn_json_str(scene->said, "deadline");

    for (int i = 0; scene->model != NULL && name != NULL && i < scene->model->n_deadlines; i++)
        if (strcmp(scene->model->deadlines[i].name, name) == 0)
            return model_deadline_title(scene->model, &scene->model->deadlines[i], scene->language);
    return state_title(scene, name);
}

static bool
put_states(const struct lane_message_scene *scene, struct sgn_buf *buf, const json_t *states)
{
    const json_t *name;
    size_t i;

    json_array_foreach(states, i, name)
        (void)sgn_buf_printf(buf, "%s%s", i > 0 ? ", " : "",
                             state_title(scene, json_string_value(name)));
    return i > 0;
}

/* A field of the case: for a client a shared one. False: it has no value. */
static bool
put_field(const struct lane_message_scene *scene, struct sgn_buf *buf, const char *name)
{
    const struct model_field *field =
        scene->model != NULL ? model_field_find(scene->model, name) : NULL;
    const json_t *value = json_object_get(json_object_get(scene->document, "fields"), name);

    if (field == NULL || value == NULL || (scene->for_client && !field->shared))
        return false;
    put_value(scene, buf, field, value);
    return true;
}

static bool
put_text(struct sgn_buf *buf, const char *text)
{
    if (text != NULL)
        (void)sgn_buf_puts(buf, text);
    return text != NULL;
}

/* What a placeholder of a template stands for; false: nothing. */
static bool
put_named(const struct lane_message_scene *scene, struct sgn_buf *buf, const char *name)
{
    const json_t *value = json_object_get(json_object_get(scene->said, "values"), name);

    if (value != NULL) {
        put_value(scene, buf, NULL, value);
        return true;
    }
    if (strcmp(name, "case") == 0)
        return put_text(buf, sgn_json_str(scene->document, "key"));
    if (strcmp(name, "title") == 0)
        return put_text(buf, scene->title);
    if (strcmp(name, "project") == 0)
        return put_text(buf, sgn_json_str(scene->document, "project"));
    if (strcmp(name, "workflow") == 0 && scene->model != NULL)
        return put_text(buf, model_title(scene->model->title, scene->language, scene->model->name));
    if (strcmp(name, "state") == 0)
        return put_states(scene, buf, json_object_get(scene->document, "states"));
    return put_field(scene, buf, name);
}

/* How a round ended, and in what manner. */
static bool
put_outcome(const struct lane_message_scene *scene, struct sgn_buf *buf)
{
    const char *outcome = sgn_json_str(scene->said, "outcome");
    const char *manner = sgn_json_str(scene->said, "manner");

    if (outcome == NULL || scene->model == NULL)
        return put_text(buf, outcome);
    (void)put_text(buf, model_outcome_title(scene->model, outcome, scene->language));
    if (manner != NULL)
        (void)sgn_buf_printf(buf, " (%s)",
                             model_outcome_title(scene->model, manner, scene->language));
    return true;
}

/* "2026-01-05T09:00:00+08:00" to the minute, in the zone that it was written in: the team's. */
static bool
put_time(struct sgn_buf *buf, const char *time)
{
    size_t n = time != NULL ? strlen(time) : 0;

    if (n < 16 || time[10] != 'T')
        return put_text(buf, time);
    return sgn_buf_append(buf, time, 10) == SGN_OK && sgn_buf_puts(buf, " ") == SGN_OK &&
           sgn_buf_append(buf, time + 11, 5) == SGN_OK;
}

/* One or several, by their names. */
static void
put_people(const struct lane_message_scene *scene, struct sgn_buf *buf, const json_t *keys)
{
    const char *key = json_string_value(keys), *name = NULL;
    const json_t *one;
    size_t i;

    json_array_foreach(keys, i, one) {
        (void)sgn_buf_puts(buf, i > 0 ? ", " : "");
        put_people(scene, buf, one);
    }
    if (key != NULL)
        name = sgn_json_str(scene->names, key);
    (void)put_text(buf, name != NULL ? name : key);
}

/* What a place in a sentence of ours stands for: what the entry said. */
static bool
put_said(const struct lane_message_scene *scene, struct sgn_buf *buf, const char *name)
{
    const char *step = sgn_json_str(scene->said, "rung");
    size_t n = step != NULL ? strlen(step) : 0;

    if (strcmp(name, "deadline") == 0)
        return put_text(buf, deadline_title(scene));
    if (strcmp(name, "state") == 0)
        return put_text(buf, state_title(scene, sgn_json_str(scene->said, "state")));
    if (strcmp(name, "states") == 0)
        return put_states(scene, buf, json_object_get(scene->said, "states"));
    if (strcmp(name, "outcome") == 0)
        return put_outcome(scene, buf);
    if (strcmp(name, "percent") == 0 && n > 0)
        return sgn_buf_append(buf, step, n - 1) == SGN_OK;
    if (strcmp(name, "step") == 0 && step != NULL) { /* "late 1 workday", "again 1 workday" */
        calendar_duration_text_put(buf, strchr(step, ' ') != NULL ? strchr(step, ' ') + 1 : step,
                                   scene->language);
        return true;
    }
    if (strcmp(name, "person") == 0 || strcmp(name, "stand_in") == 0 ||
        strcmp(name, "people") == 0) {
        put_people(scene, buf, json_object_get(scene->said, name));
        return true;
    }
    if (strcmp(name, "from") == 0 || strcmp(name, "until") == 0)
        return put_time(buf, sgn_json_str(scene->said, name));
    put_value(scene, buf, NULL, json_object_get(scene->said, name));
    return true;
}

typedef bool (*put_fn)(const struct lane_message_scene *scene, struct sgn_buf *buf,
                       const char *name);

/* Fills the places of a text. Returns how many there were. */
static int
put_filled(const struct lane_message_scene *scene, struct sgn_buf *buf, const char *text,
           put_fn put)
{
    int places = 0;

    while (*text != '\0') {
        size_t plain = strcspn(text, "{"), n;
        char name[NAME_MAX_OF + 1];

        (void)sgn_buf_append(buf, text, plain);
        text += plain;
        if (*text == '\0')
            break;
        n = strspn(text + 1, "abcdefghijklmnopqrstuvwxyz0123456789_");
        if (n == 0 || n > NAME_MAX_OF || text[1 + n] != '}') {
            (void)sgn_buf_append(buf, text++, 1);
            continue;
        }
        snprintf(name, sizeof name, "%.*s", (int)n, text + 1);
        if (put(scene, buf, name))
            places++;
        else if (scene->for_client) /* even the name of a field may tell */
            (void)sgn_buf_puts(buf, "–");
        else
            (void)sgn_buf_append(buf, text, n + 2);
        text += n + 2;
    }
    return places;
}

/* ---- sentences ---- */

/* Which sentence is about the rung. */
static enum said
rung_said(const char *step)
{
    size_t n = step != NULL ? strlen(step) : 0;

    if (n == 0)
        return SAID_DEADLINE;
    if (step[n - 1] == '%')
        return SAID_PERCENT;
    if (strcmp(step, "late 0") == 0)
        return SAID_UP;
    return strncmp(step, "late ", 5) == 0 ? SAID_LATE : SAID_AGAIN;
}

/* Values that no place of the template took, for the team: nothing is lost. */
static void
put_values(const struct lane_message_scene *scene, struct sgn_buf *buf)
{
    const char *name;
    json_t *value;
    bool some = false;

    json_object_foreach(json_object_get(scene->said, "values"), name, value) {
        (void)sgn_buf_printf(buf, "%s%s: ", some ? ", " : " (", name);
        put_value(scene, buf, NULL, value);
        some = true;
    }
    (void)sgn_buf_puts(buf, some ? ")" : "");
}

static void
put_template(const struct lane_message_scene *scene, struct sgn_buf *buf)
{
    const json_t *given = json_object_get(scene->said, "template");
    const char *text = json_is_object(given) ? model_title(given, scene->language, NULL)
                                             : json_string_value(given);

    if (text == NULL)
        return;
    (void)sgn_buf_puts(buf, buf->len > 0 ? sentence(scene, SAID_AND) : "");
    if (put_filled(scene, buf, text, put_named) == 0 && !scene->for_client)
        put_values(scene, buf);
}

/* What a kind of message says when the rules gave it no words. */
static void
put_kind(const struct lane_message_scene *scene, struct sgn_buf *buf)
{
    enum said said = SAID_NOTIFY;

    for (size_t i = 0; scene->kind != NULL && i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(kinds[i].kind, scene->kind) == 0 && !(kinds[i].internal && scene->for_client))
            said = kinds[i].said;
    /* Where the case was then, which is what most people want to know. */
    if (json_array_size(json_object_get(scene->said, "states")) > 0)
        said = said == SAID_REMIND ? SAID_REMIND_IN : said == SAID_NOTIFY ? SAID_NOTIFY_IN : said;
    (void)put_filled(scene, buf, sentence(scene, said), put_said);
}

char *
lane_message_text(const struct lane_message_scene *scene)
{
    struct sgn_buf buf;

    sgn_buf_init(&buf, TEXT_MAX);
    if (sgn_json_str(scene->said, "deadline") != NULL && !scene->for_client)
        (void)put_filled(scene, &buf, sentence(scene, rung_said(sgn_json_str(scene->said, "rung"))),
                         put_said);
    put_template(scene, &buf);
    if (buf.len == 0)
        put_kind(scene, &buf);
    return sgn_buf_take(&buf);
}
