import type { PlantModel } from '../../simulators/plant-model.ts';
import type { StartBitState } from '../../simulators/start-bit-crane/model.ts';
import type { DeviceId } from '../../src/domain/ids.ts';
import { CraneSite, type Stored } from './crane-site.ts';
import { readStartBitInterface, startBitText, withTimes } from './interfaces.ts';

const crane = 'crane-1' as DeviceId;
/** So that a test need not wait as long as a person would. */
const times = { requestLimitMs: 150, startLimitMs: 2500, lifeLostMs: 2000, pollIdleMs: 50 };

/** A crane without numbers in its site, and what a test sees and does at its PLC. */
export interface StartBitSite {
  readonly site: CraneSite;
  readonly plc: StartBitState;
  /** Command blocks with a start in them that have arrived. */
  readonly starts: readonly string[];
  /** All other command blocks that have arrived. */
  readonly clears: readonly string[];
  /** Called when a start has arrived, before it is answered. */
  onStart: () => void;
  /** Changes the status block before it is shown. */
  lie: (status: Uint16Array) => void;
  /** A person has looked and lets it work. */
  release(): Promise<void>;
}

/** Opened and not released yet, unless `isReleased`. */
export async function startBitSite({
  stored = [] as readonly Stored[],
  isReleased = true,
  text = startBitText,
} = {}): Promise<StartBitSite> {
  const starts: string[] = [];
  const clears: string[] = [];
  const self = { onStart: () => {}, lie: (_status: Uint16Array) => {} };
  const prepare = (model: PlantModel) => {
    const device = model.devices.get(crane);
    if (device === undefined) throw new Error('the site has no crane');
    const { written, show } = device;
    const [command, status] = device.readable;
    if (command === undefined || status === undefined) throw new Error('it has no two blocks');
    const wordsOf = ({ base, length }: typeof command) =>
      device.registers.subarray(base, base + length);
    device.written = (address, words, now) => {
      written(address, words, now);
      const block = wordsOf(command);
      const isStart = ((block[0] ?? 0) & 1) === 1;
      (isStart ? starts : clears).push(block.join());
      if (isStart) self.onStart();
    };
    device.show = () => {
      show();
      self.lie(wordsOf(status));
    };
  };
  const site = await CraneSite.open({
    file: readStartBitInterface(withTimes(times, text)),
    stored,
    prepare,
  });
  const plc = site.crane.state.startBit;
  if (plc === undefined) throw new Error('it is no crane without numbers');
  const opened = Object.assign(self, {
    ...{ site, plc, starts, clears },
    async release() {
      await site.until('a person may release it', () => site.asked.includes('CRANE_DOUBT'));
      await untilDone(site, () => site.operator({ act: 'release', device: crane }));
      await site.until(
        'the release has reached it',
        () => site.equipment.crane(crane).snapshot?.retentiveOk === true,
      );
    },
  });
  if (isReleased) await opened.release();
  return opened;
}

/** Says it again until it can be done: a person who is told to wait does so. */
export async function untilDone(
  site: CraneSite,
  act: () => ReturnType<CraneSite['operator']>,
): Promise<void> {
  let isDone = false;
  let isAsking = false;
  await site.until('a person can do it', () => {
    if (!isAsking && !isDone) {
      isAsking = true;
      void act().then(({ ok }) => {
        isAsking = false;
        isDone = ok;
      });
    }
    return isDone;
  });
}
