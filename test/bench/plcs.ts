import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { AskName, Asks } from './plc-process.ts';

/** The process with the PLCs, as the bench sees it. One question at a time. */
export interface Plcs {
  ask<N extends AskName>(name: N, ask: Asks[N]['ask']): Promise<Asks[N]['answer']>;
  stop(): Promise<void>;
}

export function startPlcs(): Plcs {
  const child = fork(new URL('bench.ts', import.meta.url), ['plc'], { serialization: 'advanced' });
  const died = once(child, 'exit').then(() => {
    throw new Error('the process with the PLCs has ended');
  });
  died.catch(() => {}); // heard where somebody waits for it
  return {
    async ask(name, ask) {
      child.send({ name, ask });
      const [answer] = await Promise.race([once(child, 'message'), died]);
      return answer;
    },
    async stop() {
      const exit = once(child, 'exit');
      child.disconnect();
      await exit;
    },
  };
}
