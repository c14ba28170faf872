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
  stored: { 'T-1': home, 'T-2': spare },
  run: async (rig) =>
    void (await create(rig, { kind: 'pick', lines: [{ line: 1, sku: 'A', qty: 3 }] })),
  ended: (rig) => [
    ...unless(statusOf(rig) === 'completed', `the order is ${statusOf(rig)}`),
    ...unless(isSettled(rig, 'T-1'), 'T-1 has not come back'),
  ],
};

export const scenarios: readonly Scenario[] = [putaway, retrieval, digOut, picking];

const scansMax = 12;

/** What is scanned at a step, by its kind; undefined: nobody can do it now. */
const codes: Readonly<Record<string, (lpn: string | undefined) => string | undefined>> = {
  scanLoadUnit: (lpn) => lpn,
  scanTarget: () => 'C-1',
  scanArticle: () => 'A',
  putInto: () => 'C-1',
  sendBack: (lpn) => lpn,
};

/** Whoever works at the station does what the page asks for. @returns whether there was anything to do */
async function pickAtStation(rig: FloorRig): Promise<boolean> {
  for (let scans = 0; scans < scansMax; scans++) {
    const { kind = 'none' } = rig.flow.books.station(pick) ?? {};
    const source = rig.model.people.contentsOf(pick).find(({ lpn }) => lpn !== 'C-1');
    if (kind === 'closeTote') {
      await rig.operator({ act: 'answer', station: pick, choice: 'keep' });
      rig.byHand((people, simMs) => people.bring(toteOf('C-1'), pick, simMs));
      continue;
    }
    const code = codes[kind]?.(source?.lpn);
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
  { name, stored, run }: Scenario,
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
    isBusy = name === 'pick' && (await pickAtStation(rig));
    const isAsked = rig.questions.length > 0;
    const isShipping = name !== 'pick' && rig.model.people.contentsOf(pick).length > 0;
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
