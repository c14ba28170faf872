import { isDeviceError } from '../../src/domain/errors.ts';
import { type Clock, pause } from '../../src/ports/clock.ts';
import type { ProbeCheck } from '../../src/ports/device.ts';
import type { Modbus } from '../transport/modbus.ts';
import { bind } from './codec.ts';
import { contractOf, type InterfaceFile } from './interface-file.ts';
import { headFields, headProblem, timingOf } from './plc.ts';

const lookEveryMs = 50;

export interface PlcProbe {
  readonly file: InterfaceFile;
  readonly settings: { readonly deviceNumber: number };
  /** Name of the block that holds the head. */
  readonly block: string;
  readonly clock: Clock;
}

/**
 * Reads the head of a PLC and watches its life: whether it is the one meant, and whether its control
 * task runs. Writes nothing.
 *
 * @throws device errors
 */
export async function probePlc(
  modbus: Modbus,
  { file, settings, block, clock }: PlcProbe,
): Promise<readonly ProbeCheck[]> {
  const head = bind(file, block, { ...headFields, life: 'number' });
  const { signal } = new AbortController();
  const read = async () => head.decode(await modbus.readHolding(head.base, head.length, signal));
  const first = await read();
  const problem = headProblem(first, file, settings.deviceNumber);
  const { mapVersion } = contractOf(file);
  const right = `map version ${mapVersion >> 8}.${mapVersion & 0xff}, word order right, device number ${first.deviceNumber}`;
  const registers: ProbeCheck = {
    check: 'registers',
    verdict: problem === undefined ? 'ok' : 'bad',
    detail: problem ?? right,
  };
  if (problem !== undefined) return [registers, { check: 'life', ...unknowable }];
  const { lifeLostMs } = timingOf(file, ['lifeLostMs']);
  const life = async () => (await read()).life;
  return [registers, await watchLife(life, first.life, { lifeLostMs, clock })];
}

async function watchLife(
  read: () => Promise<number>,
  first: number,
  { lifeLostMs, clock }: { readonly lifeLostMs: number; readonly clock: Clock },
): Promise<ProbeCheck> {
  const startMs = clock.monotonicMs();
  const sinceMs = () => Math.round(clock.monotonicMs() - startMs);
  try {
    while (sinceMs() < lifeLostMs) {
      await pause(clock, lookEveryMs);
      const now = await read();
      const detail = `moves: ${first} to ${now} in ${sinceMs()} ms`;
      if (now !== first) return { check: 'life', verdict: 'ok', detail };
    }
  } catch (error) {
    // The driver watches it too, and may have given the connection up before.
    if (!isDeviceError(error)) throw error;
  }
  const detail = `stands at ${first} for ${sinceMs()} ms: does the control task run?`;
  return { check: 'life', verdict: 'bad', detail };
}

const unknowable = {
  verdict: 'unknown',
  detail: 'not looked at: these registers are not those of the interface file',
} as const;
