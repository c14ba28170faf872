import { type Command, InvalidArgumentError } from 'commander';
import { didYouMean } from '../config/did-you-mean.ts';
import { type ScannerMaker, scannerPresets } from '../config/scanner-presets.ts';
import { common, print } from './output.ts';

export function register(program: Command): void {
  program
    .command('scanner')
    .description('setting up bar code scanners')
    .command('sheet')
    .argument('<preset>', `maker: ${Object.keys(scannerPresets).join(', ')}`, makerOf)
    .description(
      'a page to print: what to set, what to look at, codes to scan; HTML, or data with --json',
    )
    .action(async (maker: ScannerMaker, _: object, command: Command) => {
      const { scannerSheet, sheetPage } = await import('./scanner-sheet.ts');
      const sheet = scannerSheet(maker);
      const { json = false } = common(command);
      print((json ? JSON.stringify(sheet, undefined, 2) : sheetPage(sheet)).trimEnd());
    });
}

function makerOf(text: string): ScannerMaker {
  if (Object.hasOwn(scannerPresets, text)) return text as ScannerMaker;
  const known = Object.keys(scannerPresets);
  throw new InvalidArgumentError(`One of ${known.join(', ')}${didYouMean(text, known)}.`);
}
