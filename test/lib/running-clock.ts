import { setImmediate as turn } from 'node:timers/promises';
import { ManualClock } from './manual-clock.ts';

/** Time that jumps to the next call as soon as nobody has anything left to do. */
export class RunningClock extends ManualClock {
  override after(delayMs: number, call: () => void): () => void {
    const cancel = super.after(delayMs, call);
    void turn().then(() => {
      const [next] = this.waitingMs;
      if (next !== undefined) this.advance(next);
    });
    return cancel;
  }
}
