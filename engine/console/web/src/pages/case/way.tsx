// SPDX-License-Identifier: Apache-2.0
// The workflow's diagram with where the case is and the way it came. Fetched when it is looked at: it brings dagre.
import { lazy, ErrorBoundary } from "preact-iso";
import type { Case } from "../../lib/types";
import type { HistoryEntry, WorkflowModel } from "../../lib/types_team";
import type { Trace } from "../../parts/diagram/diagram";
import { t } from "./texts";

const Diagram = lazy(() => import("../../parts/diagram/diagram"));

/** Steps of the history: which states were left by what, and which were entered. */
function traceOf(of: Case, entries: HistoryEntry[]): Trace {
  return {
    active: of.states,
    visited: Object.keys(of.visits ?? {}),
    taken: entries
      .filter((entry) => (entry.entered?.length ?? 0) > 0)
      .map((entry) => ({ from: entry.left ?? [], event: entry.kind === "fire" ? (entry.event ?? "") : "", to: entry.entered ?? [] })),
  };
}

export function Way({ of, model, entries }: { of: Case; model: WorkflowModel; entries: HistoryEntry[] }) {
  return (
    <section class="card way" aria-labelledby="case-way">
      <h2 id="case-way">{t("diagram")}</h2>
      <ErrorBoundary>
        <Diagram model={model} trace={traceOf(of, entries)} />
      </ErrorBoundary>
    </section>
  );
}
