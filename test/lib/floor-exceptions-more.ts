import { OUTSIDE } from '../../src/domain/ids.ts';
import { type Exception, onlyIn, type Way } from './floor-exceptions.ts';
import { toteOfUnit } from './floor-people.ts';
import { infeed, lhd, pdOut, thaw } from './floor-phases.ts';
import { conveyor1, type crane1 } from './floor-plant.ts';
import { type FloorRig, toteOf } from './floor-rig.ts';

const atInfeed = ['arrived', 'printing', 'labeled', 'answered'];
const notAtPoint = 'it does not stand at a decision point';
const atPoint = (way: Way, phase: string): string | undefined =>
  onlyIn(way === 'putaway' ? atInfeed : ['atDivert'], notAtPoint)(way, phase);
const pointOf = (rig: FloorRig) => (rig.unit('T-1').place === 'A01-PD-OUT' ? 2 : 1);

/** Until T-1 has gone by; then it takes loads again. */
const shut = (name: 'exitFull' | 'exitDown'): Exception => ({
  cannot: atPoint,
  async happen(rig) {
    rig.fault(conveyor1, name, true, { point: pointOf(rig), exit: 1 });
    thaw(rig);
    await rig.until('it has gone by', () => rig.asked.includes('DIVERTED') || isStored(rig));
    rig.fault(conveyor1, name, false);
  },
});
const isStored = (rig: FloorRig): boolean => rig.unit('T-1').place === 'A01-L-001-01-2';

/** Outcomes of a divert. */
export const conveyorExceptions = {
  exitFull: shut('exitFull'),
  exitDown: shut('exitDown'),
  jammed: {
    cannot: atPoint,
    happen: (rig: FloorRig) => rig.fault(conveyor1, 'jam', true, { point: pointOf(rig) }),
    end: (rig: FloorRig) => rig.fault(conveyor1, 'jam', false),
  },
  late: {
    cannot: atPoint,
    async happen(rig: FloorRig) {
      const limits = rig.conveyor.setup.answerLimitMs as Map<number, number>;
      limits.set(pointOf(rig), 200);
      await rig.run(1_000);
      limits.clear();
    },
  },
  vanished: {
    cannot: atPoint,
    happen(rig: FloorRig) {
      const [tote] = rig.model.people.contentsOf(pointOf(rig) === 1 ? infeed : pdOut);
      rig.byHand((people, simMs) => people.carry(tote?.id ?? '', OUTSIDE, simMs));
    },
  },
} as const satisfies Readonly<Record<string, Exception>>;

const isGone = (_: Way, phase: string) =>
  phase === 'announced' || phase === 'gone' ? 'it is not in the warehouse' : undefined;

/** No sensor looks there: it is found missing by whoever comes next, as in other phases. */
function unseenIn(way: Way, phase: string): string | undefined {
  const isInCell = way === 'putaway' && ['depositing', 'deposited', 'ended'].includes(phase);
  if (isInCell) return 'nothing looks into its cell before it is wanted: then it is binEmpty';
  if (phase === 'atStation' || phase === 'delivered') return 'whoever works there has it in hand';
  return isGone(way, phase);
}

/** What people do with their hands, and hosts with their orders. */
export const peopleExceptions = {
  takenByHand: {
    cannot: unseenIn,
    happen(rig: FloorRig) {
      const tote = toteOfUnit(rig, 'T-1');
      rig.byHand((people, simMs) => people.carry(tote?.id ?? '', OUTSIDE, simMs));
    },
  },
  putOntoCrane: {
    cannot: (_: Way, phase: string) =>
      ['picking', 'picked', 'carrying', 'depositing'].includes(phase)
        ? 'the forks are out, or loaded'
        : undefined,
    happen(rig: FloorRig) {
      rig.byHand((people, simMs) => people.bring({ ...toteOf('X-1'), lpn: undefined }, lhd, simMs));
    },
  },
  canceled: {
    cannot: (way: Way) => (way === 'putaway' ? 'nobody cancels a putaway' : undefined),
    async happen(rig: FloorRig) {
      await rig.command('order.cancel', { order: 'SO-1' });
    },
  },
  stationChanged: {
    cannot: (way: Way) => (way === 'putaway' ? 'a putaway has no station' : undefined),
    async happen(rig: FloorRig) {
      await rig.command('order.update', { order: 'SO-1', station: 'PICK-02' });
    },
  },
} as const satisfies Readonly<Record<string, Exception>>;

/** With the one tote that stands at the infeed. */
function spoil(
  rig: FloorRig,
  change: { lpn?: string | undefined; label?: string | undefined },
): void {
  const [tote] = rig.model.people.contentsOf(infeed);
  if (tote === undefined) return;
  rig.byHand(() => Object.assign(tote, change));
  rig.model.world.changed(tote);
}
const onArrival = onlyIn(['arrived'], 'it is read when it has arrived');
const onPrinting = onlyIn(['printing'], 'the printer has no label of it');
const beforeArrival = onlyIn(
  ['announced'],
  'it is measured, and the printer looked at, on arrival',
);
const comesNow = (rig: FloorRig, tote: object = {}): void => {
  rig.byHand((people, simMs) => people.feed({ ...toteOf('T-1'), ...tote }, simMs));
};
const printer = 'printer-1' as typeof crane1;
const inScan = 'scan-in-1' as typeof crane1;

/** What scanners and printers can do to a tote at the identification point. */
export const infeedExceptions = {
  noRead: {
    cannot: onArrival,
    happen: (rig: FloorRig) => spoil(rig, { lpn: undefined, label: undefined }),
  },
  unknownCode: { cannot: onArrival, happen: (rig: FloorRig) => spoil(rig, { lpn: 'X-9' }) },
  codeOfAnother: { cannot: onArrival, happen: (rig: FloorRig) => spoil(rig, { lpn: 'T-2' }) },
  malformedCode: {
    cannot: onArrival,
    happen: (rig: FloorRig) => spoil(rig, { label: '00340123450000000013' }),
  },
  readTwice: {
    cannot: onlyIn(['arrived', 'printing', 'labeled', 'answered'], 'nothing stands there'),
    happen(rig: FloorRig) {
      rig.isScannerHeld = false;
      rig.reads('scan-in-1', 'T-1');
      rig.reads('scan-in-1', 'T-1');
    },
  },
  scannerOffline: {
    cannot: onlyIn(['arrived', 'labeled'], 'nothing waits for a read'),
    async happen(rig: FloorRig) {
      rig.report({ device: inScan, type: 'scanner.offline', reason: 'the cable is pulled' });
      await rig.run(3_000);
    },
    end: (rig: FloorRig) => rig.report({ device: inScan, type: 'scanner.online' }),
  },
  tooHeavy: { cannot: beforeArrival, happen: (rig: FloorRig) => comesNow(rig, { massKg: 100 }) },
  tooHigh: { cannot: beforeArrival, happen: (rig: FloorRig) => comesNow(rig, { heightMm: 900 }) },
  printerFaulted: {
    cannot: beforeArrival,
    happen(rig: FloorRig) {
      rig.report({ device: printer, type: 'printer.faulted', faults: ['paperOut'] });
      comesNow(rig);
    },
    end: (rig: FloorRig) => rig.report({ device: printer, type: 'printer.ready' }),
  },
  printerOffline: {
    cannot: beforeArrival,
    happen(rig: FloorRig) {
      rig.report({ device: printer, type: 'printer.offline', reason: 'the cable is pulled' });
      comesNow(rig);
    },
  },
  labelNotTaken: { cannot: onPrinting, happen: (rig: FloorRig) => rig.printer.ends('notTaken') },
  labelUnknownOut: {
    cannot: onPrinting,
    happen: (rig: FloorRig) => rig.printer.ends('unknown', { hasComeOut: true }),
  },
  labelUnknownNotOut: {
    cannot: onPrinting,
    happen: (rig: FloorRig) => rig.printer.ends('unknown'),
  },
  labelWrong: {
    cannot: onPrinting,
    happen: (rig: FloorRig) => rig.fault(conveyor1, 'wrongCode', true, { point: 1 }),
  },
  printerSilent: { cannot: onPrinting, happen: (rig: FloorRig) => rig.run(6_000) },
} as const satisfies Readonly<Record<string, Exception>>;
