// SPDX-License-Identifier: Apache-2.0
// Durations of the rule language, such as "2 workdays 4 hours", in the reader's words.
import { language } from "../lib/i18n";

const CHINESE: Record<string, string> = {
  second: "秒", minute: "分钟", hour: "小时", day: "天", week: "周", workhour: "个工作小时", workday: "个工作日",
};

export const duration = (text: string): string =>
  language.value === "zh" ? text.replace(/(\d+) ([a-z]+?)s?\b/g, (all, n: string, unit: string) => {
    const word = CHINESE[unit];
    return word === undefined ? all : `${n} ${word}`;
  }) : text;
