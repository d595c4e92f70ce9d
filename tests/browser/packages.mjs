// SPDX-License-Identifier: Apache-2.0
// Fetches what the tests need, as package-lock.json says, unless that is here already.
import { execFileSync } from "node:child_process";
import { existsSync, statSync, utimesSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const lock = join(here, "package-lock.json");
const made = join(here, "node_modules", ".package-lock.json"); // npm writes it last

if (!existsSync(made) || statSync(made).mtimeMs < statSync(lock).mtimeMs) {
  execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: here, stdio: "inherit" });
  utimesSync(made, new Date(), new Date());
}
