import { expect, test } from 'vitest';
import type { HostId } from '../../src/domain/ids.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { MemoryLoss } from '../../src/upstream/memory-loss.ts';
import { demoTopology } from '../lib/demo.ts';
import { FakeLog, FakeOutbox, wms } from './fakes.ts';

/** Books that end at event 9 of epoch 2. */
function books() {
  const [outbox, log] = [new FakeOutbox(), new FakeLog()];
  outbox.eventEpoch = 2;
  outbox.append(9);
  const loss = new MemoryLoss(outbox, [wms], log);
  const mark = (epoch: number, ackThrough: number, host = wms, hostEpoch = 0) => {
    loss.marked(host, { epoch, ackThrough: String(ackThrough).padStart(16, '0'), hostEpoch });
    return loss.held();
  };
  return { outbox, log, loss, mark };
}

test.each([
  ['what it was told last', 2, 9],
  ['less', 2, 8],
  ['more, of an epoch that is over', 1, 12],
])('a host that has %s is one that the books know of: events go on', (_, epoch, ackThrough) => {
  const { log, loss, mark } = books();
  expect(mark(epoch, ackThrough)).toBe(false);
  expect([loss.detail(), log.errors]).toEqual([undefined, []]);
});

test.each([
  ['an event that the books do not have', 2, 10],
  ['events of an epoch that the books have not reached', 3, 1],
])('a host that has %s stops all events, and it is said why', (_, epoch, ackThrough) => {
  const { log, loss, mark } = books();
  expect(mark(epoch, ackThrough)).toBe(true);
  expect(loss.detail()).toBe(
    `wms has events up to ${ackThrough} of epoch ${epoch}, these books only up to 9: no host is told any more`,
  );
  expect(log.errors).toEqual(['Events were lost here']);
});

test('what was lost stays lost, however many events are added and whatever the host says next', () => {
  const { outbox, log, loss, mark } = books();
  mark(2, 12);
  outbox.append(20);
  const said = loss.detail();
  expect([loss.held(), mark(2, 9), mark(2, 40)]).toEqual([true, true, true]);
  expect([loss.detail(), log.errors.length]).toEqual([said, 1]);
});

test('a host that its people have set back to what the books know is told again', () => {
  const { loss, mark } = books();
  mark(2, 12);
  expect([mark(2, 12, wms, 1), mark(2, 9, wms, 1), loss.detail()]).toEqual([
    ...[true, false],
    undefined,
  ]);
});

test('it is found out at whichever start of the controller', () => {
  const db = openLedger(':memory:');
  const [, ledger] = [1, 2].map((nonce) => new Ledger(db, demoTopology, { nonce, nowMs: 0 }));
  const loss = new MemoryLoss(ledger as Ledger, [wms], new FakeLog());
  loss.marked(wms, { epoch: 1, ackThrough: '0000000000000005', hostEpoch: 0 });
  expect([ledger?.epoch, loss.held()]).toEqual([2, true]);
});

test('the books remember it over a start', () => {
  const { outbox, log } = books();
  const known = { through: 12, epoch: 2, booksEnd: 9, hostEpoch: 0 };
  const loss = new MemoryLoss(Object.assign(outbox, { ahead: () => known }), [wms], log);
  outbox.append(20);
  expect(loss.held()).toBe(true);
});

test('an epoch above that of the host ends it', () => {
  const { outbox, loss, mark } = books();
  mark(3, 12);
  outbox.eventEpoch = 3;
  expect(loss.held()).toBe(true);
  outbox.eventEpoch = 4;
  expect([loss.held(), loss.detail()]).toEqual([false, undefined]);
});

test('a host whose marks finish nothing proves nothing', () => {
  const { mark } = books();
  expect(mark(2, 12, 'erp' as HostId)).toBe(false);
});
