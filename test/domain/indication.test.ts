import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { indicationOf, type MachineNow } from '../../src/domain/indication.ts';

const well: MachineNow = { isHeard: true };
const lit = (machines: readonly MachineNow[], questions = 0) =>
  Object.entries(indicationOf(machines, questions))
    .filter(([, mode]) => mode !== 'off')
    .map(([color, mode]) => `${color} ${mode}`);

describe('a stack light shows', () => {
  test.each([
    ['green while all machines work', [well, well], 0, ['green steady']],
    ['red blinking for doubt', [well, { ...well, isInDoubt: true }], 0, ['red blink']],
    ['red for a fault', [{ ...well, isFaulted: true }], 0, ['red steady']],
    ['amber for what is held up', [{ ...well, isHeldUp: true }], 0, ['amber steady']],
    ['amber blinking for what is not heard', [well, { isHeard: false }], 0, ['amber blink']],
    ['white for what is operated by hand', [{ ...well, isManual: true }], 0, ['white steady']],
    ['blue beside green for a question', [well], 2, ['green steady', 'blue steady']],
    ['blue alone where only people work', [], 1, ['blue steady']],
    [
      'doubt of one and a fault of another as doubt',
      [
        { ...well, isFaulted: true },
        { ...well, isInDoubt: true },
      ],
      0,
      ['red blink'],
    ],
  ] as const)('%s', (_, machines, questions, expected) => {
    expect(lit(machines, questions)).toEqual(expected);
  });
});

test('green is never lit while anything is unknown, wrong, held up or in other hands', () => {
  const machine = fc.record({
    isHeard: fc.boolean(),
    isInDoubt: fc.boolean(),
    isFaulted: fc.boolean(),
    isHeldUp: fc.boolean(),
    isManual: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(machine, { maxLength: 4 }), fc.nat(2), (machines, questions) => {
      const { green, ...others } = indicationOf(machines, questions);
      const { red, amber, white } = others;
      const isQuiet = [red, amber, white].every((mode) => mode === 'off');
      const isAsked = machines.length === 0 && questions > 0;
      expect(green).toBe(isQuiet && !isAsked ? 'steady' : 'off');
    }),
  );
});
