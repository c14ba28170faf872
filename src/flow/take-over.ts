import type { Discrepancy } from '../domain/books.ts';
import { highestOf } from '../domain/crane-reconciliation.ts';
import type { DeviceId } from '../domain/ids.ts';
import type { Claim } from '../ports/crane.ts';
import { editBook } from './crane-commands.ts';
import { whyNotCommanded } from './device-modes.ts';
import type { Work } from './work.ts';

/** The claims that count as ours on a machine: those of this ledger, and the one that a person has set aside. */
export function claimsOn(work: Work, device: DeviceId): ReadonlyMap<number, number> {
  const { claims } = work.parts.store;
  const aside = work.warehouse.tables.takeOver.get(device);
  return aside === undefined ? claims : new Map(claims).set(aside.epoch, aside.nonce);
}

/** A person has set this claim aside, and only a new start of Craneway draws a higher epoch. */
export function waitsForStart(work: Work, device: DeviceId, { epoch, nonce }: Claim): boolean {
  const aside = work.warehouse.tables.takeOver.get(device);
  const isAside = aside?.epoch === epoch && aside.nonce === nonce;
  return isAside && epoch >= work.parts.store.epoch;
}

/** Asks whether the machine may be taken from whoever has it. @param what  how it differs from the books */
export function askToTakeOver(work: Work, device: DeviceId, what: string): void {
  work.raise({
    code: 'FOREIGN_CONTROLLER',
    device,
    text: `${device}: ${what}. Nothing is sent to it. Find the other controller and stop it, or, if these books were restored from a backup, take ${device} over.`,
    resolutions: [
      {
        resolution: 'takeOver',
        text: `Nobody else commands ${device}: this controller takes it over.`,
        needs: [],
      },
    ],
  });
}

/** It is ours again, whoever has seen to it. */
export const forgetForeign = (work: Work, device: DeviceId): void =>
  work.settleWhere((open) => open.device === device && foreignCodes.has(open.code));

const foreignCodes: ReadonlySet<string> = new Set(['FOREIGN_CONTROLLER', 'RESTART_DUE']);

/**
 * Takes a machine from another controller, for a person who has seen that none is at work. Its numbers
 * become ours: what it has done under them is in no book, and stays with that person to look after.
 *
 * @returns why it cannot be taken over now
 */
export function takeOver(work: Work, { device }: Discrepancy): string | undefined {
  if (device === undefined) return undefined;
  const mode = whyNotCommanded(work, device);
  if (mode !== undefined) return `${device} is sent nothing: ${mode}`;
  const { snapshot, offline } = work.parts.equipment.crane(device);
  const shown = snapshot?.claim ?? work.parts.equipment.conveyor(device).claim;
  if (shown === undefined)
    return `${device} cannot be reached: ${offline ?? 'it was not read yet'}`;
  if (snapshot !== undefined) {
    const { eventStored, seqHighest } = work.warehouse.craneBook(device);
    // Its next events would bear numbers that were heard before, and be dropped.
    if (snapshot.retentiveOk && snapshot.eventHead < eventStored) {
      return `${device} was set back: it knows ${snapshot.eventHead} events, these books ${eventStored}. Clear the memory of its controller; then it takes the numbers from the books`;
    }
    work.explain(missed({ device, seqHighest, eventStored }, snapshot), device);
    editBook(work, device, {
      seqHighest: Math.max(seqHighest, highestOf(snapshot)),
      // One that has lost its memory goes on from here: behind all that these books have heard.
      eventStored: Math.max(eventStored, snapshot.eventHead),
    });
  }
  work.warehouse.tables.takeOver.put({ device, ...shown, atMs: work.nowMs, by: work.cause.by });
  work.touched.add(device);
  if (waitsForStart(work, device, shown)) {
    work.raise({
      code: 'RESTART_DUE',
      device,
      text: `${device} is taken over once Craneway is started again: its claim has to be above epoch ${shown.epoch}.`,
    });
  } else if (snapshot === undefined) {
    work.parts.equipment.setConveyor(device, { isClaiming: true });
  }
  return undefined;
}

interface Known {
  readonly device: DeviceId;
  readonly seqHighest: number;
  readonly eventStored: number;
}

/** What it has done that these books do not have, for whoever looks after it. */
function missed(
  { device, seqHighest, eventStored }: Known,
  reading: Parameters<typeof highestOf>[0] & { readonly eventHead: number },
): string {
  const highest = highestOf(reading);
  const missions =
    highest > seqHighest ? `missions ${seqHighest + 1} to ${highest}` : 'no mission beyond them';
  const events =
    reading.eventHead > eventStored
      ? `events ${eventStored + 1} to ${reading.eventHead}`
      : 'no event beyond them';
  return `Taken over: of ${device} these books lack ${missions} and ${events}. Its cells may hold other load units than they say.`;
}
