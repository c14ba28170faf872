import { at, cell, id } from './demo.ts';
import { conveyor1, crane1 } from './floor-plant.ts';
import { FloorRig, toteOf } from './floor-rig.ts';

/** One moment on the way of T-1, reached and held there until `thaw`. */
export interface Phase {
  readonly name: string;
  /** What has happened, and what has not yet. */
  readonly doc: string;
  reach(rig: FloorRig): Promise<void>;
}

export const [pdIn, pdOut, lhd] = [at('A01-PD-IN'), at('A01-PD-OUT'), at('A01-LHD')];
export const [pick, reject, infeed] = [at('PICK-01'), at('REJECT-01'), at('IN-01')];
/** Where T-1 stands before its retrieval, behind nothing; and another tote of the same article. */
export const home = cell(3, 2).replace(/1$/, '2') as ReturnType<typeof cell>;
const spare = cell(1, 3, 'R').replace(/1$/, '2') as ReturnType<typeof cell>;

/** Everything that was held goes on. */
export function thaw(rig: FloorRig): void {
  rig.frozenWhile = () => false;
  for (const plc of rig.plcs) plc.isDeaf = false;
  rig.isScannerHeld = false;
  if (rig.printer.isHeld) rig.printer.release();
}

/** Until it is so; from then on all motion stands. */
async function freezeWhen(rig: FloorRig, what: string, holds: () => boolean): Promise<void> {
  let isReached = false;
  rig.frozenWhile = () => {
    isReached ||= holds();
    return isReached;
  };
  await rig.until(what, () => isReached);
  // The books hear of it.
  await rig.run(200);
}

const mission = (rig: FloorRig) => rig.crane.state.plc.mission;
const stroke = (rig: FloorRig, kind: 'pick' | 'deposit', isHalf: boolean) => {
  const { stroke: now } = rig.crane.state;
  return now?.kind === kind && now.isHalf === isHalf;
};
const moving = (rig: FloorRig, phase: string) => {
  const { move, plc } = rig.crane.state;
  return plc.phase === phase && move !== undefined && rig.model.now.simMs > move.startedAtMs + 200;
};

/** From a mission that is about to be committed to one that has ended. */
type Begin = (rig: FloorRig, beforeMission?: () => void) => Promise<void>;
const underCrane = (begin: Begin, isEnd: (rig: FloorRig) => boolean) => {
  const at = (name: string, doc: string, holds: (rig: FloorRig) => boolean): Phase => ({
    ...{ name, doc },
    async reach(rig) {
      await begin(rig);
      await freezeWhen(rig, name, () => holds(rig));
    },
  });
  const committed: Phase = {
    name: 'committed',
    doc: 'The mission is in the books and in its frame; the PLC has not looked at it.',
    async reach(rig) {
      const plc = rig.plc(crane1);
      await begin(rig, () => {
        plc.isDeaf = true;
      });
      await rig.until('committed', () => rig.missions.some((line) => line.endsWith('open')));
      await rig.run(100);
    },
  };
  return [
    committed,
    at('accepted', 'The PLC has accepted; the crane stands.', (rig) => mission(rig) !== undefined),
    at('toSource', 'It travels to the source.', (rig) => moving(rig, 'toSource')),
    at('picking', 'The forks are going out to the load.', (rig) => stroke(rig, 'pick', false)),
    at('picked', 'The load is on the forks; the stroke is not over.', (rig) =>
      stroke(rig, 'pick', true),
    ),
    at('carrying', 'It travels to the destination.', (rig) => moving(rig, 'carrying')),
    at('depositing', 'The forks are going out with the load.', (rig) =>
      stroke(rig, 'deposit', false),
    ),
    at('deposited', 'The load is put down; the stroke is not over.', (rig) =>
      stroke(rig, 'deposit', true),
    ),
    {
      name: 'ended',
      doc: 'The mission is done and booked.',
      async reach(rig: FloorRig) {
        await begin(rig);
        await freezeWhen(rig, 'ended', () => isEnd(rig));
      },
    },
  ] satisfies readonly Phase[];
};

async function announce(rig: FloorRig): Promise<void> {
  const lines = [{ sku: 'A', qty: 10 }];
  await rig.command('loadUnit.announce', {
    loadUnits: [{ lpn: 'T-1', loadUnitType: 'TOTE-600', lines }],
  });
}

async function feed(rig: FloorRig): Promise<void> {
  await announce(rig);
  rig.byHand((people, simMs) => people.feed(toteOf('T-1'), simMs));
}

async function approach(rig: FloorRig, beforeMission = () => {}): Promise<void> {
  await feed(rig);
  await rig.until('it is on its way to the crane', () => has(rig, 'putaway/'));
  beforeMission();
}

const workflows = (rig: FloorRig) =>
  [...rig.flow.warehouse.tables.workflow.values()].map(({ workflow }) => workflow as string);
const has = (rig: FloorRig, start: string) => workflows(rig).some((name) => name.startsWith(start));
const placeOf = (rig: FloorRig) => rig.flow.warehouse.loadUnit(id('T-1'))?.place;
const isAnswered = (rig: FloorRig, point: number) =>
  rig.flow.warehouse.pointBook(conveyor1, point).open.some(({ answer }) => answer !== undefined);

async function waiting(rig: FloorRig): Promise<void> {
  await rig.operator({ act: 'mode', device: crane1, mode: 'manual' });
}

/** The ways of a tote without a label: identified, labeled, sent to the crane, stored. */
export const putawayPhases: readonly Phase[] = [
  {
    name: 'announced',
    doc: 'The host has told of it; it is not here.',
    reach: announce,
  },
  {
    name: 'arrived',
    doc: 'It stands at the identification point; nothing has been read.',
    async reach(rig) {
      rig.isScannerHeld = true;
      await feed(rig);
      await rig.until('arrived', () => has(rig, 'induct/'));
      await rig.run(50);
    },
  },
  {
    name: 'printing',
    doc: 'It is identified; its label is with the printer.',
    async reach(rig) {
      rig.printer.isHeld = true;
      await feed(rig);
      await rig.until('printing', () => rig.printer.jobs.length > 0);
      await rig.run(50);
    },
  },
  {
    name: 'labeled',
    doc: 'The label is out; nobody has read it back.',
    async reach(rig) {
      rig.printer.isHeld = true;
      await feed(rig);
      await rig.until('printing', () => rig.printer.jobs.length > 0);
      rig.isScannerHeld = true;
      rig.printer.release();
      await rig.run(50);
    },
  },
  {
    name: 'answered',
    doc: 'It is sent to the crane; the conveyor has not looked at the answer.',
    async reach(rig) {
      await feed(rig);
      await rig.until('identified', () => placeOf(rig) === infeed);
      rig.plc(conveyor1).isDeaf = true;
      await rig.until('answered', () => isAnswered(rig, 1));
      await rig.run(100);
    },
  },
  {
    name: 'onConveyor',
    doc: 'It has left the identification point and is on its way to the crane.',
    async reach(rig) {
      await feed(rig);
      await freezeWhen(rig, 'onConveyor', () => placeOf(rig) === pdIn);
    },
  },
  {
    name: 'atPd',
    doc: 'It stands before the crane, which takes nothing now.',
    async reach(rig) {
      await waiting(rig);
      await feed(rig);
      await rig.until('atPd', () => has(rig, 'carry/'));
      await rig.run(100);
    },
  },
  ...underCrane(approach, (rig) => rig.missions.some((line) => line.startsWith('1 transfer done'))),
];

const order = { order: 'SO-1', kind: 'retrieval', station: pick, lines: [{ sku: 'A', qty: 10 }] };
async function create(rig: FloorRig, beforeMission = () => {}): Promise<void> {
  beforeMission();
  await rig.command('order.create', order);
}

export const retrievalPhases: readonly Phase[] = [
  {
    name: 'waiting',
    doc: 'The order has T-1; the crane takes nothing now.',
    async reach(rig) {
      await waiting(rig);
      await create(rig);
      await rig.run(100);
    },
  },
  ...underCrane(create, (rig) => placeOf(rig) === pdOut),
  {
    name: 'atDivert',
    doc: 'It stands at the divert and is sent to the station; the conveyor has not looked at the answer.',
    async reach(rig) {
      await create(rig);
      await rig.until('deposited', () => placeOf(rig) === pdOut);
      rig.plc(conveyor1).isDeaf = true;
      await rig.until('atDivert', () => isAnswered(rig, 2));
      await rig.run(100);
    },
  },
  {
    name: 'atStation',
    doc: 'It stands at the station; nobody has scanned it.',
    async reach(rig) {
      await create(rig);
      await rig.until('atStation', () => placeOf(rig) === pick);
      await rig.rest();
    },
  },
  {
    name: 'delivered',
    doc: 'A person has scanned it at the station.',
    async reach(rig) {
      await create(rig);
      await rig.until('atStation', () => placeOf(rig) === pick);
      await rig.rest();
      await rig.operator({ act: 'scan', station: pick, code: 'T-1' });
    },
  },
  {
    name: 'gone',
    doc: 'It has left the warehouse.',
    async reach(rig) {
      await create(rig);
      await rig.until('atStation', () => placeOf(rig) === pick);
      await rig.rest();
      await rig.operator({ act: 'scan', station: pick, code: 'T-1' });
      await rig.operator({ act: 'finish', station: pick, loadUnit: 'T-1', how: 'ship' });
      const tote = rig.model.people.contentsOf(pick)[0];
      rig.byHand((people, simMs) => people.takeAway(pick, tote?.id ?? '', simMs));
    },
  },
];

/** A plant before T-1 comes, or with T-1 and T-2 in their cells. */
export const atStart = {
  putaway: () => FloorRig.open({ stored: [{ lpn: 'T-2', place: spare }] }),
  retrieval: () =>
    FloorRig.open({
      stored: [
        { lpn: 'T-1', place: home },
        { lpn: 'T-2', place: spare },
      ],
    }),
};
