// SPDX-License-Identifier: Apache-2.0
// The board of a workflow: its open cases by state. A card is moved by what may happen to its case, and no other way.
import { useLocation } from "preact-iso";
import { useState } from "preact/hooks";
import { movesCounts, movesInbox } from "../../lib/live";
import { columnsOf, statesOf } from "../../lib/model";
import { at } from "../../lib/place";
import { who } from "../../lib/session";
import { useTitle } from "../../lib/title";
import { titled } from "../../lib/titled";
import type { CaseFilter, WorkflowView } from "../../lib/types_team";
import { useCall } from "../../lib/use";
import { Empty, Failure, Skeleton } from "../../parts/states";
import { Column } from "./column";
import { Move, type Moving } from "./move";
import { t } from "./texts";

const MOST_PROJECTS = 200;

interface Filters {
  project: string;
  mine: boolean;
  empty: boolean;
}

function Columns({ flow, filters }: { flow: WorkflowView; filters: Filters }) {
  const [moving, setMoving] = useState<Moving | null>(null);
  const clock = useCall("clock.now", {}, { live: true });
  const titles = new Map(statesOf(flow.model.states).map((state) => [state.name, titled(state.title, state.name)]));
  const title = (name: string) => titles.get(name) ?? name;
  const columns = columnsOf(flow.model);
  const filter: CaseFilter = {
    workflow: flow.name,
    ...(filters.project === "" ? {} : { project: filters.project }),
    ...(filters.mine ? { waiting_for: who.value?.person ?? "" } : {}),
  };
  const counts = useCall("case.count", { ...filter, open: true, by: "state" }, { live: filters.mine ? movesInbox : movesCounts });
  const count = (name: string): number | null => counts.data && (counts.data.items.find((one) => one.state === name)?.count ?? 0);
  const isEmpty = counts.data?.count === 0;
  const now = clock.data ? Date.parse(clock.data.now) : Date.now();
  return (
    <>
      {isEmpty && !filters.empty && (
        <Empty title={t("none")}>
          <p>{t("none_more")}</p>
        </Empty>
      )}
      <div class="columns">
        {columns.map((state) => (
          <Column
            key={JSON.stringify([filter, state.name])}
            state={state}
            title={title(state.name)}
            filter={filter}
            now={now}
            showEmpty={filters.empty}
            ofWorkflow={(key) => key.startsWith(`${flow.key}-`)}
            drop={(row) => setMoving({ row, to: state })}
            move={(row) => setMoving({ row, to: null })}
            count={count(state.name)}
          />
        ))}
      </div>
      {moving && <Move key={moving.row.case + (moving.to?.name ?? "")} moving={moving} model={flow.model} title={title} close={() => setMoving(null)} />}
    </>
  );
}

export default function Board({ params }: { params: { workflow?: string } }) {
  const { route } = useLocation();
  const list = useCall("workflow.list", {}, { live: (entry) => entry.case === null });
  const projects = useCall("project.list", { limit: MOST_PROJECTS });
  const [filters, setFilters] = useState<Filters>({ project: "", mine: false, empty: false });
  const name = params.workflow ?? list.data?.items[0]?.name;
  const flow = useCall("workflow.get", name === undefined ? null : { workflow: name });
  useTitle(flow.data ? t("of", { workflow: flow.data.title }) : t("title"));

  const failed = list.error ?? flow.error;
  if (list.data === null || (name !== undefined && flow.data === null)) return failed ? <Failure error={failed} again={list.reload} /> : <Skeleton lines={6} />;
  if (flow.data === null) return <Empty title={t("no_workflow")} />;
  return (
    <div class="board">
      <header>
        <h1>{flow.data.title}</h1>
        <select class="small" aria-label={t("workflow")} value={name} onChange={(event) => route(at("board", event.currentTarget.value))}>
          {list.data.items.map((one) => (
            <option key={one.name} value={one.name}>
              {one.title}
            </option>
          ))}
        </select>
        {projects.data && (
          <select class="small" aria-label={t("project")} value={filters.project}
            onChange={(event) => setFilters({ ...filters, project: event.currentTarget.value })}>
            <option value="">{t("every")}</option>
            {projects.data.items.map((one) => (
              <option key={one.project} value={one.project}>
                {titled(one.title, one.project)}
              </option>
            ))}
          </select>
        )}
        <label class="check">
          <input type="checkbox" checked={filters.mine} onChange={(event) => setFilters({ ...filters, mine: event.currentTarget.checked })} />
          {t("mine")}
        </label>
        <label class="check">
          <input type="checkbox" checked={filters.empty} onChange={(event) => setFilters({ ...filters, empty: event.currentTarget.checked })} />
          {t("empty_states")}
        </label>
        <p class="quiet hint">{t("drag")}</p>
      </header>
      <Columns key={flow.data.name} flow={flow.data} filters={filters} />
    </div>
  );
}
