/** One word of Structured Text. Names and keywords are in lower case, as the language does not tell them apart. */
export interface Token {
  readonly kind: 'name' | 'number' | 'typed' | 'sign' | 'end';
  readonly text: string;
  readonly line: number;
}

const pattern =
  /(?<space>[ \t\r\n]+|\(\*[\s\S]*?\*\))|(?<typed>[A-Za-z]+#(?:16#[0-9A-Fa-f]+|[0-9]+(?:ms|s)?))|(?<number>[0-9]+)|(?<name>[A-Za-z_][A-Za-z0-9_]*)|(?<sign>:=|<=|>=|<>|\.\.|[-+*/()[\],;:.<>=])/y;

/** @throws at what is no word of the language; an identifier of more than 63 characters is none */
function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let line = 1;
  while (at < source.length) {
    pattern.lastIndex = at;
    const groups = pattern.exec(source)?.groups;
    if (groups === undefined)
      throw new Error(`line ${line}: cannot read ${source.slice(at, at + 20)}`);
    const [kind = '', text = ''] =
      Object.entries(groups).find(([, found]) => found !== undefined) ?? [];
    if (kind === 'name' && text.length > 63) throw new Error(`line ${line}: ${text} is too long`);
    if (kind !== 'space') {
      tokens.push({ kind: kind as Token['kind'], text: text.toLowerCase(), line });
    }
    line += text.split('\n').length - 1;
    at += text.length;
  }
  return [...tokens, { kind: 'end', text: '(end)', line }];
}

/** The words one after the other, with the error messages that a compiler would give. */
export class Tokens {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(source: string) {
    this.#tokens = tokensOf(source);
  }

  get next(): Token {
    return this.#tokens[this.#at] as Token;
  }

  isNext(...texts: readonly string[]): boolean {
    return texts.includes(this.next.text);
  }

  take(): Token {
    const token = this.next;
    this.#at++;
    return token;
  }

  /** Takes the word if it is the next one. */
  accept(text: string): boolean {
    if (!this.isNext(text)) return false;
    this.#at++;
    return true;
  }

  expect(...texts: readonly string[]): void {
    for (const text of texts) {
      if (!this.accept(text)) this.fail(`${text} expected, found ${this.next.text}`);
    }
  }

  name(): string {
    if (this.next.kind !== 'name') this.fail(`a name expected, found ${this.next.text}`);
    return this.take().text;
  }

  number(): number {
    if (this.next.kind !== 'number') this.fail(`a number expected, found ${this.next.text}`);
    return Number(this.take().text);
  }

  fail(message: string): never {
    throw new Error(`line ${this.next.line}: ${message}`);
  }
}
