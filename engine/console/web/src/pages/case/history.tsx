// SPDX-License-Identifier: Apache-2.0
// What has happened, as minutes; and the place to say something.
import type { RefObject } from "preact";
import { useState } from "preact/hooks";
import { send } from "../../lib/api";
import { clock, day } from "../../lib/time";
import type { Case, Methods } from "../../lib/types";
import type { HistoryEntry } from "../../lib/types_team";
import type { Read } from "../../lib/use";
import { Chip } from "../../parts/chip";
import { Failure, Skeleton, words } from "../../parts/states";
import { say } from "../../parts/toast";
import { type Told, tellAll } from "./minutes";
import { t } from "./texts";

const SHOWN = 20; // entries at first

function Say({ of, box }: { of: Case; box: RefObject<HTMLTextAreaElement | null> }) {
  const [text, setText] = useState("");
  const [shared, setShared] = useState(false);
  const [busy, setBusy] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    try {
      const done = await send("case.comment", { case: of.case, text, ...(of.client !== null ? { shared } : {}) });
      say(t("recorded", { entry: done.entry }));
      setText("");
    } catch (error) {
      say(words(error as Error), "bad");
    }
    setBusy(false);
  };
  return (
    <form class="say" onSubmit={(event) => void submit(event)}>
      <label>
        <span class="hidden">{t("say_label")}</span>
        <textarea ref={box} rows={2} placeholder={t("say")} value={text} onInput={(event) => setText(event.currentTarget.value)} required />
      </label>
      <div class="say-foot">
        {of.client !== null && (
          <select class="small" aria-label={t("say_label")} value={shared ? "shared" : "internal"}
            onChange={(event) => setShared(event.currentTarget.value === "shared")}>
            <option value="internal">{t("internal_note")}</option>
            <option value="shared">{t("shared_note")}</option>
          </select>
        )}
        <button type="submit" class="secondary" aria-busy={busy} disabled={busy}>
          {t("send")}
        </button>
      </div>
    </form>
  );
}

function Entry({ entry, told, marks }: { entry: HistoryEntry; told: Told; marks: boolean }) {
  return (
    <li id={`entry-${entry.case_seq}`} class={told.isSystem ? "system" : told.said !== null && entry.kind === "comment" ? "comment" : ""}>
      <time dateTime={entry.at}>{clock(entry.at)}</time>
      <div>
        <p>
          <b>{told.who}</b>
          {told.behalf !== null && <span class="quiet"> {t("behalf", { person: told.behalf })}</span>} {told.what}
          {told.to.length > 0 && (
            <>
              {" → "}
              {told.to.map((state) => (
                <Chip key={state} tone="here">
                  {state}
                </Chip>
              ))}
            </>
          )}
          {told.end !== null && <b> {told.end}</b>}
          {marks && told.internal && <Chip>{t("internal")}</Chip>}
        </p>
        {told.said !== null && <blockquote>{told.said}</blockquote>}
        {told.lines.length > 0 && (
          <ul>
            {told.lines.map((line, i) => (
              <li key={i}>
                <bdi>{line}</bdi>
              </li>
            ))}
          </ul>
        )}
      </div>
    </li>
  );
}

/** Days in order, each with what happened on it. */
function byDay(all: { entry: HistoryEntry; told: Told }[]): [string, { entry: HistoryEntry; told: Told }[]][] {
  const days = new Map<string, { entry: HistoryEntry; told: Told }[]>();
  for (const one of all) {
    const its = day(one.entry.at);
    days.set(its, [...(days.get(its) ?? []), one]);
  }
  return [...days];
}

interface Props {
  of: Case;
  list: Read<Methods["case.history"]["result"]>;
  box: RefObject<HTMLTextAreaElement | null>;
  more: () => void; // reads on
}

export function History({ of, list, box, more }: Props) {
  const [shown, setShown] = useState(SHOWN);
  return (
    <section class="card history" aria-labelledby="case-history">
      <h2 id="case-history">{t("history")}</h2>
      <Say of={of} box={box} />
      {list.data === null ? (
        list.error ? <Failure error={list.error} again={list.reload} /> : <Skeleton />
      ) : (
        byDay(tellAll(list.data.items, list.data.titles).slice(0, shown)).map(([its, entries]) => (
          <section key={its} aria-label={its}>
            <h3>{its}</h3>
            <ol>
              {entries.map(({ entry, told }) => (
                <Entry key={entry.seq} entry={entry} told={told} marks={of.client !== null} />
              ))}
            </ol>
          </section>
        ))
      )}
      {list.data && shown < Infinity && (list.data.cursor || list.data.items.length > shown) && (
        <button type="button" class="secondary outline" onClick={() => (setShown(Infinity), more())}>
          {t("earlier_entries")}
        </button>
      )}
    </section>
  );
}
