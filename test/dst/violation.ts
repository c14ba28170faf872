import type { CommitSeen, Evidence, FrameSeen } from '../../simulators/dst/evidence.ts';

/** A change to the evidence of a clean run that breaks one invariant, as a bug would have. */
export interface Violation {
  readonly invariant: string;
  readonly is: string;
  /** The run that it starts from. */
  readonly of: 'putaway' | 'retrieval';
  tamper(clean: Evidence): Partial<Evidence>;
}

export const violation = (
  invariant: string,
  is: string,
  tamper: Violation['tamper'],
  of: Violation['of'] = 'retrieval',
): Violation => ({ invariant, is, of, tamper });

/** Changes the ledger past all of its guards. */
export const bySql =
  (...statements: string[]) =>
  ({ db }: Evidence): Partial<Evidence> => {
    for (const name of ['movement_update', 'movement_delete', 'outbox_update']) {
      db.exec(`DROP TRIGGER IF EXISTS ${name}`);
    }
    for (const statement of statements) db.exec(statement);
    return {};
  };

export const setBody = (table: string, field: string, value: string, where: string) =>
  `UPDATE ${table} SET body = json_set(body, '$.${field}', ${value}) WHERE ${where}`;

export const isCommand = ({ kind, address, words }: FrameSeen) =>
  kind === 'write' && address === 1000 && words[18] === 1;

/** The evidence with some of its frames changed. */
export const frames =
  (change: (frame: FrameSeen, all: readonly FrameSeen[]) => FrameSeen | FrameSeen[]) =>
  ({ frames: seen = [] }: Evidence): Partial<Evidence> => ({
    frames: seen.flatMap((frame) => change(frame, seen)).sort((a, b) => a.step - b.step),
  });

/** The first frame with a command, with other words. */
export const command = (change: Partial<FrameSeen>, words: Readonly<Record<number, number>> = {}) =>
  frames((frame, all) =>
    frame === all.find(isCommand)
      ? { ...frame, ...change, words: frame.words.map((word, i) => words[i] ?? word) }
      : frame,
  );

export const commits =
  (change: (commit: CommitSeen, i: number) => CommitSeen | CommitSeen[]) =>
  ({ commits: seen = [] }: Evidence): Partial<Evidence> => ({ commits: seen.flatMap(change) });
