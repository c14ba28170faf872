import { contractOf, type InterfaceFile } from '../../devices/lib/interface-file.ts';
import { invariant } from '../../src/domain/errors.ts';

/** Now, in the two times of a plant. Both stand still while the plant does not run. */
export interface Moment {
  /** What communication is measured by: life, patience, limits of an answer. Starts at 0. */
  readonly realMs: number;
  /** What motion is measured by; runs `speed` times as fast. Starts at 0. */
  readonly simMs: number;
  /** Real-time clock of the PLC, Unix seconds; only a lost memory asks for it. */
  readonly utcS: number;
}

export type Mode =
  | 'off'
  | 'manual'
  | 'semiAuto'
  | 'autoLocal'
  | 'autoRemote'
  | 'service'
  | 'emergencyStop';

export type IgnoredReason =
  | 'crc'
  | 'mapVersion'
  | 'wordOrder'
  | 'deviceNumber'
  | 'staleEpoch'
  | 'otherController'
  | 'restarted'
  | 'lateFrame'
  | 'notSynchronized';

/** What a PLC knows of its controller. Plain data; the fields above the blank line are retentive. */
export interface PlcLink {
  bootId: number;
  epochAccepted: number;
  nonceAccepted: number;
  retentiveOk: boolean;

  mode: Mode;
  life: number;
  lifeDueMs: number;
  lifeEcho: number;
  /** False after a start and after a new claim: then any life is new. */
  isLifeKnown: boolean;
  enabled: boolean;
  /** Real time of the newest frame taken; the watchdog. */
  frameAtMs: number;
  ignoredCount: number;
  ignoredReason: IgnoredReason | 'none';
  /** Since when the registers hold a frame that is not complete. */
  incompleteSinceMs: number | undefined;
}

/** The fields by which a frame is trusted, the same in every block that starts one. */
export interface FrameHeader {
  readonly mapVersion: number;
  readonly wordOrderTest: number;
  readonly deviceNumber: number;
  readonly life: number;
  readonly epoch: number;
  readonly claimNonce: number;
  readonly bootIdEcho: number;
}

/** What an interface file says of both sides' constants and limits. */
export interface LinkRules {
  readonly deviceNumber: number;
  readonly mapVersion: number;
  readonly wordOrderTest: number;
  readonly lifeLostMs: number;
  readonly plcLifeMs: number;
  readonly crcPatienceMs: number;
}

export function linkRules(file: InterfaceFile, deviceNumber: number): LinkRules {
  const limit = (name: string, otherwise?: number) => {
    const found = file.timing.find((row) => row.name === name)?.default ?? otherwise;
    invariant(found !== undefined, `${file.meta.id} has no timing ${name}`);
    return found;
  };
  return {
    deviceNumber,
    ...contractOf(file),
    lifeLostMs: limit('lifeLostMs'),
    plcLifeMs: limit('plcLifeMs'),
    crcPatienceMs: limit('crcPatienceMs', 200),
  };
}

/** Of a device that knows nothing of its controller: no time of the link means anything to it. */
export const noLink: LinkRules = {
  ...{ deviceNumber: 0, mapVersion: 0, wordOrderTest: 0 },
  ...{ lifeLostMs: 0, plcLifeMs: 0, crcPatienceMs: 0 },
};

/** A PLC whose program was just loaded: nothing claimed, memory not whole. */
export const newLink = (bootId: number): PlcLink => ({
  bootId,
  epochAccepted: 0,
  nonceAccepted: 0,
  retentiveOk: false,
  mode: 'autoRemote',
  life: 0,
  lifeDueMs: 0,
  ...unheard,
});

const unheard = {
  lifeEcho: 0,
  isLifeKnown: false,
  enabled: false,
  frameAtMs: 0,
  ignoredCount: 0,
  ignoredReason: 'none',
  incompleteSinceMs: undefined,
} as const;

/** What the link forgets when the PLC starts. The bootId is a new one; after a loss of memory it comes from the clock. */
export function restartLink(link: PlcLink, memory: 'whole' | 'lost', now: Moment): void {
  Object.assign(link, unheard, { frameAtMs: now.realMs });
  link.bootId = memory === 'whole' ? link.bootId + 1 : Math.max(link.bootId + 1, now.utcS);
  link.retentiveOk = memory === 'whole' && link.retentiveOk;
  if (memory === 'lost') Object.assign(link, { epochAccepted: 0, nonceAccepted: 0 });
}

/** Whether `a` is newer than `b` on a counter of 16 bits that wraps. */
export const isNewer16 = (a: number, b: number): boolean => {
  const ahead = (a - b) & 0xffff;
  return ahead >= 1 && ahead <= 0x7fff;
};

/**
 * Whether a complete frame is to be trusted, checked in the order of the contract.
 *
 * @returns `known`: the frame taken already, nothing to do
 */
export function judgeHeader(
  link: PlcLink,
  header: FrameHeader,
  rules: LinkRules,
): 'take' | 'known' | IgnoredReason {
  const { epochAccepted, nonceAccepted } = link;
  if (header.mapVersion >> 8 !== rules.mapVersion >> 8) return 'mapVersion';
  if (header.wordOrderTest !== rules.wordOrderTest) return 'wordOrder';
  if (header.deviceNumber !== rules.deviceNumber) return 'deviceNumber';
  if (header.bootIdEcho !== link.bootId) return 'restarted';
  if (header.epoch < epochAccepted || header.epoch === 0) return 'staleEpoch';
  if (header.epoch > epochAccepted) return 'take';
  if (header.claimNonce !== nonceAccepted) return 'otherController';
  if (!link.isLifeKnown || isNewer16(header.life, link.lifeEcho)) return 'take';
  return header.life === link.lifeEcho ? 'known' : 'lateFrame';
}

/** Adopts a higher epoch, takes life and feeds the watchdog. @returns whether the claim is a new one */
export function takeHeader(link: PlcLink, header: FrameHeader, now: Moment): boolean {
  const isClaim = header.epoch > link.epochAccepted;
  if (isClaim) {
    link.epochAccepted = header.epoch;
    link.nonceAccepted = header.claimNonce;
    link.enabled = false;
  }
  link.lifeEcho = header.life;
  link.isLifeKnown = true;
  link.frameAtMs = now.realMs;
  return isClaim;
}

export function ignore(
  counts: { ignoredCount: number; ignoredReason: string },
  reason: IgnoredReason,
): void {
  counts.ignoredCount = (counts.ignoredCount + 1) & 0xffff;
  counts.ignoredReason = reason;
}

/** The control task: life goes on, a lost controller and a frame that stays incomplete are noticed. */
export function watchLink(link: PlcLink, rules: LinkRules, now: Moment): void {
  if (now.realMs >= link.lifeDueMs) {
    link.life = (link.life + 1) & 0xffff;
    link.lifeDueMs = now.realMs + rules.plcLifeMs / 2;
  }
  if (link.enabled && now.realMs - link.frameAtMs >= rules.lifeLostMs) link.enabled = false;
  const { incompleteSinceMs } = link;
  if (incompleteSinceMs !== undefined && now.realMs - incompleteSinceMs >= rules.crcPatienceMs) {
    ignore(link, 'crc');
    link.incompleteSinceMs = undefined;
  }
}

/** Real time at which `watchLink` has something to do. */
export function linkDueMs(link: PlcLink, rules: LinkRules): number {
  return Math.min(
    link.lifeDueMs,
    link.enabled ? link.frameAtMs + rules.lifeLostMs : Number.POSITIVE_INFINITY,
    (link.incompleteSinceMs ?? Number.POSITIVE_INFINITY) + rules.crcPatienceMs,
  );
}
