/** A bug put into a copy of the source on purpose: the named test must go red. */
export interface PlantedBug {
  readonly id: string;
  /** What is wrong with the product then. */
  readonly bug: string;
  readonly edits: readonly Edit[];
  /** A test file, or several of which one is enough. */
  readonly caughtBy: string;
  /** Only the tests whose name has this; by default all of the file. */
  readonly only?: string;
}

export interface Edit {
  readonly file: string;
  /** Must be there exactly once: a bug that no longer applies proves nothing. */
  readonly old: string;
  readonly new: string;
}

/** Whether a bug was caught while it was planted. */
export interface Verdict {
  readonly isCaught: boolean;
  /** How it shows, or why nothing is proved. */
  readonly why: string;
  /** Of the simulation: the first that failed. */
  readonly seed?: number;
}

export const whyIn = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

export const edit = (file: string, old: string, by: string): Edit => ({ file, old, new: by });

/** The slowest one, for what only a process that dies can show. */
export const killTest = {
  caughtBy: 'test/e2e/kill.test.ts',
  only: 'whenever the controller is killed',
} as const;
