// SPDX-License-Identifier: Apache-2.0
// What the administration keeps: each noun with its columns, what is asked to add one, and its acts.
import { personName } from "../../lib/names";
import { moment } from "../../lib/time";
import { titled } from "../../lib/titled";
import type { Value } from "../../lib/types";
import type { Title } from "../../lib/types_team";
import { channel, channels } from "../../parts/channel";
import { Chip } from "../../parts/chip";
import { type Input, type Noun, personFrom, type Row } from "../../parts/section";
import { show } from "../../parts/values";
import { Members } from "./members";
import { t as told } from "../preferences/texts";
import { t } from "./texts";

const text = (value: Value | undefined): string => (value === null || value === undefined ? "" : show(value));
const when = (value: Value | undefined): string => (typeof value === "string" ? moment(value) : "");
const name = (row: Row, key: string): string => titled(row.title as Title, String(row[key] ?? ""));
const key = (field: string) => (row: Row) => String(row[field] ?? "");
const flag = (value: Value | undefined) => (value === true ? <Chip tone="good">{t("yes")}</Chip> : "");
const by = (field: string) => (row: Row) => ({ [field]: row[field] ?? null });
/** What a person has set themselves of how they are told; the lead sees it, and it is theirs. */
const toldHow = (value: Value | undefined): string =>
  Object.entries((value ?? {}) as Record<string, string>)
    .map(([kind, way]) => (kind === "daily_at" ? `${told("daily_at")} ${way}` : `${told(kind as "news")}: ${told(`way_${way}` as "way_mail")}`))
    .join("; ");
const input = (field: string, label: string, more: Partial<Input> = {}): Input => ({ name: field, label, ...more });

const people = (): Noun => ({
  id: "people",
  title: t("people"),
  list: "person.list",
  key: key("person"),
  columns: [
    [t("person"), (row) => row.person as string],
    [t("name"), (row) => <bdi>{name(row, "person")}</bdi>],
    [t("client"), (row) => text(row.client)],
    [t("lead"), (row) => flag(row.lead)],
    [t("mail"), (row) => (row.mail ? <bdi>{text(row.mail)}</bdi> : "")],
    [t("channel"), (row) => channel(text(row.channel))],
    [t("notices"), (row) => toldHow(row.notices)],
    [t("active"), (row) => (row.active === true ? flag(true) : <Chip>{t("no")}</Chip>)],
  ],
  add: {
    method: "person.create",
    inputs: [
      input("person", t("key"), { required: true }),
      input("title", t("name"), { required: true }),
      input("client", t("client_hint")),
      input("mail", t("mail")),
      input("language", t("language"), { kind: "choice", choices: [["en", "English"], ["zh", "中文"]] }),
      input("channel", t("channel"), { kind: "choice", choices: channels() }),
      input("lead", t("lead"), { kind: "flag" }),
    ],
  },
  acts: [
    { label: t("set_channel"), method: "person.update", params: (row) => ({ person: row.person ?? null, channel: "" }), inputs: [input("channel", t("channel_hint"), { kind: "choice", choices: channels() })], when: (row) => row.active === true },
    { label: t("sign_in_link"), method: "link.login", params: by("person"), when: (row) => row.active === true, secret: (answer) => new URL(String(answer.url ?? answer.path ?? ""), location.origin).href },
    { label: t("make_lead"), method: "person.update", params: (row) => ({ person: row.person ?? null, lead: true }), when: (row) => row.lead !== true && row.client === null },
    { label: t("unlead"), method: "person.update", params: (row) => ({ person: row.person ?? null, lead: false }), when: (row) => row.lead === true, sure: true },
    { label: t("deactivate"), method: "person.update", params: (row) => ({ person: row.person ?? null, active: false }), when: (row) => row.active === true, sure: true },
    { label: t("activate"), method: "person.update", params: (row) => ({ person: row.person ?? null, active: true }), when: (row) => row.active !== true },
  ],
});

const projects = (): Noun => ({
  id: "projects",
  title: t("projects"),
  list: "project.list",
  key: key("project"),
  columns: [
    [t("project"), (row) => row.project as string],
    [t("name"), (row) => <bdi>{name(row, "project")}</bdi>],
    [t("client"), (row) => text(row.client)],
    [t("state"), (row) => <Chip tone={row.state === "open" ? "here" : "plain"}>{t(row.state === "open" ? "is_open" : "is_closed")}</Chip>],
  ],
  add: {
    method: "project.create",
    inputs: [
      input("title", t("name"), { required: true }),
      input("template", t("template"), { from: { list: "project.templates", choice: (row) => [String(row.template), String(row.title)] } }),
      input("client", t("client_hint")),
      input("lead", t("lead_hint")),
      input("project", t("key_hint")),
      input("currency", t("currency")),
      input("calendar", t("calendar")),
    ],
  },
  acts: [
    {
      label: t("add_role"),
      method: "project.member.add",
      params: by("project"),
      inputs: [input("person", t("person"), { required: true }), input("role", t("role"), { required: true })],
    },
    { label: t("close"), method: "project.update", params: (row) => ({ project: row.project ?? null, state: "closed" }), when: (row) => row.state === "open", sure: true },
    { label: t("reopen"), method: "project.update", params: (row) => ({ project: row.project ?? null, state: "open" }), when: (row) => row.state !== "open" },
  ],
  detail: (row) => <Members method="project.get" remove="project.member.remove" noun="project" of={String(row.project)} />,
});

const clients = (): Noun => ({
  id: "clients",
  title: t("clients"),
  list: "client.list",
  key: key("client"),
  columns: [
    [t("client"), (row) => row.client as string],
    [t("name"), (row) => <bdi>{name(row, "client")}</bdi>],
    [t("calendar"), (row) => text(row.calendar)],
    [t("active"), (row) => (row.active === true ? flag(true) : <Chip>{t("no")}</Chip>)],
  ],
  add: { method: "client.create", inputs: [input("client", t("key"), { required: true }), input("title", t("name"), { required: true }), input("calendar", t("calendar"))] },
});

const groups = (): Noun => ({
  id: "groups",
  title: t("groups"),
  list: "group.list",
  key: key("group"),
  columns: [
    [t("group"), (row) => row.group as string],
    [t("name"), (row) => <bdi>{name(row, "group")}</bdi>],
  ],
  add: { method: "group.create", inputs: [input("group", t("key"), { required: true }), input("title", t("name"))] },
  acts: [
    {
      label: t("add_member"),
      method: "group.member.add",
      params: by("group"),
      inputs: [input("person", t("person"), { required: true }), input("lead", t("lead"), { kind: "flag" })],
    },
  ],
  detail: (row) => <Members method="group.get" remove="group.member.remove" noun="group" of={String(row.group)} />,
});

export const delegations = (forLead: boolean): Noun => ({
  id: "delegations",
  title: t("delegations"),
  list: "delegation.list",
  params: { names: true },
  key: (row) => `${personName(text(row.person))} → ${personName(text(row.to))}`,
  columns: [
    [t("person"), (row) => <bdi>{personName(text(row.person))}</bdi>],
    [t("to"), (row) => <bdi>{personName(text(row.to))}</bdi>],
    [t("from"), (row) => when(row.from)],
    [t("until"), (row) => when(row.until)],
    [t("scope"), (row) => (row.scope === null ? "" : text(row.scope))],
  ],
  add: {
    method: "delegation.set",
    inputs: [
      input("to", t("to"), { required: true, from: personFrom(forLead ? "person.list" : "delegation.people") }),
      ...(forLead ? [input("person", t("for_whom"), { from: personFrom("person.list") })] : []),
      input("from", t("from"), { kind: "moment" }),
      input("until", t("until"), { kind: "moment", required: true }),
    ],
  },
  acts: [{ label: t("end"), method: "delegation.end", params: by("id"), when: (row) => row.ended === null || row.ended === undefined, sure: true }],
});

const tokens = (): Noun => ({
  id: "tokens",
  title: t("tokens"),
  list: "token.list",
  key: key("id"),
  columns: [
    [t("person"), (row) => text(row.person)],
    [t("what_for"), (row) => <bdi>{text(row.name)}</bdi>],
    [t("scope"), (row) => (row.scope === null ? t("scope_all") : text(row.scope))],
    [t("expires"), (row) => when(row.expires)],
    [t("last_use"), (row) => when(row.last_use)],
    [t("revoked"), (row) => when(row.revoked)],
  ],
  add: {
    method: "token.create",
    inputs: [
      input("person", t("person"), { required: true }),
      input("name", t("what_for"), { required: true }),
      input("scope", t("scope"), { kind: "choice", choices: [["", t("scope_all")], ["read", t("scope_read")], ["decide", t("scope_decide")], ["write", t("scope_write")]] }),
      input("expires", t("expires"), { kind: "moment" }),
    ],
    secret: (answer) => String(answer.token ?? ""),
  },
  acts: [{ label: t("revoke"), method: "token.revoke", params: by("id"), when: (row) => row.revoked === null, sure: true }],
});

const FORMATS: [string, string][] = ["webhook", "dingtalk", "feishu", "wecom", "slack", "teams"].map((one) => [one, one]);

const endpoints = (): Noun => ({
  id: "endpoints",
  title: t("endpoints"),
  list: "endpoint.list",
  moves: true,
  key: key("endpoint"),
  columns: [
    [t("endpoint"), (row) => row.endpoint as string],
    [t("url"), (row) => <bdi>{text(row.url)}</bdi>],
    [t("format"), (row) => text(row.format)],
    [t("internal"), (row) => flag(row.internal)],
    [t("seen"), (row) => text(row.seen)],
    [t("paused"), (row) => (row.paused === null ? "" : <Chip tone="soon">{text(row.paused)}</Chip>)],
  ],
  add: {
    method: "endpoint.add",
    inputs: [
      input("endpoint", t("key"), { required: true }),
      input("url", t("url"), { required: true }),
      input("format", t("format"), { kind: "choice", choices: FORMATS }),
      input("internal", t("internal"), { kind: "flag" }),
    ],
    secret: (answer) => String(answer.secret ?? answer.public_key ?? answer.url ?? ""),
  },
  acts: [
    { label: t("test"), method: "endpoint.test", params: by("endpoint") },
    { label: t("pause"), method: "endpoint.disable", params: by("endpoint"), when: (row) => row.paused === null },
    { label: t("go_on"), method: "endpoint.enable", params: by("endpoint"), when: (row) => row.paused !== null },
    { label: t("rotate"), method: "endpoint.rotate", params: by("endpoint"), sure: true, secret: (answer) => String(answer.secret ?? "") },
    { label: t("remove"), method: "endpoint.remove", params: by("endpoint"), sure: true },
  ],
});

const deliveries = (): Noun => ({
  id: "deliveries",
  title: t("deliveries"),
  list: "delivery.list",
  moves: true,
  key: (row) => `${text(row.endpoint)} ${text(row.entry)}`,
  columns: [
    [t("endpoint"), (row) => text(row.endpoint)],
    [t("entry"), (row) => text(row.entry)],
    [t("status"), (row) => text(row.status)],
    [t("attempts"), (row) => text(row.attempts)],
    [t("error"), (row) => <bdi>{text(row.error)}</bdi>],
  ],
  acts: [{ label: t("retry"), method: "delivery.retry", params: (row) => ({ endpoint: row.endpoint ?? null, entry: row.entry ?? null }) }],
});

export const calendars = (): Noun => ({
  id: "calendars",
  title: t("calendars"),
  list: "calendar.list",
  key: key("calendar"),
  columns: [
    [t("calendar"), (row) => row.calendar as string],
    [t("hours"), (row) => text(row.hours)],
    [t("holidays"), (row) => text(row.holidays)],
  ],
});

const exceptions = (): Noun => ({
  id: "exceptions",
  title: t("exceptions"),
  list: "calendar.exception.list",
  key: (row) => `${text(row.calendar)} ${text(row.date)}`,
  columns: [
    [t("calendar"), (row) => text(row.calendar)],
    [t("date"), (row) => String(row.date ?? "")],
    [t("hours"), (row) => text(row.hours)],
    [t("reason"), (row) => <bdi>{text(row.reason)}</bdi>],
  ],
  add: {
    method: "calendar.exception.add",
    inputs: [
      input("calendar", t("calendar"), { required: true }),
      input("date", t("date"), { kind: "date", required: true }),
      input("reason", t("reason"), { required: true }),
      input("hours", t("hours_hint")),
    ],
  },
  acts: [
    {
      label: t("remove"),
      method: "calendar.exception.remove",
      params: (row) => ({ calendar: row.calendar ?? null, date: row.date ?? null }),
      inputs: [input("reason", t("reason"), { required: true })],
    },
  ],
});

const schedules = (): Noun => ({
  id: "schedules",
  title: t("schedules"),
  list: "schedule.list",
  moves: true,
  key: (row) => text(row.schedule ?? row.name),
  columns: [
    [t("name"), (row) => text(row.schedule ?? row.name)],
    [t("every"), (row) => text(row.every ?? row.rule)],
    [t("next"), (row) => when(row.next)],
  ],
});

/** In the language of now: what a noun is called is not kept. */
export const nouns = (isLead: boolean): Noun[] =>
  isLead
    ? [people(), projects(), clients(), groups(), delegations(true), tokens(), endpoints(), deliveries(), calendars(), exceptions(), schedules()]
    : [delegations(false), calendars()];
