/** Holds up this thread and all that runs in it: for a program that has nothing else to do meanwhile. */
export function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
