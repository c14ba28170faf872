import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { openCharacterDevice } from '../../../devices/transport/character-device.ts';
import { DeviceTimeoutError, DeviceUnavailableError } from '../../../src/domain/errors.ts';
import { systemClock as clock } from '../../lib/system-clock.ts';

const { signal } = new AbortController();
const limits = { clock, connectLimitMs: 500, writeLimitMs: 200, signal };
const endings: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** A pipe in the place of the printer's node: it fills up like a printer that has stopped. */
async function pipe() {
  const folder = mkdtempSync(join(tmpdir(), 'craneway-device-'));
  endings.push(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'lp0');
  expect(await once(spawn('/usr/bin/mkfifo', [path]), 'exit')).toEqual([0, null]);
  const { O_RDONLY, O_NONBLOCK } = constants;
  const reader = openSync(path, O_RDONLY | O_NONBLOCK);
  endings.push(() => closeSync(reader));
  return { path, reader };
}

test('what is written arrives whole, also where the device takes it bit by bit', async () => {
  const { path, reader } = await pipe();
  const link = await openCharacterDevice({ path, reads: false, ...limits, writeLimitMs: 5_000 });
  const sent = Buffer.alloc(300_000, 'ABCDEFG');
  const writing = link.write(sent, signal);
  const got: Buffer[] = [];
  const buffer = Buffer.alloc(10_000);
  const take = () => {
    try {
      got.push(Buffer.from(buffer.subarray(0, readSync(reader, buffer))));
    } catch (error) {
      if (!String(error).includes('EAGAIN')) throw error;
    }
  };
  await new Promise<void>((resolve, reject) => {
    const again = () => {
      take();
      if (got.reduce((sum, { length }) => sum + length, 0) === sent.length) resolve();
      else clock.after(1, again);
    };
    writing.catch(reject);
    again();
  });
  await writing;
  expect(Buffer.concat(got).equals(sent)).toBe(true);
  await link.close();
});

test('a device that takes nothing more fails at the deadline, and no thread waits in it', async () => {
  // More of them than there are threads.
  const pipes = await Promise.all(Array.from({ length: 6 }, pipe));
  const links = await Promise.all(
    pipes.map(({ path }) => openCharacterDevice({ path, reads: false, ...limits })),
  );
  let failed = 0;
  const writes = links.map((link) =>
    link.write(Buffer.alloc(300_000), signal).catch((error: unknown) => {
      failed += 1;
      return error;
    }),
  );
  // Files are read as ever while all of them are stuck.
  await stat('/');
  expect(failed).toBe(0);
  for (const error of await Promise.all(writes)) expect(error).toBeInstanceOf(DeviceTimeoutError);
  for (const { closed } of links) expect(await closed).toBeInstanceOf(Error);
});

test('a link that was dropped lets go of its path, and takes nothing more', async () => {
  const { path } = await pipe();
  for (let count = 0; count < 20; count += 1) {
    const link = await openCharacterDevice({ path, reads: false, ...limits });
    await link.close();
    await expect(link.write(Buffer.from('x'), signal)).rejects.toThrow(DeviceUnavailableError);
  }
});

test('a path is used by one link at a time', async () => {
  const { path } = await pipe();
  const link = await openCharacterDevice({ path, reads: false, ...limits });
  await expect(openCharacterDevice({ path, reads: false, ...limits })).rejects.toThrow(
    /earlier connection/,
  );
  await link.close();
});

test('what comes in is handed on; silence is none of its business', async () => {
  const { path } = await pipe();
  const link = await openCharacterDevice({ path, reads: true, ...limits });
  const heard = new Promise((resolve) => link.onData(resolve));
  // A pipe that is open both ways gives back what was written into it.
  await link.write(Buffer.from('back'), signal);
  expect(String(await heard)).toBe('back');
  await link.close();
  expect(await link.closed).toBeUndefined();
});

test.each([
  ['not there', '/dev/craneway-no-device', /ENOENT/],
  ['a folder', tmpdir(), /EISDIR/],
])('what is %s is unavailable, and says so', async (_, path, why) => {
  const opening = openCharacterDevice({ path, reads: true, ...limits });
  await expect(opening).rejects.toThrow(DeviceUnavailableError);
  await expect(openCharacterDevice({ path, reads: true, ...limits })).rejects.toThrow(why);
});
