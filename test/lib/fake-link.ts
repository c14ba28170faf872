import type { Link } from '../../devices/transport/link.ts';

/** A line without a wire: what is sent is kept, what comes in is the test's. */
export class FakeLink implements Link {
  readonly sent: string[] = [];
  readonly closed: Promise<Error | undefined>;
  #listener: (bytes: Uint8Array) => void = () => {};
  hangUp: (reason: Error | undefined) => void = () => {};

  constructor() {
    this.closed = new Promise((resolve) => {
      this.hangUp = resolve;
    });
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.sent.push(Buffer.from(bytes).toString('hex'));
  }

  onData(listener: (bytes: Uint8Array) => void): void {
    this.#listener = listener;
  }

  hear(...chunks: Uint8Array[]): void {
    for (const chunk of chunks) this.#listener(chunk);
  }

  async close(): Promise<void> {
    this.hangUp(undefined);
  }
}
