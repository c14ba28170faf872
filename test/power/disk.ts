import type { Random } from '../../src/ports/random.ts';
import type { Op } from './recording.ts';

/** What a disk writes whole or not at all. */
const sectorBytes = 512;

type Change = Extract<Op, { readonly kind: 'write' | 'truncate' }>;

/** What a power cut does to writes that were not synced. */
export const damages = ['drop', 'reorder', 'tear'] as const;
export type Damage = (typeof damages)[number];

interface DiskFile {
  bytes: Bytes;
  /** In memory only, in the order in which they were asked for. */
  readonly unsynced: Change[];
  /** How many of them each thread's sync has begun to cover. */
  readonly covered: Map<number, number>;
}

/**
 * A disk as a power cut finds it: what was synced is there, what was not is somewhere between. Names of
 * files are there at once; no write goes where nobody sent it.
 */
export class Disk {
  readonly #files = new Map<string, DiskFile>();

  apply(op: Op): void {
    if (op.kind === 'acknowledged') return;
    const file = this.#files.get(op.file) ?? (op.kind === 'create' ? empty() : undefined);
    if (file === undefined) throw new Error(`${op.kind} of ${op.file}, which was never opened`);
    switch (op.kind) {
      case 'create':
        this.#files.set(op.file, file);
        return;
      case 'unlink':
        this.#files.delete(op.file);
        return;
      case 'rename':
        this.#files.delete(op.file);
        this.#files.set(op.to, file);
        return;
      case 'write':
      case 'truncate':
        file.unsynced.push(op);
        return;
      case 'syncBegun':
        file.covered.set(op.thread, file.unsynced.length);
        return;
      case 'synced':
        settle(file, op.thread);
        return;
      default:
        throw new Error(`a disk knows no ${(op satisfies never as Op).kind}`);
    }
  }

  /** Writes that a power cut may still take. */
  get unsynced(): number {
    return [...this.#files.values()].reduce((sum, { unsynced }) => sum + unsynced.length, 0);
  }

  /** Each file with its bytes after a process was killed: what it has written is there. */
  afterKill(): Map<string, Buffer> {
    return this.#left((unsynced, harmed) => {
      for (const change of unsynced) harmed.apply(change);
    });
  }

  /** Each file with its bytes after the power has come back. */
  afterPowerLoss(damage: Damage, random: Random): Map<string, Buffer> {
    return this.#left((unsynced, harmed) => {
      for (const change of survivors(unsynced, damage, random)) {
        if (damage === 'tear' && change.kind === 'write') tear(harmed, change, random);
        else harmed.apply(change);
      }
    });
  }

  #left(harm: (unsynced: readonly Change[], bytes: Bytes) => void): Map<string, Buffer> {
    const left = new Map<string, Buffer>();
    for (const [name, { bytes, unsynced }] of this.#files) {
      const harmed = bytes.copy();
      harm(unsynced, harmed);
      left.set(name, harmed.whole());
    }
    return left;
  }
}

const empty = (): DiskFile => ({ bytes: new Bytes(), unsynced: [], covered: new Map() });

function settle({ bytes, unsynced, covered }: DiskFile, thread: number): void {
  const count = covered.get(thread) ?? 0;
  covered.delete(thread);
  for (const change of unsynced.splice(0, count)) bytes.apply(change);
  for (const [other, theirs] of covered) covered.set(other, Math.max(0, theirs - count));
}

function survivors(unsynced: readonly Change[], damage: Damage, random: Random): readonly Change[] {
  switch (damage) {
    case 'drop': {
      const isNothing = random.u32() % 10 < 7;
      return isNothing ? [] : unsynced.slice(0, random.u32() % (unsynced.length + 1));
    }
    case 'reorder':
      return unsynced.filter(() => random.u32() % 2 === 0);
    case 'tear':
      return unsynced;
  }
}

/** Of each sector: the new bytes, the old ones, or neither. */
function tear(to: Bytes, write: Extract<Change, { kind: 'write' }>, random: Random): void {
  const { offset, bytes } = write;
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(bytes.length, at + sectorBytes - ((offset + at) % sectorBytes));
    const part = bytes.subarray(at, end);
    const fate = random.u32() % 10;
    if (fate < 5) to.apply({ ...write, offset: offset + at, bytes: part });
    if (fate === 5) to.apply({ ...write, offset: offset + at, bytes: garbage(part, random) });
    at = end;
  }
}

function garbage(like: Buffer, random: Random): Buffer {
  const mask = random.u32();
  return Buffer.from(like.map((byte, i) => byte ^ (mask >>> (8 * (i % 4)))));
}

/** Bytes that grow as a file does: what nobody has written reads as zeros. */
class Bytes {
  #buffer: Buffer;
  #length: number;

  constructor(buffer = Buffer.alloc(0), length = 0) {
    this.#buffer = buffer;
    this.#length = length;
  }

  copy(): Bytes {
    return new Bytes(Buffer.from(this.whole()), this.#length);
  }

  whole(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  apply(change: Change): void {
    if (change.kind === 'truncate') {
      if (change.length < this.#length) this.#buffer.fill(0, change.length, this.#length);
      this.#reach(change.length);
      this.#length = change.length;
      return;
    }
    const end = change.offset + change.bytes.length;
    this.#reach(end);
    change.bytes.copy(this.#buffer, change.offset);
    this.#length = Math.max(this.#length, end);
  }

  #reach(length: number): void {
    if (length <= this.#buffer.length) return;
    const grown = Buffer.alloc(Math.max(length, 2 * this.#buffer.length));
    this.#buffer.copy(grown, 0, 0, this.#length);
    this.#buffer = grown;
  }
}
