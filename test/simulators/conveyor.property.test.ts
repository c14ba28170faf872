import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PlantModel } from '../../simulators/plant-model.ts';
import type { LocationId } from '../../src/domain/ids.ts';
import { ConveyorClient } from '../lib/sim-conveyor-client.ts';
import { newModel } from '../lib/sim-plant.ts';

const at = (location: string) => location as LocationId;
const bring = (lpn: string) => ({ lpn, massKg: 12.5, heightMm: 310 });

interface Step {
  readonly feed: boolean;
  readonly exit: number;
  readonly ship: boolean;
  readonly crane: boolean;
  readonly simMs: number;
}

const steps = fc.array(
  fc.record({
    feed: fc.boolean(),
    exit: fc.constantFrom(0, 1, 2),
    ship: fc.boolean(),
    crane: fc.boolean(),
    simMs: fc.nat(6_000),
  }),
  { minLength: 10, maxLength: 60 },
);

/** @returns how many totes were put on */
function doStep(model: PlantModel, client: ConveyorClient, step: Step, fed: number): number {
  const isFed = step.feed && model.people.feed(bring(`LPN-${fed}`), model.now.simMs).done;
  for (const point of [1, 2]) {
    const answerScanSeq = client.point(point).scanHead;
    client.answer(point, [{ answerScanSeq, answerExit: step.exit, answerHandle: 0 }]);
  }
  if (step.ship) takeFirst(model, 'REJECT-01');
  if (step.crane) throughTheRack(model);
  client.link();
  model.advance({ realMs: 10, simMs: step.simMs });
  return isFed ? 1 : 0;
}

/** Numbers on the totes of a lane, the foremost first. */
const orderIn = (model: PlantModel, lane: LocationId): number[] =>
  model.people.contentsOf(lane).map(({ lpn = '' }) => Number(lpn.slice(4)));

test('in every lane totes keep their order, and none is ever lost or put onto another', () => {
  // Two ways merge into the reject lane: there the order of arrival is the only one.
  const lanes = ['IN-01', 'A01-PD-IN', 'A01-PD-OUT', 'PICK-01'].map(at);
  fc.assert(
    fc.property(steps, (history) => {
      const model = newModel();
      const client = new ConveyorClient(model);
      client.link();
      let fed = 0;
      for (const step of history) {
        fed += doStep(model, client, step, fed);
        for (const lane of lanes) {
          const numbers = orderIn(model, lane);
          expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
        }
      }
      const { totes, violations } = model.world.truth();
      expect(violations).toEqual([]);
      expect(totes.length).toBe(fed);
    }),
    { numRuns: 40 },
  );
});

/** Somebody carries the foremost tote of the infeed station to the outfeed, as the crane would. */
function throughTheRack(model: PlantModel): void {
  const [first] = model.people.contentsOf(at('A01-PD-IN'));
  if (first !== undefined) model.people.carry(first.id, at('A01-PD-OUT'), model.now.simMs);
  model.settle();
}

function takeFirst(model: PlantModel, location: string): void {
  const [first] = model.people.contentsOf(at(location));
  if (first !== undefined) model.people.takeAway(at(location), first.id, model.now.simMs);
}
