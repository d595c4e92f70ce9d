// SPDX-License-Identifier: Apache-2.0
// What may be read off a workflow's model: its states in order, and what leads to which.
import type { ModelState, ModelTransition, WorkflowModel } from "./types_team";

/** All states, each before those inside of it. */
export const statesOf = (states: ModelState[]): ModelState[] => states.flatMap((state) => [state, ...statesOf(state.states ?? [])]);

/** The leaves in which a case is once the state is entered: of a parallel one, one in each part. */
export function firsts(state: ModelState): string[] {
  const inner = state.states ?? [];
  if (inner.length === 0) return [state.name];
  if (state.kind === "parallel") return inner.flatMap(firsts);
  return firsts(inner.find((one) => state.start?.includes(one.name)) ?? inner[0]!);
}

/** Leaves in which a case can rest: the columns of a board. */
export function columnsOf(model: WorkflowModel): ModelState[] {
  const isPart = new Set(model.states.flatMap((state) => statesOf(state.states ?? []).map((one) => one.name)));
  return statesOf(model.states).filter((state) => (state.states ?? []).length === 0 && (state.kind !== "final" || isPart.has(state.name)));
}

/** What leads from where a case is (leaves) to a state: transitions of those leaves and of the states around them. */
export function leadsTo(model: WorkflowModel, from: string[], to: string): ModelTransition[] {
  const found: ModelTransition[] = [];
  const byName = new Map(statesOf(model.states).map((state) => [state.name, state]));
  const walk = (states: ModelState[], around: ModelState[]): void => {
    for (const state of states) {
      const chain = [...around, state];
      if (from.includes(state.name)) for (const one of chain) found.push(...(one.transitions ?? []));
      walk(state.states ?? [], chain);
    }
  };
  walk(model.states, []);
  const reaches = (transition: ModelTransition) =>
    (transition.to ?? []).some((name) => name === to || (byName.has(name) && firsts(byName.get(name)!).includes(to)));
  return [...new Set(found)].filter(reaches);
}
