import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { startScannerSimulator } from '../../simulators/barcode-scanner/server.ts';
import { connected, endings, settingsFor, simulated } from '../lib/scanner-run.ts';
import { systemClock as clock } from '../lib/system-clock.ts';

const listening = (port: number, from: readonly string[] = []) =>
  settingsFor({ kind: 'tcpListen', host: '127.0.0.1', port, from });

async function freePort(): Promise<number> {
  const { simulator, settings } = await simulated();
  await simulator.close();
  return 'port' in settings.connection ? settings.connection.port : 0;
}

test('a scanner that dials is read, and dials again when it was hung up on', async () => {
  const settings = listening(await freePort());
  const simulator = await startScannerSimulator({ settings, clock });
  endings.push(() => simulator.close());
  const { scanner, facts, isOnline } = connected(settings);
  await isOnline();
  simulator.read('TOTE-1');
  await facts.until((fact) => 'code' in fact);
  simulator.cut();
  await facts.until(({ type }) => type === 'scanner.online', 2);
  simulator.read('TOTE-2');
  await facts.until((fact) => 'code' in fact && fact.code === 'TOTE-2');
  expect(scanner.status()).toMatchObject({ availability: 'online', counters: { connects: 2 } });
});

test('of two that dial one port the newest one is listened to, and the change is counted', async () => {
  const settings = listening(await freePort());
  const { scanner, facts, isOnline } = connected(settings);
  const old = connect(settings.connection as { port: number });
  endings.push(() => old.destroy());
  old.on('error', () => {});
  await isOnline();
  const gone = new Promise((resolve) => old.once('close', resolve));
  const simulator = await startScannerSimulator({ settings, clock });
  endings.push(() => simulator.close());
  await gone;
  const offline = await facts.until(({ type }) => type === 'scanner.offline');
  expect(offline).toMatchObject({
    reason: expect.stringContaining('a newer connection came from'),
  });
  await facts.until(({ type }) => type === 'scanner.online', 2);
  simulator.read('TOTE-1');
  expect(await facts.until((fact) => 'code' in fact)).toMatchObject({ code: 'TOTE-1' });
  expect(scanner.status().counters).toMatchObject({ peersReplaced: 1, peersRefused: 0 });
});

test('what is sent at once by a scanner that dials is not lost', async () => {
  const settings = listening(await freePort());
  const { facts } = connected(settings);
  const peer = connect(settings.connection as { port: number }, () => {
    peer.end('\x02]C0TOTE-1\x03');
  });
  endings.push(() => peer.destroy());
  expect(await facts.until((fact) => 'code' in fact)).toMatchObject({ code: 'TOTE-1' });
});

test('who is not on the list is hung up on and counted', async () => {
  const settings = listening(await freePort(), ['192.0.2.7']);
  const { scanner, facts } = connected(settings);
  const peer = connect(settings.connection as { port: number });
  endings.push(() => peer.destroy());
  peer.on('error', () => {});
  await new Promise((resolve) => peer.once('close', resolve));
  expect(scanner.status()).toMatchObject({
    availability: 'offline',
    counters: { peersRefused: 1, connects: 0 },
  });
  expect(facts.all).toEqual([]);
});

test('a port that another program has makes the scanner unavailable, with the reason', async () => {
  const { settings } = await simulated();
  const { port } = settings.connection as { port: number };
  const { facts } = connected(listening(port));
  expect(await facts.until(({ type }) => type === 'scanner.offline')).toMatchObject({
    reason: expect.stringMatching(/cannot be listened on: .*EADDRINUSE/),
  });
});
