import { expect, test } from 'vitest';
import type { DeviceId } from '../../src/domain/ids.ts';
import { announced, FlowRig } from '../lib/flow-rig.ts';
import { inducts, stocked, toPd } from '../lib/stories.ts';

const crane = 'crane-1' as DeviceId;
/** The demo's light stands for aisle A01. */
const lit = ({ light }: FlowRig) =>
  Object.entries(light ?? { nothing: 'said' })
    .filter(([, mode]) => mode !== 'off')
    .map(([color, mode]) => `${color} ${mode}`);

test('the light of an aisle is green while its crane works, and red while it is in doubt', async () => {
  const rig = await stocked(['T-1']);
  expect(lit(rig)).toEqual(['green steady']);
  rig.crane.happens('loadAdded');
  expect(lit(rig.settle())).toEqual(['red blink', 'blue steady']);
  await rig.operator({ act: 'release', device: crane });
  expect(lit(rig)).toEqual(['green steady']);
});

test('doubt outlives the process, and the light shows it again before the crane is heard', async () => {
  const rig = await stocked(['T-1']);
  rig.crane.happens('loadAdded');
  rig.settle().restart();
  expect(lit(rig)).toEqual(expect.arrayContaining(['red blink', 'blue steady']));
});

test('a crane that is not heard makes the light blink amber, and puts green out', async () => {
  const rig = await stocked(['T-1']);
  rig.tell({ device: crane, type: 'crane.offline', reason: 'the cable was pulled' });
  expect(lit(rig)).toEqual(['amber blink']);
});

test('a machine that has been read and not believed yet shows no green', () => {
  const rig = new FlowRig();
  rig.tell({ device: 'conveyor-1' as DeviceId, type: 'conveyor.offline', reason: 'cut' });
  expect(lit(rig)).toEqual(['amber blink']);
});

test('hand operation, an open safety circuit and a fault are told apart', async () => {
  const rig = await stocked(['T-1']);
  rig.crane.change({ mode: 'manual' });
  expect(lit(rig.settle())).toEqual(['white steady']);
  rig.crane.change({ mode: 'autoRemote', safetyOk: false });
  expect(lit(rig.settle())).toEqual(['amber steady']);
  rig.crane.change({ safetyOk: true, faultLatched: true, faultCode: 12 });
  expect(lit(rig.settle())).toEqual(expect.arrayContaining(['red steady']));
});

test('a question at a station is not shown at the aisle', async () => {
  const rig = await announced(['T-1']);
  toPd(rig, inducts(rig, 'T-1'));
  rig.read('scan-pick-1', 'T-1');
  expect(rig.asked).toContain('WRONG_AT_STATION');
  expect(lit(rig)).toEqual(['green steady']);
});

test('what the light shows is told after the commit only', async () => {
  const rig = await stocked(['T-1']);
  const { commit } = rig.ledger;
  expect(commit).toBeDefined();
  const seen: (string[] | undefined)[] = [];
  rig.restart({
    store: (ledger) =>
      new Proxy(ledger, {
        get: (target, name) => {
          const value = Reflect.get(target, name, target);
          if (typeof value !== 'function') return value;
          return (...args: unknown[]) => {
            if (name === 'commit') seen.push(lit(rig));
            return value.apply(target, args);
          };
        },
      }),
  });
  seen.length = 0;
  rig.crane.happens('loadAdded');
  rig.settle();
  expect(seen[0]).toEqual(['green steady']);
  expect(lit(rig)).toEqual(['red blink', 'blue steady']);
});
