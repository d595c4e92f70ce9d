// SPDX-License-Identifier: Apache-2.0
// Columns by week, drawn by uPlot; the same numbers stand in a table below.
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { locale } from "../../lib/i18n";
import { t } from "./texts";

export interface Series {
  label: string;
  colour: string; // name of a custom property
  values: (number | null)[];
}

interface Props {
  title: string;
  weeks: string[];
  series: Series[];
}

const HEIGHT = 230;
const colourOf = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const shortDay = (date: string) => new Intl.DateTimeFormat(locale(), { day: "numeric", month: "short", timeZone: "UTC" }).format(new Date(`${date}T12:00:00Z`));

function options(props: Props, width: number): uPlot.Options {
  const axis = { stroke: colourOf("--ink-2"), grid: { stroke: colourOf("--line"), width: 1 }, ticks: { show: false } };
  const n = props.series.length;
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false, range: [-0.6, props.weeks.length - 0.4] }, y: { range: (_, __, high) => [0, Math.max(1, high * 1.1)] } },
    axes: [
      { ...axis, grid: { show: false }, incrs: [1, 2, 4, 8, 13, 26], space: 70, values: (_, splits) => splits.map((i) => (props.weeks[i] === undefined ? "" : shortDay(props.weeks[i]))) },
      { ...axis, size: 42, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] },
    ],
    series: [
      {},
      ...props.series.map((one, i) => ({
        label: one.label,
        fill: colourOf(one.colour),
        stroke: colourOf(one.colour),
        width: 0,
        points: { show: false },
        paths: uPlot.paths.bars!({ size: [0.7 / n, 40], align: n === 1 ? (0 as const) : i === 0 ? (-1 as const) : (1 as const), gap: 1 }),
      })),
    ],
  };
}

export function Chart(props: Props) {
  const its = useRef<HTMLDivElement>(null);
  const key = JSON.stringify(props);
  useEffect(() => {
    const place = its.current;
    if (place === null) return undefined;
    let plot: uPlot | null = null;
    const draw = () => {
      plot?.destroy();
      const data = [props.weeks.map((_, i) => i), ...props.series.map((one) => one.values)] as uPlot.AlignedData;
      plot = new uPlot(options(props, place.clientWidth), data, place);
    };
    const sized = new ResizeObserver(draw);
    sized.observe(place);
    // Another theme has other colours.
    const themed = new MutationObserver(draw);
    themed.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    return () => {
      sized.disconnect();
      themed.disconnect();
      plot?.destroy();
    };
  }, [key]);
  return (
    <>
      <p class="chart-legend">
        {props.series.map((one) => (
          <span key={one.label}>
            <span class="swatch" style={{ background: `var(${one.colour})` }} /> {one.label}
          </span>
        ))}
      </p>
      <div ref={its} class="chart" role="img" aria-label={props.title} />
      <details>
        <summary>{t("as_table")}</summary>
        <div class="scroll" tabIndex={0}>
          <table class="plain-table">
            <thead>
              <tr>
                <th scope="col">{t("week")}</th>
                {props.series.map((one) => (
                  <th key={one.label} scope="col">
                    {one.label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {props.weeks.map((week, i) => (
                <tr key={week}>
                  <th scope="row">{shortDay(week)}</th>
                  {props.series.map((one) => (
                    <td key={one.label}>{one.values[i]?.toLocaleString(locale(), { maximumFractionDigits: 1 }) ?? "–"}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </>
  );
}

/** Bars beside their words: a table that can be seen. */
export function Bars({ rows, head }: { rows: { name: string; n: number; more?: boolean; tone?: string }[]; head: [string, string] }) {
  const most = Math.max(1, ...rows.map((row) => row.n));
  return (
    <table class="bars">
      <thead class="hidden">
        <tr>
          <th scope="col">{head[0]}</th>
          <th scope="col">{head[1]}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.name}>
            <th scope="row">
              <bdi>{row.name}</bdi>
            </th>
            <td>
              <span class={row.n === 0 ? "" : `bar-part ${row.tone ?? ""}`} style={{ width: `${(100 * row.n) / most}%` }} />
              <span>
                {row.n.toLocaleString(locale())}
                {row.more && "+"}
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
