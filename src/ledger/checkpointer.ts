import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Log } from '../ports/log.ts';
import type { Ledger } from './ledger.ts';

/** Brings what is in the write-ahead log into the ledger file, beside the event loop. */
export interface Checkpointer {
  /** Ends when the file is let go. */
  stop(): Promise<void>;
}

/**
 * A commit needs the log only, one fsync; but somebody has to bring the log into the file, or it
 * grows. SQLite would do it within a commit, which then takes many times as long, and
 * every wire waits meanwhile. Here a second connection does it, in a thread of its own: it reads the
 * log and writes pages, and holds up no writer. Where it fails, the writer does it by itself once
 * the log has `logPagesMax` (see `openLedger`): slower, and as safe.
 *
 * @param file  the ledger's; a database in memory has no log
 *
 * Source: https://www.sqlite.org/wal.html, sections 2.3 and 3; sqlite3_wal_checkpoint_v2, PASSIVE.
 */
export function startCheckpointer(
  file: string,
  { ledger, log }: { readonly ledger: Pick<Ledger, 'onCheckpointDue'>; readonly log: Log },
): Checkpointer {
  const worker = new Worker(new URL('checkpoint-worker.ts', import.meta.url), { workerData: file });
  // It must not keep a process alive that has nothing else to do.
  worker.unref();
  let isBusy = false;
  let hasEnded = false;
  worker.on('message', () => {
    isBusy = false;
  });
  worker.on('error', (error) =>
    log.warn(
      { error: String(error) },
      'No checkpoints beside the loop; commits do them from now on',
    ),
  );
  worker.on('exit', () => {
    hasEnded = true;
  });
  // Every few commits. While one is under way another one would find nothing to do.
  ledger.onCheckpointDue(() => {
    if (isBusy || hasEnded) return;
    isBusy = true;
    worker.postMessage('checkpoint');
  });
  return {
    async stop() {
      if (hasEnded) return;
      // Now it is waited for, and may be the last thing that the process has to do.
      worker.ref();
      const exit = once(worker, 'exit');
      worker.postMessage('close');
      await exit;
    },
  };
}
