import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type FrameHeader,
  ignore,
  isNewer16,
  judgeHeader,
  type LinkRules,
  linkDueMs,
  linkRules,
  newLink,
  type PlcLink,
  restartLink,
  takeHeader,
  watchLink,
} from '../../simulators/lib/plc-link.ts';
import { InvariantError } from '../../src/domain/errors.ts';
import { readCraneInterface } from '../lib/interfaces.ts';

const craneFile = readCraneInterface();
const rules: LinkRules = {
  ...{ deviceNumber: 3, mapVersion: 0x0102, wordOrderTest: 0x01020304 },
  ...{ lifeLostMs: 1000, plcLifeMs: 500, crcPatienceMs: 200 },
};
/** Claimed under epoch 5 and at work; frame 100 was the last. */
const link = (own: Partial<PlcLink> = {}): PlcLink => ({
  ...newLink(10),
  ...{ epochAccepted: 5, nonceAccepted: 7, retentiveOk: true, enabled: true },
  ...{ lifeEcho: 100, isLifeKnown: true, frameAtMs: 0, lifeDueMs: 5000 },
  ...own,
});
const header: FrameHeader = {
  ...{ mapVersion: 0x0102, wordOrderTest: 0x01020304, deviceNumber: 3, bootIdEcho: 10 },
  ...{ life: 101, epoch: 5, claimNonce: 7 },
};
const at = (realMs: number, utcS = 0) => ({ realMs, simMs: 0, utcS });

test.each([
  [0, 0, false],
  [1, 0, true],
  [0x7fff, 0, true],
  [0x8000, 0, false],
  [0, 0xffff, true],
  [0x7ffe, 0xffff, true],
  [0x7fff, 0xffff, false],
])('a counter at %i is newer than at %i, also beyond its wrap: %s', (a, b, isNewer) => {
  expect(isNewer16(a, b)).toBe(isNewer);
});

describe('a frame is judged', () => {
  test.each<[string, Partial<FrameHeader>, string]>([
    ['with the next life', {}, 'take'],
    ['with the same life', { life: 100 }, 'known'],
    ['with an older life', { life: 99 }, 'lateFrame'],
    ['of another minor version of the map', { mapVersion: 0x0103 }, 'take'],
    ['of another major version of the map', { mapVersion: 0x0202 }, 'mapVersion'],
    ['with its words swapped', { wordOrderTest: 0x03040102 }, 'wordOrder'],
    ['for another device', { deviceNumber: 4 }, 'deviceNumber'],
    ['for the time before a restart', { bootIdEcho: 9 }, 'restarted'],
    ['of an earlier claim', { epoch: 4 }, 'staleEpoch'],
    ['of the same epoch and another controller', { claimNonce: 8 }, 'otherController'],
    ['of a new claim, whatever its life', { epoch: 6, claimNonce: 8, life: 1 }, 'take'],
  ])('%s', (_, own, verdict) => {
    expect(judgeHeader(link(), { ...header, ...own }, rules)).toBe(verdict);
  });

  test('with any life at first after a start', () => {
    const started = link({ isLifeKnown: false });
    expect(judgeHeader(started, { ...header, life: 100 }, rules)).toBe('take');
    expect(judgeHeader(started, { ...header, life: 99 }, rules)).toBe('take');
  });

  test('without a claim never, also by a PLC that nobody has claimed', () => {
    expect(judgeHeader(newLink(10), { ...header, epoch: 0 }, rules)).toBe('staleEpoch');
  });
});

describe('a frame that is taken', () => {
  test('feeds the watchdog, and what was enabled stays so', () => {
    const plc = link({ isLifeKnown: false });
    expect(takeHeader(plc, header, at(40))).toBe(false);
    expect(plc).toEqual(link({ lifeEcho: 101, frameAtMs: 40 }));
  });

  test('under a new claim takes the enable of the old one away', () => {
    const plc = link();
    expect(takeHeader(plc, { ...header, epoch: 6, claimNonce: 8 }, at(40))).toBe(true);
    expect(plc).toMatchObject({ epochAccepted: 6, nonceAccepted: 8, enabled: false });
  });
});

test('frames that were ignored are counted by 16 bits, with the last reason', () => {
  const counts = { ignoredCount: 0xfffe, ignoredReason: 'none' };
  ignore(counts, 'restarted');
  expect(counts).toEqual({ ignoredCount: 0xffff, ignoredReason: 'restarted' });
  ignore(counts, 'lateFrame');
  expect(counts).toEqual({ ignoredCount: 0, ignoredReason: 'lateFrame' });
});

describe('the control task', () => {
  const watched = (own: Partial<PlcLink>, realMs: number) => {
    const plc = link(own);
    watchLink(plc, rules, at(realMs));
    return plc;
  };

  test('counts its life up twice within the time by which it must have changed', () => {
    expect(watched({ life: 7, lifeDueMs: 100 }, 99).life).toBe(7);
    expect(watched({ life: 7, lifeDueMs: 100 }, 100)).toMatchObject({ life: 8, lifeDueMs: 350 });
    expect(watched({ life: 0xffff, lifeDueMs: 100 }, 100).life).toBe(0);
  });

  test('disables the machine when no frame has come for the time allowed', () => {
    expect(watched({ frameAtMs: 50 }, 1049).enabled).toBe(true);
    expect(watched({ frameAtMs: 50 }, 1050).enabled).toBe(false);
  });

  test('counts a frame that stays incomplete, once', () => {
    expect(watched({ incompleteSinceMs: 50 }, 249)).toMatchObject({ ignoredCount: 0 });
    const plc = watched({ incompleteSinceMs: 50 }, 250);
    watchLink(plc, rules, at(600));
    expect(plc).toMatchObject({ ignoredCount: 1, ignoredReason: 'crc' });
  });

  test('has something to do exactly when it says so', () => {
    const anyLink = fc.record({
      ...{ lifeDueMs: fc.integer({ min: 1, max: 3000 }), frameAtMs: fc.nat(3000) },
      ...{ enabled: fc.boolean(), incompleteSinceMs: fc.option(fc.nat(3000), { nil: undefined }) },
    });
    fc.assert(
      fc.property(anyLink, (own) => {
        const dueMs = linkDueMs(link(own), rules);
        expect(watched(own, dueMs - 1)).toEqual(link(own));
        expect(watched(own, dueMs)).not.toEqual(link(own));
      }),
    );
  });
});

describe('a PLC that starts again', () => {
  const restarted = (own: Partial<PlcLink>, memory: 'whole' | 'lost', utcS = 0) => {
    const plc = link({ ignoredCount: 4, incompleteSinceMs: 30, ...own });
    restartLink(plc, memory, at(60, utcS));
    return plc;
  };

  test('knows its claim, and has heard nothing', () => {
    expect(restarted({}, 'whole')).toEqual(
      link({ bootId: 11, enabled: false, lifeEcho: 0, isLifeKnown: false, frameAtMs: 60 }),
    );
    expect(restarted({ retentiveOk: false }, 'whole').retentiveOk).toBe(false);
  });

  test('knows no claim after a loss of memory, and has a boot id that it never had', () => {
    const lost = { epochAccepted: 0, nonceAccepted: 0, retentiveOk: false };
    expect(restarted({}, 'lost', 1_700_000_000)).toMatchObject({ ...lost, bootId: 1_700_000_000 });
    expect(restarted({ bootId: 1_800_000_000 }, 'lost', 1_700_000_000)).toMatchObject({
      bootId: 1_800_000_001,
    });
  });
});

test('limits are those of the interface file, and one that it must give is asked for', () => {
  const own = { lifeLostMs: 900, plcLifeMs: 800, crcPatienceMs: 70 };
  const withTiming = (names: readonly (keyof typeof own)[]) => ({
    ...craneFile,
    timing: craneFile.timing.flatMap((row) => {
      const name = names.find((one) => one === row.name);
      return name === undefined ? [] : [{ ...row, default: own[name] }];
    }),
  });
  const all = withTiming(['lifeLostMs', 'plcLifeMs', 'crcPatienceMs']);
  expect(linkRules(all, 3)).toMatchObject({ deviceNumber: 3, mapVersion: 0x0100, ...own });
  const fewer = withTiming(['lifeLostMs', 'plcLifeMs']);
  expect(linkRules(fewer, 3).crcPatienceMs).toBe(200);
  expect(() => linkRules(withTiming(['plcLifeMs']), 3)).toThrow(InvariantError);
});
