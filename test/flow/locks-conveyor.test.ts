import { describe, expect, test } from 'vitest';
import { NetworkRig } from '../lib/network-rig.ts';

const set = (rig: NetworkRig, part: string, lock: 'in' | 'out' | 'both' | 'none') =>
  rig.operator({ act: 'lock', part, lock, reason: 'sprinkler' });

describe('on the conveyors', () => {
  // IN-01 > LOOP-A (A01) > LOOP-B (A02) > LOOP-C (PICK-01) > LOOP-D (PICK-02) > LOOP-A.
  test('nothing is sent to a station that is locked, and its orders say why', async () => {
    const rig = new NetworkRig({ stored: { 'T-1': 'A01-L-001-01-1' } });
    await set(rig, 'PICK-01', 'in');
    await rig.orders('SO-1', 'PICK-01', 'T-1');
    rig.run();
    expect(rig.placeOf('T-1')).toBe('A01-L-001-01-1');
    expect(rig.flow.books.order('SO-1')).toMatchObject({
      reasons: [{ code: 'LOCKED', detail: 'PICK-01 is locked (in) by op-1: sprinkler' }],
    });
    await set(rig, 'PICK-01', 'none');
    rig.run();
    expect(rig.gone).toEqual(['T-1']);
  });

  test('what is on its way to a station that is locked is told, goes round and arrives once that is unlocked', async () => {
    const rig = new NetworkRig({ stored: { 'T-1': 'A01-L-001-01-1' } });
    await rig.orders('SO-1', 'PICK-01', 'T-1');
    rig.until(() => rig.where('T-1') === 'LOOP-B');
    expect(await set(rig, 'PICK-01', 'in')).toMatchObject({
      text: expect.stringContaining('Concerned: T-1.'),
    });
    rig.until(() => rig.where('T-1') === 'LOOP-A');
    await set(rig, 'PICK-01', 'none');
    rig.run();
    expect(rig.gone).toEqual(['T-1']);
  });

  test.each(['A01-PD-IN', 'conveyor-1/2/1'])(
    'with %s locked, totes go to the aisle that can be reached',
    async (part) => {
      const rig = new NetworkRig();
      await set(rig, part, part.includes('/') ? 'both' : 'in');
      await rig.brings('T-1', 'T-2');
      rig.run();
      const aisles = ['T-1', 'T-2'].map((code) => String(rig.placeOf(code)).slice(0, 3));
      expect(aisles).toEqual(['A02', 'A02']);
    },
  );

  test('the crane leaves its load units in the rack while the P&D station out of it is locked', async () => {
    const rig = new NetworkRig({ stored: { 'T-1': 'A01-L-001-01-1' } });
    await set(rig, 'A01-PD-OUT', 'in');
    await rig.orders('SO-1', 'PICK-01', 'T-1');
    rig.run();
    expect(rig.where('T-1')).toBe('A01-L-001-01-1');
    await set(rig, 'A01-PD-OUT', 'none');
    rig.run();
    expect(rig.gone).toEqual(['T-1']);
  });
});
