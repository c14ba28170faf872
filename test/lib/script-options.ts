import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';

/** What a script for developers was asked for. */
interface Asked<O extends ParseArgsOptionsConfig> {
  readonly values: ReturnType<typeof parseArgs<{ options: O; allowPositionals: true }>>['values'];
  readonly words: readonly string[];
  /** A whole number from `min` to `max`. Ends the process where it is none. */
  readonly whole: (name: keyof O & string, min: number, max: number) => number;
  /** Ends the process: says what is wrong, and how it is used. */
  readonly refuse: (why: string) => never;
}

/**
 * Reads the options of a script: `--help` prints how it is used, and what it does not know ends it with
 * one line that says so, the usage, and exit code 2.
 *
 * @param usage    with a line break at its end
 * @param options  as `parseArgs` takes them, without `help`
 */
export function scriptOptions<const O extends ParseArgsOptionsConfig>(
  usage: string,
  options: O,
  { takesWords = false }: { readonly takesWords?: boolean } = {},
): Asked<O> {
  const refuse = (why: string): never => {
    process.stderr.write(`${why}\n\n${usage}`);
    process.exit(2);
  };
  const read = () => {
    try {
      const help = { type: 'boolean', default: false } as const;
      return parseArgs({ allowPositionals: true, options: { ...options, help } });
    } catch (error) {
      // What follows the first sentence is about a case that no script here has.
      return refuse(
        (error instanceof Error ? error.message : String(error)).split(/\. |\n/, 1)[0] ?? '',
      );
    }
  };
  const { values, positionals: words } = read();
  if ((values as Record<string, unknown>)['help'] === true) {
    process.stdout.write(usage);
    process.exit(0);
  }
  if (!takesWords && words.length > 0) refuse(`There is nothing called ${words.join(' ')}`);
  const whole = (name: string, min: number, max: number): number => {
    const text = String((values as Record<string, unknown>)[name]);
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= min && number <= max) return number;
    return refuse(`--${name} must be a whole number from ${min} to ${max}: ${text}`);
  };
  return { values, words, whole, refuse } as unknown as Asked<O>;
}
