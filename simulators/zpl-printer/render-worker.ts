import { parentPort } from 'node:worker_threads';
import { ready } from 'zpl-renderer-js';

/** One label to draw. */
export interface Drawing {
  readonly number: number;
  readonly zpl: string;
  readonly widthMm: number;
  readonly heightMm: number;
  readonly dotsPerMm: number;
}

export type Drawn = { readonly number: number } & (
  | { readonly png: Uint8Array }
  | { readonly problem: string }
);

const port = parentPort;
if (port === null) throw new Error('render-worker.ts runs as a worker only');

port.on('message', async ({ number, zpl, widthMm, heightMm, dotsPerMm }: Drawing) => {
  try {
    const { api } = await ready;
    const base64 = await api.zplToBase64Async(zpl, widthMm, heightMm, dotsPerMm);
    port.postMessage({ number, png: Buffer.from(base64, 'base64') } satisfies Drawn);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    port.postMessage({ number, problem } satisfies Drawn);
  }
});
