// SPDX-License-Identifier: Apache-2.0
// How a project is: the colour in words, and what made it so.
import { texts } from "../lib/i18n";
import type { Colour, Health } from "../lib/types_project";
import { Chip, type Tone } from "./chip";

const t = texts({
  red: ["in trouble", "有问题"],
  yellow: ["to be watched", "需关注"],
  green: ["on course", "正常"],
});

const looks = {
  red: { tone: "late", word: "red" },
  yellow: { tone: "soon", word: "yellow" },
  green: { tone: "good", word: "green" },
} as const satisfies Record<Colour, { tone: Tone; word: string }>;

export function HealthChip({ health }: { health: Health }) {
  const title = health.reasons.map((one) => one.text).join("\n");
  return (
    <Chip tone={looks[health.colour].tone} {...(title ? { title } : {})}>
      {t(looks[health.colour].word)}
    </Chip>
  );
}

export function Reasons({ health }: { health: Health }) {
  return (
    <ul class="plain reasons">
      {health.reasons.map((one) => (
        <li key={one.figure} class={one.colour}>
          {one.text}
        </li>
      ))}
    </ul>
  );
}
