import { scriptOptions } from '../lib/script-options.ts';
import { labelsFuzz } from './labels.ts';
import { modbusRtuFuzz, modbusTcpFuzz, registersFuzz } from './modbus.ts';
import { printerFuzz } from './printer.ts';
import { scannerFuzz } from './scanner.ts';
import { type FuzzTarget, fuzz } from './target.ts';

/** Every parser that is fuzzed; another one is another row. */
const targets: Readonly<Record<string, () => FuzzTarget>> = {
  labels: labelsFuzz,
  printer: printerFuzz,
  scanner: scannerFuzz,
  'modbus-tcp': modbusTcpFuzz,
  'modbus-rtu': modbusRtuFuzz,
  registers: registersFuzz,
};

const usage = `Feeds parsers with inputs that no device sends, by a seed.

  npm run fuzz -- [target ...] [--inputs N] [--seed S] [--from N]

  target       ${Object.keys(targets).join(', ')}; default: all of them
  --inputs N   so many for each; default 100000
  --seed S     default 1
  --from N     the number of the first input, to begin where a failure was; default 0
`;

function main(): number {
  const { words, whole, refuse } = scriptOptions(
    usage,
    {
      inputs: { type: 'string', default: '100000' },
      seed: { type: 'string', default: '1' },
      from: { type: 'string', default: '0' },
    },
    { takesWords: true },
  );
  const [inputs, from] = [whole('inputs', 1, 1e12), whole('from', 0, 1e12)];
  const seed = whole('seed', 0, 0xffff_ffff);
  const names = words.length > 0 ? words : Object.keys(targets);
  const unknown = names.filter((name) => targets[name] === undefined);
  if (unknown.length > 0) refuse(`There is no target ${unknown.join(', ')}`);
  for (const name of names) {
    const target = targets[name]?.();
    if (target === undefined) continue;
    try {
      const result = fuzz(target, { seed, inputs, from });
      say(`${name}: ${target.doc}`);
      say(JSON.stringify({ seed, ...result, grownMb: Math.round(result.grownMb) }));
    } catch (error) {
      say(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      return 1;
    }
  }
  return 0;
}

const say = (line: string) => process.stdout.write(`${line}\n`);

process.exitCode = main();
