// SPDX-License-Identifier: Apache-2.0
// The inbox: what waits for me, most urgent first, and beside it what is asked, so that most answers need no other page.
import { useEffect, useRef, useState } from "preact/hooks";
import { useKeys } from "../../lib/keys";
import { type Entry, isQuiet, movesInbox } from "../../lib/live";
import { personName } from "../../lib/names";
import { at as at_page } from "../../lib/place";
import { moment } from "../../lib/time";
import { useTitle } from "../../lib/title";
import type { InboxItem } from "../../lib/types";
import { useCall } from "../../lib/use";
import { AskedAlone } from "../../parts/answer/asked";
import { t as answer } from "../../parts/answer/texts";
import { Chip, TimeLeft } from "../../parts/chip";
import { Empty, Failure, Skeleton } from "../../parts/states";
import { t } from "./texts";

const PAGE = 50;
const MOST = 500;
const MINUTE_MS = 60_000;

/** One case may wait for the same person twice: in two states, or on behalf of two others. */
const idOf = (item: InboxItem) => [item.case, item.kind, item.state, item.on_behalf ?? ""].join("/");

function Row({ item, chosen, choose }: { item: InboxItem; chosen: boolean; choose: () => void }) {
  return (
    <li>
      <button type="button" class="row" aria-current={chosen ? "true" : undefined} onClick={choose} data-item={idOf(item)}>
        <span class="row-head">
          <span class="row-title">
            <bdi>{item.title}</bdi>
          </span>
          <TimeLeft item={item} />
        </span>
        <span class="row-foot">
          <span class="key">{item.case}</span>
          <span>{answer(item.kind)}</span>
          {item.on_behalf && <span>{answer("behalf", { person: personName(item.on_behalf) })}</span>}
          {item.state !== "" && <span>{item.state_titles[item.state] ?? item.state}</span>}
          {item.priority !== undefined && item.priority !== "normal" && <Chip tone="soon">{item.priority_title}</Chip>}
        </span>
        <span class="hidden">{t("since", { time: moment(item.since) })}</span>
      </button>
    </li>
  );
}

/** Where the chosen item stands. What has been dealt with disappears: its case may wait for the same person anew, and is
 * what they have in mind; else the next in the list takes its place. */
function placeOf(items: InboxItem[], chosen: string | null, last: { current: number }): number {
  const exactly = items.findIndex((item) => idOf(item) === chosen);
  const sameCase = exactly >= 0 ? exactly : items.findIndex((item) => chosen?.startsWith(`${item.case}/`));
  last.current = Math.max(0, sameCase >= 0 ? sameCase : Math.min(last.current, items.length - 1));
  return last.current;
}

export default function Inbox() {
  const [limit, setLimit] = useState(PAGE);
  const shown = useRef<InboxItem[]>([]);
  const concerns = (entry: Entry) => movesInbox(entry) || (!isQuiet(entry) && shown.current.some((one) => one.case === entry.case));
  const list = useCall("inbox.list", { limit, names: true }, { live: concerns });
  const [chosen, setChosen] = useState<string | null>(null);
  const [narrow, setNarrow] = useState(false); // on a phone: is one item open?
  const items = list.data?.items ?? [];
  shown.current = items;
  const at = placeOf(items, chosen, useRef(0));
  const item = items[at];

  useTitle(t("title"));
  // Time that is left becomes less although nothing happens.
  useEffect(() => {
    const timer = setInterval(() => document.hidden || list.reload(), MINUTE_MS);
    return () => clearInterval(timer);
  }, [list.reload]);
  // The place of what has disappeared is taken by another, which is chosen from then on.
  useEffect(() => {
    if (item !== undefined && idOf(item) !== chosen) setChosen(idOf(item));
  }, [item && idOf(item)]);

  const go = (by: number) => {
    const next = items[Math.min(items.length - 1, Math.max(0, at + by))];
    if (next === undefined) return;
    setChosen(idOf(next));
    document.querySelector<HTMLElement>(`[data-item="${CSS.escape(idOf(next))}"]`)?.focus();
  };
  useKeys([
    { key: "j", does: t("key_next"), run: () => go(1) },
    { key: "k", does: t("key_previous"), run: () => go(-1) },
  ]);

  if (list.data === null) return list.error ? <Failure error={list.error} again={list.reload} /> : <Skeleton lines={6} />;
  if (items.length === 0)
    return (
      <>
        <h1 class="hidden">{t("title")}</h1>
        <Empty title={t("none")}>
          <p>{t("none_more")}</p>
          <p>
            <a href={at_page("projects")}>{t("to_projects")}</a> · <a href={at_page("board")}>{t("to_board")}</a>
          </p>
        </Empty>
      </>
    );
  return (
    <div class={`inbox ${narrow ? "one" : "all"}`}>
      <section class="list" aria-label={t("list")}>
        <h1>{t("title")}</h1>
        <p class="quiet">{t("waiting", { n: items.length })}</p>
        <ul>
          {items.map((one) => (
            <Row
              key={idOf(one)}
              item={one}
              chosen={one === item}
              choose={() => {
                setChosen(idOf(one));
                setNarrow(true);
              }}
            />
          ))}
        </ul>
        {list.data.cursor !== null && limit < MOST && (
          <button type="button" class="secondary" onClick={() => setLimit(limit + PAGE)}>
            {t("more")}
          </button>
        )}
      </section>
      {item && <AskedAlone key={idOf(item)} item={item} back={() => setNarrow(false)} again={list.reload} />}
    </div>
  );
}
