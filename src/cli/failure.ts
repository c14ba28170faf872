/** How a verb may end; what it is in `$?`. Shown by `--help`. */
export const exitCodes = {
  ok: 0,
  failure: 1,
  usage: 2,
  configInvalid: 3,
  notFound: 4,
  conflict: 5,
  findings: 6,
  unreachable: 7,
  notAllowed: 8,
  unknown: 9,
  interrupted: 130,
} as const;
export type ExitName = keyof typeof exitCodes;

export const exitHelp = `
Exit codes:
  0 ok                       5 conflict or precondition
  1 failure                  6 done with findings
  2 usage                    7 unreachable or timed out
  3 configuration invalid    8 not allowed
  4 not found                9 outcome unknown
                           130 interrupted`;

/** A verb cannot do what it was asked. */
export class CommandFailure extends Error {
  readonly exit: ExitName;
  /** What to do now, in a sentence. */
  readonly advice: string | undefined;
  /** The API's code, where it has refused. */
  readonly code: string | undefined;

  constructor(exit: ExitName, message: string, more: { advice?: string; code?: string } = {}) {
    super(message);
    this.exit = exit;
    this.advice = more.advice;
    this.code = more.code;
  }
}
