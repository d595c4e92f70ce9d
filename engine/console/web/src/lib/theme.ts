// SPDX-License-Identifier: Apache-2.0
// Light or dark. The page always says which it is, so that style sheets have one rule for it; who has chosen nothing
// follows the system, also when that changes.
import { keep, kept } from "./kept";

export type Theme = "auto" | "light" | "dark";

const system = matchMedia("(prefers-color-scheme: dark)");

export function chosenTheme(): Theme {
  const found = kept("theme");
  return found === "light" || found === "dark" ? found : "auto";
}

export function paint(): void {
  const theme = chosenTheme();
  document.documentElement.dataset.theme = theme === "auto" ? (system.matches ? "dark" : "light") : theme;
}

export function chooseTheme(to: Theme): void {
  keep("theme", to === "auto" ? null : to);
  paint();
}

system.addEventListener("change", paint);
