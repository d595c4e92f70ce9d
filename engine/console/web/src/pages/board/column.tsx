// SPDX-License-Identifier: Apache-2.0
// A column: the open cases in one state, page after page as one scrolls, only those in view in the document.
import { draggable, dropTargetForElements } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { useEffect, useRef, useState } from "preact/hooks";
import { call } from "../../lib/api";
import { type Entry, isQuiet } from "../../lib/live";
import { personName, projectName } from "../../lib/names";
import { at } from "../../lib/place";
import { moment } from "../../lib/time";
import type { CaseFilter, CaseRow, ModelState } from "../../lib/types_team";
import { useCall } from "../../lib/use";
import { useVirtual } from "../../lib/virtual";
import { Chip } from "../../parts/chip";
import { words } from "../../parts/states";
import { t } from "./texts";

const PAGE = 24; // twice what is in view on a large screen
const MOST = 500; // a page of the server's; further ones are fetched behind it, and not read anew until the page is left
const CARD_PX = 118;

function Card({ row, now, move }: { row: CaseRow; now: number; move: () => void }) {
  const its = useRef<HTMLElement>(null);
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (its.current === null) return undefined;
    return draggable({
      element: its.current,
      getInitialData: () => ({ row }),
      onDragStart: () => setHeld(true),
      onDrop: () => setHeld(false),
    });
  }, [row]);
  const late = row.due_at !== null && Date.parse(row.due_at) < now;
  return (
    <article ref={its} class={held ? "board-card held" : "board-card"}>
      <a href={at("case", row.case)} draggable={false}>
        <bdi>{row.title ?? row.case}</bdi>
      </a>
      <p class="chips">
        {row.due_at !== null && <Chip tone={late ? "late" : "plain"}>{late ? t("overdue") : t("due", { time: moment(row.due_at) })}</Chip>}
        {["high", "urgent"].includes(row.priority) && <Chip tone="soon">{row.priority_title}</Chip>}
        {row.stuck && <Chip tone="late">{t("stuck")}</Chip>}
      </p>
      <footer>
        <span class="key">{row.case}</span>
        <span class="quiet">{row.owner === null ? row.project !== null && projectName(row.project) : personName(row.owner)}</span>
        <button type="button" class="icon" aria-label={t("move", { case: row.case })} title={t("move", { case: row.case })} onClick={move}>
          ⇢
        </button>
      </footer>
    </article>
  );
}

interface Props {
  state: ModelState;
  title: string;
  filter: CaseFilter;
  now: number;
  showEmpty: boolean;
  ofWorkflow: (key: string) => boolean;
  drop: (row: CaseRow) => void;
  move: (row: CaseRow) => void;
  count: number | null; // of all there are; null: not known
}

export function Column({ state, title, filter, now, showEmpty, ofWorkflow, drop, move, count }: Props) {
  const [limit, setLimit] = useState(PAGE);
  const present = useRef<CaseRow[] | null>(null);
  // Of the many entries of a team few are of cases that are, were or come here.
  const concerns = (entry: Entry) =>
    entry.case === null ||
    (!isQuiet(entry) && ofWorkflow(entry.case) &&
      ([...(entry.states ?? []), ...(entry.left ?? [])].includes(state.name) || present.current?.some((row) => row.case === entry.case) === true));
  const list = useCall("case.list", { ...filter, state: state.name, open: true, sort: "due", names: true, limit }, { live: concerns });
  // A page more is another question: what was there stays until it has come.
  const [rows, setRows] = useState<CaseRow[] | null>(null);
  present.current = rows;
  const [over, setOver] = useState(false);
  const its = useRef<HTMLElement>(null);
  const dropped = useRef(drop);
  dropped.current = drop;
  const behind = useRef<{ rows: CaseRow[]; cursor: string | null; busy: boolean }>({ rows: [], cursor: null, busy: false });
  useEffect(() => {
    if (list.data === null) return;
    const first = new Set(list.data.items.map((row) => row.case));
    behind.current.rows = behind.current.rows.filter((row) => !first.has(row.case));
    if (behind.current.rows.length === 0) behind.current.cursor = list.data.cursor;
    setRows([...list.data.items, ...behind.current.rows]);
  }, [list.data]);
  const hasMore = list.data !== null && list.data.cursor !== null && (limit < MOST || behind.current.cursor !== null);
  const fetchBehind = async () => {
    const its = behind.current;
    if (its.busy || its.cursor === null) return;
    its.busy = true;
    try {
      const page = await call("case.list", { ...filter, state: state.name, open: true, sort: "due", names: true, limit: MOST, cursor: its.cursor });
      its.rows = [...its.rows, ...page.items];
      its.cursor = page.cursor;
      setRows((old) => [...(old ?? []), ...page.items]);
    } catch {
      // The next scroll asks again.
    }
    its.busy = false;
  };
  const view = useVirtual(rows?.length ?? 0, CARD_PX);
  const lastShown = view.rows[view.rows.length - 1]?.index ?? 0;
  useEffect(() => {
    if (!hasMore || rows === null || lastShown <= rows.length - 12) return;
    if (limit < MOST) setLimit(Math.min(MOST, limit * 2));
    else void fetchBehind();
  }, [lastShown, hasMore, rows?.length]);
  const shown = rows !== null && (rows.length > 0 || showEmpty);
  useEffect(() => {
    if (its.current === null) return undefined;
    return dropTargetForElements({
      element: its.current,
      canDrop: ({ source }) => !(source.data.row as CaseRow).states.includes(state.name),
      onDragEnter: () => setOver(true),
      onDragLeave: () => setOver(false),
      onDrop: ({ source }) => {
        setOver(false);
        dropped.current(source.data.row as CaseRow);
      },
    });
  }, [state.name, shown]);

  if (list.error && rows === null) return <p class="wrong">{words(list.error)}</p>;
  if (!shown) return null;
  const n = count ?? rows?.length ?? 0;
  return (
    <section ref={its} class={over ? "column over" : "column"} aria-label={`${title}, ${t("cases", { n })}`}>
      <h2>
        {title} <span class="quiet">{t(count === null && hasMore ? "more_than" : "n", { n })}</span>
      </h2>
      <div ref={view.scroll} class="column-scroll" tabIndex={n > 0 ? 0 : -1}>
        <ul style={{ height: `${view.height}px` }}>
          {view.rows.map((item) => {
            const row = rows?.[item.index];
            return (
              row && (
                <li key={row.case} style={{ transform: `translateY(${item.start}px)` }}>
                  <Card row={row} now={now} move={() => move(row)} />
                </li>
              )
            );
          })}
        </ul>
      </div>
    </section>
  );
}
