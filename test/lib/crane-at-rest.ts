import type { CraneSnapshot } from '../../src/ports/crane.ts';

/** A crane that was claimed by nobody and stands idle. */
export const atRest: CraneSnapshot = {
  ...{ bootId: 100, claim: { epoch: 0, nonce: 0 }, seqAnswered: 0, answer: 'none' },
  ...{ mode: 'autoRemote', state: 'idle', phase: 'none', retentiveOk: true, ready: true },
  ...{ enabled: false, safetyOk: true, faultLatched: false, faultCode: 0, held: false },
  ...{
    lhds: [{ loaded: false, handle: 0 }],
    activeMissionId: 0,
    lastMissionId: 0,
    lastResult: 'none',
  },
  ...{
    lastPlace: undefined,
    lastSourceOccupied: undefined,
    eventHead: 0,
    eventAcked: 0,
    travelMm: 0,
    hoistMm: 0,
    events: [],
  },
};
