// SPDX-License-Identifier: Apache-2.0
// Columns by week or month, drawn by uPlot; the same numbers stand in a table below.
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { locale } from "../../lib/i18n";

export interface Series {
  label: string;
  colour: string; // name of a custom property
  values: (number | null)[];
}

interface Props {
  title: string;
  weeks: string[]; // keys of the periods
  series: Series[];
}

const HEIGHT = 230;
const colourOf = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
/** A day as people write it; a month or a year as it stands. */
const shortDay = (date: string) => (date.length < 10 ? date : new Intl.DateTimeFormat(locale(), { day: "numeric", month: "short", timeZone: "UTC" }).format(new Date(`${date}T12:00:00Z`)));

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
    </>
  );
}
