import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Cell, gaps, readGrid, shortOf } from './exception-grid.ts';
import { brokenBooks, unaskedDifferences } from './floor-checks.ts';
import { peopleAnswer } from './floor-people.ts';
import { thaw } from './floor-phases.ts';
import { crane1 } from './floor-plant.ts';
import { foldedByHost } from './host-fold.ts';
import { type StationException, stationExceptions } from './station-exceptions.ts';
import { type Desk, openDesk, type StationWay, stationPhases } from './station-phases.ts';

const inOrder = <T>(rows: Iterable<T>, by: (row: T) => string): T[] =>
  [...rows].toSorted((a, b) => by(a).localeCompare(by(b)));

/** The step; the questions; where load units are and what they hold; the orders; what hosts were told. */
function told({ rig, people }: Desk, from: number): string {
  const units = inOrder(rig.flow.warehouse.tables.loadUnit.values(), ({ loadUnit }) => loadUnit)
    .filter(({ loadUnit, status }) => loadUnit !== 'T-2' || status !== 'present')
    .map(({ loadUnit, place, confidence, status, lines }) => {
      const pieces = lines.map(({ qty, stockStatus }) =>
        stockStatus === 'available' ? qty : `${qty} ${stockStatus}`,
      );
      const known = loadUnit.startsWith('T-') ? [confidence] : [];
      const shown = status === 'present' || status === 'gone' ? [] : [status];
      return [loadUnit, shortOf(place), ...known, ...shown, pieces.join('+') || 0].join(' ');
    });
  const orders = inOrder(rig.flow.warehouse.tables.order.values(), ({ order }) => order).map(
    ({ order, status, lines }) =>
      [order, status, ...lines.map(({ qtyDone, qty }) => `${qtyDone}/${qty}`)].join(' '),
  );
  const kinds = rig.ledger.read(from, 10_000).flatMap(({ name, data }) => {
    const { kind, loadUnit } = data as { kind: string; loadUnit: string };
    return name === 'movement' ? [`${kind} ${loadUnit}`] : [];
  });
  return [
    people.step,
    rig.asked.join(' ') || '-',
    ...units,
    ...orders,
    `told ${kinds.join(', ') || '-'}`,
  ].join('; ');
}

/** What happens when nothing goes wrong; a cell may expect just that. */
const usual = 'usual';
const undisturbed: StationException = { happen() {} };

/** Tests every exception in every phase of a way against the table of `test/vectors/exception-grid`. */
export function testStationGrid(way: StationWay): void {
  const file = `test/vectors/exception-grid/${way}.txt`;
  const cells = readGrid<StationWay>(readFileSync(file, 'utf8'));
  const exceptions = { none: undisturbed, ...stationExceptions };
  const phases = stationPhases[way].map(({ name }) => ({ way, phase: name }));
  const expected = (cell: Cell<StationWay>, what: 'now' | 'later'): string => {
    if (cell[what] !== usual) return cell[what];
    const same = cells.find(({ exception, phase }) => exception === 'none' && phase === cell.phase);
    return same?.[what] ?? `no row of none for ${cell.phase}`;
  };

  test(`every exception has its say in every phase of a ${way}`, () => {
    expect(gaps(cells, exceptions, phases)).toEqual([]);
  });

  const happening = Object.entries(exceptions).filter(([name]) =>
    cells.some(({ exception }) => exception === name),
  );
  describe.each(happening)('%s', (name, exception) => {
    test.each(cells.filter((cell) => cell.exception === name))('$phase', async (cell) => {
      const { now, later, broken } = await runStationCell(way, cell.phase, exception);
      const [soon, last] = [expected(cell, 'now'), expected(cell, 'later')];
      expect({ now, later, broken }).toEqual({ now: soon, later: last, broken: [] });
    });
  });
}

const stored = new Map([
  ['T-1', 10],
  ['T-2', 10],
]);

/** What is told to hosts makes the same stock as the books have. */
function hostDiffers({ rig }: Desk): string[] {
  const folded = foldedByHost(rig.ledger.read(1, 10_000), stored);
  return [...rig.flow.warehouse.tables.loadUnit.values()].flatMap(({ loadUnit, lines }) => {
    const qty = lines.reduce((sum, line) => sum + line.qty, 0);
    const heard = folded.get(loadUnit) ?? 0;
    return heard === qty ? [] : [`${loadUnit} holds ${qty}, and ${heard} for its host`];
  });
}

/** People do and answer all that they are asked, also for what should have come back by now. */
async function goOn({ rig, people }: Desk): Promise<string[]> {
  const answer = () => peopleAnswer(rig, 'removed', 12, () => people.work());
  const refused = await answer();
  for (const { workflow, dueMs } of [...rig.flow.warehouse.tables.timer.values()]) {
    if (!workflow.startsWith('return/')) continue;
    await rig.run(Math.max(0, dueMs - rig.clock.nowMs()) + 10);
    await rig.rest();
    refused.push(...(await answer()));
  }
  return refused;
}

interface StationRun {
  readonly now: string;
  readonly later: string;
  /** Rules of the books that were broken, and differences from what people have and find. */
  readonly broken: readonly string[];
  readonly desk: Desk;
}

/** Brings the order to its phase, lets the exception happen there, waits for rest; then people go on. */
async function runStationCell(
  way: StationWay,
  phaseName: string,
  exception: StationException,
): Promise<StationRun> {
  const phase = stationPhases[way].find(({ name }) => name === phaseName);
  if (phase === undefined) throw new Error(`there is no phase ${phaseName}`);
  const desk = await openDesk();
  const { rig, people } = desk;
  await phase.reach(desk);
  const from = rig.ledger.lastSequence() + 1;
  await exception.happen(desk, way, phaseName);
  await rig.run(100);
  thaw(rig);
  if (rig.deskPrinter.isHeld) rig.deskPrinter.release();
  if (rig.flow.warehouse.modeOf(crane1) === 'manual') {
    await rig.operator({ act: 'mode', device: crane1, mode: 'auto' });
  }
  await rig.rest();
  const now = told(desk, from);
  await exception.end?.(desk, way);
  await rig.rest();
  const anything = () => undefined;
  const broken = [...brokenBooks(rig, anything), ...hostDiffers(desk)].map((why) => `now: ${why}`);
  if (phaseName === 'returning') people.bringBack('T-1');
  await rig.rest();
  const refused = await goOn(desk);
  const lasting = [
    ...brokenBooks(rig, (loadUnit) => people.pieces.get(loadUnit)),
    ...unaskedDifferences(rig, people.atHand),
    ...hostDiffers(desk),
    ...refused,
  ];
  return {
    now,
    later: told(desk, from),
    broken: [...broken, ...lasting.map((why) => `then: ${why}`)],
    desk,
  };
}
