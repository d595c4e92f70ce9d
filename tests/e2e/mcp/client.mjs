// SPDX-License-Identifier: Apache-2.0
// Runs the steps that standard input has, a JSON array of {"tool", "arguments"}, through an official
// client, and prints what came: {"version", "tools", "results"}.
//   node client.mjs new|old SIGNOFF ARGUMENTS...
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [era, command, ...args] = process.argv.slice(2);
const require = createRequire(pathToFileURL(process.cwd() + '/'));
const load = (name) => import(pathToFileURL(require.resolve(name)).href);

const info = { name: 'signoff-tests', version: '1' };
let Client, StdioClientTransport, options;
if (era === 'new') {
  ({ Client } = await load('@modelcontextprotocol/client'));
  ({ StdioClientTransport } = await load('@modelcontextprotocol/client/stdio'));
  options = { versionNegotiation: { mode: { pin: '2026-07-28' } } };
} else {
  ({ Client } = await load('@modelcontextprotocol/sdk/client/index.js'));
  ({ StdioClientTransport } = await load('@modelcontextprotocol/sdk/client/stdio.js'));
}

const client = new Client(info, options);
await client.connect(new StdioClientTransport({ command, args, env: process.env, stderr: 'inherit' }));
const { tools } = await client.listTools();
const results = [];
for (const step of JSON.parse(readFileSync(0, 'utf8'))) {
  results.push(await client.callTool({ name: step.tool, arguments: step.arguments ?? {} }));
}
const version = client.getNegotiatedProtocolVersion?.() ?? null; // the older client does not tell
console.log(JSON.stringify({ version, server: client.getServerVersion(), tools, results }));
await client.close();
