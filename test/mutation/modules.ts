/** Modules in which a slip could lose, double or misread something, each with the fast tests that must see it. */
export const modules: Readonly<Record<string, readonly string[]>> = {
  'src/ledger/ledger.ts': [
    'test/ledger/ledger.test.ts',
    'test/ledger/fold.test.ts',
    'test/ledger/damage.test.ts',
    'test/ledger/disk.test.ts',
    'test/ledger/checkpointer.test.ts',
  ],
  'src/ledger/movements.ts': [
    'test/ledger/ledger.test.ts',
    'test/ledger/fold.test.ts',
    'test/ledger/damage.test.ts',
  ],
  'src/ledger/fold.ts': ['test/ledger/fold.test.ts', 'test/ledger/ledger.test.ts'],
  'src/ledger/audit.ts': ['test/ledger/fold.test.ts', 'test/ledger/auditor.test.ts'],
  'src/flow/flow.ts': [
    'test/flow/loop.test.ts',
    'test/flow/restart.test.ts',
    'test/flow/rest.test.ts',
  ],
  'src/flow/deadlines.ts': [
    'test/flow/deadlines.test.ts',
    'test/flow/listening.test.ts',
    'test/flow/restart.test.ts',
  ],
  'src/flow/crane-start.ts': ['test/flow/crane-start.test.ts', 'test/flow/crane-link.test.ts'],
  'src/upstream/forwarder.ts': ['test/upstream/forwarder.test.ts', 'test/upstream/puback.test.ts'],
  'src/domain/crane-reconciliation.ts': ['test/domain/crane-reconciliation.test.ts'],
  'src/domain/table.ts': ['test/domain/table.property.test.ts'],
  'src/domain/locks.ts': ['test/domain/locks.property.test.ts'],
  'src/domain/urgency.ts': ['test/domain/urgency.property.test.ts'],
  'src/domain/stock-lines.ts': [
    'test/domain/stock-lines.test.ts',
    'test/domain/stock-lines.property.test.ts',
  ],
  'src/domain/article-code.ts': ['test/domain/article-code.test.ts'],
  'src/domain/conveyor-loops.ts': ['test/domain/conveyor-deadlock.test.ts'],
  'src/domain/host-codes.ts': ['test/domain/host-codes.property.test.ts'],
  'devices/barcode-scanner/framer.ts': ['test/devices/barcode-scanner-framer.test.ts'],
  'simulators/lib/plc-link.ts': [
    'test/simulators/crane-frames.test.ts',
    'test/simulators/crane-missions.test.ts',
    'test/simulators/conveyor.test.ts',
  ],
  'simulators/asrs-crane/frames.ts': [
    'test/simulators/crane-frames.test.ts',
    'test/simulators/crane-missions.test.ts',
  ],
  'devices/lib/codec.ts': ['test/devices/lib/codec.test.ts'],
  'devices/asrs-crane/interpret.ts': ['test/devices/asrs-crane-facts.test.ts'],
  'devices/lib/crc16.ts': ['test/devices/lib/crc16.test.ts'],
  'devices/transport/modbus-rtu-frame.ts': ['test/devices/transport/modbus-rtu.test.ts'],
};
