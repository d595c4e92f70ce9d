// SPDX-License-Identifier: Apache-2.0
// What can be done about an item: one list, whatever kind of waiting it is.
import type { Allowed, Also, Case, InboxItem, Round } from "../../lib/types";
import { who } from "../../lib/session";
import { choiceTitle } from "../choice";
import { t } from "./texts";

/** What an answer has to name of what it answers; the page of a case has no item of the inbox. */
export type About = Pick<InboxItem, "case" | "title" | "rev" | "state" | "digest" | "on_behalf">;

export type Act =
  | { do: "vote"; name: string; title: string; round: Round }
  | { do: "fire"; name: string; title: string; event: Allowed }
  | { do: "take"; name: string; title: string }
  | { do: "tick"; name: string; title: string; proof: boolean } // proof: a file is needed
  | { do: "retry"; name: string; title: string };

/** Words that say no, in the workflows that are shipped and in many others. */
const REFUSING = /^(reject|refuse|decline|return|object|disapprove|deny)/;

export function actsOf(item: InboxItem, of: Case, may: { events: Allowed[]; also: Also[] }): Act[] {
  const can = item.can;
  if (can === null) return [];
  switch (can.method) {
    case "approval.vote": {
      const round = of.approvals.find((one) => one.approval === can.approval && one.ended === undefined);
      return round === undefined
        ? []
        : can.choices
            .filter((name) => round.choices[name] !== undefined)
            .map((name) => ({ do: "vote", name, title: choiceTitle(name, round.choices), round }));
    }
    case "task.done":
      // A state may have tasks of others, too.
      return may.also
        .filter((one) => one.do === "task" && one.allowed && one.state === item.state && can.tasks.includes(one.task ?? ""))
        .map((one) => ({ do: "tick", name: one.task ?? "", title: t("done", { task: one.title ?? one.task ?? "" }), proof: one.proof === true }));
    case "case.retry":
      return [{ do: "retry", name: "retry", title: t("retry") }];
    case "case.fire": {
      const fires: Act[] = can.events.flatMap((name) =>
        may.events.filter((event) => event.event === name && event.allowed).map((event) => ({ do: "fire" as const, name, title: event.title, event })),
      );
      return can.take === undefined ? fires : [{ do: "take", name: "take", title: t("take") }, ...fires];
    }
  }
}

/** What the key "a" does: the first thing that is no refusal. */
export const agreeing = (acts: Act[]): Act | undefined => acts.find((act) => !REFUSING.test(act.name));

/** What the key "r" does. */
export const refusing = (acts: Act[]): Act | undefined => acts.find((act) => REFUSING.test(act.name));

/** Does nothing more have to be said before it is done? */
export const isRefusal = (act: Act): boolean => REFUSING.test(act.name);

export const isRefusing = (choice: string): boolean => REFUSING.test(choice);

export const me = (): string => who.value?.person ?? "";
