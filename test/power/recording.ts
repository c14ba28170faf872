import { readFileSync } from 'node:fs';

/** One thing that a recorded process has done to its files, or has said. */
export type Op =
  | { readonly kind: 'create' | 'unlink'; readonly file: string }
  | {
      readonly kind: 'write';
      readonly file: string;
      readonly offset: number;
      readonly bytes: Buffer;
    }
  | { readonly kind: 'truncate'; readonly file: string; readonly length: number }
  /** What was written before `syncBegun` of the same thread is on the disk once it is `synced`. */
  | { readonly kind: 'syncBegun' | 'synced'; readonly file: string; readonly thread: number }
  | { readonly kind: 'rename'; readonly file: string; readonly to: string }
  | { readonly kind: 'acknowledged'; readonly ack: Ack };

/** What the writer had committed before it said so. */
export interface Ack {
  /** Commits of this life of the ledger, from 1. */
  readonly commit: number;
  readonly movement: number;
  readonly sequence: number;
  /** Of every row, see `fingerprintOf`. */
  readonly fingerprint: string;
}

const headerBytes = 128;
const nameAt = 24;

/**
 * Reads what `recorder.c` has noted. The last note may be cut off: the process was killed.
 *
 * @throws when a note is not one of those that the replay knows
 */
export function readRecording(file: string): Op[] {
  const all = readFileSync(file);
  const ops: Op[] = [];
  for (let at = 0; at + headerBytes <= all.length; ) {
    const header = all.subarray(at, at + headerBytes);
    const letter = String.fromCharCode(header[0] ?? 0);
    const [offset, length] = [Number(header.readBigInt64LE(8)), Number(header.readBigInt64LE(16))];
    const name = header.toString('utf8', nameAt, header.indexOf(0, nameAt));
    const end = at + headerBytes + length;
    if (end > all.length) break;
    ops.push(opOf(letter, { name, offset, bytes: all.subarray(at + headerBytes, end) }));
    at = end;
  }
  return ops;
}

interface Note {
  readonly name: string;
  readonly offset: number;
  readonly bytes: Buffer;
}

function opOf(letter: string, { name: file, offset, bytes }: Note): Op {
  switch (letter) {
    case 'C':
      return { kind: 'create', file };
    case 'U':
      return { kind: 'unlink', file };
    case 'W':
      return { kind: 'write', file, offset, bytes };
    case 'T':
      return { kind: 'truncate', file, length: offset };
    case 'B':
      return { kind: 'syncBegun', file, thread: offset };
    case 'S':
      return { kind: 'synced', file, thread: offset };
    case 'R':
      return { kind: 'rename', file, to: bytes.toString('utf8') };
    case 'A':
      return { kind: 'acknowledged', ack: ackOf(bytes.toString('utf8')) };
    default:
      throw new Error(`the recording holds a note ${letter} that nobody knows`);
  }
}

function ackOf(line: string): Ack {
  const [, commit, movement, sequence, fingerprint] = line.trim().split(' ');
  const ack = {
    ...{ commit: Number(commit), movement: Number(movement), sequence: Number(sequence) },
    fingerprint: fingerprint ?? '',
  };
  if (ack.fingerprint === '' || !Number.isInteger(ack.commit)) throw new Error(`no ACK: ${line}`);
  return ack;
}

/** As `recording.ts` reads it back. */
export const ackLine = ({ commit, movement, sequence, fingerprint }: Ack): string =>
  `ACK ${commit} ${movement} ${sequence} ${fingerprint}\n`;
