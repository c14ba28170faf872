import { type Expression, ExpressionParser, type Frame, type Scope } from './expressions.ts';
import type { Type } from './types.ts';

/** A variable of a function block. */
interface Variable {
  readonly type: Type;
  readonly section: string;
  readonly initial: Expression | undefined;
}

interface Unit {
  readonly name: string;
  readonly variables: Map<string, Variable>;
  /** Of a function. */
  readonly returns: Type | undefined;
  body: readonly Statement[];
}

type Statement = (frame: Frame) => void;

const sections = ['var', 'var_input', 'var_output', 'var_in_out'];

/**
 * Structured Text as far as the stubs use it, parsed, checked for types and undeclared names, and
 * ready to run. Not a compiler: what it refuses is wrong everywhere, what it takes may still meet a
 * PLC that wants it otherwise.
 */
export class Program {
  readonly #parser: ExpressionParser;
  readonly #units = new Map<string, Unit>();
  /** Milliseconds that timers see. */
  nowMs = 0;

  /** @throws with the line of the first problem */
  constructor(source: string) {
    this.#parser = new ExpressionParser(source, (name, values) => this.callFunction(name, values));
    const { tokens } = this.#parser;
    this.#parser.outputs = (block) => {
      const all = [...this.#unitOf(block).variables];
      const shown = all.filter(([, { section }]) => section === 'var_output');
      return new Map(shown.map(([key, { type }]) => [key, type]));
    };
    while (!tokens.isNext('(end)')) {
      if (tokens.accept('type')) this.#type();
      else if (tokens.accept('var_global')) this.#constants();
      else this.#unit();
    }
  }

  get unitNames(): string[] {
    return [...this.#units.keys()];
  }

  /** A new instance of a function block, with everything at its initial value. */
  instance(name: string): Frame {
    return this.#newFrame(this.#unitOf(name.toLowerCase()));
  }

  /** A value of a declared type, all zero. */
  value(name: string): unknown {
    return this.#initial(this.#parser.typeNamed(name.toLowerCase()));
  }

  /** Runs a function block once. In-outs are passed as objects and changed. */
  call(name: string, frame: Frame, inputs: Readonly<Record<string, unknown>> = {}): Frame {
    for (const [key, value] of Object.entries(inputs)) frame[key.toLowerCase()] = value;
    for (const statement of this.#unitOf(name.toLowerCase()).body) statement(frame);
    return frame;
  }

  #type(): void {
    const { tokens } = this.#parser;
    const name = tokens.name();
    tokens.expect(':');
    if (!tokens.accept('struct')) {
      this.#parser.define(name, this.#parser.type());
      tokens.expect(';', 'end_type');
      return;
    }
    const members = new Map<string, Type>();
    while (!tokens.accept('end_struct')) {
      const member = tokens.name();
      if (members.has(member)) tokens.fail(`${name} has two members ${member}`);
      tokens.expect(':');
      members.set(member, this.#parser.type());
      tokens.expect(';');
    }
    tokens.expect(';', 'end_type');
    this.#parser.define(name, { kind: 'struct', name, members });
  }

  #constants(): void {
    const { tokens, constants } = this.#parser;
    tokens.expect('constant');
    while (!tokens.accept('end_var')) {
      const name = tokens.name();
      if (constants.has(name)) tokens.fail(`two constants ${name}`);
      tokens.expect(':');
      const type = this.#parser.type();
      tokens.expect(':=');
      const value = this.#parser.expression(new Map());
      this.#parser.mustFit(value.type, type);
      tokens.expect(';');
      constants.set(name, { type, run: value.run });
    }
  }

  #unit(): void {
    const { tokens } = this.#parser;
    const kind = tokens.take().text;
    if (kind !== 'function' && kind !== 'function_block') tokens.fail(`${kind} is no declaration`);
    const name = tokens.name();
    const returns = kind === 'function' && tokens.accept(':') ? this.#parser.type() : undefined;
    const unit: Unit = { name, variables: new Map(), returns, body: [] };
    while (sections.some((section) => tokens.isNext(section))) this.#variables(unit);
    const scope: Map<string, Type> = new Map(
      [...unit.variables].map(([key, { type }]) => [key, type]),
    );
    if (returns === undefined) this.#parser.define(name, { kind: 'block', name });
    else {
      scope.set(name, returns);
      const inputs = [...unit.variables.values()].filter(({ section }) => section === 'var_input');
      this.#parser.functions.set(name, { inputs: inputs.map(({ type }) => type), returns });
    }
    unit.body = this.#statements(scope, `end_${kind}`);
    tokens.expect(`end_${kind}`);
    if (this.#units.has(name)) tokens.fail(`two units ${name}`);
    this.#units.set(name, unit);
  }

  #variables(unit: Unit): void {
    const { tokens } = this.#parser;
    const section = tokens.take().text;
    while (!tokens.accept('end_var')) {
      const name = tokens.name();
      if (unit.variables.has(name)) tokens.fail(`two variables ${name}`);
      tokens.expect(':');
      const type = this.#parser.type();
      const initial = tokens.accept(':=') ? this.#parser.expression(new Map()) : undefined;
      if (initial !== undefined) this.#parser.mustFit(initial.type, type);
      tokens.expect(';');
      unit.variables.set(name, { type, section, initial });
    }
  }

  #statements(scope: Scope, ...ends: readonly string[]): Statement[] {
    const { tokens } = this.#parser;
    const statements: Statement[] = [];
    while (!tokens.isNext(...ends)) {
      if (tokens.accept('if')) statements.push(this.#if(scope));
      else if (tokens.accept('for')) statements.push(this.#for(scope));
      else statements.push(this.#assignmentOrCall(scope));
      tokens.expect(';');
    }
    return statements;
  }

  #if(scope: Scope): Statement {
    const { tokens } = this.#parser;
    const branches: { readonly condition: Expression; readonly body: Statement[] }[] = [];
    do {
      const condition = this.#parser.expression(scope);
      this.#parser.mustFit(condition.type, 'bool');
      tokens.expect('then');
      branches.push({ condition, body: this.#statements(scope, 'elsif', 'else', 'end_if') });
    } while (tokens.accept('elsif'));
    const otherwise = tokens.accept('else') ? this.#statements(scope, 'end_if') : [];
    tokens.expect('end_if');
    return (frame) => {
      const branch = branches.find(({ condition }) => condition.run(frame));
      for (const statement of branch?.body ?? otherwise) statement(frame);
    };
  }

  #for(scope: Scope): Statement {
    const { tokens } = this.#parser;
    const name = tokens.name();
    this.#parser.mustFit(scope.get(name) ?? tokens.fail(`${name} is not declared`), 'int');
    tokens.expect(':=');
    const first = this.#parser.expression(scope);
    tokens.expect('to');
    const last = this.#parser.expression(scope);
    tokens.expect('do');
    const body = this.#statements(scope, 'end_for');
    tokens.expect('end_for');
    return (frame) => {
      for (let i = Number(first.run(frame)); i <= Number(last.run(frame)); i++) {
        frame[name] = i;
        for (const statement of body) statement(frame);
      }
    };
  }

  #assignmentOrCall(scope: Scope): Statement {
    const { tokens } = this.#parser;
    const target = this.#parser.place(scope);
    if (typeof target.type === 'object' && target.type.kind === 'block') {
      return this.#callText(scope, target, target.type.name);
    }
    tokens.expect(':=');
    const value = this.#parser.expression(scope);
    this.#parser.mustFit(value.type, target.type);
    return (frame) => target.set(frame, structuredClone(value.run(frame)));
  }

  #callText(scope: Scope, instance: Expression, name: string): Statement {
    const { tokens } = this.#parser;
    const parameters = this.#parametersOf(name);
    const given = new Map<string, Expression>();
    tokens.expect('(');
    while (!tokens.accept(')')) {
      const key = tokens.name();
      const type = parameters.get(key) ?? tokens.fail(`${name} has no input ${key}`);
      tokens.expect(':=');
      const value = this.#parser.expression(scope);
      this.#parser.mustFit(value.type, type.type);
      given.set(key, type.section === 'var_in_out' ? value : cloned(value));
      if (!tokens.isNext(')')) tokens.expect(',');
    }
    for (const [key, { section }] of parameters) {
      if (section === 'var_in_out' && !given.has(key)) tokens.fail(`${name} needs ${key}`);
    }
    return (frame) => {
      const inputs = [...given].map(([key, value]) => [key, value.run(frame)]);
      const callee = instance.run(frame) as Frame;
      if (name === 'ton') this.#runTimer(callee, Object.fromEntries(inputs));
      else this.call(name, callee, Object.fromEntries(inputs));
    };
  }

  #parametersOf(name: string): ReadonlyMap<string, { type: Type; section: string }> {
    if (name === 'ton') {
      return new Map([
        ['in', { type: 'bool', section: 'var_input' }],
        ['pt', { type: 'time', section: 'var_input' }],
      ]);
    }
    const all = [...this.#unitOf(name).variables];
    return new Map(all.filter(([, { section }]) => ['var_input', 'var_in_out'].includes(section)));
  }

  #runTimer(timer: Frame, inputs: Record<string, unknown>): void {
    if (inputs['in'] !== true) Object.assign(timer, { since: undefined, q: false });
    else {
      timer['since'] ??= this.nowMs;
      timer['q'] = this.nowMs - Number(timer['since']) >= Number(inputs['pt']);
    }
  }

  /** What a function makes of its inputs. */
  callFunction(title: string, values: readonly unknown[]): unknown {
    const name = title.toLowerCase();
    const unit = this.#unitOf(name);
    const frame = this.#newFrame(unit);
    const inputs = [...unit.variables].filter(([, { section }]) => section === 'var_input');
    inputs.forEach(([key], i) => {
      frame[key] = values[i];
    });
    for (const statement of unit.body) statement(frame);
    return frame[name];
  }

  #newFrame({ variables }: Unit): Frame {
    const values = [...variables].map(([key, { type, initial }]) => {
      return [key, initial === undefined ? this.#initial(type) : initial.run({})];
    });
    return Object.fromEntries(values);
  }

  #initial(type: Type): unknown {
    if (type === 'bool') return false;
    if (typeof type === 'string') return 0;
    if (type.kind === 'array') {
      return Array.from({ length: type.high - type.low + 1 }, () => this.#initial(type.of));
    }
    if (type.kind === 'block') return type.name === 'ton' ? { q: false } : this.instance(type.name);
    return Object.fromEntries(
      [...type.members].map(([key, member]) => [key, this.#initial(member)]),
    );
  }

  #unitOf(name: string): Unit {
    const unit = this.#units.get(name);
    if (unit === undefined) throw new Error(`there is no ${name}`);
    return unit;
  }
}

const cloned = ({ type, run }: Expression): Expression => ({
  type,
  run: (frame) => structuredClone(run(frame)),
});
