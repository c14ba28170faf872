/** Modules in which a slip could lose, double or misread something, each with the fast tests that must see it. */
export const modules: Readonly<Record<string, readonly string[]>> = {
  'src/ledger/ledger.ts': ['test/ledger'],
  'src/ledger/movements.ts': ['test/ledger'],
  'src/ledger/fold.ts': ['test/ledger'],
  'src/ledger/audit.ts': ['test/ledger'],
  'src/flow/flow.ts': [
    'test/flow/loop.test.ts',
    'test/flow/restart.test.ts',
    'test/flow/rest.test.ts',
  ],
  'src/flow/deadlines.ts': ['test/flow/deadlines.test.ts'],
  'src/flow/crane-start.ts': ['test/flow/crane-start.test.ts', 'test/flow/crane-link.test.ts'],
  'src/upstream/forwarder.ts': ['test/upstream/forwarder.test.ts', 'test/upstream/puback.test.ts'],
  'src/domain/crane-reconciliation.ts': ['test/domain/crane-reconciliation.test.ts'],
  'devices/lib/codec.ts': ['test/devices/lib/codec.test.ts'],
  'devices/asrs-crane/interpret.ts': ['test/devices/asrs-crane-facts.test.ts'],
  'devices/lib/crc16.ts': ['test/devices/lib/crc16.test.ts'],
  'devices/transport/modbus-rtu-frame.ts': ['test/devices/transport/modbus-rtu.test.ts'],
};
