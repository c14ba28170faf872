import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

const port = parentPort;
if (port === null) throw new Error('checkpoint-worker.ts runs as a worker only');

const db = new DatabaseSync(String(workerData), { timeout: 2_000 });
db.exec('PRAGMA synchronous = FULL');
const checkpoint = db.prepare('PRAGMA wal_checkpoint(PASSIVE)');

port.on('message', (what: 'checkpoint' | 'close') => {
  if (what === 'checkpoint') {
    checkpoint.all();
    port.postMessage('done');
  } else {
    db.close();
    port.close();
  }
});
