import type { Fault, Faults } from './fault.ts';
import { counted, level, moment } from './fault.ts';
import type { FaultProxy, WireState } from './fault-proxy.ts';

/** What can go wrong on the wire of anything that speaks TCP. */
export function wireFaults(proxy: FaultProxy): Faults {
  const { wire } = proxy;
  const flag = (doc: string, names: readonly (keyof WireState)[]): Fault =>
    level(
      doc,
      () => names.every((name) => wire[name] === true),
      (isOn) => proxy.change(Object.fromEntries(names.map((name) => [name, isOn]))),
    );
  const time = (
    doc: string,
    name: 'delayMs' | 'answerDelayMs' | 'trickleMs',
    otherwiseMs: number,
  ): Fault => ({
    doc,
    parameters: { ms: { doc: 'milliseconds', min: 1, max: 60_000, default: otherwiseMs } },
    isOn: () => wire[name] > 0,
    set: (isOn, { ms = otherwiseMs }) => proxy.change({ [name]: isOn ? ms : 0 }),
  });
  const noise = {
    get times() {
      return wire.noisyChunks;
    },
    set times(noisyChunks: number) {
      proxy.change({ noisyChunks });
    },
  };
  return {
    linkCut: flag('It cannot be reached: connections are reset, new ones refused.', ['isCut']),
    linkReset: moment('Every connection is reset; it can be reached again at once.', () =>
      proxy.reset(),
    ),
    halfOpen: flag('The cable is out: nothing passes, and nobody is told. Off: reset.', [
      'losesToDevice',
      'losesToController',
    ]),
    requestsLost: flag('What is sent to it vanishes; what it says arrives.', ['losesToDevice']),
    answersLost: flag('What is sent to it arrives; what it says vanishes.', ['losesToController']),
    stalled: flag('It takes nothing more: the window of the connection closes.', ['isStalled']),
    slowLink: time('Everything takes longer by ms, both ways.', 'delayMs', 100),
    lateAnswers: time(
      'What it says comes so late that nobody waits for it.',
      'answerDelayMs',
      4_000,
    ),
    trickle: time('What it says comes byte by byte, ms apart.', 'trickleMs', 1),
    garbage: counted('What it says turns into noise of the same length.', noise),
    cutInAnswer: {
      doc: 'The connection is reset after so many bytes of what it says, once.',
      parameters: { bytes: { doc: 'bytes that still pass', min: 0, max: 65_535, default: 5 } },
      isOn: () => wire.cutAfterBytes !== undefined,
      set: (isOn, { bytes = 5 }) => proxy.change({ cutAfterBytes: isOn ? bytes : undefined }),
    },
  };
}
