import { expect, test } from 'vitest';
import { modbusRtuFuzz, modbusTcpFuzz, registersFuzz } from './modbus.ts';
import { fuzz } from './target.ts';

test.each([
  ['Modbus TCP', modbusTcpFuzz],
  ['Modbus RTU', modbusRtuFuzz],
  ['registers', registersFuzz],
])('%s: whatever comes in, nothing is believed that was not sent', (_, target) => {
  const { counts } = fuzz(target(), { seed: 20_262, inputs: 5_000 });
  for (const [what, count] of Object.entries(counts)) expect(count, what).toBeGreaterThan(100);
});
