// SPDX-License-Identifier: Apache-2.0
// A workflow's model as boxes and arrows with places, laid out by dagre.
//
// dagre cannot draw arrows to or from a box that has others inside: such an arrow is laid out to the state that
// begins (or ends) it, and cut at the outer box's edge.
import { graphlib, layout } from "@dagrejs/dagre";
import { firsts } from "../../lib/model";
import type { ModelState, ModelTransition } from "../../lib/types_team";

export interface Box {
  name: string;
  title: string;
  kind: "state" | "final" | "group" | "start";
  lines: string[];
  x: number; // of its middle
  y: number;
  width: number;
  height: number;
}

export interface Arrow {
  from: string;
  to: string;
  label: string;
  events: string[]; // names of events and outcomes that lead along it
  points: { x: number; y: number }[];
  at: { x: number; y: number } | null; // of the label
}

export interface Graph {
  width: number;
  height: number;
  boxes: Box[];
  arrows: Arrow[];
}

export interface Words {
  state: (state: ModelState) => string;
  lead: (transition: ModelTransition) => string;
}

const START = "\u0000start";
const LINE = 18;
const ACROSS_WIDE = 13.5; // of a Chinese character, in the font's size below
const ACROSS = 7.1;

const widthOf = (text: string) => [...text].reduce((sum, letter) => sum + ((letter.codePointAt(0) ?? 0) > 0x2e80 ? ACROSS_WIDE : ACROSS), 0);

interface Flat {
  state: ModelState;
  parent: string | null;
}

function flatten(states: ModelState[], parent: string | null = null): Flat[] {
  return states.flatMap((state) => [{ state, parent }, ...flatten(state.states ?? [], state.name)]);
}

/** The leaves by which it ends. */
function lasts(state: ModelState): string[] {
  const inner = state.states ?? [];
  if (inner.length === 0) return [state.name];
  if (state.kind === "parallel") return inner.flatMap(lasts);
  return lasts(inner.filter((one) => one.kind === "final").pop() ?? inner[inner.length - 1]!);
}

/** Arrows between the same two states are one, with all their words. */
function arrowsOf(all: Flat[], start: string[], words: Words): Map<string, { from: string; to: string; labels: string[]; events: string[] }> {
  const arrows = new Map<string, { from: string; to: string; labels: string[]; events: string[] }>();
  const add = (from: string, to: string, label: string, events: string[]) => {
    const key = `${from}\n${to}`;
    const arrow = arrows.get(key) ?? { from, to, labels: [], events: [] };
    if (label !== "" && !arrow.labels.includes(label)) arrow.labels.push(label);
    arrow.events.push(...events);
    arrows.set(key, arrow);
  };
  for (const name of start) add(START, name, "", []);
  for (const { state } of all)
    for (const transition of state.transitions ?? [])
      for (const to of transition.to ?? [])
        add(state.name, to, words.lead(transition), [...(transition.on ?? []), ...(transition.outcome ? [transition.outcome] : [])]);
  return arrows;
}

/** Drops the part of a line that lies inside of a box. */
function cut(points: { x: number; y: number }[], box: Box | undefined, atEnd: boolean): { x: number; y: number }[] {
  if (box === undefined) return points;
  const line = atEnd ? points.slice().reverse() : points.slice();
  const inside = (p: { x: number; y: number }) => Math.abs(p.x - box.x) < box.width / 2 && Math.abs(p.y - box.y) < box.height / 2;
  let i = 0;
  while (i < line.length - 1 && inside(line[i + 1]!)) i++;
  const [a, b] = [line[i]!, line[i + 1]!];
  let low = 0;
  let high = 1;
  const between = (k: number) => ({ x: a.x + (b.x - a.x) * k, y: a.y + (b.y - a.y) * k });
  for (let k = 0; k < 20; k++) inside(between((low + high) / 2)) ? (low = (low + high) / 2) : (high = (low + high) / 2);
  const rest = [between(high), ...line.slice(i + 1)];
  return atEnd ? rest.reverse() : rest;
}

export function graphOf(states: ModelState[], start: string[], words: Words): Graph {
  const graph = new graphlib.Graph({ compound: true, multigraph: true });
  const all = flatten(states);
  const byName = new Map(all.map((one) => [one.state.name, one.state]));
  graph.setGraph({ rankdir: "TB", nodesep: 28, ranksep: 46, edgesep: 18, marginx: 12, marginy: 12 });
  graph.setDefaultEdgeLabel(() => ({}));
  graph.setNode(START, { width: 16, height: 16 });
  for (const { state, parent } of all) {
    const title = words.state(state);
    graph.setNode(state.name, state.states?.length ? {} : { width: Math.max(90, widthOf(title) + 32), height: 22 + LINE });
    if (parent !== null) graph.setParent(state.name, parent);
  }
  const arrows = [...arrowsOf(all, start, words).values()].filter((arrow) => byName.has(arrow.to));
  const entered = new Set<string>();
  arrows.forEach((arrow, i) => {
    const label = arrow.labels.join(" / ");
    const [from, to] = [byName.get(arrow.from), byName.get(arrow.to)!];
    const size = { width: widthOf(label) + 10, height: label === "" ? 0 : LINE, labelpos: "c" as const };
    // Of a parallel state only the arrow into its first part is drawn. The others keep its parts side by side; they are
    // for the first way in alone, since a way back would turn the part upside down.
    const begins = from === undefined ? [START] : lasts(from);
    const ends = entered.has(to.name) ? firsts(to).slice(0, 1) : firsts(to);
    entered.add(to.name);
    begins.forEach((begin, k) => ends.forEach((end, l) => graph.setEdge(begin, end, k + l === 0 ? size : {}, k + l === 0 ? String(i) : `${i}.${k}.${l}`)));
  });
  layout(graph);
  return read(graph, all, arrows, byName, words);
}

type Placed = { x: number; y: number; width: number; height: number };

function read(
  graph: InstanceType<typeof graphlib.Graph>,
  all: Flat[],
  arrows: { from: string; to: string; labels: string[]; events: string[] }[],
  byName: Map<string, ModelState>,
  words: Words,
): Graph {
  const place = (name: string) => graph.node(name) as unknown as Placed;
  const boxes: Box[] = all.map(({ state }) => ({
    name: state.name,
    title: words.state(state),
    kind: state.states?.length ? "group" : state.kind === "final" ? "final" : "state",
    lines: [],
    ...pick(place(state.name)),
  }));
  boxes.push({ name: START, title: "", kind: "start", lines: [], ...pick(place(START)) });
  const groups = new Map(boxes.filter((box) => box.kind === "group").map((box) => [box.name, box]));
  const edges = new Map(graph.edges().map((edge) => [edge.name, graph.edge(edge) as unknown as { points: { x: number; y: number }[]; x?: number; y?: number }]));
  const size = graph.graph() as unknown as { width: number; height: number };
  return {
    width: size.width,
    height: size.height,
    boxes,
    arrows: arrows.map((arrow, i) => {
      const edge = edges.get(String(i))!;
      const label = arrow.labels.join(" / ");
      const isInner = (name: string, other: string) => groups.has(name) && !within(byName.get(name), other);
      let points = edge.points;
      if (isInner(arrow.from, arrow.to)) points = cut(points, groups.get(arrow.from), false);
      if (isInner(arrow.to, arrow.from)) points = cut(points, groups.get(arrow.to), true);
      const middle = points === edge.points && edge.x !== undefined && edge.y !== undefined ? { x: edge.x, y: edge.y } : halfway(points);
      return { ...arrow, label, points, at: label === "" ? null : middle };
    }),
  };
}

function halfway(points: { x: number; y: number }[]): { x: number; y: number } {
  const i = Math.floor((points.length - 1) / 2);
  const [a, b] = [points[i]!, points[i + 1] ?? points[i]!];
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

const pick = ({ x, y, width, height }: Placed) => ({ x, y, width, height });

const within = (state: ModelState | undefined, name: string): boolean =>
  state !== undefined && (state.states ?? []).some((one) => one.name === name || within(one, name));

export const isStart = (name: string): boolean => name === START;
