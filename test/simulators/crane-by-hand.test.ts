import { expect, test } from 'vitest';
import type { LocationId } from '../../src/domain/ids.ts';
import { CraneClient, mission, newModel } from '../lib/sim-plant.ts';

const at = (location: string) => location as LocationId;

function ready() {
  const model = newModel();
  model.people.bring({ lpn: 'LPN-1', massKg: 10, heightMm: 300 }, at('A01-L-005-02-1'), 0);
  const crane = new CraneClient(model);
  crane.send();
  return { model, crane };
}

test('a load taken off the LHD by hand is told as an event', () => {
  const { model, crane } = ready();
  crane.send(mission(1, 'pick', 'L5/2/1', 'LHD'));
  crane.runToEnd();
  model.people.takeAway(at('A01-LHD'), 'T1', 0);
  model.settle();
  expect(crane.status().events.at(-1)).toMatchObject({ eventType: 'loadRemoved', eventSeq: 3 });
  expect(crane.status().lhd1Load).toBe(0);
});

test('a load taken off the LHD while it is put down is lost, and not put down', () => {
  const { model, crane } = ready();
  crane.send(mission(1, 'transfer', 'L5/2/1', 'R9/4/1'));
  while (crane.status().phase !== 'depositing') crane.run(50);
  model.people.takeAway(at('A01-LHD'), 'T1', 0);
  crane.runToEnd();
  expect(crane.status()).toMatchObject({ lastResult: 'loadLost', lastKind: 'none', lhd1Load: 0 });
  expect(model.world.truth().totes.map(({ location }) => location)).toEqual(['OUTSIDE']);
});
