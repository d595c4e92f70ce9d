// SPDX-License-Identifier: Apache-2.0
// What has happened in a case, the newest first, as its client may read it.
import { useState } from "preact/hooks";
import { moment } from "../../lib/time";
import type { HistoryEntry, HistoryTitles } from "../../lib/types_team";
import { useCall } from "../../lib/use";
import { choiceTitle } from "../../parts/choice";
import { importedWords } from "../../parts/imported";
import { Failure, Skeleton } from "../../parts/states";
import { t } from "./texts";

const PAGE = 30;

const wordsOf = (entry: HistoryEntry): string | undefined =>
  typeof entry.comment === "object" ? entry.comment.text : entry.comment;

/** What was done, in words. */
function said(entry: HistoryEntry, titles: HistoryTitles): string {
  const ballot = entry.ballots?.[0];
  if (entry.imported) return importedWords(entry.imported);
  if (ballot) return t("voted", { choice: choiceTitle(ballot.choice, titles.choices) });
  if (entry.event) return titles.events[entry.event] ?? entry.event;
  if (entry.kind === "open") return t("opened_it");
  if (wordsOf(entry) !== undefined) return t("wrote");
  if (entry.files && entry.files.length > 0) return t("attached");
  const fields = Object.keys(entry.fields ?? {}).filter((name) => titles.fields[name] !== undefined);
  if (fields.length > 0) return t("changed", { fields: fields.map((name) => titles.fields[name]).join(", ") });
  return t("went_on");
}

function Item({ entry, titles }: { entry: HistoryEntry; titles: HistoryTitles }) {
  const ended = entry.round?.find((round) => round.ended)?.ended;
  const comment = wordsOf(entry) ?? entry.ballots?.[0]?.comment;
  return (
    <li>
      <p>
        <strong>
          <bdi>{entry.actor === "system" ? t("by_itself") : (titles.people[entry.actor] ?? entry.actor)}</bdi>
        </strong>{" "}
        {said(entry, titles)}
      </p>
      {comment && (
        <blockquote>
          <bdi>{comment}</bdi>
        </blockquote>
      )}
      {ended && <p class="portal-result">{t("result", { outcome: titles.outcomes[ended.manner ?? ended.outcome] ?? ended.outcome })}</p>}
      <p class="quiet">
        {moment(entry.at)}
        {entry.entered && entry.entered.length > 0 &&
          ` · ${t("to", { states: (entry.states ?? entry.entered).map((name) => titles.states[name]?.title ?? name).join(", ") })}`}
      </p>
    </li>
  );
}

export function History({ of }: { of: string }) {
  const [limit, setLimit] = useState(PAGE);
  const list = useCall("case.history", { case: of, limit }, { live: of });
  return (
    <section aria-labelledby="happened">
      <h2 id="happened">{t("happened")}</h2>
      {list.data === null ? (
        list.error ? <Failure error={list.error} again={list.reload} /> : <Skeleton />
      ) : (
        <>
          <ol class="portal-course">
            {list.data.items.map((entry) => (
              <Item key={entry.seq} entry={entry} titles={list.data!.titles} />
            ))}
          </ol>
          {list.data.cursor !== null && limit < 500 && (
            <button type="button" class="secondary" onClick={() => setLimit(Math.min(500, limit * 4))}>
              {t("earlier")}
            </button>
          )}
        </>
      )}
    </section>
  );
}
