import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { CraneCommandBlock } from '../../devices/asrs-crane/fields.ts';
import { ModbusLines } from '../../devices/lib/modbus-line.ts';
import { createPlant, type Plant, type PlantOptions } from '../../simulators/plant.ts';
import type { SimPrinter, SimScanner } from '../../simulators/world/ports.ts';
import type { DeviceId, LocationId } from '../../src/domain/ids.ts';
import { ManualClock } from '../lib/manual-clock.ts';
import { RawPeer } from '../lib/raw-tcp.ts';
import { answersFrame, linkFrame } from '../lib/sim-conveyor-client.ts';
import { conveyorWire, craneFrame, craneWire, interfaces, mission } from '../lib/sim-plant.ts';
import { smallSite } from '../lib/sim-site.ts';
import { systemClock } from '../lib/system-clock.ts';

const cell = 'A01-L-005-02-1' as LocationId;
const log = { debug() {}, info() {}, warn() {}, error() {} };
const cleanups: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A plant whose PLCs are new at Unix time 0, and a clock that the test moves. */
async function started(options: Partial<PlantOptions> = {}) {
  const clock = new ManualClock();
  const plant = createPlant({
    ...{ site: smallSite, interfaces, clock, random: { u32: () => 1 }, log, speed: 10 },
    craneMemory: 'commissioned',
    ...options,
  });
  cleanups.push(() => plant.stop());
  return { plant, clock, where: await plant.start() };
}

test('two PLCs at one address answer under their own units, as behind a gateway', async () => {
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port } = free.address() as AddressInfo;
  await new Promise((resolve) => free.close(resolve));
  const devices = smallSite.devices.map((device) =>
    device.type === 'conveyor' ? { ...device, settings: { ...device.settings, unit: 2 } } : device,
  );
  const ports = Object.fromEntries(devices.map(({ device }) => [device, port]));
  const { where } = await started({ site: { ...smallSite, devices }, ports });
  expect(new Set(Object.values(where).map((at) => at.port))).toEqual(new Set([port]));
  const { signal } = new AbortController();
  const lines = new ModbusLines(systemClock);
  const headOf = async (unit: number, base: number) => {
    const settings = { host: '127.0.0.1', port, unit, interface: 'any' };
    const line = await lines.join(settings, { requestLimitMs: 2000, signal });
    cleanups.push(() => line.close());
    return (await line.readHolding(base, 4, signal)).slice(1);
  };
  const head = [0x0100, 0x0102, 0x0304];
  expect(await headOf(1, craneWire.status.base)).toEqual(head);
  expect(await headOf(2, conveyorWire.linkStatus.base)).toEqual(head);
});

/** A Modbus client of which every byte is seen. */
class RawClient {
  readonly #peer: RawPeer;

  constructor(port = 0) {
    const socket = connect(port, '127.0.0.1');
    cleanups.push(() => {
      socket.destroy();
    });
    this.#peer = new RawPeer(socket);
  }

  async write(address: number, words: readonly number[]): Promise<number> {
    const count = words.length;
    await this.#ask([16, address >> 8, address & 255, 0, count, 2 * count, ...bytesOf(words)]);
    return count;
  }

  async read(address: number, count: number): Promise<number[]> {
    const pdu = await this.#ask([3, address >> 8, address & 255, 0, count]);
    return Array.from({ length: count }, (_, i) => pdu.readUInt16BE(2 + 2 * i));
  }

  async #ask(pdu: readonly number[]): Promise<Buffer> {
    this.#peer.socket.write(Buffer.from([0, 1, 0, 0, 0, pdu.length + 1, 1, ...pdu]));
    const answer = (await this.#peer.frame()).subarray(7);
    expect(answer[0]).toBe(pdu[0]);
    return answer;
  }

  async status() {
    return craneWire.status.decode(await this.read(craneWire.status.base, 125));
  }

  command(fields: Partial<CraneCommandBlock>) {
    const frame = craneFrame({ bootIdEcho: 0, ...fields });
    return this.write(craneWire.command.base, craneWire.command.encode(frame));
  }
}

const bytesOf = (words: readonly number[]) => words.flatMap((word) => [word >> 8, word & 255]);

/** Moves the clock while frames go out, as a controller does, until the mission has ended. */
async function runToEnd(client: RawClient, clock: ManualClock, fromLife: number) {
  for (let life = fromLife; life < fromLife + 100; life++) {
    const { eventHead } = await client.status();
    await client.command({ life, commit: life, eventAck: eventHead });
    if ((await client.status()).activeMissionId === 0) return life;
    clock.advance(200);
  }
  throw new Error('the mission does not end');
}

test('a mission sent over Modbus TCP is answered at once and brings the tote to its cell', async () => {
  const { plant, clock, where } = await started();
  plant.bring({ lpn: 'LPN-1', massKg: 10, heightMm: 300 }, cell);
  const client = new RawClient(where['crane-1']?.port);
  await client.command({ life: 1, commit: 1, ...mission(1, 'transfer', 'L5/2/1', 'R9/4/1') });
  expect(await client.status()).toMatchObject({ seqAnswered: 1, answer: 'accepted' });
  await runToEnd(client, clock, 2);
  expect(await client.status()).toMatchObject({ lastMissionId: 1, lastResult: 'done' });
  expect(plant.truth().totes).toMatchObject([{ location: 'A01-R-009-04-1', codes: ['LPN-1'] }]);
  expect(plant.executionLog()).toMatchObject([{ starts: 1, picks: 1, deposits: 1 }]);
});

test('life goes on while nothing happens, in snapshots that are whole and numbered', async () => {
  const { clock, where } = await started();
  const client = new RawClient(where['crane-1']?.port);
  const lives = new Set<number>();
  const guards = new Set<number>();
  for (let i = 0; i < 4; i++) {
    const status = await client.status();
    expect(status.guardA).toBe(status.guardB);
    lives.add(status.life);
    guards.add(status.guardA);
    clock.advance(500);
  }
  expect([lives.size, guards.size]).toEqual([4, 4]);
});

test('a command that was answered on the wire survives a kill and is executed once', async () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'plant-'));
  cleanups.push(() => rmSync(dataFolder, { recursive: true }));
  const first = await started({ dataFolder });
  first.plant.bring({ lpn: 'LPN-1', massKg: 10, heightMm: 300 }, cell);
  const client = new RawClient(first.where['crane-1']?.port);
  await client.command({ life: 1, commit: 1, ...mission(1, 'transfer', 'L5/2/1', 'R9/4/1') });
  const before = await client.status();
  // Killed here: nobody stops it, its clock never moves again.
  const second = await started({ dataFolder });
  const again = new RawClient(second.where['crane-1']?.port);
  const { guardA: _a, guardB: _b, life: _l, ...after } = await again.status();
  expect(before).toMatchObject({ ...after, seqAnswered: 1, activeMissionId: 1 });
  await again.command({ life: 2, commit: 2, ...mission(1, 'transfer', 'L5/2/1', 'R9/4/1') });
  await runToEnd(again, second.clock, 3);
  expect(second.plant.truth().totes).toMatchObject([{ location: 'A01-R-009-04-1' }]);
  expect(second.plant.executionLog()).toEqual([
    { crane: 'crane-1', missionId: 1, starts: 1, picks: 1, deposits: 1 },
  ]);
});

test('a cut link is not answered, and the machine stops when life is missed', async () => {
  const { plant, clock, where } = await started({ speed: 0.1 });
  plant.bring({ lpn: 'LPN-1', massKg: 10, heightMm: 300 }, cell);
  const client = new RawClient(where['crane-1']?.port);
  await client.command({ life: 1, commit: 1, ...mission(1, 'transfer', 'L5/2/1', 'R9/4/1') });
  plant.fault('crane-1', 'linkCut', true);
  for (let i = 0; i < 40; i++) clock.advance(100);
  plant.fault('crane-1', 'linkCut', false);
  const back = new RawClient(where['crane-1']?.port);
  expect(await back.status()).toMatchObject({ enabled: false, standstill: true, state: 'held' });
});

function fakes() {
  const told: string[] = [];
  const scanner: SimScanner = {
    read: (code, aim) => told.push(`${aim}${code}`),
    noRead: () => told.push('noRead'),
  };
  const printer: SimPrinter = {};
  return { told, scanner, printer };
}

test('a tote without a code gets a label, which the scanner then reads; the trigger reads it again', async () => {
  const { told, scanner, printer } = fakes();
  const scanners = { 'scan-1': scanner };
  const { plant, clock } = await started({ scanners, printers: { 'printer-1': printer } });
  expect(plant.feed({ massKg: 10, heightMm: 300 }).done).toBe(true);
  expect(plant.feed({ massKg: 10, heightMm: 300 }).done).toBe(false);
  clock.advance(500);
  expect(told).toEqual(['noRead']);
  printer.onLabel?.({ zpl: '^XA^XZ', sscc: '340123450000000018' });
  clock.advance(200);
  expect(told).toEqual(['noRead', ']C100340123450000000018']);
  scanner.onTrigger?.();
  clock.advance(50);
  expect(told.length).toBe(3);
  expect(plant.truth().totes[0]?.codes).toEqual(['00340123450000000018']);
});

test('a divert answered over Modbus TCP sends the tote on, and people take it from the station', async () => {
  const { plant, clock, where } = await started();
  const pickUp = 'PICK-01' as LocationId;
  plant.bring({ lpn: 'LPN-1', massKg: 10, heightMm: 300 }, 'A01-PD-OUT' as LocationId);
  const client = new RawClient(where['conveyor-1']?.port);
  const head = { bootIdEcho: 0 };
  await client.write(3000, conveyorWire.link.encode(linkFrame(1, head)));
  clock.advance(500);
  const answer = { answerScanSeq: 1, answerExit: 1, answerHandle: 5 };
  const frame = conveyorWire.answers.encode(answersFrame(2, 1, [answer], head));
  await client.write(conveyorWire.answers.at(2), frame);
  clock.advance(500);
  const point = conveyorWire.point.decode(await client.read(conveyorWire.point.at(2), 125));
  expect(point.confirmations).toMatchObject([{ outcome: 'asAnswered', confirmHandle: 5 }]);
  const [tote] = plant.stationContents(pickUp);
  expect(plant.putBack(tote?.id ?? '')).toMatchObject({ done: true });
  expect(plant.takeAway(pickUp, tote?.id ?? '')).toMatchObject({ done: false });
  expect(plant.truth().totes[0]?.location).toBe('IN-01');
});

test('a device that runs alone has stations that always give and take', async () => {
  const { plant, clock, where } = await started({ alone: 'crane-1' as DeviceId });
  expect(Object.keys(where)).toEqual(['crane-1']);
  const client = new RawClient(where['crane-1']?.port);
  await client.command({ life: 1, commit: 1, ...mission(1, 'transfer', 'PD-IN', 'R9/4/1') });
  await runToEnd(client, clock, 2);
  expect(plant.truth().totes.some(({ location }) => location === 'A01-R-009-04-1')).toBe(true);
});

test('a fault that a device cannot have is refused', async () => {
  const plant: Plant = (await started()).plant;
  expect(() => plant.fault('crane-1', 'jam', true)).toThrow('cannot fail like this');
  expect(() => plant.fault('crane-9', 'binFull', true)).toThrow('No such device');
});
