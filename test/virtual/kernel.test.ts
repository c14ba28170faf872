import { describe, expect, test } from 'vitest';
import { Kernel } from '../../simulators/virtual/kernel.ts';

const beginMs = 1_000_000;

describe('virtual time', () => {
  test('jumps to each call at its time, and those that are due together come as they were asked for', async () => {
    const kernel = new Kernel(beginMs);
    const made: string[] = [];
    const note = (name: string) => () => made.push(`${name} ${kernel.monotonicMs()}`);
    kernel.after(30, note('late'));
    kernel.after(10, note('first'));
    kernel.after(10, note('second'));
    kernel.after(20, () => kernel.after(0, note('nested')));
    await kernel.run(25);
    expect(made).toEqual(['first 10', 'second 10', 'nested 20']);
    expect(kernel.nowMs()).toBe(beginMs + 25);
    await kernel.run(100);
    expect(made.at(-1)).toBe('late 30');
    expect(kernel.calls).toBe(5);
  });

  test('a call that is taken back is not made, and thousands of them do not stay', async () => {
    const kernel = new Kernel(beginMs);
    const made: number[] = [];
    const cancels = Array.from({ length: 5_000 }, (_, i) =>
      kernel.after(1 + (i % 7), () => made.push(i)),
    );
    for (const [i, cancel] of cancels.entries()) if (i !== 4_321) cancel();
    await kernel.run(10);
    expect(made).toEqual([4_321]);
    for (const cancel of cancels) cancel();
    expect(kernel.calls).toBe(1);
  });

  test('keeps the order of ten thousand calls at random times', async () => {
    const kernel = new Kernel(beginMs);
    const made: number[] = [];
    for (let i = 0; i < 10_000; i++) {
      const dueMs = (i * 7_919) % 1_009;
      const cancel = kernel.after(dueMs, () => made.push(dueMs));
      if (i % 3 === 0) cancel();
    }
    await kernel.run(2_000);
    expect(made).toHaveLength(6_666);
    expect(made).toEqual([...made].sort((a, b) => a - b));
  });

  test('what follows from a watched promise happens before the next call', async () => {
    const kernel = new Kernel(beginMs);
    const made: string[] = [];
    kernel.after(1, () => {
      const asked = Promise.resolve().then(() => Promise.resolve('answer'));
      kernel.watch(asked.then((text) => made.push(text)));
    });
    kernel.after(2, () => made.push('next'));
    await kernel.run(5);
    expect(made).toEqual(['answer', 'next']);
  });

  test('a watched promise that fails ends the run', async () => {
    const kernel = new Kernel(beginMs);
    kernel.after(1, () => kernel.watch(Promise.reject(new Error('refused'))));
    kernel.after(2, () => {});
    await expect(kernel.run(5)).rejects.toThrow('refused');
  });

  test('a loop in which time stands still is found', async () => {
    const kernel = new Kernel(beginMs);
    const again = () => void kernel.after(0, again);
    again();
    await expect(kernel.run(1)).rejects.toThrow('virtual time stands still');
  });
});
