import type { Command } from 'commander';
import type { StockLine } from '../contract/messages.ts';
import type { Page, SignalView, SlottingView } from '../ports/reader.ts';
import { get, level } from './client.ts';
import { common, placeText, say, show, table } from './output.ts';
import { act, withKey } from './write-verb.ts';

interface Filter {
  readonly by?: string;
  readonly sku?: string;
  readonly lot?: string;
  readonly loadUnit?: string;
  readonly location?: string;
  readonly after?: string;
  readonly limit?: string;
}

export function register(program: Command): void {
  const stock = program.command('stock').description('what is where, and whether it is');
  signals(stock);
  slotting(stock);
  withKey(stock.command('check <location>'))
    .description('have the crane look into a cell, which is closed until books and crane agree')
    .action((location: string, _: object, command: Command) =>
      act(command, `/cells/${level(location)}/check`),
    );
  stock
    .command('ls')
    .description('list stock')
    .option('--by <what>', 'loadUnit or sku')
    .option('--sku <sku>')
    .option('--lot <lot>')
    .option('--load-unit <loadUnit>')
    .option('--location <place>')
    .option('--after <cursor>', 'next page')
    .option('--limit <n>', 'rows of a page, up to 500')
    .action(async (filter: Filter, command: Command) => {
      const site = common(command);
      const { by, sku, lot, loadUnit, location, after, limit } = filter;
      const query = { by, sku, lot, loadUnit, location, after, limit };
      const page = await get<Page<StockLine>>(site, '/stock', query);
      show(site, page, ({ items }) => stockTable(items));
      if (page.next !== undefined) say(site, `There is more: --after ${page.next}`);
    });
}

interface SignalFilter {
  readonly sku?: string;
  readonly after?: string;
  readonly limit?: string;
}

function signals(stock: Command): void {
  stock
    .command('signals')
    .description('how SKUs stand: class, demand, cover, and which signals are on')
    .option('--sku <sku>')
    .option('--after <cursor>', 'next page')
    .option('--limit <n>', 'rows of a page, up to 500')
    .action(async ({ sku, after, limit }: SignalFilter, command: Command) => {
      const site = common(command);
      const page = await get<Page<SignalView>>(site, '/signals', { sku, after, limit });
      show(site, page, ({ items }) => signalTable(items));
      if (page.next !== undefined) say(site, `There is more: --after ${page.next}`);
    });
}

function slotting(stock: Command): void {
  stock
    .command('slotting')
    .description('which SKUs stand outside the region of their class, and what moves would save')
    .option('--limit <n>', 'SKUs, up to 500')
    .action(async ({ limit }: { readonly limit?: string }, command: Command) => {
      const site = common(command);
      const view = await get<SlottingView>(site, '/slotting', { limit });
      show(site, view, ({ items }) => adviceTable(items));
      for (const line of saidOf(view)) say(site, line);
    });
}

function* saidOf({ total, leftOff, isCut, unknown, why }: SlottingView): Generator<string> {
  if (why !== undefined) return yield `Nothing can be advised: ${why}.`;
  const { skus, moves, gainSPerDay, costS } = total;
  yield `${skus} SKUs: ${moves} moves of ${costS} s in all would save ${gainSPerDay} s of cranes a day.`;
  if (leftOff > 0) yield `${leftOff} more are not shown: --limit ${Math.min(skus, 500)}.`;
  if (isCut) yield 'No more moves are advised at a time: SKUs wanted less were not looked at.';
  if (unknown > 0) yield `Of ${unknown} SKUs in stock nobody knows the demand.`;
}

const adviceTable = (advice: SlottingView['items']): string =>
  table(advice, {
    sku: (row) => row.sku,
    abc: (row) => row.abcClass,
    class: (row) => row.storageClass,
    'taken a day': (row) => row.takenPerDay,
    'load units': (row) => row.loadUnits,
    moves: (row) => row.moves,
    'way s': (row) => row.travelNowS,
    'then s': (row) => row.travelThenS,
    'saves s a day': (row) => row.gainSPerDay,
    'costs s': (row) => row.costS,
    'paid back in days': (row) => row.daysToPayBack,
  });

const signalTable = (books: readonly SignalView[]): string =>
  table(books, {
    sku: (book) => book.sku,
    class: (book) => book.abcClass,
    'on hand': (book) => book.onHand,
    reserved: (book) => book.reserved,
    reachable: (book) => book.reachable,
    'per day': (book) => book.demandPerDay.toFixed(1),
    'days left': (book) => book.daysOfCover?.toFixed(1),
    'safety stock': (book) => book.safetyStock,
    'reorder point': (book) => book.reorderPoint,
    order: (book) => book.qty,
    call: (book) => book.calls?.map(({ station, callAt }) => `${station} by ${callAt}`).join(', '),
    on: (book) =>
      [
        ...book.active.filter((name) => name !== 'abcClass'),
        ...(book.calls ?? [])
          .filter(({ active }) => active)
          .map(({ station }) => `justInTimeCall:${station}`),
      ].join(' '),
  });

const stockTable = (lines: readonly StockLine[]): string =>
  table(lines, {
    sku: (line) => line.sku,
    qty: (line) => line.qty,
    reserved: (line) => line.reserved,
    reachable: (line) => line.reachable,
    status: (line) => line.stockStatus,
    lot: (line) => line.lot,
    expiry: (line) => line.expiry,
    'load unit': (line) => line.loadUnit,
    location: (line) => placeText(line, 'location'),
  });
