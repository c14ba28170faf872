import modbusSerial from 'modbus-serial';
import { ModbusLines } from '../../devices/lib/modbus-line.ts';
import { ModbusServer } from '../../simulators/lib/modbus-server.ts';
import { machineClock as clock } from '../../src/machine/clock.ts';
import { type Chapter, type Figure, round } from './figures.ts';

const { signal } = new AbortController();
const limits = { requestLimitMs: 5_000, signal };
const unitCount = 8;
const address = 1_000;

type Work = (round: number) => Promise<unknown>;

/**
 * What our client costs over the library that it stands on: the same requests to the same server, one
 * after the other, in turns of a few hundred, so that both meet the same moments of the machine.
 */
export async function measureModbus(isQuick: boolean): Promise<Chapter> {
  const turns = isQuick ? 5 : 20;
  const bank = () => ({ image: new Uint16Array(0x1_0000) });
  const units = Object.fromEntries(Array.from({ length: unitCount }, (_, i) => [i + 1, bank()]));
  const server = new ModbusServer({ units, connectionsMax: 4 });
  const port = await server.listen(0);
  const bare = new modbusSerial.default();
  await bare.connectTCP('127.0.0.1', { port });
  bare.setTimeout(5_000);
  const lines = new ModbusLines(clock);
  const places = await Promise.all(
    Object.keys(units).map((unit) =>
      lines.join({ host: '127.0.0.1', port, unit: Number(unit), interface: 'any' }, limits),
    ),
  );
  const [ours] = places as [(typeof places)[number]];
  const words = Array.from({ length: 52 }, (_, i) => i);
  const readBare = (count: number) => () => bare.readHoldingRegisters(address, count);
  const everyUnit: Work = () =>
    Promise.all(places.map((place) => place.readHolding(address, 125, signal)));
  const everyUnitBare: Work = async () => {
    // One after the other: asked at once, it would give answers away.
    for (let unit = 1; unit <= unitCount; unit++) {
      bare.setID(unit);
      await bare.readHoldingRegisters(address, 125);
    }
    bare.setID(1);
  };
  try {
    bare.setID(1);
    const pairs: readonly (readonly [string, Work, Work, number])[] = [
      ['read 125 registers', () => ours.readHolding(address, 125, signal), readBare(125), 1],
      ['read 14 registers', () => ours.readHolding(address, 14, signal), readBare(14), 1],
      [
        'write 52 registers',
        () => ours.writeHolding(address, words, signal),
        () => bare.writeRegisters(address, words),
        1,
      ],
      [`read 125 registers of ${unitCount} units`, everyUnit, everyUnitBare, unitCount],
    ];
    const figures: Figure[] = [];
    for (const [name, own, other, requests] of pairs) {
      figures.push(await compare(name, [own, other], { turns, requests }));
    }
    return { title: 'Modbus TCP: our client beside bare modbus-serial, same server', figures };
  } finally {
    for (const place of places) await place.close();
    bare.destroy(() => {});
    await server.close();
  }
}

async function compare(
  name: string,
  [ours, bare]: readonly [Work, Work],
  { turns, requests }: { readonly turns: number; readonly requests: number },
): Promise<Figure> {
  const perTurn = Math.ceil(400 / requests);
  const ns = { ours: 0n, bare: 0n };
  const timed = async (work: Work): Promise<bigint> => {
    const startNs = process.hrtime.bigint();
    for (let i = 0; i < perTurn; i++) await work(i);
    return process.hrtime.bigint() - startNs;
  };
  // The first turns are those of code not compiled yet.
  for (let turn = -2; turn < turns; turn++) {
    const [own, other] = [await timed(ours), await timed(bare)];
    if (turn < 0) continue;
    ns.ours += own;
    ns.bare += other;
  }
  const perSecond = (spent: bigint) => round((turns * perTurn * requests * 1e9) / Number(spent));
  const [own, other] = [perSecond(ns.ours), perSecond(ns.bare)];
  const values = { ours: own, bare: other, ratio: round(own / other) };
  return { name, unit: 'requests/s', values, note: 'loopback, one at a time, same process' };
}
