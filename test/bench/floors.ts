import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { connectModbusTcp } from '../../devices/transport/modbus-tcp.ts';
import { begin, decide } from '../../src/flow/decide.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { machineClock as clock } from '../../src/machine/clock.ts';
import { putawayMachine } from '../../src/workflows/putaway.machine.ts';
import { withFolder } from './controller.ts';
import { type Chapter, type Figure, percentiles } from './figures.ts';
import { type Plcs, startPlcs } from './plcs.ts';

const readAddress = 5_000;
const readWords = 125;

/** What the parts cost alone on this machine, now: no figure of the whole can be below their sum. */
export async function measureFloors(isQuick: boolean): Promise<Chapter> {
  const rounds = isQuick ? 2_000 : 10_000;
  const plcs = startPlcs();
  try {
    return {
      title: 'Floors: what the parts cost alone, in the same run',
      figures: [
        await tcp(plcs, rounds),
        await modbus(plcs, rounds),
        await commit(rounds / 4),
        transitions(rounds),
      ],
    };
  } finally {
    await plcs.stop();
  }
}

const elapsedUs = (startNs: bigint) => Number(process.hrtime.bigint() - startNs) / 1000;

/** @param warmUp  first times that are not counted: they are those of code not compiled yet */
async function timesOf(rounds: number, work: () => unknown): Promise<number[]> {
  const times: number[] = [];
  for (let i = -rounds / 10; i < rounds; i++) {
    const startNs = process.hrtime.bigint();
    const pending = work();
    if (pending instanceof Promise) await pending;
    if (i >= 0) times.push(elapsedUs(startNs));
  }
  return times;
}

const figure = (name: string, times: readonly number[]): Figure => ({
  ...{ name, unit: 'µs', values: percentiles(times) },
});

async function tcp(plcs: Plcs, rounds: number): Promise<Figure> {
  const socket = connect({ port: await plcs.ask('echo', {}), host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  const times = await timesOf(rounds, async () => {
    socket.write('hello');
    await once(socket, 'data');
  });
  socket.destroy();
  return figure('TCP round trip over loopback, another process', times);
}

async function modbus(plcs: Plcs, rounds: number): Promise<Figure> {
  const ask = { points: [1], answerDelayMs: 0, confirmAfterMs: 0 };
  const [port = 0] = await plcs.ask('conveyors', ask);
  const { signal } = new AbortController();
  const limits = { connectLimitMs: 1_000, requestLimitMs: 1_000, clock, signal };
  const line = await connectModbusTcp({ host: '127.0.0.1', port, unit: 1, ...limits });
  const times = await timesOf(rounds, () => line.readHolding(readAddress, readWords, signal));
  line.close();
  return figure(`Modbus TCP read of ${readWords} registers, our client`, times);
}

async function commit(rounds: number): Promise<Figure> {
  return await withFolder(async (folder) => {
    const db = openLedger(join(folder, 'floor.db'));
    db.exec('CREATE TABLE floor (no INTEGER PRIMARY KEY, body TEXT) STRICT');
    const insert = db.prepare('INSERT INTO floor (body) VALUES (?)');
    const body = 'x'.repeat(200);
    const times = await timesOf(rounds, () => {
      db.exec('BEGIN IMMEDIATE');
      for (let row = 0; row < 3; row++) insert.run(body);
      db.exec('COMMIT');
    });
    db.close();
    return figure('SQLite FULL commit of 3 rows, one fsync', times);
  });
}

function transitions(rounds: number): Figure {
  const input = {
    loadUnit: 'T-1',
    pd: 'A01-PD-IN',
    location: 'A01-L-001-01-1',
    conveyorLimitMs: 1,
  };
  const { next } = begin(putawayMachine, input);
  const times: number[] = [];
  for (let i = -1_000; i < rounds; i++) {
    const startNs = process.hrtime.bigint();
    decide(putawayMachine, next, { type: 'unit.atPd' });
    if (i >= 0) times.push(elapsedUs(startNs));
  }
  return figure('one workflow transition', times);
}
