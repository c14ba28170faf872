import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';

const program = new URL('../programs/log-writer.ts', import.meta.url).pathname;
const lines = 4_000;
let writer: ChildProcessWithoutNullStreams;
afterEach(() => writer.kill('SIGKILL'));

/** A process that logs 4 MB into a pipe that nobody reads, and has gone on after it. */
async function blocked() {
  writer = spawn(process.execPath, [program, `${lines}`]);
  writer.stdout.pause();
  await once(writer.stderr, 'data');
}

test('a log that nobody reads holds up nothing, and is dropped beyond a limit', async () => {
  await blocked();
  let text = '';
  writer.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  writer.stdout.resume();
  writer.stdin.write('drain');
  await once(writer, 'close');
  const logged = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const kept = logged.filter((line) => 'i' in line).length;
  expect(kept).toBeLessThan(2_000);
  expect(logged.slice(kept)).toEqual([
    { level: 40, dropped: lines - kept, msg: 'Log lines could not be written' },
    { last: true },
  ]);
});

test('a process ends though nobody reads its log', async () => {
  await blocked();
  writer.stdin.write('end');
  expect(await once(writer, 'exit')).toEqual([0, null]);
});
