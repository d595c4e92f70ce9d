#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// A small client of Signoff: inbox, open, decide, watch. See README.md beside it.
'use strict';
const { randomUUID } = require('node:crypto');
const net = require('node:net');
const readline = require('node:readline');

class Signoff {
  constructor(server) {
    const colon = server.lastIndexOf(':');
    this.socket = net.connect(Number(server.slice(colon + 1)), server.slice(0, colon));
    this.socket.on('error', (error) => fail(error.message));
    this.socket.on('close', () => fail('the server closed the connection'));
    this.waiting = new Map(); // id of a request -> who waits for its answer
    this.onEntry = () => {};
    readline.createInterface({ input: this.socket }).on('line', (line) => this.receive(JSON.parse(line)));
  }

  receive(message) {
    if (message.method === 'watch.entry') this.onEntry(message.params.entry);
    if (message.error) fail(`${message.error.code}: ${message.error.message}`);
    this.waiting.get(message.id)?.(message.result);
    this.waiting.delete(message.id);
  }

  call(method, params = {}) {
    const id = ++Signoff.lastId;
    this.socket.write(JSON.stringify({ jsonrpc: '2.0', id, method, params }) + '\n');
    return new Promise((resolve) => this.waiting.set(id, resolve));
  }

  close() {
    this.socket.removeAllListeners('close');
    this.socket.end();
  }
}
Signoff.lastId = 0;

function fail(text) {
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

const say = (...columns) => process.stdout.write(`${columns.join('\t')}\n`);

const commands = {
  async inbox(signoff) {
    for (const item of (await signoff.call('inbox.list')).items) say(item.case, item.kind, item.title);
  },

  async open(signoff, workflow, project, ...given) {
    const fields = Object.fromEntries(given.map((f) => [f.split('=', 1)[0], f.slice(f.indexOf('=') + 1)]));
    const opened = await signoff.call('case.open', { workflow, project, fields, request_id: randomUUID() });
    say(opened.case, opened.states.join(','));
  },

  async decide(signoff, key, choice, digest) {
    const seen = await signoff.call('case.get', { case: key });
    const approval = seen.approvals.find((a) => !a.ended);
    if (!approval) fail(`${key} has no open approval`);
    if (digest === undefined) {
      // look first: nothing is decided without the digest of what was seen
      for (const name of approval.covers) console.log(`${name}: ${JSON.stringify(seen.fields[name] ?? null)}`);
      console.log(`digest: ${approval.digest}`);
      return;
    }
    const done = await signoff.call('approval.vote', {
      case: key, approval: approval.approval, choice, digest, request_id: randomUUID(),
    });
    say(done.case, done.states.join(','));
  },

  // From that number on; who remembers the last number seen misses nothing.
  watch(signoff, first = '1') {
    signoff.onEntry = (entry) => say(entry.seq, entry.case ?? '-', entry.kind, entry.actor);
    return signoff.call('watch.start', { from: Number(first) }).then(() => new Promise(() => {}));
  },
};

async function main([name, ...words]) {
  if (!commands[name]) {
    fail('usage: client.js inbox | open WORKFLOW PROJECT NAME=VALUE... | decide CASE CHOICE [DIGEST] | watch [FROM]');
  }
  const signoff = new Signoff(process.env.SIGNOFF_SERVER ?? '127.0.0.1:7480');
  await signoff.call('session.login', { token: process.env.SIGNOFF_TOKEN });
  await commands[name](signoff, ...words);
  signoff.close();
}

main(process.argv.slice(2));
