import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { LedgerDamagedError } from '../domain/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Ledger } from './ledger.ts';

/** When everything else has started. */
const firstAfterMs = 60_000;
/** From the end of one audit to the start of the next one. */
const everyMs = 3_600_000;

export interface AuditorParts {
  readonly ledger: Pick<Ledger, 'distrust'>;
  readonly clock: Pick<Clock, 'after' | 'monotonicMs'>;
  readonly log: Log;
  /** Called once: the controller must stop. The next start reads the whole history and refuses it. */
  readonly onDamage: (error: LedgerDamagedError) => void;
}

/** What an audit found: how long the sound history is, or what is wrong with it. */
type Finding =
  | { readonly movements: number }
  | { readonly damage: string; readonly context: LedgerDamagedError['context'] };

/**
 * Audits the ledger every hour, in a process beside this one: what a start leaves out.
 *
 * @param file  the ledger's
 */
export function startAuditor(
  file: string,
  { ledger, clock, log, onDamage }: AuditorParts,
): { stop(): void } {
  const ending = new AbortController();
  let cancel = clock.after(firstAfterMs, () => void audit());
  return {
    stop() {
      cancel();
      ending.abort();
    },
  };

  async function audit(): Promise<void> {
    const startMs = clock.monotonicMs();
    try {
      const found = await auditBeside(file, ending.signal);
      const tookS = Math.round((clock.monotonicMs() - startMs) / 1000);
      if ('damage' in found) {
        ledger.distrust();
        onDamage(new LedgerDamagedError(found.damage, { context: found.context }));
        return;
      }
      log.info({ ...found, tookS }, 'The whole ledger is what was written');
    } catch (error) {
      if (ending.signal.aborted) return;
      log.error({ error: String(error) }, 'The ledger could not be audited; again in an hour');
    }
    if (!ending.signal.aborted) cancel = clock.after(everyMs, () => void audit());
  }
}

/** @throws when the process ends without an answer */
async function auditBeside(file: string, signal: AbortSignal): Promise<Finding> {
  const program = fileURLToPath(new URL('audit-process.ts', import.meta.url));
  const child = spawn(process.execPath, [program, file], {
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
    killSignal: 'SIGKILL',
  });
  let [said, complaint] = ['', ''];
  // Where no process can be made there is nothing to read either, and `close` never comes: `error` does.
  child.stdout?.on('data', (bytes) => {
    said += bytes;
  });
  child.stderr?.on('data', (bytes) => {
    complaint = (complaint + bytes).slice(-1_000);
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`the audit ended with ${code}: ${complaint}`);
  return JSON.parse(said);
}
