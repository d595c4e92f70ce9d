// SPDX-License-Identifier: Apache-2.0
// Texts in two languages. A page keeps its own beside it:
//
//   const t = texts({ waiting: ["{n} {n|case waits|cases wait} for you", "有 {n} 项等待您处理"] });
//   t("waiting", { n: 3 })
//
// {n} is a value; {n|one|other} is a word that depends on it. Both languages stand in one line, so that neither can be
// missing; tests/lint/console.py sees that both name the same values and that every text is used. What the server
// says (titles, refusals) comes in the person's language already.
import { signal } from "@preact/signals";
import { kept, keep } from "./kept";

export type Language = "en" | "zh";
export type Table = Record<string, readonly [en: string, zh: string]>;
export type Values = Record<string, string | number>;

const chosen = kept("language");
export const language = signal<Language>(
  chosen === "en" || chosen === "zh" ? chosen : navigator.language.startsWith("zh") ? "zh" : "en",
);
document.documentElement.lang = locale();

/** Has somebody chosen a language here? Until then the person's own is taken at sign-in. */
export const isChosen = (): boolean => kept("language") !== null;

export function speak(to: Language, remember: boolean): void {
  if (remember) keep("language", to);
  language.value = to;
  document.documentElement.lang = locale();
}

/** As Intl wants it. */
export function locale(): string {
  return language.value === "zh" ? "zh-CN" : "en-GB";
}

/** 1,500 */
export const number = (n: number): string => n.toLocaleString(locale());

export function fill(text: string, values: Values): string {
  return text.replace(/\{(\w+)(?:\|([^|}]*)\|([^|}]*))?\}/g, (_, name: string, one?: string, other?: string) => {
    const value = values[name];
    if (one !== undefined) return (Number(value) === 1 ? one : other) ?? "";
    return typeof value === "number" ? number(value) : (value ?? "");
  });
}

export function texts<T extends Table>(table: T): (key: keyof T & string, values?: Values) => string {
  return (key, values = {}) => fill((table[key] as readonly [string, string])[language.value === "zh" ? 1 : 0], values);
}
