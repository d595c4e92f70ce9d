// SPDX-License-Identifier: Apache-2.0
// The fields of a case as a list of names and values, in the order of the workflow.
import { locale, number, texts } from "../lib/i18n";
import { dated, day } from "../lib/time";
import type { Case, Value } from "../lib/types";

const t = texts({
  none: ["not said", "未填写"],
  yes: ["yes", "是"],
  no: ["no", "否"],
  part: ["{name}: {value}", "{name}：{value}"],
});

/** A number or an amount with its digits grouped; other texts as they are. */
function grouped(text: string): string {
  const match = /^(-?\d+)(\.\d+)?$/.exec(text);
  if (!match || match[1] === undefined || match[1].length < 4) return text;
  return BigInt(match[1]).toLocaleString(locale()) + (match[2] ?? "");
}

/** Titles of choices and of the parts of records, by the path of the field: "goals.measure". */
export interface Wording {
  values: Record<string, Record<string, string>>;
  parts: Record<string, string>;
  files?: Record<string, string>; // names of files by their ids
}

const PLAIN: Wording = { values: {}, parts: {} };
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;
const DATE = /^\d{4}-\d\d-\d\d$/;

function text(value: string, wording: Wording, path: string): string {
  const title = wording.values[path]?.[value] ?? wording.files?.[value];
  if (title !== undefined) return title;
  if (!(TIME.test(value) || DATE.test(value)) || Number.isNaN(Date.parse(value))) return grouped(value);
  return TIME.test(value) ? dated(value) : day(value);
}

/** The parts in the order of the workflow; what stands alone needs no name. */
function record(value: Record<string, Value>, wording: Wording, path: string): string {
  const order = Object.keys(wording.parts);
  const at = (name: string) => order.indexOf(`${path}.${name}`);
  const said = Object.keys(value).sort((one, other) => at(one) - at(other));
  const inner = (name: string) => show(value[name], wording, `${path}.${name}`);
  if (said.length === 1) return inner(said[0]!);
  return said.map((name) => t("part", { name: wording.parts[`${path}.${name}`] ?? name, value: inner(name) })).join(" · ");
}

/** A value on one line. path: of its field, by which its words are found. */
export function show(value: Value | undefined, wording: Wording = PLAIN, path = ""): string {
  if (value === null || value === undefined || value === "") return t("none");
  if (typeof value === "boolean") return t(value ? "yes" : "no");
  if (typeof value === "number") return number(value);
  if (typeof value === "string") return text(value, wording, path);
  if (Array.isArray(value)) return value.map((one) => show(one, wording, path)).join(value.some(isRecord) ? "; " : ", ");
  return record(value, wording, path);
}

const isRecord = (value: Value): boolean => typeof value === "object" && value !== null;

/** A value with a line for each row of a list. */
export function Shown({ value, wording, path }: { value: Value | undefined; wording: Wording; path: string }) {
  if (!Array.isArray(value) || !value.some(isRecord)) return <bdi>{show(value, wording, path)}</bdi>;
  return (
    <ul class="rows">
      {value.map((one, i) => (
        <li key={i}>
          <bdi>{show(one, wording, path)}</bdi>
        </li>
      ))}
    </ul>
  );
}

export const wordingOf = (of: Case): Wording => ({
  values: of.value_titles,
  parts: of.part_titles,
  files: Object.fromEntries(of.files.map((file) => [file.id, file.name])),
});

/** only: these fields, whether they say something or not; without it all that say something. */
export function Values({ of, only }: { of: Case; only?: string[] }) {
  const names = Object.keys(of.field_titles).filter((name) => (only ? only.includes(name) : of.fields[name] !== undefined));
  return (
    <dl class="values">
      {names.map((name) => (
        <div key={name}>
          <dt>{of.field_titles[name]}</dt>
          <dd class={of.fields[name] === undefined ? "none" : ""}>
            <Shown value={of.fields[name]} wording={wordingOf(of)} path={name} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
