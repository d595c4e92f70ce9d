// SPDX-License-Identifier: Apache-2.0
// What the person may do with the case; what they may not, greyed, with the reason.
import { useState } from "preact/hooks";
import { send } from "../../lib/api";
import { useKeys } from "../../lib/keys";
import { who } from "../../lib/session";
import type { Allowed, Also, Case, Field } from "../../lib/types";
import { choiceTitle } from "../../parts/choice";
import { Confirm } from "../../parts/answer/confirm";
import { type Act, agreeing, isRefusal } from "../../parts/answer/decide";
import { words } from "../../parts/states";
import { say } from "../../parts/toast";
import { Edit } from "./edit";
import { HandOver } from "./handover";
import type { Name } from "./page";
import { t } from "./texts";

export interface May {
  events: Allowed[];
  also: Also[];
}

/** An answer or event, with the person it is for and the state it is in. */
type Choice = Act & { behalf?: string | undefined; state?: string | undefined };

/** A round that waits for me, and each thing that I may say there. */
function votes(of: Case, also: Also[]): Choice[] {
  return also
    .filter((one) => one.do === "vote" && one.allowed)
    .flatMap((one) => {
      const round = of.approvals.find((its) => its.approval === one.approval && its.ended === undefined);
      return round === undefined
        ? []
        : Object.keys(one.choices ?? {}).map((name) => ({
            do: "vote" as const,
            name,
            title: choiceTitle(name, one.choices ?? {}),
            round,
            behalf: one.on_behalf,
          }));
    });
}

function choicesOf(of: Case, may: May): Choice[] {
  return [
    ...votes(of, may.also),
    ...may.events.filter((event) => event.allowed).map((event) => ({ do: "fire" as const, name: event.event, title: event.title, event })),
    ...may.also
      .filter((one) => one.do === "task" && one.allowed)
      .map((one) => ({
        do: "tick" as const,
        name: one.task ?? "",
        title: t("task_done", { task: one.title ?? one.task ?? "" }),
        proof: one.proof === true,
        state: one.state,
        behalf: one.on_behalf,
      })),
  ];
}

interface Buttons {
  choices: Choice[];
  first: Choice | undefined;
  choose: (act: Choice) => void;
  whose?: string; // in whose place
}

function ChoiceButtons({ choices, first, choose, whose }: Buttons) {
  return (
    <>
      {choices.map((act) => (
        <button key={act.do + act.name} type="button"
          class={`${whose ? "small" : ""} ${act === first ? "" : isRefusal(act) ? "outline danger" : "secondary outline"}`}
          aria-label={whose && `${act.title} · ${whose}`} onClick={() => choose(act)}>
          {act.title}
          {act === first && <kbd aria-hidden="true">a</kbd>}
        </button>
      ))}
    </>
  );
}

/** What may be said in the place of others, each of them apart. */
function Behalf({ choices, name, ...rest }: Omit<Buttons, "whose"> & { name: Name }) {
  const people = [...new Set(choices.flatMap((act) => act.behalf ?? []))];
  return (
    <>
      {people.map((person) => (
        <div key={person} class="behalf">
          <span class="quiet">{t("in_place_of", { person: name(person) })}</span>
          <ChoiceButtons {...rest} choices={choices.filter((act) => act.behalf === person)} whose={name(person)} />
        </div>
      ))}
    </>
  );
}

function Others({ events }: { events: Allowed[] }) {
  const not = events.filter((event) => !event.allowed);
  if (not.length === 0) return null;
  return (
    <details class="greyed">
      <summary>{t("others", { n: not.length })}</summary>
      <ul>
        {not.map((event) => (
          <li key={event.event}>
            <button type="button" class="secondary outline" aria-disabled="true" title={event.reason} onClick={() => say(event.reason ?? "", "bad")}>
              {event.title}
            </button>
            <span class="quiet">{event.reason}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

interface Props {
  of: Case;
  about: string;
  may: May;
  fields: Field[];
  name: Name;
}

export function Actions({ of, about, may, fields, name }: Props) {
  const [chosen, setChosen] = useState<Choice | null>(null);
  const [open, setOpen] = useState<"edit" | "assign" | null>(null);
  const choices = choicesOf(of, may);
  const edit = may.also.find((one) => one.do === "edit" && one.allowed && one.on_behalf === undefined);
  const assign = may.also.find((one) => one.do === "assign" && one.allowed);
  const first = agreeing(choices);
  const isOffered = assign?.state !== undefined && typeof of.owners[assign.state] === "object";

  const atOnce = async (what: () => Promise<{ entry: number }>) => {
    try {
      say(t("recorded", { entry: (await what()).entry }));
    } catch (error) {
      say(words(error as Error), "bad");
    }
  };
  useKeys([
    ...(first ? [{ key: "a", does: t("key_agree"), run: () => setChosen(first) }] : []),
    ...(edit ? [{ key: "e", does: t("key_edit"), run: () => setOpen("edit") }] : []),
  ]);

  const item = {
    case: of.case,
    title: about,
    rev: of.rev,
    state: chosen?.state ?? "",
    ...(chosen?.do === "vote" ? { digest: chosen.round.digest } : {}),
    ...(chosen?.behalf ? { on_behalf: chosen.behalf } : {}),
  };
  const can = choices.length > 0 || edit || assign || of.stuck;
  return (
    <section class="card actions" aria-labelledby="case-do">
      <h2 id="case-do">{t("do")}</h2>
      {!can && <p class="quiet">{t(of.outcome !== null ? "over" : "nothing")}</p>}
      {can && (
        <div class="acts">
          <ChoiceButtons choices={choices.filter((act) => !act.behalf)} first={first} choose={setChosen} />
          {isOffered && (
            <button type="button" class="secondary outline"
              onClick={() => void atOnce(() => send("case.assign", { case: of.case, to: who.value?.person ?? "", ...(assign.state ? { state: assign.state } : {}) }))}>
              {t("take")}
            </button>
          )}
          {assign && (
            <button type="button" class="secondary outline" onClick={() => setOpen("assign")}>
              {t("hand_over")}
            </button>
          )}
          {edit && (
            <button type="button" class="secondary outline" onClick={() => setOpen("edit")}>
              {t("edit")}
              <kbd aria-hidden="true">e</kbd>
            </button>
          )}
          {of.stuck && (
            <button type="button" class="secondary outline" onClick={() => void atOnce(() => send("case.retry", { case: of.case }))}>
              {t("retry")}
            </button>
          )}
        </div>
      )}
      <Behalf choices={choices} first={first} name={name} choose={setChosen} />
      {of.outcome === null && <Others events={may.events} />}
      {chosen && <Confirm act={chosen} item={item} of={of} close={() => setChosen(null)} again={() => undefined} />}
      {open === "edit" && edit && <Edit of={of} names={edit.fields ?? []} fields={fields} close={() => setOpen(null)} />}
      {open === "assign" && assign && <HandOver of={of} state={assign.state} close={() => setOpen(null)} />}
    </section>
  );
}
