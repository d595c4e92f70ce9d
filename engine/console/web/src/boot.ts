// SPDX-License-Identifier: Apache-2.0
// Runs before anything is drawn, so that a dark page does not flash white first.
const theme = localStorage.getItem("signoff.theme");
if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
const language = localStorage.getItem("signoff.language") ?? (navigator.language.startsWith("zh") ? "zh" : "en");
document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
export {};
