import { Tokens } from './tokens.ts';
import {
  checked,
  common,
  conversion,
  type Elementary,
  isInteger,
  nameOf,
  ranges,
  type Type,
} from './types.ts';

/** Variables of one call, or of one instance of a function block. */
export type Frame = Record<string, unknown>;
export type Scope = ReadonlyMap<string, Type>;
export interface Expression {
  readonly type: Type;
  readonly run: (frame: Frame) => unknown;
}
/** What can be assigned to. */
export interface Place extends Expression {
  readonly set: (frame: Frame, value: unknown) => void;
}

const elementary: readonly string[] = ['bool', 'time', ...Object.keys(ranges)];

const levels: readonly (readonly string[])[] = [
  ['or', 'xor'],
  ['and'],
  ['=', '<>'],
  ['<', '>', '<=', '>='],
  ['+', '-'],
  ['*', '/', 'mod'],
];

/** Expressions, names and types of Structured Text. */
export class ExpressionParser {
  readonly tokens: Tokens;
  readonly constants = new Map<string, Expression>();
  readonly functions = new Map<
    string,
    { readonly inputs: readonly Type[]; readonly returns: Type }
  >();
  readonly #types = new Map<string, Type>();
  readonly #call: (name: string, values: readonly unknown[]) => unknown;

  constructor(source: string, call: (name: string, values: readonly unknown[]) => unknown) {
    this.tokens = new Tokens(source);
    this.#call = call;
    this.#types.set('ton', { kind: 'block', name: 'ton' });
  }

  define(name: string, type: Type): void {
    if (this.#types.has(name)) this.tokens.fail(`two types ${name}`);
    this.#types.set(name, type);
  }

  typeNamed(name: string): Type {
    if (elementary.includes(name)) return name as Elementary;
    return this.#types.get(name) ?? this.tokens.fail(`there is no type ${name}`);
  }

  type(): Type {
    if (!this.tokens.accept('array')) return this.typeNamed(this.tokens.name());
    this.tokens.expect('[');
    const low = this.tokens.number();
    this.tokens.expect('..');
    const high = this.tokens.number();
    this.tokens.expect(']', 'of');
    return { kind: 'array', low, high, of: this.type() };
  }

  mustFit(from: Type, to: Type): void {
    const shared = common(from, to);
    if (shared !== undefined && shared === to) return;
    if (shared === undefined || to === 'literal') {
      this.tokens.fail(`${nameOf(from)} does not fit ${nameOf(to)}`);
    }
  }

  expression(scope: Scope, level = 0): Expression {
    const operators = levels[level];
    if (operators === undefined) return this.#unary(scope);
    let left = this.expression(scope, level + 1);
    while (operators.includes(this.tokens.next.text)) {
      const operator = this.tokens.take().text;
      left = this.#binary(operator, left, this.expression(scope, level + 1));
    }
    return left;
  }

  /** A variable with its members and elements. */
  place(scope: Scope): Place {
    const name = this.tokens.name();
    const type = scope.get(name) ?? this.tokens.fail(`${name} is not declared`);
    let place: Place = {
      type,
      run: (frame) => frame[name],
      set: (frame, value) => {
        frame[name] = value;
      },
    };
    for (;;) {
      if (this.tokens.accept('.')) place = this.#member(place);
      else if (this.tokens.accept('[')) place = this.#element(place, scope);
      else return place;
    }
  }

  #member(owner: Place): Place {
    const name = this.tokens.name();
    const type = this.#memberType(owner.type, name);
    return {
      type,
      run: (frame) => (owner.run(frame) as Frame)[name],
      set: (frame, value) => {
        (owner.run(frame) as Frame)[name] = value;
      },
    };
  }

  #memberType(owner: Type, name: string): Type {
    if (typeof owner === 'object' && owner.kind === 'struct') {
      return owner.members.get(name) ?? this.tokens.fail(`${owner.name} has no ${name}`);
    }
    if (typeof owner === 'object' && owner.kind === 'block') {
      const type =
        owner.name === 'ton' && name === 'q' ? 'bool' : this.outputs(owner.name).get(name);
      return type ?? this.tokens.fail(`${owner.name} has no output ${name}`);
    }
    return this.tokens.fail(`${nameOf(owner)} has no members`);
  }

  /** Outputs of a function block, set by who knows its declaration. */
  outputs: (block: string) => ReadonlyMap<string, Type> = () => new Map();

  #element(owner: Place, scope: Scope): Place {
    const { type } = owner;
    if (typeof type === 'string' || type.kind !== 'array') {
      return this.tokens.fail(`${nameOf(type)} has no elements`);
    }
    const index = this.expression(scope);
    this.mustFit(index.type, 'int');
    this.tokens.expect(']');
    const { low, high, of } = type;
    const at = (frame: Frame): number => {
      const i = Number(index.run(frame));
      if (i < low || i > high) throw new Error(`element ${i} is outside ${low}..${high}`);
      return i - low;
    };
    return {
      type: of,
      run: (frame) => (owner.run(frame) as unknown[])[at(frame)],
      set: (frame, value) => {
        (owner.run(frame) as unknown[])[at(frame)] = value;
      },
    };
  }

  #unary(scope: Scope): Expression {
    const { tokens } = this;
    if (tokens.accept('not')) {
      const { type, run } = this.#unary(scope);
      this.mustFit(type, 'bool');
      return { type, run: (frame) => run(frame) !== true };
    }
    if (tokens.accept('(')) {
      const inner = this.expression(scope);
      tokens.expect(')');
      return inner;
    }
    if (tokens.next.kind === 'number') {
      const value = tokens.number();
      return { type: 'literal', run: () => value };
    }
    if (tokens.next.kind === 'typed') return this.#typed();
    return this.#named(scope);
  }

  #typed(): Expression {
    const [name = '', ...rest] = this.tokens.take().text.split('#');
    if (name === 't') {
      const [, digits = '', unit] =
        /^(\d+)(ms|s)$/.exec(rest[0] ?? '') ?? this.tokens.fail('no time');
      const value = Number(digits) * (unit === 's' ? 1000 : 1);
      return { type: 'time', run: () => value };
    }
    const type = this.typeNamed(name);
    const value = rest.length === 2 ? Number.parseInt(rest[1] ?? '', 16) : Number(rest[0]);
    checked(type, value);
    return { type, run: () => value };
  }

  #named(scope: Scope): Expression {
    const name = this.tokens.next.text;
    if (name === 'true' || name === 'false') {
      this.tokens.take();
      return { type: 'bool', run: () => name === 'true' };
    }
    const constant = this.constants.get(name);
    if (constant !== undefined) {
      this.tokens.take();
      return constant;
    }
    if (scope.has(name) && !this.functions.has(name)) return this.place(scope);
    return this.#functionCall(scope, this.tokens.name());
  }

  #functionCall(scope: Scope, name: string): Expression {
    this.tokens.expect('(');
    const values: Expression[] = [];
    do values.push(this.expression(scope));
    while (this.tokens.accept(','));
    this.tokens.expect(')');
    const [first, second] = values;
    const convert = conversion(name);
    if (convert !== undefined && first !== undefined) {
      this.mustFit(first.type, convert.from);
      return { type: convert.to, run: (frame) => convert.convert(Number(first.run(frame))) };
    }
    if (name === 'shr' && first !== undefined && second !== undefined) {
      this.mustFit(first.type, 'word');
      return {
        type: 'word',
        run: (frame) => Number(first.run(frame)) >>> Number(second.run(frame)),
      };
    }
    const { inputs, returns } =
      this.functions.get(name) ?? this.tokens.fail(`${name} is not declared`);
    if (inputs.length !== values.length) this.tokens.fail(`${name} takes ${inputs.length} inputs`);
    for (const [i, type] of inputs.entries()) this.mustFit((values[i] as Expression).type, type);
    return {
      type: returns,
      run: (frame) =>
        this.#call(
          name,
          values.map((value) => value.run(frame)),
        ),
    };
  }

  #binary(operator: string, left: Expression, right: Expression): Expression {
    const type = common(left.type, right.type);
    if (type === undefined) {
      this.tokens.fail(`${nameOf(left.type)} ${operator} ${nameOf(right.type)}`);
    }
    const isBits = type === 'bool' || type === 'word';
    const isLogic = ['and', 'or', 'xor'].includes(operator);
    const isEquality = operator === '=' || operator === '<>';
    if (isLogic ? !isBits : !isEquality && !isInteger(type)) {
      this.tokens.fail(`${operator} does not work on ${nameOf(type)}`);
    }
    const compute = operations[operator] ?? this.tokens.fail(`${operator} is unknown`);
    const isTruth = isEquality || ['<', '>', '<=', '>='].includes(operator);
    return {
      type: isTruth ? 'bool' : type,
      run(frame) {
        const value = compute(Number(left.run(frame)), Number(right.run(frame)));
        return isTruth || type === 'bool' ? Boolean(value) : checked(type, Number(value));
      },
    };
  }
}

const operations: Readonly<Record<string, (a: number, b: number) => number | boolean>> = {
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  and: (a, b) => a & b,
  '=': (a, b) => a === b,
  '<>': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '>': (a, b) => a > b,
  '<=': (a, b) => a <= b,
  '>=': (a, b) => a >= b,
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => Math.trunc(a / b),
  mod: (a, b) => a % b,
};
