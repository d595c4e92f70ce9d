// SPDX-License-Identifier: Apache-2.0
// A section of a report: its figures, its tables, and what is drawn of them.
import { locale } from "../../lib/i18n";
import type { ReportColumn, ReportSection, ReportTable } from "../../lib/types_team";
import { Chart } from "./chart";
import { drawn, isWords, shown } from "./format";
import { t } from "./texts";

const COLOURS = ["--ink-2", "--accent", "--good", "--late"];
const TONES: Record<string, string> = { kept: "good", answers: "good", missed: "late", unanswered: "late", still_asked: "none" };

function drawnColumns(table: ReportTable): ReportColumn[] {
  return (table.chart?.of ?? []).map((name) => table.columns.find((column) => column.name === name)).filter((column) => column !== undefined);
}

function Bar({ table, row, most }: { table: ReportTable; row: ReportTable["rows"][number]; most: number }) {
  return (
    <td class="bar-cell">
      {drawnColumns(table).map((column) => {
        const value = drawn(column.unit, row[column.name]) ?? 0;
        return value > 0 && <span key={column.name} class={`bar-part ${TONES[column.name] ?? ""}`} style={{ width: `${(100 * value) / most}%` }} />;
      })}
    </td>
  );
}

function Rows({ table }: { table: ReportTable }) {
  const isBarred = table.chart !== undefined && table.chart.kind !== "columns";
  const sum = (row: ReportTable["rows"][number]) => drawnColumns(table).reduce((total, column) => total + (drawn(column.unit, row[column.name]) ?? 0), 0);
  const most = Math.max(1e-9, ...table.rows.map(sum));
  return (
    <div class="scroll" tabIndex={0}>
      <table class="plain-table report-table">
        <thead>
          <tr>
            <th scope="col">{table.key}</th>
            {table.columns.map((column) => (
              <th key={column.name} scope="col" class={isWords(column.unit) ? "" : "number"}>
                {column.title}
              </th>
            ))}
            {isBarred && <td class="bar-cell" />}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row) => (
            <tr key={row.key}>
              <th scope="row">
                <bdi>{row.title}</bdi>
              </th>
              {table.columns.map((column) => (
                <td key={column.name} class={isWords(column.unit) ? "words" : "number"}>
                  <bdi>{shown(column.unit, row[column.name])}</bdi>
                </td>
              ))}
              {isBarred && <Bar table={table} row={row} most={most} />}
            </tr>
          ))}
        </tbody>
      </table>
      {table.more !== undefined && <p class="quiet">{t("more", { n: table.more })}</p>}
    </div>
  );
}

function Columns({ table }: { table: ReportTable }) {
  const of = drawnColumns(table);
  return (
    <>
      <Chart
        title={table.title}
        weeks={table.rows.map((row) => row.key)}
        series={of.map((column, i) => ({
          label: column.title,
          colour: of.length === 1 ? "--accent" : (COLOURS[i % COLOURS.length] ?? "--accent"),
          values: table.rows.map((row) => drawn(column.unit, row[column.name])),
        }))}
      />
      <details>
        <summary>{t("as_table")}</summary>
        <Rows table={table} />
      </details>
    </>
  );
}

/** One row of many says what the figures have said. */
const says = (table: ReportTable): boolean => table.rows.length > 1 || (table.rows.length === 1 && (table.chart !== undefined || table.columns.some((one) => isWords(one.unit))));

export function Section({ section }: { section: ReportSection }) {
  return (
    <section class="card report-section" aria-labelledby={`report-${section.name}`}>
      <h2 id={`report-${section.name}`}>{section.title}</h2>
      <p class="quiet">{section.text}</p>
      {section.figures.length > 0 && (
        <dl class="numbers">
          {section.figures.map((figure) => (
            <div key={figure.name}>
              <dt>{figure.title}</dt>
              <dd>{shown(figure.unit, figure.value)}</dd>
            </div>
          ))}
        </dl>
      )}
      {section.tables.filter(says).map((table) => (
        <section key={table.name} aria-labelledby={`report-${section.name}-${table.name}`}>
          <h3 id={`report-${section.name}-${table.name}`}>{table.title}</h3>
          {table.chart?.kind === "columns" ? <Columns table={table} key={locale()} /> : <Rows table={table} />}
        </section>
      ))}
      {section.note !== undefined && <p class="quiet">{section.note}</p>}
    </section>
  );
}
