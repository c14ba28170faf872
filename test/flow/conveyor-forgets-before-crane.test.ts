import { expect, test } from 'vitest';
import { brokenBooks, unaskedDifferences } from '../lib/floor-checks.ts';
import { pdIn } from '../lib/floor-phases.ts';
import { conveyor1, crane1 } from '../lib/floor-plant.ts';
import { FloorRig, toteOf } from '../lib/floor-rig.ts';

// The conveyor tells of a load unit that it has left for the crane before the crane tells that it has it.

/** What has become of a load unit when the conveyor loses its memory; one that has left, its crane has not told of. */
const cases = {
  'has left, as its conveyor has told': { hasLeft: true, isConveyorCut: false },
  'has left, as nobody has told': { hasLeft: true, isConveyorCut: true },
  'stands there still': { hasLeft: false, isConveyorCut: false },
} as const;

test.each(Object.entries(cases))(
  'what comes to its crane after a load unit that %s is stored, too',
  async (_, now) => {
    const rig = await FloorRig.open();
    const loadUnits = ['T-1', 'T-2'].map((lpn) => ({
      ...{ lpn, loadUnitType: 'TOTE-600', lines: [{ sku: 'A', qty: 10 }] },
    }));
    await rig.command('loadUnit.announce', { loadUnits });
    rig.byHand((people, simMs) => people.feed(toteOf('T-1'), simMs));
    const mission = () => [...rig.flow.warehouse.tables.mission.values()][0];
    await rig.until('the crane is to fetch it', () => mission()?.state === 'accepted');
    rig.cut(crane1, now.hasLeft);
    rig.cut(conveyor1, now.isConveyorCut);
    if (now.hasLeft) {
      await rig.until('the crane has it', () => rig.where('T-1') !== pdIn);
      await rig.run(1_000);
    }
    rig.fault(conveyor1, 'memoryLost');
    rig.cut(conveyor1, false);
    await rig.until('the crane has it', () => rig.where('T-1') !== pdIn);
    rig.byHand((people, simMs) => people.feed(toteOf('T-2'), simMs));
    await rig.until('the next one stands there', () => rig.where('T-2') === pdIn);
    await rig.run(2_000);
    rig.cut(crane1, false);
    const isStored = () => /^A01-[LR]-/.test(rig.where('T-2') ?? '');
    await rig.until('it is stored, too', isStored);
    await rig.rest();
    // Called before it stands there, the crane would find the station not ready.
    expect(rig.missions).toEqual(['1 transfer done done', '2 transfer done done']);
    expect([...brokenBooks(rig), ...unaskedDifferences(rig), ...rig.asked]).toEqual([]);
  },
);
