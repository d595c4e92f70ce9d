// SPDX-License-Identifier: Apache-2.0
// The fields of a case as a list of names and values, in the order of the workflow.
import { locale, number, texts } from "../lib/i18n";
import type { Case, Value } from "../lib/types";

const t = texts({ none: ["not said", "未填写"], yes: ["yes", "是"], no: ["no", "否"] });

/** A number or an amount with its digits grouped; other texts as they are. */
function grouped(text: string): string {
  const match = /^(-?\d+)(\.\d+)?$/.exec(text);
  if (!match || match[1] === undefined || match[1].length < 4) return text;
  return BigInt(match[1]).toLocaleString(locale()) + (match[2] ?? "");
}

export function show(value: Value | undefined, titles: Record<string, string> = {}): string {
  if (value === null || value === undefined || value === "") return t("none");
  if (typeof value === "boolean") return t(value ? "yes" : "no");
  if (typeof value === "number") return number(value);
  if (typeof value === "string") return titles[value] ?? grouped(value);
  if (Array.isArray(value)) return value.map((one) => show(one, titles)).join(", ");
  return Object.entries(value)
    .map(([name, one]) => `${name}: ${show(one)}`)
    .join(", ");
}

/** only: these fields, whether they say something or not; without it all that say something. */
export function Values({ of, only }: { of: Case; only?: string[] }) {
  const names = Object.keys(of.field_titles).filter((name) => (only ? only.includes(name) : of.fields[name] !== undefined));
  return (
    <dl class="values">
      {names.map((name) => (
        <div key={name}>
          <dt>{of.field_titles[name]}</dt>
          <dd class={of.fields[name] === undefined ? "none" : ""}>
            <bdi>{show(of.fields[name], of.value_titles[name])}</bdi>
          </dd>
        </div>
      ))}
    </dl>
  );
}
