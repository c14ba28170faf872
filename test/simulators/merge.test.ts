import { expect, test } from 'vitest';
import { at } from '../lib/demo.ts';
import { loopSite } from '../lib/loop-site.ts';
import { ConveyorClient } from '../lib/sim-conveyor-client.ts';
import { newModel } from '../lib/sim-plant.ts';

/** Point 2 stands at LOOP-A, point 4 at A01-PD-OUT; both send into LOOP-B, whose end another PLC drives. */
const exitToB = { 2: 2, 4: 1 } as const;

test('where conveyors meet, loads enter one by one, and whoever came first goes first', () => {
  const alone = { ...loopSite, devices: loopSite.devices.map((row) => withNumber(row)) };
  const model = newModel({ site: alone });
  const client = new ConveyorClient(model);
  const lanes = { 2: at('LOOP-A'), 4: at('A01-PD-OUT') } as const;
  const entered: string[] = [];
  client.link();
  for (let step = 0; step < 120; step++) {
    for (const point of [2, 4] as const) {
      const lpn = `${lanes[point]}/${step}`;
      model.people.bring({ lpn, massKg: 5, heightMm: 200 }, lanes[point], model.now.simMs);
      const { scanHead } = client.point(point);
      const answer = { answerScanSeq: scanHead, answerExit: exitToB[point], answerHandle: 1 };
      if (scanHead > 0) client.answer(point, [answer]);
    }
    const [first] = model.people.contentsOf(at('LOOP-B'));
    // So seldom that both stand there again when there is room for one of them.
    if (first?.spot === 'LOOP-B#1' && step % 6 === 0) {
      entered.push(String(first.lpn).split('/')[0] ?? '');
      model.people.takeAway(at('LOOP-B'), first.id, model.now.simMs);
    }
    client.link();
    model.advance({ realMs: 10, simMs: 1_400 });
  }
  expect(entered.length).toBeGreaterThan(10);
  const inARow = entered.filter((lane, i) => lane === entered[i - 1]);
  expect(inARow.slice(1)).toEqual([]);
  expect(model.world.truth().violations).toEqual([]);
});

/** The client speaks to PLC number 1. */
function withNumber(row: (typeof loopSite.devices)[number]) {
  if (row.type !== 'conveyor') return row;
  return { ...row, settings: { ...row.settings, deviceNumber: 1 } };
}
