import { type ConfigProblem, formatProblems } from './config-problem.ts';

/** Why an operation failed, as a stable string that the API, logs and alarms may rely on. */
export type ErrorCode =
  | 'CONFIG_INVALID'
  | 'DEVICE_PROTOCOL'
  | 'DEVICE_TIMEOUT'
  | 'DEVICE_UNAVAILABLE'
  | 'FENCED'
  | 'INVARIANT_BROKEN'
  | 'LEDGER_CONFLICT'
  | 'LEDGER_DAMAGED'
  | 'LIMIT_REACHED'
  | 'VALUE_INVALID';

export interface ErrorDetails extends ErrorOptions {
  /** Facts that a person needs to act: ids, addresses, expected and actual. Never secrets. */
  readonly context?: Readonly<Record<string, string | number | boolean>>;
}

/**
 * Base of every error that Craneway throws. Callers branch on `code` and
 * `retryable`, never on `message`.
 */
export abstract class WarehouseError extends Error {
  abstract readonly code: ErrorCode;
  /** True when the same call may succeed later with nothing changed. */
  readonly retryable: boolean = false;
  /** What a person does now, where that does not follow from the message; else empty. */
  readonly advice: string = '';
  readonly context: NonNullable<ErrorDetails['context']>;

  constructor(message: string, { context = {}, ...options }: ErrorDetails = {}) {
    super(message, options);
    this.name = new.target.name;
    this.context = context;
  }
}

/** A file under config/ cannot be used. Carries every problem, so that one edit can mend them all. */
export class ConfigError extends WarehouseError {
  readonly code = 'CONFIG_INVALID';
  readonly problems: readonly ConfigProblem[];

  /** @param problems  a plain sentence stands for a problem of the file as a whole */
  constructor(
    file: string,
    problems: readonly (string | ConfigProblem)[],
    options: ErrorOptions = {},
  ) {
    const all = problems.map((problem) =>
      typeof problem === 'string' ? wholeFile(file, problem) : problem,
    );
    super(`${file} cannot be used:\n${formatProblems(all).join('\n')}`, {
      ...options,
      context: { file },
    });
    this.problems = all;
  }
}

const wholeFile = (file: string, message: string): ConfigProblem => ({
  file,
  line: 0,
  column: 0,
  severity: 'error',
  path: '',
  message,
});

/** A device did not answer in time; nothing is known about what it did. */
export class DeviceTimeoutError extends WarehouseError {
  readonly code = 'DEVICE_TIMEOUT';
  override readonly retryable = true;
}

/** A device cannot be reached; nothing was sent. */
export class DeviceUnavailableError extends WarehouseError {
  readonly code = 'DEVICE_UNAVAILABLE';
  override readonly retryable = true;
}

/** A device answered with bytes that its protocol does not allow. */
export class DeviceProtocolError extends WarehouseError {
  readonly code = 'DEVICE_PROTOCOL';
}

/** Whether `error` came from a wire. Everything else that a driver meets is a bug and must pass through. */
export function isDeviceError(error: unknown): error is WarehouseError {
  return error instanceof WarehouseError && error.code.startsWith('DEVICE_');
}

/** Data from outside that breaks a documented format, such as a bad check digit. */
export class ValueError extends WarehouseError {
  readonly code = 'VALUE_INVALID';
}

/** A declared limit is reached; nothing was taken in. */
export class LimitError extends WarehouseError {
  readonly code = 'LIMIT_REACHED';
  override readonly retryable = true;
}

/** A change contradicts the stock as recorded; nothing was written. */
export class LedgerConflictError extends WarehouseError {
  readonly code = 'LEDGER_CONFLICT';
}

/** Another controller has taken over this ledger; this process writes nothing any more and stops. */
export class FencedError extends WarehouseError {
  readonly code = 'FENCED';
}

/** The ledger file is not what was written to it. The process stops and a person restores a backup. */
export class LedgerDamagedError extends WarehouseError {
  readonly code = 'LEDGER_DAMAGED';
  override readonly advice =
    'Move the data folder aside and keep it, put its last copy in its place, and start again. ' +
    'Machines that are ahead of the copy get nothing until a person has answered for each.';
}

/** Our own bug. Never caught below `main`; the process records it and stops. */
export class InvariantError extends WarehouseError {
  readonly code = 'INVARIANT_BROKEN';
}

export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}
