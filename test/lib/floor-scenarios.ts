import type { Evidence } from '../../simulators/dst/evidence.ts';
import { cell } from './demo.ts';
import { peopleAnswer } from './floor-people.ts';
import { home, pick } from './floor-phases.ts';
import { FloorRig, toteOf } from './floor-rig.ts';
import { FloorWitness } from './floor-witness.ts';

/** A short piece of work from end to end, carried on by host and people whatever happens to the controller. */
export interface Scenario {
  readonly name: string;
  /** Totes that are there, by place. */
  readonly stored: Readonly<Record<string, string>>;
  run(rig: FloorRig): Promise<void>;
  /** People pick at the station; else they ship what comes there. */
  readonly isPicked?: boolean;
  /** What must be so when all has been settled; @returns what is not */
  ended(rig: FloorRig): string[];
}

const front = cell(3, 2);
const spare = cell(1, 3, 'R').replace(/1$/, '2') as typeof front;

const create = (rig: FloorRig, more: object) =>
  rig.command('order.create', {
    ...{ order: 'SO-1', kind: 'retrieval', station: pick, lines: [{ sku: 'A', qty: 10 }] },
    ...more,
  });

const unless = (isSo: boolean, text: string): string[] => (isSo ? [] : [text]);
const statusOf = (rig: FloorRig) =>
  [...rig.flow.warehouse.tables.order.values()].map(({ status }) => status).join();
/** It is stored, or a person who was asked about it has taken it out. */
const isSettled = (rig: FloorRig, lpn: string): boolean => {
  const unit = [...rig.flow.warehouse.tables.loadUnit.values()].find((each) => each.lpn === lpn);
  if (unit === undefined) return false;
  const last = rig.db.prepare('SELECT by_id FROM movement WHERE no = ?').get(unit.movedNo);
  const isTaken = unit.status === 'gone' && String(last?.['by_id']).startsWith('operator/');
  return isTaken || rig.topology.find(unit.place)?.kind === 'cell';
};

const putaway: Scenario = {
  name: 'putaway',
  stored: { 'T-2': spare },
  async run(rig) {
    const lines = [{ sku: 'A', qty: 10 }];
    await rig.command('loadUnit.announce', {
      loadUnits: [{ lpn: 'T-1', loadUnitType: 'TOTE-600', lines }],
    });
    rig.byHand((people, simMs) => people.feed(toteOf('T-1'), simMs));
  },
  ended: (rig) => unless(isSettled(rig, 'T-1'), 'T-1 is in no cell'),
};

const retrieval: Scenario = {
  name: 'retrieval',
  stored: { 'T-1': home, 'T-2': spare },
  run: async (rig) => void (await create(rig, {})),
  ended: (rig) => unless(statusOf(rig) === 'completed', `the order is ${statusOf(rig)}`),
};

const digOut: Scenario = {
  name: 'digOut',
  stored: { 'T-1': home, 'T-2': front },
  run: async (rig) => void (await create(rig, { lines: undefined, loadUnit: 'T-1' })),
  ended: (rig) => [
    ...unless(statusOf(rig) === 'completed', `the order is ${statusOf(rig)}`),
    ...unless(isSettled(rig, 'T-2'), 'T-2 is in no cell'),
  ],
};

const picking: Scenario = {
  name: 'pick',
  isPicked: true,
  stored: { 'T-1': home, 'T-2': spare },
  run: async (rig) =>
    void (await create(rig, { kind: 'pick', lines: [{ line: 1, sku: 'A', qty: 3 }] })),
  ended: (rig) => [
    ...unless(statusOf(rig) === 'completed', `the order is ${statusOf(rig)}`),
    ...unless(isSettled(rig, 'T-1'), 'T-1 has not come back'),
  ],
};

const piecesOf = (rig: FloorRig, lpn: string): number =>
  [...rig.flow.warehouse.tables.loadUnit.values()]
    .filter((unit) => unit.lpn === lpn)
    .reduce((sum, { lines }) => sum + lines.reduce((n, { qty }) => n + qty, 0), 0);

const sharedPick: Scenario = {
  name: 'sharedPick',
  isPicked: true,
  stored: { 'T-1': home, 'T-2': spare },
  async run(rig) {
    const more = { kind: 'pick', lines: [{ line: 1, sku: 'A', qty: 3 }] };
    await create(rig, more);
    await create(rig, { ...more, order: 'SO-2', lines: [{ line: 1, sku: 'A', qty: 4 }] });
  },
  ended: (rig) => [
    ...unless(statusOf(rig) === 'completed,completed', `the orders are ${statusOf(rig)}`),
    ...unless(isSettled(rig, 'T-1'), 'T-1 has not come back'),
    // A second visit, or another load unit, where the first one was over when the other order came.
    ...unless(
      piecesOf(rig, 'T-1') + piecesOf(rig, 'T-2') === 13,
      `T-1 has ${piecesOf(rig, 'T-1')} left and T-2 ${piecesOf(rig, 'T-2')} of 20, for 3 and 4`,
    ),
    ...unless(piecesOf(rig, 'C-1') === 3, `SO-1 has got ${piecesOf(rig, 'C-1')} of 3`),
    ...unless(piecesOf(rig, 'C-2') === 4, `SO-2 has got ${piecesOf(rig, 'C-2')} of 4`),
  ],
};

export const scenarios: readonly Scenario[] = [putaway, retrieval, digOut, picking, sharedPick];

const scansMax = 12;

interface Seen {
  readonly lpn: string | undefined;
  /** The tote of the order that the page tells of. */
  readonly target: string;
}

/** What is scanned at a step, by its kind; undefined: nobody can do it now. */
const codes: Readonly<Record<string, (seen: Seen) => string | undefined>> = {
  scanLoadUnit: ({ lpn }) => lpn,
  scanTarget: ({ target }) => target,
  scanArticle: () => 'A',
  putInto: ({ target }) => target,
  sendBack: ({ lpn }) => lpn,
};
/** Each order has a tote of its own: C-1 for SO-1. */
const targetOf = (order: string | undefined): string => order?.replace('SO', 'C') ?? 'C-1';

/** It is put from the table onto the station: the first to its end, another one to its start. */
async function closeTote(rig: FloorRig, target: string): Promise<void> {
  await rig.operator({ act: 'answer', station: pick, choice: 'keep' });
  if (rig.model.people.contentsOf(pick).some(({ lpn }) => lpn === target)) return;
  rig.byHand((people, simMs) => {
    const isPut = people.bring(toteOf(target), pick, simMs).done;
    if (!isPut) people.feed(toteOf(target), simMs, pick);
  });
}

/** Whoever works at the station does what the page asks for. @returns whether there was anything to do */
async function pickAtStation(rig: FloorRig): Promise<boolean> {
  for (let scans = 0; scans < scansMax; scans++) {
    const { kind = 'none', order } = rig.flow.books.station(pick) ?? {};
    const source = rig.model.people.contentsOf(pick).find(({ lpn }) => !lpn?.startsWith('C-'));
    const target = targetOf(order);
    if (kind === 'closeTote') {
      await closeTote(rig, target);
      continue;
    }
    const code = codes[kind]?.({ lpn: source?.lpn, target });
    if (code === undefined) return scans > 0;
    const done = await rig.operator({ act: 'scan', station: pick, code });
    if (kind === 'sendBack' && done.ok && source !== undefined) {
      rig.byHand((people, simMs) => people.putBack(source.id, simMs));
    }
    await rig.run(50);
  }
  return true;
}

const roundsMax = 12;
/** On the clock of the rig. */
const settleLimitMs = 600_000;

/** Runs a scenario to its end, with people who answer what they are asked. @returns what was seen of it */
export async function play(
  { stored, run, isPicked = false }: Scenario,
  witness = new FloorWitness(),
  wallOffsetMs = 0,
): Promise<{ rig: FloorRig; evidence: Evidence }> {
  const places = Object.entries(stored).map(([lpn, place]) => ({
    lpn,
    place: place as typeof home,
  }));
  const rig = await FloorRig.open({ stored: places, witness, wallOffsetMs });
  await run(rig);
  const startMs = rig.clock.monotonicMs();
  const commitsBefore = witness.commits.length;
  let isBusy = true;
  for (let round = 0; round < roundsMax && isBusy; round++) {
    await rig.rest();
    await witness.host();
    isBusy = isPicked && (await pickAtStation(rig));
    const isAsked = rig.questions.length > 0;
    const isShipping = !isPicked && rig.model.people.contentsOf(pick).length > 0;
    if (isAsked || isShipping) await peopleAnswer(rig, 'removed', 2);
    isBusy ||= isAsked || isShipping || rig.flow.warehouse.tables.workflow.size > 0;
  }
  await rig.rest();
  await witness.host();
  await rig.rest();
  const rest = {
    ...{ tookMs: isBusy ? undefined : rig.clock.monotonicMs() - startMs, limitMs: settleLimitMs },
    ...{ commits: witness.commits.length - commitsBefore, commitsMax: 500 },
  };
  return { rig, evidence: { ...witness.evidence(true), rest } };
}
