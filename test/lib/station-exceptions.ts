import type { DeviceId } from '../../src/domain/ids.ts';
import { OUTSIDE } from '../../src/domain/ids.ts';
import { linkExceptions } from './floor-exceptions.ts';
import { toteOfUnit } from './floor-people.ts';
import { infeed, pick, thaw } from './floor-phases.ts';
import { conveyor1 } from './floor-plant.ts';
import { type Desk, orderOf, type StationWay } from './station-phases.ts';

/** One thing that goes wrong while an order is worked on, in whatever phase it meets. */
export interface StationException {
  /** Where it cannot happen, and why. */
  readonly cannot?: (way: StationWay, phase: string) => string | undefined;
  happen(desk: Desk, way: StationWay, phase: string): unknown;
  /** It is over. Everything goes on already. */
  end?(desk: Desk, way: StationWay): unknown;
}

const onlyIn =
  (phases: readonly string[], why: string) =>
  (_: StationWay, phase: string): string | undefined =>
    phases.includes(phase) ? undefined : why;
const notIn =
  (phases: readonly string[], why: string) =>
  (_: StationWay, phase: string): string | undefined =>
    phases.includes(phase) ? why : undefined;

const inHand = ['scanTarget', 'scanArticle', 'putInto', 'countRest', 'sendBack'];
const counting = ['count', 'recount', 'countMore'];
const holdsSource = ['atStation', ...inHand, ...counting];
const packing = ['scanSource', 'scanPackTarget', 'putAll'];

/** The load unit that the phase is about. */
function subjectOf(way: StationWay, phase: string): 'T-1' | 'C-1' | 'B-1' {
  if (way !== 'pack' || phase === 'picking') return 'T-1';
  return packing.includes(phase) || phase === 'closeTote' ? 'C-1' : 'B-1';
}

const carry = ({ rig }: Desk, to: typeof infeed | typeof OUTSIDE): void => {
  const tote = toteOfUnit(rig, 'T-1');
  rig.byHand((people, simMs) =>
    to === OUTSIDE
      ? people.carry(tote?.id ?? '', OUTSIDE, simMs)
      : people.putBack(tote?.id ?? '', simMs),
  );
};

/** What becomes of totes behind the back of whoever works there. */
const toteExceptions = {
  /** Out of the building, and nobody has said so. */
  takenByHand: {
    cannot: notIn(['packed'], 'it has left'),
    happen(desk: Desk, way: StationWay, phase: string) {
      const taken = subjectOf(way, phase);
      if (taken === 'T-1') carry(desk, OUTSIDE);
      else desk.people.atHand.delete(taken);
    },
  },
  putOntoInfeed: {
    cannot: onlyIn(holdsSource, 'it is not at the station'),
    happen: (desk: Desk) => carry(desk, infeed),
  },
  otherExit: {
    cannot: onlyIn(['atDivert'], 'it does not stand at a decision point'),
    async happen({ rig }: Desk) {
      rig.fault(conveyor1, 'exitDown', true, { point: 2, exit: 1 });
      thaw(rig);
      await rig.until('it has gone by', () => rig.asked.includes('DIVERTED'));
      rig.fault(conveyor1, 'exitDown', false);
    },
  },
} as const satisfies Readonly<Record<string, StationException>>;

const scan = (code: string) => ({
  happen: ({ people }: Desk) => people.scan(code),
});

/** What people scan, find and say. */
const peopleExceptions = {
  wrongTote: scan('T-2'),
  strangeCode: scan('04012345123456'),
  rightToteTwice: {
    cannot: onlyIn(['atStation', 'sendBack', 'scanSource'], 'no load unit is to be scanned'),
    async happen({ people }: Desk, way: StationWay, phase: string) {
      const code = subjectOf(way, phase);
      await people.scan(code);
      await people.scan(code);
      if (phase === 'sendBack') people.bringBack(code);
    },
  },
  somethingElse: {
    cannot: onlyIn(['scanArticle', 'putInto', 'picking'], 'nobody looks for an article'),
    happen: ({ people }: Desk) => people.answer('wrongArticle'),
  },
  damaged: {
    cannot: onlyIn(['scanArticle', 'putInto', 'picking'], 'nothing is taken'),
    happen: ({ people }: Desk) => people.answer('short', { qty: 0, reason: 'damaged' }),
  },
  fewerThanBooked: {
    cannot: onlyIn(
      [
        'waiting',
        'atDivert',
        'atStation',
        'scanTarget',
        'scanArticle',
        'picking',
        'count',
        'recount',
      ],
      'it has been taken or counted, or nobody looks',
    ),
    happen: ({ people }: Desk) => void people.pieces.set('T-1', 2),
  },
  moreThanBooked: {
    cannot(way: StationWay, phase: string) {
      if (way !== 'count') return 'nobody counts';
      return onlyIn(
        ['waiting', 'atDivert', 'atStation', 'count', 'recount'],
        'it has been counted',
      )(way, phase);
    },
    happen: ({ people }: Desk) => void people.pieces.set('T-1', 12),
  },
  nobodyAgrees: {
    cannot: onlyIn(['count', 'recount'], 'nobody counts'),
    async happen({ people }: Desk) {
      for (const qty of [7, 6, 5]) await people.answer('counted', { qty, operator: `op-${qty}` });
    },
  },
  toteFull: {
    cannot: onlyIn(['scanArticle', 'putInto', 'picking'], 'nothing goes into a tote'),
    happen: ({ people }: Desk) => people.tellFull(),
  },
} as const satisfies Readonly<Record<string, StationException>>;

const hand = 'scan-pick-1' as DeviceId;
const desk = 'printer-2' as DeviceId;
const untilLabel = [...packing, 'picking', 'closeTote', 'noLabel'];
const onPrinting = onlyIn(['waitForLabel'], 'the printer has no label of it');

const deviceExceptions = {
  scannerLost: {
    happen: ({ rig }: Desk) =>
      rig.report({ device: hand, type: 'scanner.offline', reason: 'the cable is pulled' }),
  },
  printerFaulted: {
    cannot: onlyIn(untilLabel, 'the printer is not needed any more, or has taken the label'),
    happen({ rig, people }: Desk) {
      people.canPrint = false;
      rig.report({ device: desk, type: 'printer.faulted', faults: ['paperOut'] });
    },
  },
  printerOffline: {
    cannot: onlyIn(untilLabel, 'the printer is not needed any more, or has taken the label'),
    happen: ({ rig }: Desk) =>
      rig.report({ device: desk, type: 'printer.offline', reason: 'the cable is pulled' }),
    end: ({ rig }: Desk) => rig.report({ device: desk, type: 'printer.ready' }),
  },
  labelNotTaken: {
    cannot: onPrinting,
    happen: ({ rig }: Desk) => rig.deskPrinter.ends('notTaken'),
  },
  labelUnknownOut: {
    cannot: onPrinting,
    happen: ({ rig }: Desk) => rig.deskPrinter.ends('unknown', { hasComeOut: true }),
  },
  labelUnknownNotOut: {
    cannot: onPrinting,
    happen: ({ rig }: Desk) => rig.deskPrinter.ends('unknown'),
  },
  labelTorn: {
    cannot: onlyIn(['applyLabel'], 'no label is out'),
    happen: ({ people }: Desk) => people.answer('again'),
  },
  labelOfAnother: {
    cannot: onlyIn(['applyLabel'], 'no label is to be scanned'),
    happen: ({ people }: Desk) => people.scan('00340123450000000024'),
  },
  conveyorRestart: linkExceptionOf('conveyorRestart'),
  processRestart: linkExceptionOf('processRestart'),
} as const satisfies Readonly<Record<string, StationException>>;

function linkExceptionOf(name: keyof typeof linkExceptions): StationException {
  return { happen: ({ rig }) => linkExceptions[name].happen(rig) };
}

const lock = (part: string): StationException => ({
  happen: ({ rig }) =>
    rig.operator({ act: 'lock', part, lock: 'both', reason: 'sprinkler' } as never),
  end: ({ rig }) => rig.operator({ act: 'lock', part, lock: 'none', reason: 'mended' } as never),
});

const cancelable = [
  ...['waiting', 'atDivert', ...holdsSource, 'picking', ...packing],
  ...['waitForLabel', 'noLabel', 'applyLabel', 'handOver'],
];
const hostExceptions = {
  canceled: {
    cannot: onlyIn(cancelable, 'its order is over'),
    happen: ({ rig }: Desk, way: StationWay) =>
      rig.command('order.cancel', { order: orderOf[way] }),
  },
  stationLocked: lock(pick),
  aisleLocked: lock('A01'),
  hostAway: {
    happen: ({ rig }: Desk) => rig.flow.hostChanged('wms' as never, 'offline'),
    end: ({ rig }: Desk) => rig.flow.hostChanged('wms' as never, 'online'),
  },
  stockBlocked: {
    happen: ({ rig }: Desk) =>
      rig.command('stock.block', { loadUnit: 'T-1', stockStatus: 'blocked', reason: 'recall' }),
  },
  stockAdjusted: {
    async happen({ rig, people }: Desk) {
      const expectedQty = rig.unit('T-1').lines[0]?.qty ?? 0;
      const data = { loadUnit: 'T-1', sku: 'A', expectedQty, qty: 2, reason: 'recount' };
      const { result } = await rig.command('stock.adjust', data);
      if (result === 'accepted') people.pieces.set('T-1', 2);
    },
  },
} as const satisfies Readonly<Record<string, StationException>>;

export const stationExceptions: Readonly<Record<string, StationException>> = {
  ...toteExceptions,
  ...peopleExceptions,
  ...deviceExceptions,
  ...hostExceptions,
};
