/** One line of a Dockerfile: `RUN`, its flags (`--from=check`), and the rest. */
export interface Instruction {
  readonly name: string;
  readonly flags: readonly string[];
  readonly rest: string;
}

export interface Stage {
  readonly from: string;
  readonly as: string | undefined;
  readonly steps: readonly Instruction[];
}

/** Reads a Dockerfile without continued lines and without here-documents. */
export function readStages(text: string): readonly Stage[] {
  const stages: { from: string; as: string | undefined; steps: Instruction[] }[] = [];
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const step = readStep(line);
    const [from = '', , as] = step.rest.split(' ');
    if (step.name === 'FROM') stages.push({ from, as, steps: [] });
    else stages.at(-1)?.steps.push(step);
  }
  return stages;
}

function readStep(line: string): Instruction {
  const [, name, flags = '', rest = ''] = /^([A-Z]+) ((?:--\S+ )*)(.*)$/.exec(line) ?? [];
  if (name === undefined || rest.endsWith('\\')) throw new Error(`Not an instruction: ${line}`);
  return { name, flags: flags.split(' ').filter(Boolean), rest };
}

export const stepsOf = ({ steps }: Stage, name: string): readonly Instruction[] =>
  steps.filter((step) => step.name === name);

/** The words of an exec form, such as `["node", "app.ts"]`. */
export const words = ({ rest }: Instruction): readonly string[] =>
  JSON.parse(rest.replace(/^CMD /, ''));

/**
 * What a `.dockerignore` lets in that begins with `*`: names of the top level.
 *
 * @throws when it is of another kind
 */
export function admitted(dockerignore: string): readonly string[] {
  const [first, ...patterns] = dockerignore
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (first !== '*') throw new Error('The first pattern must keep everything out');
  return patterns.map((pattern) => {
    const [, name] = /^!([a-z.-]+)$/.exec(pattern) ?? [];
    if (name === undefined) throw new Error(`Not a name of the top level: ${pattern}`);
    return name;
  });
}
