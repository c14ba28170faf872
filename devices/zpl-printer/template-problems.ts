import { didYouMean } from '../../src/config/did-you-mean.ts';
import { qrPrefix } from './label-symbol.ts';
import { whyForbidden, type ZplCommand } from './zpl.ts';

export const placeholder = /\{\{([a-z][A-Za-z0-9]*)(\??)\}\}/g;

interface Finding {
  readonly at: ZplCommand;
  readonly problem: string;
}

/** Widest print of any printer that takes ZPL, and a label of a meter, in dots of 24 per mm. */
const sideDotsMax = 32_000;

/** All that is wrong with the commands of a template by themselves, in their order. */
export function problemsOf(commands: readonly ZplCommand[]): readonly Finding[] {
  const found = commands.flatMap((at) => commandProblems(at).map((problem) => ({ at, problem })));
  return [...found, ...balance(commands), ...places(commands)];
}

function commandProblems(command: ZplCommand): string[] {
  const { name, parameters } = command;
  const forbidden = whyForbidden(command);
  const problems = forbidden === undefined ? [] : [forbidden];
  if (name === 'FH') problems.push('^FH is put in by itself');
  const values = parameters.split(',').map((value) => value.trim());
  if (name === 'BC' && !/^[ADU]$/.test(values[5] ?? '')) {
    problems.push('^BC needs a mode as its 6th parameter: A any text, D GS1 elements, U an SSCC');
  }
  if (name === 'BX' && values[2] !== '200') {
    problems.push('^BX needs quality 200 as its 3rd parameter');
  }
  if (name === 'BX' && values[6] !== '_') {
    problems.push('^BX needs _ as its 7th parameter, the escape');
  }
  if (
    name === 'BQ' &&
    (values[0] !== 'N' || values[1] !== '2' || !/^[1-9][0-9]?$/.test(values[2] ?? ''))
  ) {
    problems.push('^BQ needs N,2 and a magnification');
  }
  return [...problems, ...dataProblems(command)];
}

function dataProblems({ name, parameters }: ZplCommand): string[] {
  const isData = name === 'FD';
  const problems: string[] = [];
  if (isData && /[\r\n]/.test(parameters)) {
    problems.push('the data of a field goes over a line end');
  }
  const rest = isData ? parameters.replaceAll(placeholder, '') : parameters;
  if (/\{\{|\}\}/.test(rest)) {
    problems.push(isData ? 'is no {{name}}' : 'only the data of a field (^FD) may hold {{name}}');
  }
  return problems;
}

type Open = 'none' | 'field' | 'data';
const unended = 'the field before it does not end: ^FS is missing';
/** A field is `^FO` or `^FT`, its commands, at most one `^FD`, and `^FS`. */
const steps: Readonly<
  Record<string, { readonly from: readonly Open[]; readonly to: Open; readonly problem: string }>
> = {
  FO: { from: ['none'], to: 'field', problem: unended },
  FT: { from: ['none'], to: 'field', problem: unended },
  FD: { from: ['field'], to: 'data', problem: '^FD needs ^FO or ^FT before it, and no other ^FD' },
  FS: { from: ['field', 'data'], to: 'none', problem: '^FS ends no field' },
  XZ: { from: ['none'], to: 'none', problem: unended },
};

function balance(commands: readonly ZplCommand[]): Finding[] {
  let open: Open = 'none';
  return commands.flatMap((at, index) => {
    const step = steps[at.name];
    if (step === undefined) return isUnmarkedQr(commands, index) ? [qrFinding(at)] : [];
    const isAllowed = step.from.includes(open);
    open = step.to;
    return isAllowed ? [] : [{ at, problem: step.problem }];
  });
}

const isUnmarkedQr = (commands: readonly ZplCommand[], index: number): boolean => {
  const data = commands.slice(index).find(({ name }) => name === 'FD' || name === 'FS');
  return commands[index]?.name === 'BQ' && !data?.parameters.startsWith(qrPrefix);
};
const qrFinding = (at: ZplCommand): Finding => ({
  at,
  problem: `the data of a QR code begin with ${qrPrefix}`,
});

const numbersOf = (command: ZplCommand | undefined): readonly [number, number] => {
  const [first = Number.NaN, second = Number.NaN] = (command?.parameters ?? '')
    .split(',')
    .map(Number);
  return [first, second];
};

/** What would be printed beside the label; `^PW` and `^LL` say how large that is. */
function places(commands: readonly ZplCommand[]): Finding[] {
  const [first] = commands;
  const [widthDots, heightDots] = ['PW', 'LL'].map(
    (side) => numbersOf(commands.find(({ name }) => name === side))[0],
  ) as [number, number];
  const isSize = (dots: number) => dots >= 1 && dots <= sideDotsMax;
  if (first && !(isSize(widthDots) && isSize(heightDots))) {
    return [{ at: first, problem: 'needs ^PW and ^LL, the width and length in dots' }];
  }
  return commands.flatMap((at, index) => {
    const isOrigin = ({ name }: ZplCommand) => name === 'FO' || name === 'FT';
    const [x, y] = numbersOf(commands.slice(0, index + 1).findLast(isOrigin));
    const [across, along] = numbersOf(at);
    const ends = {
      FO: [x, y],
      FT: [x, y],
      GB: [x + across, y + along],
      FB: [x + across, y],
    } as const;
    const [right, lower] = ends[at.name as keyof typeof ends] ?? [0, 0];
    const isInside = right >= 0 && lower >= 0 && right <= widthDots && lower <= heightDots;
    return isInside ? [] : [{ at, problem: `^${at.name} lies outside of ^PW and ^LL` }];
  });
}

/** Values that stand in the template to try it with: `^FX sample name=value`, one a line. */
export function samplesOf(
  commands: readonly ZplCommand[],
): ReadonlyMap<string, { value: string; at: ZplCommand }> {
  return new Map(
    commands.flatMap((at) => {
      const [, name, value] = /^ sample ([A-Za-z0-9]+)=(.*?)\s*$/.exec(at.parameters) ?? [];
      return at.name === 'FX' && name !== undefined && value !== undefined
        ? [[name, { value, at }] as const]
        : [];
    }),
  );
}

/** Placeholders without a sample, and samples that no placeholder uses: one of both is mistyped. */
export function sampleProblems(commands: readonly ZplCommand[]): readonly Finding[] {
  const samples = samplesOf(commands);
  const used = new Map(
    commands
      .filter(({ name }) => name === 'FD')
      .flatMap((at) =>
        [...at.parameters.matchAll(placeholder)].map(([, name = '']) => [name, at] as const),
      ),
  );
  const lacking = [...used]
    .filter(([name]) => !samples.has(name))
    .map(([name, at]) => {
      const hint = didYouMean(name, samples.keys());
      return { at, problem: `{{${name}}} has no line "^FX sample ${name}=..."${hint}` };
    });
  const idle = [...samples]
    .filter(([name]) => !used.has(name))
    .map(([name, { at }]) => {
      const hint = didYouMean(name, used.keys());
      return { at, problem: `no field uses the sample "${name}"${hint}` };
    });
  return [...lacking, ...idle];
}
