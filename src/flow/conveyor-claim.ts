import { type ClaimVerdict, judgeClaim } from '../domain/crane-reconciliation.ts';
import type { DeviceId } from '../domain/ids.ts';
import type { ConveyorLinkSnapshot } from '../ports/conveyor.ts';
import { askToTakeOver, claimsOn, forgetForeign, waitsForStart } from './take-over.ts';
import type { Work } from './work.ts';

/** Judges whose a conveyor shows that it is, and whether it may be commanded. */
export function claimConveyor(work: Work, device: DeviceId, snapshot: ConveyorLinkSnapshot): void {
  const { store, equipment } = work.parts;
  const { epoch, nonce } = store;
  const claims = claimsOn(work, device);
  const { claim: shown, retentiveOk } = snapshot;
  const verdict: ClaimVerdict = judgeClaim(
    { epoch, nonce, claims, seqHighest: 0, eventStored: 0 },
    { ...nothingDone, ...shown, retentiveOk },
  );
  work.touched.add(device);
  equipment.setConveyor(device, { claim: shown });
  if (verdict === 'foreign' || verdict === 'replaced') {
    equipment.setConveyor(device, { isClaiming: false, isReconciled: false });
    if (waitsForStart(work, device, shown)) return;
    if (verdict === 'foreign') {
      const what = `it obeys epoch ${shown.epoch}, which these books never drew`;
      return askToTakeOver(work, device, what);
    }
    return work.raise({
      code: 'CONVEYOR_DOUBT',
      device,
      text: `${device} is commanded by a newer start of this site (epoch ${shown.epoch}): stop this one.`,
    });
  }
  forgetForeign(work, device);
  const isReconciled = verdict === 'mine';
  const isOver = ['CONVEYOR_DOUBT', 'DEVICE_MISCONFIGURED'];
  work.settleWhere((open) => open.device === device && isOver.includes(open.code));
  equipment.setConveyor(device, { offline: undefined, isClaiming: true, isReconciled });
}

const nothingDone = {
  seqAnswered: 0,
  answer: 'none',
  activeMissionId: 0,
  lastMissionId: 0,
  eventHead: 0,
};
