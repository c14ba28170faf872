import { Ledger } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { demoTopology } from '../lib/demo.ts';

/** Opens a ledger as a start does, in a process that can be watched: `node opener.ts <file>`. Kills itself afterwards. */
new Ledger(openLedger(process.argv[2] ?? ''), demoTopology, { nonce: 1, nowMs: 0 });
process.kill(process.pid, 'SIGKILL');
