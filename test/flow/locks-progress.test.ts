import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loopSite } from '../lib/loop-site.ts';
import { NetworkRig } from '../lib/network-rig.ts';

// IN-01 > LOOP-A (A01) > LOOP-B (A02) > LOOP-C (PICK-01) > LOOP-D (PICK-02) > LOOP-A.
const parts = [
  ...['COLD', 'A01', 'A02', 'A01-L', 'A02-LR-1..2', 'A01-L-001-01-1'],
  ...['PICK-01', 'A01-PD-IN', 'A02-PD-OUT', 'LOOP-B', 'IN-01'],
];
const exits = ['conveyor-1/2/1', 'conveyor-2/2/1', 'conveyor-2/2/2'];
const ways = ['in', 'out', 'both'] as const;
const allLocks = [
  ...parts.flatMap((part) => ways.map((lock) => ({ part, lock }))),
  ...exits.map((part) => ({ part, lock: 'both' as const })),
];

/** Two totes come in while two go out, of three that are stored: putaways and retrievals meet on crane and loop. */
async function busy(draw?: (below: number) => number): Promise<NetworkRig> {
  const areas = [{ area: 'COLD', aisles: ['A01'], places: [] }];
  const rig = new NetworkRig({
    site: { ...loopSite, areas },
    stored: { 'T-1': 'A01-L-001-01-1', 'T-2': 'A02-L-001-01-1', 'T-3': 'A01-R-001-01-1' },
    ...(draw && { draw }),
  });
  await rig.brings('T-7', 'T-8');
  await rig.orders('SO-1', 'PICK-01', 'T-1');
  await rig.orders('SO-2', 'PICK-02', 'T-2');
  return rig;
}

const set = (rig: NetworkRig, part: string, lock: (typeof ways)[number] | 'none') =>
  rig.operator({ act: 'lock', part, lock, reason: 'test' });

/** Every order has its load unit, every tote its cell, or a person is asked about it: none just waits. */
function expectEnd(rig: NetworkRig): void {
  for (const [code, order] of [
    ['T-1', 'SO-1'],
    ['T-2', 'SO-2'],
  ] as const) {
    if (rig.gone.includes(code)) continue;
    // It has gone round as often as it may, and is where people sort out.
    expect(rig.where(code), rig.summary()).toBe('REJECT-01');
    expect(rig.flow.books.order(order)?.status, rig.summary()).toBe('needsOperator');
  }
  for (const code of ['T-3', 'T-7', 'T-8']) {
    const place = String(rig.placeOf(code));
    expect(rig.where(code), rig.summary()).toBe(place);
    expect(place, rig.summary()).toMatch(/^(A0[12]-[LR]-|REJECT-01)/);
  }
  const left = [...rig.flow.warehouse.tables.request.values()];
  expect(left, rig.summary()).toEqual([]);
}

/** Time for what is tried again by itself. */
function rests(rig: NetworkRig): void {
  for (let round = 0; round < 3; round++) {
    rig.run();
    rig.clock.advance(30_000);
  }
  rig.run();
}

function goesOn(rig: NetworkRig, steps: number): void {
  for (let step = 0; step < steps; step++) if (!rig.step()) rig.clock.advance(1_000);
}

async function unlockAll(rig: NetworkRig): Promise<void> {
  for (const { part } of rig.flow.books.locks()) await set(rig, part, 'none');
}

describe('nobody waits for ever', () => {
  test.each(allLocks)(
    'whenever $part is locked ($lock), and unlocked when nothing moves any more, everything comes to its end',
    { timeout: 60_000 },
    async ({ part, lock }) => {
      for (let moment = 0; moment < 60; moment += 3) {
        const rig = await busy();
        goesOn(rig, moment);
        await set(rig, part, lock);
        rig.run();
        await unlockAll(rig);
        rests(rig);
        expectEnd(rig);
      }
    },
  );

  test('whatever is locked and unlocked in whatever order', { timeout: 60_000 }, async () => {
    const acts = fc.array(
      fc.record({ of: fc.nat(allLocks.length - 1), isSet: fc.boolean(), steps: fc.nat(12) }),
      { maxLength: 10 },
    );
    await fc.assert(
      fc.asyncProperty(acts, fc.infiniteStream(fc.nat(1_000)), async (history, drawn) => {
        const rig = await busy((below) => (drawn.next().value ?? 0) % Math.max(1, below));
        for (const { of, isSet, steps } of history) {
          goesOn(rig, steps);
          const { part, lock } = allLocks[of] as (typeof allLocks)[number];
          await set(rig, part, isSet ? lock : 'none');
        }
        rig.run();
        await unlockAll(rig);
        rests(rig);
        expectEnd(rig);
      }),
      { numRuns: 60 },
    );
  });
});
