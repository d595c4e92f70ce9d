/* SPDX-License-Identifier: Apache-2.0 */
/*
 * client.file: all that the team knows of a client in one answer. Rows are read as their own lists
 * read them, and satisfaction and participation are counted as reports are, in slices; what a
 * report would not count for its size is left out, and the answer says so.
 *
 * On query threads. For the team's own people; mail addresses and languages of contacts are for
 * leads, as in person.list.
 */
#include "contacts.h"
#include "data.h"
#include "methods.h"
#include "report_work.h"
#include "rpc_internal.h"
#include <stdlib.h>
#include <string.h>

#define ROWS_MOST   10000 /* contacts, projects that are counted */
#define OPEN_MOST   500   /* open communications that are looked through for promises */
#define TWO_YEARS   (INT64_C(730) * SGN_DAY_MS)
#define DATE_LENGTH 10

/* What is counted, one after the other. */
static const char *const counts[] = { "satisfaction", "participation" };
#define N_COUNTS (sizeof counts / sizeof counts[0])

struct file {
    struct rpc_report_work *report; /* on its way */
    size_t at;                      /* in counts */
    int64_t from, now;
    json_t *counted[N_COUNTS]; /* reports, or null: too large */
    json_t *notes;             /* what could not be counted, and why */
};

static void
file_free(void *work)
{
    struct file *f = work;

    rpc_report_work_free(f->report);
    for (size_t i = 0; i < N_COUNTS; i++)
        json_decref(f->counted[i]);
    json_decref(f->notes);
    free(f);
}

/* {"items": the first page, "n": how many there are}. */
static json_t *
first_page(json_t *all_take)
{
    size_t n = json_array_size(all_take);
    json_t *items = json_array();

    for (size_t i = 0; i < n && i < RPC_PAGE; i++)
        (void)json_array_append(items, json_array_get(all_take, i));
    json_decref(all_take);
    return json_pack("{s:o, s:I}", "items", items, "n", (json_int_t)n);
}

/* ---- rows ---- */

static enum sgn_status
rows_of(struct store_reader *reader, const struct lane_job *job, enum store_table table,
        json_t **out, struct sgn_error *err)
{
    json_t *match = json_pack("{s:O}", "client", json_object_get(job->params, "client"));
    enum sgn_status status =
        match != NULL ? store_row_list(reader, table, job->team, match, NULL, ROWS_MOST, out, err)
                      : sgn_nomem(err);

    json_decref(match);
    return status;
}

/* Those first for whom flag holds; each as its own list shows it, less the columns that are left
 * out. */
static json_t *
views(enum store_table table, const json_t *rows, bool (*first)(const json_t *row),
      const char *const *without, const struct calendar_zone *zone)
{
    json_t *list = json_array();
    const json_t *row;
    size_t i;

    for (int round = 0; round < 2; round++)
        json_array_foreach(rows, i, row) {
            json_t *view = first(row) == (round == 0) ? rpc_row_view(table, row, zone) : NULL;
            for (const char *const *w = without; view != NULL && *w != NULL; w++)
                (void)json_object_del(view, *w);
            if (view != NULL)
                (void)json_array_append_new(list, view);
        }
    return list;
}

static bool
is_there(const json_t *person)
{
    return rpc_row_true(person, "active");
}

static bool
is_open(const json_t *project)
{
    const char *state = sgn_json_str(project, "state");

    return state != NULL && strcmp(state, "open") == 0;
}

static enum sgn_status
put_rows(struct store_reader *reader, struct lane *lane, const struct lane_job *job, json_t *out,
         struct sgn_error *err)
{
    static const char *const all[] = { "client", "lead", "notices", NULL };
    static const char *const members[] = { "client", "lead", "notices", "mail", "language", NULL };
    const struct calendar_zone *zone = rpc_zone(lane, job->team);
    bool lead = job->is_operator || rpc_row_true(job->caller, "lead");
    json_t *people = NULL, *projects = NULL;
    enum sgn_status status = rows_of(reader, job, STORE_PERSON, &people, err);

    if (status == SGN_OK)
        status = rows_of(reader, job, STORE_PROJECT, &projects, err);
    if (status == SGN_OK &&
        (json_object_set_new(
             out, "contacts",
             first_page(views(STORE_PERSON, people, is_there, lead ? all : members, zone))) != 0 ||
         json_object_set_new(out, "projects",
                             first_page(views(STORE_PROJECT, projects, is_open, all, zone))) != 0))
        status = sgn_nomem(err);
    json_decref(people);
    json_decref(projects);
    return status;
}

/* ---- what passed with it ---- */

/* The page of a query over the client's communications. */
static enum sgn_status
communications(struct store_reader *reader, const struct lane_job *job, bool open, int limit,
               struct store_page *page, struct sgn_error *err)
{
    json_t *workflows = json_pack("[s]", LANE_COMMUNICATION);
    struct store_case_filter filter = { .team = job->team,
                                        .client = sgn_json_str(job->params, "client"),
                                        .workflows = workflows,
                                        .open = open,
                                        .sort = open ? "due" : "opened",
                                        .descending = !open,
                                        .limit = limit };
    enum sgn_status status =
        workflows != NULL ? store_case_query(reader, &filter, page, err) : sgn_nomem(err);

    json_decref(workflows);
    return status;
}

static enum sgn_status
document_of(struct store_reader *reader, const struct lane_job *job, const json_t *item,
            json_t **out, struct sgn_error *err)
{
    struct store_case_row stored = { 0 };
    enum sgn_status status =
        store_case_get(reader, job->team, sgn_json_str(item, "key"), &stored, err);

    if (status == SGN_OK)
        status = sgn_json_parse(stored.document, strlen(stored.document), out, err);
    store_case_row_deinit(&stored);
    return status;
}

/* The last that was noted, and when the client last heard from us by which way. */
static enum sgn_status
put_last(struct store_reader *reader, struct lane *lane, const struct lane_job *job, json_t *out,
         struct sgn_error *err)
{
    const struct calendar_zone *zone = rpc_zone(lane, job->team);
    struct store_page page = { 0 };
    json_t *document = NULL, *heard = NULL, *at, *fields;
    const char *way;
    void *next;
    enum sgn_status status = communications(reader, job, false, 1, &page, err);

    if (status == SGN_OK && json_array_size(page.items) > 0)
        status = document_of(reader, job, json_array_get(page.items, 0), &document, err);
    fields = json_object_get(document, "fields");
    if (status == SGN_OK)
        status =
            lane_heard(reader, job->team, NULL, sgn_json_str(job->params, "client"), &heard, err);
    json_object_foreach_safe(heard, next, way, at)
        (void)json_object_set_new(heard, way, rpc_time(zone, json_integer_value(at)));
    if (status == SGN_OK &&
        (json_object_set(out, "heard", heard) != 0 ||
         json_object_set_new(out, "last",
                             document == NULL
                                 ? json_null()
                                 : json_pack("{s:O, s:O*, s:O*, s:O*, s:O*}", "case",
                                             json_object_get(json_array_get(page.items, 0), "key"),
                                             "summary", json_object_get(fields, "summary"), "kind",
                                             json_object_get(fields, "kind"), "direction",
                                             json_object_get(fields, "direction"), "happened",
                                             json_object_get(fields, "happened"))) != 0))
        status = sgn_nomem(err);
    json_decref(document);
    json_decref(heard);
    store_page_deinit(&page);
    return status;
}

/* Promises have days, not moments: compared as dates of the team's clock. */
static bool
is_late(const struct calendar_zone *zone, int64_t now, const char *day)
{
    char today[SGN_TIME_TEXT];

    (void)sgn_time_format(now, zone != NULL ? calendar_zone_offset(zone, now) : 0, today);
    return day != NULL && strncmp(day, today, DATE_LENGTH) < 0;
}

static enum sgn_status
add_promise(const struct file *f, const struct calendar_zone *zone, const json_t *item,
            const json_t *document, json_t *list, struct sgn_error *err)
{
    json_t *fields = json_object_get(document, "fields");
    const char *promise = sgn_json_str(fields, "promise");
    const char *day = sgn_json_str(fields, "promised_for");
    const char *holder = sgn_json_str(fields, "holder");

    if (promise == NULL || promise[0] == '\0')
        return SGN_OK;
    if (holder == NULL)
        holder = sgn_json_str(item, "opener");
    return json_array_append_new(list, json_pack("{s:O, s:s, s:s?, s:s?, s:O, s:b}", "case",
                                                 json_object_get(item, "key"), "promise", promise,
                                                 "promised_for", day, "holder", holder, "project",
                                                 json_object_get(item, "project"), "late",
                                                 (int)is_late(zone, f->now, day))) == 0
               ? SGN_OK
               : sgn_nomem(err);
}

/* By the day; without one last; of one day by the case. */
static int
by_day(const void *a, const void *b)
{
    const json_t *x = *(json_t *const *)a, *y = *(json_t *const *)b;
    const char *day = sgn_json_str(x, "promised_for"), *other = sgn_json_str(y, "promised_for");
    int order = strcmp(day != NULL ? day : "9999", other != NULL ? other : "9999");
    const char *key = sgn_json_str(x, "case"), *its = sgn_json_str(y, "case");

    if (order != 0)
        return order;
    return strlen(key) != strlen(its) ? (strlen(key) < strlen(its) ? -1 : 1) : strcmp(key, its);
}

static json_t *
sorted_by_day(json_t *list_take)
{
    size_t n = json_array_size(list_take);
    json_t **sorted = calloc(n + 1, sizeof(json_t *)), *out = json_array();

    for (size_t i = 0; sorted != NULL && i < n; i++)
        sorted[i] = json_array_get(list_take, i);
    if (sorted != NULL)
        qsort((void *)sorted, n, sizeof(json_t *), by_day);
    for (size_t i = 0; sorted != NULL && i < n; i++)
        (void)json_array_append(out, sorted[i]);
    free((void *)sorted);
    json_decref(list_take);
    return out;
}

static enum sgn_status
put_promises(struct store_reader *reader, struct lane *lane, const struct lane_job *job,
             json_t *out, struct sgn_error *err)
{
    const struct calendar_zone *zone = rpc_zone(lane, job->team);
    struct store_page page = { 0 };
    json_t *list = json_array(), *promises;
    const json_t *item;
    size_t i;
    enum sgn_status status = communications(reader, job, true, OPEN_MOST, &page, err);

    json_array_foreach(page.items, i, item) {
        json_t *document = NULL;
        if (status == SGN_OK)
            status = document_of(reader, job, item, &document, err);
        if (status == SGN_OK)
            status = add_promise(job->work, zone, item, document, list, err);
        json_decref(document);
    }
    promises = first_page(sorted_by_day(list));
    (void)json_object_set_new(promises, "more", json_boolean(page.cursor != NULL));
    store_page_deinit(&page);
    if (json_object_set_new(out, "promises", promises) != 0 && status == SGN_OK)
        status = sgn_nomem(err);
    return status;
}

/* ---- what is counted ---- */

/* Workflows that ask how content somebody is: the others need not be read for it. */
static json_t *
rating_workflows(const json_t *names)
{
    json_t *list = json_array(), *flow;
    const char *name;

    json_object_foreach(json_object_get(names, "workflows"), name, flow)
        if (json_object_size(json_object_get(flow, "ratings")) > 0)
            (void)json_array_append_new(list, json_string(name));
    return list;
}

static enum sgn_status
count_begin(struct file *f, struct store_reader *reader, struct lane *lane,
            const struct lane_job *job, struct sgn_error *err)
{
    struct rpc_report_work *work = calloc(1, sizeof *work);
    enum sgn_status status;

    if (work == NULL)
        return sgn_nomem(err);
    f->report = work;
    work->options = (struct report_options){ .report = counts[f->at],
                                             .from = f->from,
                                             .to = f->now + 1,
                                             .now = f->now + 1,
                                             .zone = rpc_zone(lane, job->team),
                                             .language = job->language,
                                             .currency = work->currency };
    status = rpc_report_begin(work, reader, lane, job, err);
    if (status == SGN_OK && f->at == 0) {
        work->workflows = rating_workflows(work->names);
        if (work->workflows == NULL)
            status = sgn_nomem(err);
    }
    return status;
}

/* Of what would be too much to read the file says that, and gives the rest. */
static enum sgn_status
count_too_large(struct file *f, struct sgn_error *err)
{
    json_t *note = json_pack("{s:s, s:s}", "of", counts[f->at], "message", err->message);

    sgn_error_clear(err);
    f->counted[f->at] = json_null();
    return json_array_append_new(f->notes, note) == 0 ? SGN_OK : sgn_nomem(err);
}

/* SGN_NEEDS: there is more to read. */
static enum sgn_status
count_on(struct file *f, struct store_reader *reader, struct lane *lane, const struct lane_job *job,
         struct sgn_error *err)
{
    enum sgn_status status = SGN_OK;

    if (f->report == NULL)
        status = count_begin(f, reader, lane, job, err);
    if (status == SGN_OK)
        status = rpc_report_slice(f->report, reader, lane, job, err);
    if (status == SGN_OK)
        status = report_give(f->report->report, &f->counted[f->at], err);
    else if (status == SGN_TOO_LARGE)
        status = count_too_large(f, err);
    if (status != SGN_OK)
        return status;
    rpc_report_work_free(f->report);
    f->report = NULL;
    f->at++;
    return f->at < N_COUNTS ? SGN_NEEDS : SGN_OK;
}

static const json_t *
named(const json_t *list, const char *name)
{
    const json_t *one;
    size_t i;

    json_array_foreach(list, i, one)
        if (strcmp(sgn_json_str(one, "name"), name) == 0)
            return one;
    return NULL;
}

/* {FIGURE: value} of a report's only section, and rows of its tables. */
static json_t *
figures_of(const json_t *report)
{
    const json_t *section = json_array_get(json_object_get(report, "sections"), 0), *one;
    json_t *out = json_object();
    size_t i;

    json_array_foreach(json_object_get(section, "figures"), i, one)
        (void)json_object_set(out, sgn_json_str(one, "name"), json_object_get(one, "value"));
    return out;
}

static json_t *
rows_named(const json_t *report, const char *table)
{
    const json_t *section = json_array_get(json_object_get(report, "sections"), 0);
    const json_t *found = named(json_object_get(section, "tables"), table);

    return json_incref(json_object_get(found, "rows"));
}

/* "SV-1 #3 csat": the case stands first. */
static json_t *
answers_of(const json_t *report)
{
    json_t *rows = rows_named(report, "each"), *list = json_array();
    const json_t *row;
    size_t i;

    json_array_foreach(rows, i, row) {
        const char *key = sgn_json_str(row, "key");
        (void)json_array_append_new(list, json_pack("{s:s%, s:O, s:O, s:O, s:O}", "case", key,
                                                    strcspn(key, " "), "on",
                                                    json_object_get(row, "answered_on"), "question",
                                                    json_object_get(row, "question"), "score",
                                                    json_object_get(row, "score"), "project",
                                                    json_object_get(row, "of_project")));
    }
    json_decref(rows);
    return first_page(list);
}

static enum sgn_status
put_counted(const struct file *f, const struct calendar_zone *zone, json_t *out,
            struct sgn_error *err)
{
    json_t *defined = json_array(), *each[N_COUNTS];

    for (size_t i = 0; i < N_COUNTS; i++) {
        bool there = json_is_object(f->counted[i]);
        each[i] = there ? figures_of(f->counted[i]) : json_null();
        if (there)
            (void)json_array_extend(defined, json_object_get(f->counted[i], "defined"));
    }
    if (json_is_object(each[0])) {
        (void)json_object_set_new(each[0], "quarters", rows_named(f->counted[0], "by_quarter"));
        (void)json_object_set_new(each[0], "each", answers_of(f->counted[0]));
    }
    if (json_is_object(each[1]))
        (void)json_object_set_new(each[1], "people", rows_named(f->counted[1], "by_person"));
    if (json_object_set_new(out, "satisfaction", each[0]) != 0 ||
        json_object_set_new(out, "participation", each[1]) != 0 ||
        json_object_set_new(out, "counted_from", rpc_time(zone, f->from)) != 0 ||
        json_object_set_new(out, "defined", defined) != 0 ||
        json_object_set(out, "notes", f->notes) != 0)
        return sgn_nomem(err);
    return SGN_OK;
}

/* ---- the method ---- */

static enum sgn_status
client_view(struct store_reader *reader, struct lane *lane, const struct lane_job *job,
            json_t **out, struct sgn_error *err)
{
    const char *client = sgn_json_str(job->params, "client");
    json_t *key = json_pack("{s:s}", "client", client), *row = NULL;
    enum sgn_status status = key != NULL
                                 ? store_row_get(reader, STORE_CLIENT, job->team, key, &row, err)
                                 : sgn_nomem(err);

    json_decref(key);
    if (status == SGN_NOT_FOUND) {
        sgn_error_clear(err);
        sgn_fail(err, SGN_NOT_FOUND, "there is no %s '%.40s'", "client", client);
        sgn_error_add(err, "pointer", json_string("/client"));
    }
    if (status == SGN_OK)
        *out = rpc_row_view(STORE_CLIENT, row, rpc_zone(lane, job->team));
    json_decref(row);
    return status;
}

static enum sgn_status
file_new(struct lane *lane, struct lane_job *job, struct sgn_error *err)
{
    const char *from = sgn_json_str(job->params, "from");
    struct file *f = calloc(1, sizeof *f);

    if (f == NULL)
        return sgn_nomem(err);
    job->work = f;
    job->work_free = file_free;
    f->notes = json_array();
    f->now = sgn_clock_now(lane_clock(lane));
    f->from = f->now - TWO_YEARS;
    if (from != NULL)
        (void)!sgn_time_parse(from, &f->from, NULL); /* the shape has looked at it */
    if (f->from > f->now)
        return rpc_data_invalid(err, "/from", "from lies ahead: nothing was counted since");
    return f->notes != NULL ? SGN_OK : sgn_nomem(err);
}

static enum sgn_status
client_file(struct store_reader *reader, struct lane *lane, struct lane_job *job,
            struct sgn_error *err)
{
    json_t *out = NULL;
    enum sgn_status status = client_view(reader, lane, job, &out, err);

    if (status == SGN_OK && job->work == NULL)
        status = file_new(lane, job, err);
    if (status == SGN_OK && !json_is_false(json_object_get(job->params, "counts")))
        status = count_on(job->work, reader, lane, job, err);
    if (status == SGN_OK)
        status = put_rows(reader, lane, job, out, err);
    if (status == SGN_OK)
        status = put_last(reader, lane, job, out, err);
    if (status == SGN_OK)
        status = put_promises(reader, lane, job, out, err);
    if (status == SGN_OK)
        status = put_counted(job->work, rpc_zone(lane, job->team), out, err);
    if (status == SGN_OK)
        job->result = out;
    else
        json_decref(out);
    return status;
}

/* clang-format off */
static const struct rpc_param file_params[] = {
    { "client", RPC_STRING, true, SGN_KEY_MAX, "Key of the client." },
    { "from", RPC_TIME, false, 0, "Satisfaction and participation are counted from then on; when left out of the last two years." },
    { "counts", RPC_BOOLEAN, false, 0, "False: without satisfaction and participation, which take long where there are many cases; true when left out." },
    RPC_PARAM_END
};

const struct rpc_method rpc_m_client_file = {
    .name = "client.file",
    .summary = "Shows the file of a client: contacts, projects, what passed with it, promises, satisfaction, participation.",
    .access = CORE_MEMBER | CORE_OPERATOR, .where = RPC_QUERY, .params = file_params,
    .result = "client, title, calendar, attributes, active, since; contacts (those who are there first: person, title, channel, "
              "active, since; for leads mail and language, too) and projects (open ones first): items, the first fifty, and n, how many "
              "there are; last: the communication noted last (case, summary, kind, direction, happened) or null; heard: when "
              "somebody there last heard from the team, by each way; promises that are open: items by their day (case, promise, "
              "promised_for, holder, project, late), n, more (further open communications were not looked through); "
              "counted_from; satisfaction: the figures of that report, quarters (the latest first) and each (items, the latest "
              "first: case, on, question, score, project; n, of at most 500); participation: the figures of that report (times are ms of working time) and "
              "people; defined: what each figure is; notes: what could not be counted (of, message) and is null. "
              "Without counts satisfaction and participation are null, and of them there is no note.",
    .query = client_file,
};
/* clang-format on */
