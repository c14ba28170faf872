import { isDeviceError } from '../../src/domain/errors.ts';
import { type Clock, pause } from '../../src/ports/clock.ts';
import { bind } from '../lib/codec.ts';
import type { InterfaceFile } from '../lib/interface-file.ts';
import { timingOf } from '../lib/plc.ts';
import type { ModbusLine } from '../transport/modbus.ts';
import { type StartBitStatus, startBitFields } from './fields.ts';

/** What can be wrong with such a PLC, as far as reading shows it. */
export type StartBitDefect =
  | 'CODE_UNKNOWN'
  | 'POSITION_UNSTEADY'
  | 'START_STANDING'
  | 'STATE_CONTRADICTS'
  | 'WIRE';

/** One thing that was looked at, or could not be. */
export interface Look {
  readonly title: string;
  readonly findings: readonly { readonly defect: StartBitDefect; readonly message: string }[];
  /** What was seen; why it cannot be looked at. */
  readonly notes: readonly string[];
  readonly isLookedAt: boolean;
}

export interface LookOptions {
  readonly line: Pick<ModbusLine, 'readHolding'>;
  readonly file: InterfaceFile;
  readonly clock: Clock;
  readonly reads: number;
  readonly signal: AbortSignal;
}

const readPauseMs = 10;

/**
 * Looks at a live PLC without numbers. It only reads: whatever is written to such a PLC may move the crane, and
 * it has no way to refuse a command by number, which is what the other checks of an acceptance rest on.
 */
export async function lookAtPlc(options: LookOptions): Promise<readonly Look[]> {
  const seen: StartBitStatus[] = [];
  let starts = 0;
  let problem: Look['findings'] = [];
  const { file, line, clock, signal } = options;
  const status = bind(file, 'status', startBitFields.status);
  const command = bind(file, 'command', startBitFields.command);
  try {
    for (let i = 0; i < options.reads && !signal.aborted; i++) {
      const words = await line.readHolding(command.base, command.length, signal);
      if (command.decode(words).start) starts++;
      seen.push(status.decode(await line.readHolding(status.base, status.length, signal)));
      await pause(clock, readPauseMs);
    }
  } catch (error) {
    if (!isDeviceError(error)) throw error;
    const defect = error.context['field'] === undefined ? 'WIRE' : 'CODE_UNKNOWN';
    const details = Object.entries(error.context).map(([name, value]) => `${name} ${value}`);
    problem = [{ defect, message: [error.message, ...details].join(', ') }];
  }
  const notes = [`${seen.length} readings of both blocks`];
  return [
    {
      title: 'both blocks can be read, and every code is listed',
      findings: problem,
      notes,
      isLookedAt: true,
    },
    ...(seen.length === 0 ? [] : [contradictions(seen, starts), steadiness(seen, file)]),
    ...unseen,
  ];
}

function contradictions(seen: readonly StartBitStatus[], starts: number): Look {
  const both = seen.filter(({ busy, done }) => busy && done).length;
  const ended = seen.filter(({ busy, done, faultCode }) => !busy && done && faultCode !== 0).length;
  const findings: Look['findings'][number][] = [];
  if (both > 0) {
    const message = `busy and done together in ${both} readings: done has to fall when a start is taken`;
    findings.push({ defect: 'STATE_CONTRADICTS', message });
  }
  if (ended > 0) {
    const message = `done with a fault code in ${ended} readings: exactly one of them tells how a mission ended`;
    findings.push({ defect: 'STATE_CONTRADICTS', message });
  }
  if (starts > 0 && seen.every(({ busy }) => !busy)) {
    const message = `start stands in ${starts} readings and nothing is busy: clear the command registers`;
    findings.push({ defect: 'START_STANDING', message });
  }
  const modes = [...new Set(seen.map(({ mode }) => mode))];
  const notes = [`mode ${modes.join(', ')}`];
  return { title: 'what it says of itself agrees', findings, notes, isLookedAt: true };
}

/** A crane that rests: a position that jumps is a torn or a swapped 32-bit value. */
function steadiness(seen: readonly StartBitStatus[], file: InterfaceFile): Look {
  const title = 'the position of a crane at rest is steady';
  const resting = seen.filter(({ busy }) => !busy);
  const [first] = resting;
  if (first === undefined)
    return { title, findings: [], notes: ['it was busy'], isLookedAt: false };
  const { positionMm } = timingOf(file, ['positionMm']);
  const spread = (axis: 'travelMm' | 'hoistMm') => {
    const values = resting.map((status) => status[axis]);
    return Math.max(...values) - Math.min(...values);
  };
  const findings = (['travelMm', 'hoistMm'] as const).flatMap((axis) =>
    spread(axis) <= positionMm
      ? []
      : [
          {
            defect: 'POSITION_UNSTEADY' as const,
            message: `${axis} changes by ${spread(axis)} mm while nothing is busy; more than positionMm, ${positionMm}`,
          },
        ],
  );
  const notes = [
    `travelMm ${first.travelMm}, hoistMm ${first.hoistMm}: compare with where the crane stands; nothing else proves word order and scale`,
  ];
  return { title, findings, notes, isLookedAt: true };
}

const byHand = 'not by reading: try it with the crane empty and people out of the aisle, and watch';
const cannot = (title: string, why: string): Look => ({
  ...{ title, findings: [], notes: [why], isLookedAt: false },
});

const unseen: readonly Look[] = [
  cannot('a start is taken once, however long it stands', byHand),
  cannot('a start that stands over a restart of the PLC is not taken', byHand),
  cannot('leaving automatic ends the mission, and nothing resumes by itself', byHand),
  cannot('each fault code of the interface file is the one of this PLC', byHand),
  cannot('done or a fault code, and the position, stay until the next start', byHand),
  cannot(
    'commands of another controller, an old one or a doubled one are refused',
    'such a PLC cannot: it knows no claim and no number. Nobody but Craneway may write its registers',
  ),
];
