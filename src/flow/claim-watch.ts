import type { DeviceId } from '../domain/ids.ts';
import type { Clock } from '../ports/clock.ts';
import { whyNotCommanded } from './device-modes.ts';
import type { Work } from './work.ts';

/** A PLC that is read shows within this time that it obeys the claim that it is told. */
const claimMaxMs = 30_000;
const code = 'CLAIM_LATE';

/**
 * Asks people about a PLC that does not take our claim: it is read as if all were well, and gets no command for ever.
 * Kept in memory only, as all that devices show.
 */
export class ClaimWatch {
  readonly #clock: Clock;
  /** When people are asked about each, on the monotonic clock; infinity: it is not waited for at the moment. */
  readonly #askAtMs = new Map<DeviceId, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** When there is something to look at again, by the wall clock. */
  get dueMs(): number {
    const firstMs = Math.min(...this.#askAtMs.values());
    const leftMs = Math.max(firstMs, this.#listensUntilMs()) - this.#clock.monotonicMs();
    return this.#clock.nowMs() + Math.max(0, Math.ceil(leftMs));
  }

  look(work: Work): void {
    const { aisles, points } = work.parts.topology.site;
    const devices = [...aisles.map(({ crane }) => crane), ...points.map(({ device }) => device)];
    for (const device of new Set(devices)) this.#lookAt(work, device);
  }

  #lookAt(work: Work, device: DeviceId): void {
    const { topology, equipment, store } = work.parts;
    const [crane, conveyor] = [equipment.crane(device), equipment.conveyor(device)];
    const shown = crane.snapshot?.claim ?? conveyor.claim;
    if (shown?.epoch === store.epoch && shown.nonce === store.nonce) {
      if (!this.#askAtMs.delete(device)) return;
      return work.settleWhere((open) => open.code === code && open.device === device);
    }
    const isClaiming = crane.isClaiming || conveyor.isClaiming;
    const never = Number.POSITIVE_INFINITY;
    const askAtMs = this.#askAtMs.get(device) ?? never;
    const nowMs = this.#clock.monotonicMs();
    if (!isClaiming || whyNotCommanded(work, device) !== undefined) {
      if (this.#askAtMs.has(device)) this.#askAtMs.set(device, never);
    } else if (askAtMs === never) {
      this.#askAtMs.set(device, nowMs + claimMaxMs);
    } else if (nowMs >= Math.max(askAtMs, this.#listensUntilMs())) {
      // Whoever has only noted it is asked again by and by.
      this.#askAtMs.set(device, nowMs + topology.site.limits.conveyorLimitMs);
      ask(work, device);
    }
  }

  /** What has stood still has not read yet what has come meanwhile. */
  #listensUntilMs(): number {
    return (this.#clock.wokeAtMs?.() ?? Number.NEGATIVE_INFINITY) + claimMaxMs;
  }
}

const ask = (work: Work, device: DeviceId): void =>
  work.raise({
    code,
    device,
    text: `${device} is read, and does not show that it obeys this controller: nothing can be sent to it. See whether its PLC runs its program, and lets its registers be written.`,
  });
