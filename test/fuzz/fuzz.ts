import { parseArgs } from 'node:util';
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

/**
 * Feeds parsers with inputs that no device sends, by a seed.
 *
 *     npm run fuzz -- [target ...] [--inputs 1000000] [--seed 1] [--from 0]
 */
function main(): number {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      inputs: { type: 'string', default: '100000' },
      seed: { type: 'string', default: '1' },
      from: { type: 'string', default: '0' },
    },
  });
  const [inputs, seed, from] = [values.inputs, values.seed, values.from].map(Number);
  const names = positionals.length > 0 ? positionals : Object.keys(targets);
  const unknown = names.filter((name) => targets[name] === undefined);
  if (unknown.length > 0 || !(Number(inputs) > 0) || Number.isNaN(seed) || !(Number(from) >= 0)) {
    say(
      `There are ${Object.keys(targets).join(', ')}; --inputs, --seed and --from are whole numbers`,
    );
    return 2;
  }
  for (const name of names) {
    const target = targets[name]?.();
    if (target === undefined) continue;
    try {
      const result = fuzz(target, {
        seed: Number(seed),
        inputs: Number(inputs),
        from: Number(from),
      });
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
