import { asks, type FaultCase, faultTests, type Look, storesOn } from '../../lib/fault-site.ts';

const device = 'wms';
const isBehind: Look = {
  what: 'the host lacks events that the ledger has',
  holds: ({ demo }) => demo.host.ackThrough() < demo.craneway.ledger.lastSequence(),
};
const isTold: Look = {
  what: 'the host has all events again',
  holds: ({ demo }) => demo.host.ackThrough() === demo.craneway.ledger.lastSequence(),
};
const goesOn = [storesOn(1), isTold];

const cases: FaultCase[] = [
  // First: orders that wait for the release are repeated by their host after a while.
  {
    ...{ device, fault: 'memoryLost', so: 'a person releases its orders, and all is told again' },
    ...{ looks: [asks('HOST_RESTORED')], after: goesOn },
  },
  {
    ...{ device, fault: 'away', so: 'work goes on, and it gets every event afterwards' },
    ...{ looks: [storesOn(), isBehind], after: goesOn },
  },
  {
    ...{ device, fault: 'doubles', so: 'nothing is done twice' },
    ...{ looks: [storesOn(3)], after: goesOn },
  },
  {
    ...{ device, fault: 'mute', so: 'events stay owed until it says that it has them' },
    ...{ looks: [storesOn(), isBehind], after: goesOn },
  },
];

faultTests('host', cases);
