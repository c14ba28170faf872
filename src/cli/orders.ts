import type { Command } from 'commander';
import type { OrderData } from '../contract/messages.ts';
import type { Page } from '../ports/reader.ts';
import { get, level } from './client.ts';
import { registerCancel, registerCreate } from './orders-write.ts';
import { common, placeText, say, show, table } from './output.ts';
import { tellWhy } from './why.ts';

interface Filter {
  readonly status?: string[];
  readonly after?: string;
  readonly limit?: string;
}

export function register(program: Command): void {
  const orders = program.command('orders').description('what hosts and people want moved');
  orders
    .command('ls')
    .description('list orders')
    .option('--status <status...>', 'such as queued active needsOperator')
    .option('--after <cursor>', 'next page')
    .option('--limit <n>', 'rows of a page, up to 500')
    .action(async ({ status, after, limit }: Filter, command: Command) => {
      const site = common(command);
      const page = await get<Page<OrderData>>(site, '/orders', { status, after, limit });
      show(site, page, ({ items }) => ordersTable(items));
      if (page.next !== undefined) say(site, `There is more: --after ${page.next}`);
    });
  orders
    .command('show <order>')
    .description('one order with its lines')
    .action(async (id: string, _: unknown, command: Command) => {
      const site = common(command);
      show(site, await get<OrderData>(site, `/orders/${level(id)}`), orderText);
    });
  orders
    .command('why <order>')
    .description('why an order is as it is, newest first')
    .action((id: string, _: unknown, command: Command) => tellWhy(common(command), id));
  registerCreate(orders);
  registerCancel(orders);
}

const ordersTable = (orders: readonly OrderData[]): string =>
  table(orders, {
    order: (row) => row.order,
    kind: (row) => row.kind,
    status: (row) => row.status,
    revision: (row) => row.revision,
    host: (row) => row.host,
    'load units': (row) => row.loadUnits?.join(' '),
    station: (row) => placeText(row, 'station'),
    location: (row) => placeText(row, 'location'),
    reason: (row) => row.reasons?.map(({ code, detail }) => `${code}: ${detail}`).join('; '),
  });

const orderText = (order: OrderData): string =>
  order.lines === undefined
    ? ordersTable([order])
    : [
        ordersTable([order]),
        '',
        table(order.lines, {
          line: (row) => row.line,
          sku: (row) => row.sku,
          qty: (row) => row.qty,
          done: (row) => row.qtyDone,
          short: (row) => row.qtyShort,
          lot: (row) => row.lot,
          expiry: (row) => row.expiry,
        }),
      ].join('\n');
