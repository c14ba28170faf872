import { ValueError } from '../domain/errors.ts';
import { parseSscc } from '../domain/gs1.ts';
import type {
  AnnounceData,
  EventResendData,
  LabelPrintData,
  OrderCancelData,
  OrderCreateData,
  OrderKind,
  StockBlockData,
} from './messages.ts';
import type { CommandData, CommandKey } from './names.ts';

/** What is wrong with one field. `path` is a JSON pointer into `data`. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

/** What a schema cannot say: fields that depend on each other, and check digits. */
export const commandRules: {
  readonly [Name in CommandKey]?: (data: CommandData<Name>) => readonly Problem[];
} = {
  'loadUnit.announce': announceProblems,
  'order.create': orderProblems,
  'order.update': oneOrWave,
  'order.cancel': oneOrWave,
  'stock.block': blockProblems,
  'label.print': labelProblems,
  'event.resend': resendProblems,
};

function announceProblems({ loadUnits }: AnnounceData): Problem[] {
  return loadUnits.flatMap(({ lpn, sscc }, index) => {
    if (sscc === undefined) {
      return lpn === undefined
        ? [{ path: `/loadUnits/${index}`, message: 'must have an lpn or an sscc' }]
        : [];
    }
    return hasCheckDigit(sscc)
      ? []
      : [{ path: `/loadUnits/${index}/sscc`, message: 'has a wrong check digit' }];
  });
}

function hasCheckDigit(sscc: string): boolean {
  try {
    parseSscc(sscc);
    return true;
  } catch (error) {
    if (error instanceof ValueError) return false;
    throw error;
  }
}

type OrderField = 'station' | 'loadUnit' | 'lines' | 'location' | 'sku' | 'orders' | 'loadUnits';

/** `all` must be there; of `oneOf` at least one; of `notBoth` at most one. */
const orderFields: Readonly<
  Record<
    OrderKind,
    { all: readonly OrderField[]; oneOf?: readonly OrderField[]; notBoth?: readonly OrderField[] }
  >
> = {
  putaway: { all: ['loadUnit'] },
  retrieval: { all: ['station'], oneOf: ['loadUnit', 'lines'], notBoth: ['loadUnit', 'lines'] },
  pick: { all: ['station', 'lines'] },
  pack: { all: ['station'], oneOf: ['orders', 'loadUnits'] },
  relocation: { all: ['loadUnit'] },
  count: { all: [], oneOf: ['location', 'loadUnit', 'sku'] },
};

function orderProblems(order: OrderCreateData): Problem[] {
  const { all, oneOf = [], notBoth = [] } = orderFields[order.kind];
  const problems = all
    .filter((field) => order[field] === undefined)
    .map((field) => ({ path: `/${field}`, message: `is required for kind ${order.kind}` }));
  if (oneOf.length > 0 && oneOf.every((field) => order[field] === undefined)) {
    problems.push({
      path: `/${oneOf[0]}`,
      message: `or one of ${oneOf.slice(1).join(', ')} is required for kind ${order.kind}`,
    });
  }
  if (notBoth.length > 0 && notBoth.every((field) => order[field] !== undefined)) {
    problems.push({
      path: `/${notBoth[0]}`,
      message: `may not be given together with ${notBoth.slice(1).join(', ')}`,
    });
  }
  return problems;
}

function oneOrWave({ order, wave }: OrderCancelData): Problem[] {
  return (order === undefined) === (wave === undefined)
    ? [{ path: '', message: 'must have one of order and wave' }]
    : [];
}

function blockProblems(block: StockBlockData): Problem[] {
  const named = (['loadUnit', 'sku', 'location'] as const).filter(
    (field) => block[field] !== undefined,
  );
  if (named.length !== 1) {
    return [{ path: '', message: 'must have exactly one of loadUnit, sku and location' }];
  }
  const [needed, foreign] =
    block.location === undefined
      ? (['stockStatus', 'lock'] as const)
      : (['lock', 'stockStatus'] as const);
  const problems: Problem[] = [];
  if (block[needed] === undefined) {
    problems.push({ path: `/${needed}`, message: `is required with ${named[0]}` });
  }
  if (block[foreign] !== undefined) {
    problems.push({ path: `/${foreign}`, message: `may not be given with ${named[0]}` });
  }
  if (block.lot !== undefined && block.location !== undefined) {
    problems.push({ path: '/lot', message: 'may not be given with location' });
  }
  return problems;
}

function labelProblems({ printer, station }: LabelPrintData): Problem[] {
  return (printer === undefined) === (station === undefined)
    ? [{ path: '', message: 'must have one of printer and station' }]
    : [];
}

function resendProblems({ from, to }: EventResendData): Problem[] {
  // Sixteen digits: text order is number order.
  return to !== undefined && to < from ? [{ path: '/to', message: 'must not be below from' }] : [];
}
