import type { Site, Station } from '../../src/domain/site.ts';
import { at } from './demo.ts';
import { home, pdOut, pick } from './floor-phases.ts';
import { conveyor1, crane1, floorSite } from './floor-plant.ts';
import { FloorRig } from './floor-rig.ts';
import { StationPeople } from './station-people.ts';

export type StationWay = 'pick' | 'pack' | 'count';

/** A controller at its plant, and the people of its station. */
export interface Desk {
  readonly rig: FloorRig;
  readonly people: StationPeople;
}

/** One moment of the work for an order. */
interface StationPhase {
  readonly name: string;
  /** What has happened, and what has not yet. */
  readonly doc: string;
  reach(desk: Desk): Promise<void>;
}

const printer = floorSite.devices.find(({ device }) => device === 'printer-1');
const withPrinter = (station: Station): Station =>
  station.location === pick
    ? { ...station, printer: 'printer-2' as never, labelTemplate: 'sscc-a6' }
    : station;
/** The same with a printer on the table of the workstation. */
const deskSite: Site = {
  ...floorSite,
  stations: floorSite.stations.map(withPrinter),
  devices: [
    ...floorSite.devices,
    { ...(printer as NonNullable<typeof printer>), device: 'printer-2' as never },
  ],
};

const spare = at('A01-R-001-03-2');
export async function openDesk(): Promise<Desk> {
  const stored = [
    { lpn: 'T-1', place: home },
    { lpn: 'T-2', place: spare },
  ];
  const rig = await FloorRig.open({ site: deskSite, stored });
  return { rig, people: new StationPeople(rig) };
}

/** The order that each way is about. */
export const orderOf = { pick: 'PK-1', pack: 'PC-1', count: 'CC-1' } as const;
const contents = {
  pick: { kind: 'pick', station: pick, lines: [{ line: 1, sku: 'A', qty: 3 }] },
  pack: { kind: 'pack', station: pick, orders: ['PK-1'] },
  count: { kind: 'count', station: pick, loadUnit: 'T-1' },
} as const;
async function create({ rig }: Desk, way: StationWay): Promise<void> {
  const reply = await rig.command('order.create', { order: orderOf[way], ...contents[way] });
  if (reply.result !== 'accepted') throw new Error(JSON.stringify(reply));
}

const placeOf = ({ rig }: Desk) => rig.unit('T-1').place;
async function come(desk: Desk, way: 'pick' | 'count'): Promise<void> {
  await create(desk, way);
  await desk.rig.until('it has come', () => placeOf(desk) === pick);
  await desk.rig.rest();
}

/** From an order to its first load unit at the station. */
const coming = (way: 'pick' | 'count'): readonly StationPhase[] => [
  {
    name: 'waiting',
    doc: 'The order has T-1, which is in its cell; the crane takes nothing now.',
    async reach(desk) {
      await desk.rig.operator({ act: 'mode', device: crane1, mode: 'manual' });
      await create(desk, way);
      await desk.rig.run(100);
    },
  },
  {
    name: 'atDivert',
    doc: 'T-1 stands at the divert before the station; the conveyor has not looked at the answer.',
    async reach(desk) {
      const { rig } = desk;
      await create(desk, way);
      await rig.until('deposited', () => placeOf(desk) === pdOut);
      rig.plc(conveyor1).isDeaf = true;
      const isAnswered = () =>
        rig.flow.warehouse.pointBook(conveyor1, 2).open.some(({ answer }) => answer !== undefined);
      await rig.until('answered', isAnswered);
      await rig.run(100);
    },
  },
  {
    name: 'atStation',
    doc: 'T-1 stands at the station; nobody has scanned it.',
    reach: (desk) => come(desk, way),
  },
];

const atStep = (way: 'pick' | 'count', name: string, doc: string): StationPhase => ({
  ...{ name, doc },
  async reach(desk) {
    await come(desk, way);
    await desk.people.until(name);
  },
});
const returning = (way: 'pick' | 'count'): StationPhase => ({
  name: 'returning',
  doc: 'All is done with T-1; a person has it in hand on the way to the infeed.',
  async reach(desk) {
    await come(desk, way);
    await desk.people.until('sendBack');
    await desk.people.answer('return');
  },
});

const pickPhases: readonly StationPhase[] = [
  ...coming('pick'),
  atStep('pick', 'scanTarget', 'T-1 has been scanned; a tote for the order is asked for.'),
  atStep('pick', 'scanArticle', 'The order has its tote C-1; nothing has been taken.'),
  atStep('pick', 'putInto', 'Three articles are in hand, and not in C-1 yet.'),
  {
    name: 'countRest',
    doc: 'Only one was there, and is in C-1; what is left is to be counted.',
    async reach(desk) {
      desk.people.pieces.set('T-1', 1);
      await come(desk, 'pick');
      await desk.people.until('countRest');
    },
  },
  atStep('pick', 'sendBack', 'All is in C-1; T-1 is to go back.'),
  returning('pick'),
];

/** A pick whose tote is packed by an order of its own. */
async function packAt(desk: Desk, step: string): Promise<void> {
  await come(desk, 'pick');
  await desk.people.until('scanArticle');
  await create(desk, 'pack');
  if (step !== 'scanArticle') await desk.people.until(step);
  await desk.rig.rest();
}
const packStep = (name: string, doc: string): StationPhase => ({
  ...{ name, doc },
  reach: (desk) => packAt(desk, name),
});

const packPhases: readonly StationPhase[] = [
  {
    name: 'picking',
    doc: 'The pack order waits; its pick is at the step before anything is taken.',
    reach: (desk) => packAt(desk, 'scanArticle'),
  },
  packStep('scanSource', 'C-1 is full of what was picked, and is to be scanned.'),
  packStep('scanPackTarget', 'C-1 has been scanned; a carton is asked for.'),
  packStep('putAll', 'The carton B-1 has been scanned; all is still in C-1.'),
  {
    name: 'closeTote',
    doc: 'Without a pack order: nobody has said what becomes of C-1.',
    async reach(desk) {
      await come(desk, 'pick');
      await desk.people.until('closeTote');
      await desk.rig.rest();
    },
  },
  {
    name: 'waitForLabel',
    doc: 'All is in B-1; its label is with the printer.',
    async reach(desk) {
      desk.rig.deskPrinter.isHeld = true;
      await packAt(desk, 'waitForLabel');
    },
  },
  {
    name: 'noLabel',
    doc: 'The printer was out of paper; a person is to say whether it can print again.',
    async reach(desk) {
      desk.rig.report({
        device: 'printer-2' as never,
        type: 'printer.faulted',
        faults: ['paperOut'],
      });
      await packAt(desk, 'noLabel');
      desk.rig.report({ device: 'printer-2' as never, type: 'printer.ready' });
    },
  },
  packStep('applyLabel', 'The label is out; nobody has scanned it on B-1.'),
  packStep('handOver', 'B-1 bears its label; nobody has said that it leaves.'),
  {
    name: 'packed',
    doc: 'B-1 has left, and the order is complete.',
    async reach(desk) {
      await packAt(desk, 'handOver');
      await desk.people.do();
    },
  },
];

const countPhases: readonly StationPhase[] = [
  ...coming('count'),
  atStep('count', 'count', 'T-1 has been scanned; nothing has been counted.'),
  {
    name: 'recount',
    doc: 'One person has counted one too few; another one is to count.',
    async reach(desk) {
      await come(desk, 'count');
      await desk.people.until('count');
      await desk.people.answer('counted', { qty: 9 });
    },
  },
  atStep('count', 'countMore', 'All that is booked has been counted; there may be more.'),
  atStep('count', 'sendBack', 'All has been counted; T-1 is to go back.'),
  returning('count'),
];

export const stationPhases: Readonly<Record<StationWay, readonly StationPhase[]>> = {
  pick: pickPhases,
  pack: packPhases,
  count: countPhases,
};
