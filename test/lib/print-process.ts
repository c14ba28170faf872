import { zplPrinter } from '../../devices/zpl-printer/index.ts';
import type { Label } from '../../src/domain/label.ts';
import { Slotting } from '../../src/domain/slotting.ts';
import { Warehouse } from '../../src/domain/warehouse.ts';
import { Equipment } from '../../src/flow/equipment.ts';
import { Flow } from '../../src/flow/flow.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { machineClock as clock } from '../../src/machine/clock.ts';
import { demoTopology as topology } from './demo.ts';

/**
 * A controller that does nothing but print what waits in its ledger, to be killed:
 * `node print-process.ts <ledger> <port of the printer> [<labels to queue, as JSON>]`.
 */
const [file = '', port = '', labels = '[]'] = process.argv.slice(2);
const fail = (error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exit(1);
};
const ledger = new Ledger(openLedger(file), topology, { nonce: 1, nowMs: clock.nowMs() });
const queued = JSON.parse(labels) as Label[];
if (queued.length > 0) {
  const warehouse = new Warehouse(topology);
  ledger.load(warehouse);
  for (const label of queued) warehouse.tables.label.put(label);
  const none = { causes: [], movements: [], events: [], reasons: [], answered: [] };
  ledger.commit({ ...none, atMs: clock.nowMs(), rows: warehouse.takeChanges() });
}
const log = { debug() {}, info() {}, warn() {}, error() {} };
const flow = new Flow({
  ...{ topology, store: ledger, clock, log, equipment: new Equipment() },
  slotting: new Slotting(topology),
  reactions: new Map(),
  renderLabel: () => fail(new Error('nothing new is to be printed')) as never,
  drivers: () => [],
  onFatal: fail,
});
const [id] = queued.map(({ printer }) => printer);
const device = id ?? ('printer-1' as Label['printer']);
const printer = zplPrinter.open({
  ...{ id: device, clock, log, onBug: fail, random: { u32: () => 0 } },
  report: (fact) => flow.report(fact),
  settings: {
    connection: { kind: 'tcp', host: '127.0.0.1', port: Number(port) },
    ...{ answers: true, dotsPerMm: 8, statusEveryMs: 200, replyLimitMs: 1_000 },
    idleCloseMs: undefined,
  },
});
flow.start({
  ...{ cranes: new Map(), conveyors: new Map(), scanners: new Map(), indicators: new Map() },
  printers: new Map([[device, printer]]),
});
printer.start();
