import { Worker } from 'node:worker_threads';
import type { Drawing, Drawn } from './render-worker.ts';

/** Draws labels in a thread of its own: a label takes the renderer up to a second of nothing else. */
export interface Renderer {
  /**
   * @returns PNG
   * @throws  when the ZPL shows no label
   */
  render(zpl: string): Promise<Uint8Array>;
  close(): Promise<void>;
}

export interface LabelSize {
  readonly widthMm: number;
  readonly heightMm: number;
  readonly dotsPerMm: number;
}

interface Waiting {
  resolve(png: Uint8Array): void;
  reject(error: Error): void;
}

/** The thread starts at the first label, and takes some 240 MB until it is closed. */
export function createRenderer(size: LabelSize): Renderer {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | undefined;
  let count = 0;
  const fail = (error: Error) => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
    worker = undefined;
  };
  const start = () => {
    const started = new Worker(new URL('./render-worker.ts', import.meta.url));
    started.unref();
    started.on('message', (drawn: Drawn) => {
      const caller = waiting.get(drawn.number);
      waiting.delete(drawn.number);
      if ('png' in drawn) caller?.resolve(drawn.png);
      else caller?.reject(new Error(`The label cannot be drawn: ${drawn.problem}`));
    });
    started.on('error', fail);
    started.on('exit', () => fail(new Error('The renderer has ended')));
    return started;
  };
  return {
    render: (zpl) =>
      new Promise((resolve, reject) => {
        worker ??= start();
        count += 1;
        waiting.set(count, { resolve, reject });
        worker.postMessage({ number: count, zpl, ...size } satisfies Drawing);
      }),
    async close() {
      await worker?.terminate();
    },
  };
}
