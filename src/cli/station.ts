import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import type { StationView } from '../ports/reader.ts';
import { get, level, newKey, type Write, write } from './client.ts';
import { CommandFailure } from './failure.ts';
import { bothText, type Common, common, plain, say, show, table } from './output.ts';

const help = `
Each line that is typed or scanned is a scan at the station. A line that begins with / answers:
  /done               a choice of the step
  /short 2 damaged    a choice with a quantity and a reason
An empty line shows the step again. The end of the input ends it.`;

export function register(program: Command): void {
  program
    .command('station [station]')
    .description(
      'work at a station: shows the step, takes each line as a scan; without a name, lists the stations',
    )
    .addHelpText('after', help)
    .action(async (station: string | undefined, _: object, command: Command) => {
      const site = common(command);
      if (station === undefined) return list(site);
      const view = await viewOf(site, station);
      show(site, view, () => stepText(view));
      await work(site, view);
    });
}

async function list(site: Common): Promise<void> {
  const page = await get<{ items: readonly StationView[] }>(site, '/stations');
  show(site, page, ({ items }) =>
    table(items, {
      station: (row) => bothText(row.station, row.hostCode),
      step: (row) => row.title,
      'load unit': (row) => row.loadUnit,
      order: (row) => row.order,
      since: (row) => row.since,
      coming: (row) => row.coming,
    }),
  );
}

const viewOf = (site: Common, station: string): Promise<StationView> =>
  get<StationView>(site, `/stations/${level(station)}`);

/** One line after the other, so that what is scanned faster than it is answered keeps its order. */
async function work(site: Common, first: StationView): Promise<void> {
  let view = first;
  for await (const raw of createInterface({ input: process.stdin })) {
    const line = raw.trim();
    if (line !== '') say(site, await tell(site, requestOf(view, line)));
    view = await viewOf(site, view.station);
    show(site, view, () => stepText(view));
  }
}

/** @throws {CommandFailure} when nobody could be asked; a refusal is what the station says */
async function tell(site: Common, request: Write): Promise<string> {
  try {
    return (await write<{ readonly text: string }>(site, request)).data.text;
  } catch (error) {
    const isRefusal = error instanceof CommandFailure && error.code !== undefined;
    if (!isRefusal) throw error;
    return error.message;
  }
}

function requestOf({ station, step }: StationView, line: string): Write {
  const path = `/stations/${level(station)}`;
  if (!line.startsWith('/')) {
    return { method: 'POST', path: `${path}/scan`, body: { code: line }, key: newKey() };
  }
  const [choice = '', ...more] = line.slice(1).split(/\s+/);
  const qty = more.find((word) => /^[0-9]+$/.test(word));
  const reason = more.find((word) => !/^[0-9]+$/.test(word));
  const body = {
    choice,
    ...(step !== undefined && { step }),
    ...(qty !== undefined && { qty: Number(qty) }),
    ...(reason !== undefined && { reason }),
  };
  return { method: 'POST', path: `${path}/answer`, body, key: newKey() };
}

const stepText = (view: StationView): string =>
  [
    `${bothText(view.station, view.hostCode)}  ${view.title}`,
    plain(view.instruction),
    ...view.choices.map(({ choice, text, needs }) => {
      const more = needs.map((need) => ` <${need}>`).join('');
      return `  /${choice}${more}  ${text}`;
    }),
    ...(view.coming > 0 ? [`${view.coming} more on the way`] : []),
  ].join('\n');
