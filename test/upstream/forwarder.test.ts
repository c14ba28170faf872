import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { topicsOf } from '../../src/contract/topics.ts';
import type { HostId } from '../../src/domain/ids.ts';
import { type EventWire, Forwarder } from '../../src/upstream/forwarder.ts';
import { ManualClock } from '../lib/manual-clock.ts';
import { silent } from '../lib/silent-log.ts';
import { FakeOutbox, wms } from './fakes.ts';

/** The broker's side: what has been published, and when it says so. */
class Wire implements EventWire {
  open = true;
  readonly sent: number[] = [];
  readonly #unanswered: (() => void)[] = [];

  publish(_topic: string, payload: Buffer | string): Promise<void> {
    this.sent.push(Number(JSON.parse(String(payload)).data.loadUnit.slice('T-'.length)));
    return new Promise((resolve) => this.#unanswered.push(resolve));
  }

  async puback(count: number): Promise<void> {
    for (const answer of this.#unanswered.splice(0, count)) answer();
    await turn();
  }
}

interface Setting {
  readonly events: number;
  readonly mark?: number;
  readonly acknowledging?: readonly HostId[];
  readonly isInDoubt?: boolean;
}

function started({ events, mark = 0, acknowledging = [wms], isInDoubt = false }: Setting) {
  const [outbox, clock, wire] = [new FakeOutbox(), new ManualClock(), new Wire()];
  outbox.append(events);
  outbox.marks.set(wms, mark);
  const doubt = { isOpen: isInDoubt };
  const forwarder = new Forwarder({
    ...{ site: 'demo', controller: 'edge-a', topics: topicsOf('demo', 'edge-a'), outbox },
    ...{ acknowledging, clock, log: silent, held: () => doubt.isOpen },
  });
  forwarder.start(wire);
  return { outbox, clock, wire, forwarder, doubt };
}

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

test('no more than 100 events wait for the broker at once', () => {
  const { wire, clock } = started({ events: 300 });
  clock.advance(10_000);
  expect(wire.sent).toEqual(numbers(1, 100));
});

test('each event that the broker confirms lets the next one go', async () => {
  const { wire, clock } = started({ events: 300 });
  clock.advance(10_000);
  await wire.puback(1);
  expect(wire.sent).toEqual(numbers(1, 101));
  await wire.puback(40);
  expect(wire.sent).toEqual(numbers(1, 141));
});

test('after a backlog events leave at 500 a second, after a burst of 100', async () => {
  const { wire, clock } = started({ events: 2_000 });
  await wire.puback(100);
  expect(wire.sent).toHaveLength(100);
  for (let step = 0; step < 20; step++) {
    clock.advance(50);
    await wire.puback(100);
  }
  expect(wire.sent).toEqual(numbers(1, 600));
});

test('after a start, what some host has not stored is sent again', () => {
  const { wire } = started({ events: 10, mark: 4 });
  expect(wire.sent).toEqual(numbers(5, 10));
});

test('without a host that acknowledges, a start sends everything that is kept', () => {
  const { wire, forwarder } = started({ events: 10, mark: 4, acknowledging: [] });
  expect(wire.sent).toEqual(numbers(1, 10));
  expect(forwarder.sentThrough()).toBe(0);
});

test('a new connection begins with the first event that was not confirmed', async () => {
  const { wire, forwarder } = started({ events: 10 });
  await wire.puback(3);
  expect(forwarder.sentThrough()).toBe(3);
  forwarder.stop();
  const next = new Wire();
  forwarder.start(next);
  expect(next.sent).toEqual(numbers(4, 10));
});

test('what a lost connection confirms late counts for nothing in the next one', async () => {
  const { wire, forwarder } = started({ events: 10 });
  forwarder.stop();
  const next = new Wire();
  forwarder.start(next);
  await wire.puback(10);
  expect(forwarder.sentThrough()).toBe(0);
});

test('with a full window unconfirmed, a new connection begins with the first of it and sends all', () => {
  const { clock, forwarder } = started({ events: 300 });
  forwarder.stop();
  const next = new Wire();
  forwarder.start(next);
  clock.advance(10_000);
  expect(next.sent).toEqual(numbers(1, 100));
});

test('a connection that is lost while the rate holds events back leaves none of them waiting', async () => {
  const { outbox, wire, clock, forwarder } = started({ events: 300 });
  await wire.puback(100);
  outbox.append(1);
  forwarder.pump();
  expect(clock.waitingMs).toEqual([50]);
  forwarder.stop();
  expect(clock.waitingMs).toEqual([]);
  const next = new Wire();
  forwarder.start(next);
  clock.advance(50);
  expect(next.sent).toEqual(numbers(101, 125));
});

test('events that are added while there is no connection wait for the next one, and then leave one by one', () => {
  const { outbox, wire, forwarder } = started({ events: 0 });
  forwarder.stop();
  outbox.append(2);
  forwarder.pump();
  expect(wire.sent).toEqual([]);
  const next = new Wire();
  forwarder.start(next);
  expect(next.sent).toEqual([1, 2]);
  outbox.append(1);
  forwarder.pump();
  expect(next.sent).toEqual([1, 2, 3]);
});

test('while the books are in doubt nothing leaves, and everything once they are not', () => {
  const { outbox, wire, forwarder, doubt } = started({ events: 2, isInDoubt: true });
  outbox.append(1);
  forwarder.pump();
  expect(wire.sent).toEqual([]);
  doubt.isOpen = false;
  forwarder.pump();
  expect(wire.sent).toEqual([1, 2, 3]);
});

test('a backlog costs one look into the ledger for every hundred events', async () => {
  const { outbox, wire, clock } = started({ events: 300 });
  const { read } = outbox;
  let looks = 1;
  outbox.read = (from, max) => {
    looks++;
    return read(from, max);
  };
  for (let i = 0; i < 20; i++) {
    await wire.puback(100);
    clock.advance(50);
  }
  expect(wire.sent).toEqual(numbers(1, 300));
  expect(looks).toBe(3);
});
