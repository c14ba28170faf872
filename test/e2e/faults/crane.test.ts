import {
  asks,
  type FaultCase,
  faultTests,
  offline,
  shows,
  storesOn,
} from '../../lib/fault-site.ts';
import { plcWireCases } from '../../lib/plc-wire-cases.ts';

const device = 'crane-1';
const doubt = (text: RegExp) => asks('CRANE_DOUBT', text);
/** No mission of this version asks the crane's own reader: what would go wrong there stays to come. */
const unused = { so: 'no mission asks for it, and work goes on', looks: [storesOn()] };

const cases: FaultCase[] = [
  {
    ...{ device, fault: 'binFull', so: 'the cell is closed, the tote gets another one' },
    looks: [asks('BIN_FULL')],
  },
  {
    ...{ device, fault: 'binEmpty', so: 'the tote is missing and a person looks for it' },
    looks: [asks('BIN_EMPTY', /Nothing at the source/)],
  },
  {
    ...{ device, fault: 'loadLost', so: 'the crane stops and a person says where the load is' },
    looks: [asks('LOAD_LOST'), doubt(/loadLost/)],
  },
  { device, fault: 'codeUnread', ...unused },
  { device, fault: 'codeMismatch', ...unused },
  {
    ...{ device, fault: 'stationBlocked', so: 'after some tries a person is asked' },
    looks: [doubt(/stationTimeout/)],
  },
  {
    ...{ device, fault: 'driveFault', so: 'the fault is asked about, and reset by a person' },
    looks: [asks('CRANE_FAULT', /fault 1201/)],
  },
  {
    ...{ device, fault: 'modeManual', so: 'it gets no mission, and afterwards a person looks' },
    looks: [shows(/mode manual/)],
    after: [doubt(/by hand/), storesOn(1)],
  },
  {
    ...{ device, fault: 'emergencyStop', so: 'it gets no mission, and a person releases it' },
    looks: [shows(/mode emergencyStop/)],
    after: [doubt(/by hand/), storesOn(1)],
  },
  {
    ...{ device, fault: 'eventsLost', so: 'what was overwritten is told and a person looks' },
    looks: [doubt(/overwritten/)],
  },
  { device, fault: 'plcRestart', so: 'it goes on by itself', looks: [offline()] },
  {
    ...{ device, fault: 'memoryLost', so: 'it does nothing before a person has looked' },
    looks: [doubt(/lost its memory/)],
  },
  {
    ...{ device, fault: 'otherMapVersion', so: 'nothing is written, and the fix is named' },
    looks: [
      asks('DEVICE_MISCONFIGURED', /choose the interface file/),
      offline(),
      shows(/mapVersion/),
    ],
  },
  ...plcWireCases(device),
];

faultTests('crane', cases);
