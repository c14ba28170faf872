import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { startPrinterSimulator } from '../../simulators/zpl-printer/server.ts';
import type { Label } from '../../src/domain/label.ts';
import { collector } from '../lib/collector.ts';
import { endings, eventually, host, job, numbersOf, running } from '../lib/printer-rig.ts';

const entry = new URL('../lib/print-process.ts', import.meta.url).pathname;
/** A process has to start first. */
const startLimitMs = 25_000;
/** The process has the file for itself while it recovers from a kill. */
const lockLimitMs = 5_000;
/** Labels 8 to 13: as text, 10 comes before 9. */
const numbers = ['8', '9', '10', '11', '12', '13'];
const rows = numbers.map((number): Label => {
  const names = {
    printer: 'printer-1',
    loadUnit: `T-${number}`,
    sscc: `${number}`.padStart(18, '0'),
  };
  const row = { label: `L-${number}`, template: 'sscc-a6', workflow: `none/${number}`, ...names };
  return { ...row, zpl: job(number).zpl, copy: 1, status: 'queued' } as Label;
});

async function killable() {
  const folder = mkdtempSync(join(tmpdir(), 'craneway-print-'));
  endings.push(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'ledger.db');
  const labels = collector<{ readonly zpl: string; readonly number: number }>();
  const simulator = await startPrinterSimulator({
    ...{ at: { host, port: 0 }, dotsPerMm: 8, clock: running().clock, onLabel: labels.report },
  });
  endings.push(() => simulator.close());
  let said = '';
  let child: ChildProcess | undefined;
  const start = (...more: string[]) => {
    const stdio = ['ignore', 'ignore', 'pipe'] as const;
    const process_ = spawn(process.execPath, [entry, file, `${simulator.port}`, ...more], {
      stdio: [...stdio],
    });
    process_.stderr?.on('data', (text) => {
      said += String(text);
    });
    child = process_;
  };
  const kill = async () => {
    const ended = child && once(child, 'exit');
    child?.kill('SIGKILL');
    await ended;
    child = undefined;
    const unexpected = said.split('\n').filter((line) => /Error/.test(line));
    expect(unexpected).toEqual([]);
  };
  endings.push(kill);
  const statuses = () => {
    const db = new DatabaseSync(file, { readOnly: true, timeout: lockLimitMs });
    const found = db.prepare('SELECT label, status FROM label').all();
    db.close();
    return new Map(found.map(({ label, status }) => [String(label), String(status)]));
  };
  return { simulator, labels, start, kill, statuses };
}

test('killed at every step of a label, each one is printed at most once, in order, and none is forgotten', async () => {
  const { simulator, labels, start, kill, statuses } = await killable();
  /** What the printer shows when the process is killed; each counts anew in each life. */
  const moments = [
    // It has all of a label, and nothing on paper.
    () => simulator.state().waiting.length === 1,
    // The label is out; whether the controller knows it, nobody can tell.
    (before: number) => labels.all.length > before,
    // The one after it has begun: the verdict of the first is on disk.
    (before: number) => labels.all.length > before && simulator.state().waiting.length === 1,
  ];
  let kills = 0;
  start(JSON.stringify(rows));
  for (const moment of moments) {
    const before = labels.all.length;
    await eventually(() => moment(before), startLimitMs);
    await kill();
    kills += 1;
    start();
  }
  const isOver = () => [...statuses().values()].every((status) => !/queued|sending/.test(status));
  await eventually(isOver, startLimitMs);
  await kill();

  const printed = numbersOf(labels.all as never);
  expect(printed).toEqual(numbers.filter((number) => printed.includes(number)));
  const found = statuses();
  const inDoubt = numbers.filter((number) => found.get(`L-${number}`) === 'unknown');
  expect(inDoubt.length).toBeGreaterThan(0);
  expect(inDoubt.length).toBeLessThanOrEqual(kills);
  for (const number of numbers) {
    if (found.get(`L-${number}`) === 'printed') expect(printed).toContain(number);
    else expect(inDoubt).toContain(number);
  }
}, 150_000);
