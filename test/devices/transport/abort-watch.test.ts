import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { AbortWatch, never } from '../../../devices/transport/abort-watch.ts';

const listenersOf = ({ signal }: AbortController) => getEventListeners(signal, 'abort').length;

test('who waits again and again on one signal listens to it once, and hears of its end once', () => {
  const [watch, ending] = [new AbortWatch(), new AbortController()];
  const heard: string[] = [];
  for (const name of ['first', 'second', 'third']) {
    const call = () => heard.push(name);
    watch.on(ending.signal, call);
    if (name !== 'third') watch.off(ending.signal, call);
  }
  expect(listenersOf(ending)).toBe(1);
  ending.abort();
  expect(heard).toEqual(['third']);
});

test('several wait at once, on one signal or on two, and each hears of its own', () => {
  const [watch, ending, other] = [new AbortWatch(), new AbortController(), new AbortController()];
  const heard: string[] = [];
  watch.on(ending.signal, () => heard.push('a'));
  watch.on(ending.signal, () => heard.push('b'));
  watch.on(other.signal, () => heard.push('other'));
  const takenBack = () => heard.push('taken back');
  watch.on(other.signal, takenBack);
  watch.off(other.signal, takenBack);
  other.abort();
  expect(heard).toEqual(['other']);
  ending.abort();
  expect(heard).toEqual(['other', 'a', 'b']);
});

test('who is taken back while the others are called is not called', () => {
  const [watch, ending] = [new AbortWatch(), new AbortController()];
  const heard: string[] = [];
  const second = () => heard.push('second');
  watch.on(ending.signal, () => {
    heard.push('first');
    watch.off(ending.signal, second);
  });
  watch.on(ending.signal, second);
  watch.on(ending.signal, () => heard.push('third'));
  ending.abort();
  expect(heard).toEqual(['first', 'third']);
});

test('a signal that lives for longer is let go, by the end and by the next signal', () => {
  const [watch, ending, next] = [new AbortWatch(), new AbortController(), new AbortController()];
  const call = () => {};
  watch.on(ending.signal, call);
  watch.off(ending.signal, call);
  watch.on(next.signal, call);
  watch.off(next.signal, call);
  expect([listenersOf(ending), listenersOf(next)]).toEqual([0, 1]);
  watch.end();
  expect(listenersOf(next)).toBe(0);
});

test('nobody listens to the signal that never aborts', () => {
  const watch = new AbortWatch();
  watch.on(never, () => {});
  expect(getEventListeners(never, 'abort')).toEqual([]);
});
