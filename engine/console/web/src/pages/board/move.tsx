// SPDX-License-Identifier: Apache-2.0
// Moving a case: what may happen to it, as a list that needs no mouse. A drag that can mean one thing only skips it.
import { useEffect, useState } from "preact/hooks";
import { call, send } from "../../lib/api";
import { leadsTo } from "../../lib/model";
import { at } from "../../lib/place";
import type { Allowed, Case } from "../../lib/types";
import type { CaseRow, ModelState, WorkflowModel } from "../../lib/types_team";
import { Confirm } from "../../parts/answer/confirm";
import { Dialog } from "../../parts/dialog";
import { Skeleton, words } from "../../parts/states";
import { say } from "../../parts/toast";
import { t } from "./texts";

export interface Moving {
  row: CaseRow;
  to: ModelState | null; // where it was dropped; null: chosen from the list
}

const asksMore = (event: Allowed) => (event.needs ?? []).length + (event.takes ?? []).length > 0 || event.note === true;

async function fire(row: CaseRow, event: Allowed): Promise<void> {
  const done = await send("case.fire", { case: row.case, event: event.event, expect: row.rev });
  say(t("moved", { case: row.case, event: event.title, entry: done.entry }));
}

interface Props {
  moving: Moving;
  model: WorkflowModel;
  title: (state: string) => string;
  close: () => void;
}

/** Why it cannot be dropped there: in the words of the server where an event would lead there. */
function refusal(moving: Moving, model: WorkflowModel, events: Allowed[], title: (state: string) => string): string {
  const leads = leadsTo(model, moving.row.states, moving.to?.name ?? "");
  const event = events.find((one) => leads.some((lead) => lead.on?.includes(one.event)));
  if (event?.reason !== undefined) return event.reason;
  if (leads.some((lead) => lead.kind === "approval")) return t("agree");
  return t("by_itself", { from: moving.row.states.map(title).join(", "), to: title(moving.to?.name ?? "") });
}

export function Move({ moving, model, title, close }: Props) {
  const { row, to } = moving;
  const [events, setEvents] = useState<Allowed[] | null>(null);
  const [chosen, setChosen] = useState<{ event: Allowed; of: Case } | null>(null);

  const choose = async (event: Allowed) => {
    try {
      if (asksMore(event)) {
        setChosen({ event, of: await call("case.get", { case: row.case }) });
        return;
      }
      await fire(row, event);
    } catch (error) {
      say(words(error as Error), "bad");
    }
    close();
  };
  const look = async () => {
    try {
      const told = await call("case.allowed", { case: row.case });
      if (to === null) return setEvents(told.events);
      const leads = leadsTo(model, row.states, to.name);
      const may = told.events.filter((event) => event.allowed && leads.some((lead) => lead.on?.includes(event.event)));
      if (may.length === 0) {
        say(refusal(moving, model, told.events, title), "bad");
        close();
      } else if (may.length === 1 && may[0]) await choose(may[0]);
      else setEvents(may);
    } catch (error) {
      say(words(error as Error), "bad");
      close();
    }
  };
  useEffect(() => void look(), [row.case, to?.name]);

  if (chosen)
    return (
      <Confirm
        act={{ do: "fire", name: chosen.event.event, title: chosen.event.title, event: chosen.event }}
        item={{ case: row.case, title: row.title ?? row.case, rev: row.rev, state: "" }}
        of={chosen.of}
        close={close}
        again={() => undefined}
      />
    );
  if (to !== null && events === null) return null;
  const may = events?.filter((event) => event.allowed) ?? [];
  const not = events?.filter((event) => !event.allowed) ?? [];
  return (
    <Dialog title={t("move_title", { case: row.case })} close={close}>
      <div class="moves">
        <p>
          <a href={at("case", row.case)}>
            <bdi>{row.title ?? row.case}</bdi>
          </a>
        </p>
        {events === null && <Skeleton lines={3} />}
        {to !== null && may.length > 1 && <p class="quiet">{t("which")}</p>}
        {events !== null && may.length === 0 && <p class="quiet">{t("nothing")}</p>}
        {may.map((event) => (
          <button key={event.event} type="button" onClick={() => void choose(event)}>
            {event.title}
          </button>
        ))}
        {not.length > 0 && (
          <details>
            <summary>{t("not_now")}</summary>
            <ul>
              {not.map((event) => (
                <li key={event.event}>
                  <b>{event.title}</b> <span class="quiet">{event.reason}</span>
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
    </Dialog>
  );
}
