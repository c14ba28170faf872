import type { Equipment } from './equipment.ts';

const mebibyte = 2 ** 20;
/** From here on somebody should make room: a ledger takes some weeks for that much. */
const lowBytes = 1024 * mebibyte;
/** What is left is for what has been accepted. Months of movements, or minutes of another program's log. */
const scarceBytes = 100 * mebibyte;

/** Why no new order is accepted: a site that stops in the middle of its work for want of a disk needs people. */
export function whyNoRoom({ freeBytes }: Pick<Equipment, 'freeBytes'>): string | undefined {
  if (freeBytes === undefined || freeBytes >= scarceBytes) return undefined;
  return `the disk of the ledger has ${inMebibytes(freeBytes)} left`;
}

/** How the ledger is, for who watches. */
export function ledgerReadiness(epoch: number, equipment: Pick<Equipment, 'freeBytes'>) {
  const { freeBytes } = equipment;
  const isLow = freeBytes !== undefined && freeBytes < lowBytes;
  const low = isLow ? `; its disk has ${inMebibytes(freeBytes)} left: free space` : '';
  return { ok: whyNoRoom(equipment) === undefined, detail: `epoch ${epoch}${low}` };
}

const inMebibytes = (bytes: number): string => `${Math.floor(bytes / mebibyte)} MiB`;
