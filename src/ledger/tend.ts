import { type AuditorParts, startAuditor } from './auditor.ts';
import { startCheckpointer } from './checkpointer.ts';
import type { Ledger } from './ledger.ts';

/** Starts all that looks after the ledger file beside the loop. */
export function tendLedger(
  file: string,
  parts: AuditorParts & { readonly ledger: Ledger },
): { stop(): Promise<void> } {
  const checkpointer = startCheckpointer(file, parts);
  const auditor = startAuditor(file, parts);
  return {
    async stop() {
      auditor.stop();
      await checkpointer.stop();
    },
  };
}
