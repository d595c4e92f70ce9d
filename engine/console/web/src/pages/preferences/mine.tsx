// SPDX-License-Identifier: Apache-2.0
// What everybody keeps of their own: stand-ins, where they are signed in, addresses for calendar programs.
import { personName } from "../../lib/names";
import { moment } from "../../lib/time";
import type { Value } from "../../lib/types";
import { Chip } from "../../parts/chip";
import { type Noun, personFrom, type Row } from "../../parts/section";
import { t } from "./texts";

const when = (value: Value | undefined): string => (typeof value === "string" ? moment(value) : "");

export const away = (me: string): Noun => ({
  id: "away",
  title: t("away"),
  help: t("away_help"),
  list: "delegation.list",
  params: { person: me, names: true },
  key: (row) => `${personName(String(row.person))} → ${personName(String(row.to))}`,
  columns: [
    [t("person"), (row) => <bdi>{personName(String(row.person))}</bdi>],
    [t("to"), (row) => <bdi>{personName(String(row.to))}</bdi>],
    [t("from"), (row) => when(row.from)],
    [t("until"), (row) => when(row.until)],
  ],
  add: {
    method: "delegation.set",
    inputs: [
      { name: "to", label: t("to"), required: true, from: personFrom("delegation.people") },
      { name: "from", label: t("from"), kind: "moment" },
      { name: "until", label: t("until"), kind: "moment", required: true },
    ],
  },
  acts: [{ label: t("end"), method: "delegation.end", params: (row) => ({ id: row.id ?? null }), when: (row) => row.person === me, sure: true }],
});

const nameOf = (row: Row): string => (row.name === "sign-in" ? t("sign_in") : String(row.name ?? t("unnamed")));

export const sessions = (): Noun => ({
  id: "sessions",
  title: t("sessions"),
  help: t("sessions_help"),
  list: "own.token.list",
  key: nameOf,
  columns: [
    [t("what"), (row) => (
      <>
        <bdi>{nameOf(row)}</bdi> {row.this === true && <Chip tone="here">{t("this_one")}</Chip>}
      </>
    )],
    [t("began"), (row) => when(row.created)],
    [t("last_use"), (row) => when(row.last_use)],
    [t("expires"), (row) => when(row.expires)],
  ],
  acts: [{ label: t("end"), method: "own.token.revoke", params: (row) => ({ id: row.id ?? null }), when: (row) => row.this !== true, sure: true }],
});

export const feeds = (): Noun => ({
  id: "feeds",
  title: t("feeds"),
  help: t("feeds_help"),
  list: "calendar.feed.list",
  only: (row) => row.revoked === null,
  key: (row) => `${t("feed")} ${String(row.id)}`,
  columns: [
    [t("feed"), (row) => <code>{String(row.id).slice(0, 8)}</code>],
    [t("began"), (row) => when(row.created)],
    [t("expires"), (row) => when(row.expires)],
  ],
  add: {
    label: t("make"),
    method: "calendar.feed.create",
    inputs: [{ name: "expires", label: t("expires"), kind: "moment" }],
    secret: (answer) => new URL(String(answer.url ?? answer.path ?? ""), location.origin).href,
  },
  acts: [{ label: t("end"), method: "calendar.feed.revoke", params: (row) => ({ id: row.id ?? null }), sure: true }],
});
