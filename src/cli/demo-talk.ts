import { machineClock as clock } from '../machine/clock.ts';
import type { DemoOptions } from './demo.ts';
import type { Demo } from './demo-site.ts';

const lookEveryMs = 100;

/** What runs, and where. */
export function greet(demo: Demo, options: DemoOptions, talk: (line: string) => void): void {
  const { craneway, simulated } = demo;
  const { site } = simulated;
  const cells = site.aisles.reduce((sum, a) => sum + a.bays * a.levels * a.depths * 2, 0);
  talk(
    `Demo site: ${site.aisles.length} aisle with ${cells} cells, 1 crane, conveyors, ` +
      `${simulated.scanners.size} scanners, ${simulated.printers.size} printer, ${simulated.mqtt.lights.size} stack light, ` +
      `host (all simulated, ${options.speed}x)`,
  );
  talk(`API    http://${craneway.http.host}:${craneway.http.port}/api/v1/status`);
  talk(`MQTT   mqtt://127.0.0.1:${demo.brokerPort} (embedded)`);
  talk(`Faults ${demo.controlUrl}/faults (craneway sim faults)`);
  talk(`Data   ${options.data} (delete it to start over)`);
  for (const remark of simulated.remarks) talk(`Note   ${remark}`);
  talk('Craneway performs no safety function. Ctrl-C stops.');
}

/** A line for every tote that has come somewhere, from the events that the host gets. */
export function narrate({ craneway }: Demo, talk: (line: string) => void): () => void {
  const { ledger, reader } = craneway;
  let told = ledger.lastSequence();
  const look = () => {
    for (const { sequence, name, atMs, data } of ledger.read(told + 1, 200)) {
      told = sequence;
      const { kind, loadUnit, from, to, order } = data as Record<string, string | undefined>;
      const time = new Intl.DateTimeFormat('sv', { timeStyle: 'medium' }).format(atMs);
      const wanted = order === undefined ? '' : ` for ${order}`;
      if (name === 'movement') talk(`${time}  ${loadUnit} ${kind}: ${from} -> ${to}${wanted}`);
    }
    for (const { discrepancy, text } of reader.discrepancies('open')) {
      if (discrepancy <= asked) continue;
      asked = discrepancy;
      talk(`          ? ${text}`);
    }
    cancel = clock.after(lookEveryMs, look);
  };
  let cancel = () => {};
  let asked = Math.max(0, ...reader.discrepancies('all').map(({ discrepancy }) => discrepancy));
  look();
  return () => cancel();
}
