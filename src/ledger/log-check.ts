import { existsSync, readFileSync } from 'node:fs';

const headerBytes = 32;
const frameHeaderBytes = 24;
/** The last bit says how words are summed: 1 = most significant byte first. */
const magics: readonly number[] = [0x377f_0682, 0x377f_0683];

/**
 * How many commits stand in the write-ahead log behind the first frame that is not what was written.
 * SQLite ends the log there without a word, and takes what follows for never written. After a power cut
 * that is so: one commit at the most was on its way to the disk. More of them were acknowledged.
 *
 * @param file  the ledger's; nobody may write it meanwhile
 *
 * Source: https://www.sqlite.org/fileformat2.html, section 4, "The Write-Ahead Log".
 */
export function commitsBehindDamage(file: string): number {
  const path = `${file}-wal`;
  if (!existsSync(path)) return 0;
  const log = readFileSync(path);
  if (log.length < headerBytes + frameHeaderBytes) return 0;
  const view = new DataView(log.buffer, log.byteOffset, log.length);
  const sum = new Sum(view, magics.includes(view.getUint32(0)) && view.getUint8(3) === 0x83);
  const pageBytes = view.getUint32(8) === 1 ? 65_536 : view.getUint32(8);
  const frameBytes = frameHeaderBytes + (isPageSize(pageBytes) ? pageBytes : 4_096);
  sum.add(0, 24);
  let isSound = magics.includes(view.getUint32(0)) && isPageSize(pageBytes) && sum.is(24);
  sum.goOnFrom(24);
  let commits = 0;
  /** Whether the frame before this one says that it ends a commit, and is the first that is not sound. */
  let isEndInDoubt = false;
  for (let at = headerBytes; at + frameBytes <= log.length; at += frameBytes) {
    // Frames of an earlier round of the log share neither salt. Of ours one may be what is damaged.
    const salts = [8, 12].filter((offset) => view.getUint32(at + offset) === saltOf(view, offset));
    const isEnd = salts.length > 0 && view.getUint32(at + 4) !== 0;
    const wasSound = isSound;
    sum.add(at, 8);
    sum.add(at + frameHeaderBytes, frameBytes - frameHeaderBytes);
    // A sector that a power cut took may have made any frame look like the end of a commit: one that
    // follows from the frame before it was written as it stands.
    const follows = salts.length > 0 && sum.is(at + 16);
    isSound = wasSound && follows && salts.length === 2;
    if (!wasSound && follows) commits += Number(isEnd) + Number(isEndInDoubt);
    isEndInDoubt = wasSound && !isSound && isEnd;
    sum.goOnFrom(at + 16);
  }
  return commits;
}

const isPageSize = (bytes: number): boolean =>
  bytes >= 512 && bytes <= 65_536 && (bytes & (bytes - 1)) === 0;

/** Of the header: 16 and 20, where a frame has 8 and 12. */
const saltOf = (view: DataView, offset: number): number => view.getUint32(offset + 8);

/** The running checksum over pairs of words. */
class Sum {
  readonly #view: DataView;
  readonly #isLittle: boolean;
  #a = 0;
  #b = 0;

  constructor(view: DataView, isBig: boolean) {
    this.#view = view;
    this.#isLittle = !isBig;
  }

  add(from: number, bytes: number): void {
    let [a, b] = [this.#a, this.#b];
    for (let at = from; at < from + bytes; at += 8) {
      a = (a + this.#view.getUint32(at, this.#isLittle) + b) >>> 0;
      b = (b + this.#view.getUint32(at + 4, this.#isLittle) + a) >>> 0;
    }
    [this.#a, this.#b] = [a, b];
  }

  /** Whatever the sum is: from here on it is the one that stands there. */
  goOnFrom(at: number): void {
    [this.#a, this.#b] = [this.#view.getUint32(at), this.#view.getUint32(at + 4)];
  }

  is(at: number): boolean {
    return this.#view.getUint32(at) === this.#a && this.#view.getUint32(at + 4) === this.#b;
  }
}
