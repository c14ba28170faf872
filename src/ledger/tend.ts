import { type AuditorParts, startAuditor } from './auditor.ts';
import { startCheckpointer } from './checkpointer.ts';
import { watchFreeSpace } from './free-space.ts';
import type { Ledger } from './ledger.ts';

/** Starts all that looks after the ledger file beside the loop. */
export function tendLedger(
  file: string,
  parts: AuditorParts & {
    readonly ledger: Ledger;
    /** Told again and again what its disk has left, in bytes; undefined where that cannot be known. */
    readonly onFreeSpace: (freeBytes: number | undefined) => void;
  },
): { stop(): Promise<void> } {
  const checkpointer = startCheckpointer(file, parts);
  const auditor = startAuditor(file, parts);
  const endWatch = watchFreeSpace(file, parts);
  return {
    async stop() {
      endWatch();
      auditor.stop();
      await checkpointer.stop();
    },
  };
}
