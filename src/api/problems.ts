import type { FastifyError } from 'fastify';
import { contractError } from '../contract/errors.ts';
import type { ContractError, ContractErrorCode } from '../contract/messages.ts';
import { type ErrorCode, WarehouseError } from '../domain/errors.ts';

/** What a route refuses by itself, before anything was decided. */
export class Refusal extends Error {
  readonly problem: ContractError;

  constructor(code: ContractErrorCode, detail: string, extra?: Pick<ContractError, 'errors'>) {
    super(detail);
    this.problem = contractError(code, detail, extra);
  }
}

/** The one place where our codes become the contract's. A new code does not compile without its row. */
const publicOf: Readonly<Record<ErrorCode, ContractErrorCode>> = {
  CONFIG_INVALID: 'INVALID',
  DEVICE_PROTOCOL: 'DEVICE_UNAVAILABLE',
  DEVICE_TIMEOUT: 'DEVICE_UNAVAILABLE',
  DEVICE_UNAVAILABLE: 'DEVICE_UNAVAILABLE',
  FENCED: 'INTERNAL',
  INVARIANT_BROKEN: 'INTERNAL',
  LEDGER_CONFLICT: 'CONFLICT',
  LEDGER_DAMAGED: 'INTERNAL',
  LIMIT_REACHED: 'LIMIT_REACHED',
  VALUE_INVALID: 'INVALID',
};

/** What the caller is told. Of a fault of ours: that it is ours, and nothing of the inside. */
export function toProblem(error: FastifyError | Error): ContractError {
  if (error instanceof Refusal) return error.problem;
  if (error instanceof WarehouseError) {
    const code = publicOf[error.code];
    return contractError(code, code === 'INTERNAL' ? internal : error.message);
  }
  return toHttpProblem(error);
}

const internal = 'Our fault; it is in the log';

function toHttpProblem(error: FastifyError | Error): ContractError {
  if (!('statusCode' in error)) return contractError('INTERNAL', internal);
  if (error.validation !== undefined) {
    const errors = error.validation.map(({ instancePath, message = '' }) => ({
      path: instancePath,
      message,
    }));
    return contractError('INVALID', error.message, { errors });
  }
  const { code, statusCode = 500 } = error;
  // The work may still be done after we stopped waiting for it.
  if (code === 'FST_ERR_HANDLER_TIMEOUT') return contractError('INTAKE_PAUSED', unanswered);
  if (statusCode === 413) return contractError('TOO_LARGE', error.message);
  return statusCode < 500
    ? contractError('MALFORMED', error.message)
    : contractError('INTERNAL', internal);
}

const unanswered =
  'No answer in time, and the outcome is not known: repeat it with the same Idempotency-Key';
