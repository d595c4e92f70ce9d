// SPDX-License-Identifier: Apache-2.0
// A workflow as a picture; of a case also where it is and the way it came. Beside the picture the same as a list, for
// who cannot see it.
import { useMemo } from "preact/hooks";
import { language, texts } from "../../lib/i18n";
import { titled } from "../../lib/titled";
import type { ModelState, ModelTransition, WorkflowModel } from "../../lib/types_team";
import { duration } from "../duration";
import { type Arrow, type Box, graphOf, isStart } from "./graph";

const t = texts({
  approved: ["approved", "通过"],
  rejected: ["rejected", "否决"],
  deferred: ["put off", "悬置"],
  changes: ["changes asked for", "要求修改"],
  left: ["left", "已离开"],
  deemed: ["deemed given", "视为通过"],
  done: ["when all is done", "全部完成后"],
  after: ["after {time}", "{time}后"],
  picture: ["Diagram of the states; as a list below", "状态图，下方有文字列表"],
  as_list: ["The diagram as a list", "以列表显示"],
  ends: ["ends the case", "事项结束"],
  leads: ["{event} → {states}", "{event} → {states}"],
  is_here: ["it is here", "当前"],
  was_here: ["it was here", "经过"],
});

const OUTCOMES = ["approved", "rejected", "deferred", "changes", "left", "deemed"] as const;

export interface Trace {
  active: string[];
  visited: string[];
  taken: { from: string[]; event: string; to: string[] }[];
}

export function leadWords(transition: ModelTransition): string {
  const title = titled(transition.title, "");
  if (title !== "") return title;
  if (transition.on?.[0] !== undefined) return transition.on[0];
  if (transition.after !== undefined) return t("after", { time: duration(transition.after) });
  const outcome = OUTCOMES.find((one) => one === transition.outcome);
  if (outcome !== undefined) return t(outcome);
  return transition.outcome ?? (transition.kind === "done" ? t("done") : "");
}

const stateWords = (state: ModelState) => titled(state.title, state.name);

const path = (points: { x: number; y: number }[]): string => {
  const [begin, ...rest] = points;
  if (begin === undefined) return "";
  let d = `M${begin.x},${begin.y}`;
  for (let i = 0; i < rest.length; i++) {
    const here = rest[i]!;
    const next = rest[i + 1];
    d += next === undefined ? ` L${here.x},${here.y}` : ` Q${here.x},${here.y} ${(here.x + next.x) / 2},${(here.y + next.y) / 2}`;
  }
  return d;
};

const READABLE = 480; // px: a wider diagram is made no narrower than that

function Node({ box, how }: { box: Box; how: string }) {
  if (box.kind === "start") return <circle class="begin" cx={box.x} cy={box.y} r={8} />;
  const [left, top] = [box.x - box.width / 2, box.y - box.height / 2];
  return (
    <g class={`node ${box.kind} ${how}`}>
      <rect x={left} y={top} width={box.width} height={box.height} rx={box.kind === "final" ? box.height / 2 : 10} />
      <text x={box.kind === "group" ? left + 10 : box.x} y={box.kind === "group" ? top + 16 : box.y} text-anchor={box.kind === "group" ? "start" : "middle"}
        dominant-baseline={box.kind === "group" ? "auto" : "central"}>
        {box.title}
      </text>
    </g>
  );
}

const wasTaken = (arrow: Arrow, trace: Trace | undefined): boolean =>
  trace?.taken.some((one) =>
    one.to.includes(arrow.to) && (isStart(arrow.from) ? one.event === "" : one.from.includes(arrow.from) && (arrow.events.length === 0 || one.event === "" || arrow.events.includes(one.event)))) ?? false;

function List({ model, trace }: { model: WorkflowModel; trace: Trace | undefined }) {
  const titles = new Map<string, string>();
  const walk = (states: ModelState[]): ModelState[] => states.flatMap((state) => (titles.set(state.name, stateWords(state)), [state, ...walk(state.states ?? [])]));
  const all = walk(model.states);
  return (
    <details>
      <summary>{t("as_list")}</summary>
      <ul class="diagram-list">
        {all.map((state) => (
          <li key={state.name}>
            <b>{stateWords(state)}</b>{" "}
            <span class="quiet">
              {trace?.active.includes(state.name) ? t("is_here") : trace?.visited.includes(state.name) ? t("was_here") : ""}
              {state.kind === "final" && ` ${t("ends")}`}
            </span>
            <ul>
              {(state.transitions ?? []).filter((one) => (one.to ?? []).length > 0).map((one, i) => (
                <li key={i}>{t("leads", { event: leadWords(one), states: (one.to ?? []).map((name) => titles.get(name) ?? name).join(", ") })}</li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </details>
  );
}

export default function Diagram({ model, trace }: { model: WorkflowModel; trace?: Trace }) {
  const graph = useMemo(() => graphOf(model.states, model.start, { state: stateWords, lead: leadWords }), [model, language.value]);
  const how = (name: string) => (trace?.active.includes(name) ? "active" : trace?.visited.includes(name) ? "visited" : trace ? "unseen" : "");
  const groups = graph.boxes.filter((box) => box.kind === "group");
  const others = graph.boxes.filter((box) => box.kind !== "group");
  return (
    <>
      <div class="diagram" tabIndex={0} role="group" aria-label={t("picture")}>
        <svg viewBox={`0 0 ${graph.width} ${graph.height}`} width={graph.width} height={graph.height} style={{ minWidth: Math.min(graph.width, READABLE) }} role="img" aria-label={t("picture")}>
          <defs>
            <marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse">
              <path d="M0,0 L8,4 L0,8 z" />
            </marker>
            <marker id="head-taken" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse">
              <path d="M0,0 L8,4 L0,8 z" />
            </marker>
          </defs>
          {groups.map((box) => <Node key={box.name} box={box} how={how(box.name)} />)}
          {graph.arrows.map((arrow) => {
            const taken = wasTaken(arrow, trace);
            return <path key={arrow.from + arrow.to} class={taken ? "arrow taken" : "arrow"} d={path(arrow.points)} marker-end={taken ? "url(#head-taken)" : "url(#head)"} />;
          })}
          {others.map((box) => <Node key={box.name} box={box} how={how(box.name)} />)}
          {graph.arrows.map((arrow) => arrow.at && (
            <text key={arrow.from + arrow.to} class="label" x={arrow.at.x} y={arrow.at.y} text-anchor="middle" dominant-baseline="central">
              {arrow.label}
            </text>
          ))}
        </svg>
      </div>
      <List model={model} trace={trace} />
    </>
  );
}
