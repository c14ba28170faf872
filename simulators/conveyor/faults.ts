import { invariant } from '../../src/domain/errors.ts';
import type { Fault, FaultParameter, Faults, FaultValues } from '../lib/fault.ts';
import { level } from '../lib/fault.ts';
import { type Act, restartFaults } from '../lib/plc-view.ts';
import { type Conveyor, exitBit, type PointMemory, type ToteFault } from './model.ts';
import { changeMode, jam, restartConveyor } from './power.ts';

const exit = { doc: 'number of the exit', min: 1, max: 16, default: 1 } as const;

/**
 * What can go wrong with a conveyor and what comes to its points. Off ends it at every point.
 *
 * @param restarting  as `act`, and the connections of the PLC are gone afterwards
 */
export function conveyorFaults(conveyor: Conveyor, act: Act, restarting: Act): Faults {
  const { points } = conveyor.state;
  const known = points.map(({ number }) => number);
  const point: FaultParameter = {
    doc: 'number of the decision point; left out: the first where totes come in, else the first',
    ...{ min: 1, max: Math.max(...known), known },
  };
  const atPoint = (
    doc: string,
    isOn: (memory: PointMemory) => boolean,
    set: (memory: PointMemory, isOn: boolean, values: FaultValues) => void,
    more: Readonly<Record<string, FaultParameter>> = {},
  ): Fault => ({
    doc,
    parameters: { point, ...more },
    isOn: () => points.some(isOn),
    set(isNowOn, values) {
      const there = isNowOn ? [pointOf(conveyor, values['point'])] : points;
      act(() => {
        for (const memory of there) set(memory, isNowOn, values);
      });
    },
  });
  const tote = (name: ToteFault, doc: string): Fault =>
    atPoint(
      doc,
      ({ armed }) => armed.includes(name),
      (memory, isOn) => {
        memory.armed = memory.armed.filter((armed) => armed !== name);
        if (isOn) memory.armed.push(name);
      },
    );
  const shut = (name: 'fullByFault' | 'downByFault', doc: string): Fault =>
    atPoint(
      doc,
      (memory) => memory[name] !== 0,
      (memory, isOn, values) => {
        memory[name] = isOn ? memory[name] | exitBit(values['exit'] ?? 1) : 0;
      },
      { exit },
    );
  return {
    jam: atPoint(
      'The next load sticks in the divert; off: a person frees it.',
      (memory) => memory.jam !== 'no',
      jam,
    ),
    exitFull: shut('fullByFault', 'An exit takes nothing.'),
    exitDown: shut('downByFault', 'An exit is out of order.'),
    noRead: tote('noRead', 'The next tote at the point has no readable code.'),
    unknownCode: tote('unknownCode', 'The next tote carries a code nobody knows.'),
    wrongCode: tote('wrongCode', 'The next label shows another code than was printed.'),
    overweight: tote('overweight', 'The next tote weighs 100 kg.'),
    tooHigh: tote('tooHigh', 'The next tote is 1000 mm high.'),
    modeManual: level(
      'A person turns the mode switch; off turns it back.',
      () => conveyor.state.link.mode === 'manual',
      (isOn) => act(() => changeMode(conveyor, isOn ? 'manual' : 'autoRemote')),
    ),
    ...restartFaults((memory) => restarting((now) => restartConveyor(conveyor, memory, now))),
  };
}

function pointOf({ setup, state }: Conveyor, number: number | undefined): PointMemory {
  const points = [...setup.points.values()];
  const wanted = number ?? (points.find(({ role }) => role === 'induct') ?? points[0])?.point;
  const memory = state.points.find((each) => each.number === wanted);
  invariant(memory !== undefined, 'the numbers of points were checked before');
  return memory;
}
