// SPDX-License-Identifier: Apache-2.0
// Runs before anything is drawn, so that a dark page does not flash white first.
import { kept } from "./lib/kept";
import { paint } from "./lib/theme";

paint();
const language = kept("language") ?? (navigator.language.startsWith("zh") ? "zh" : "en");
document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
