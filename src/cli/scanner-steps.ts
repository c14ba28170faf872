import type { ScannerMaker } from '../config/scanner-presets.ts';

/** How one setting of a scanner is made. Contents of set-up codes are only here where the maker's manual has them. */
export interface SetupStep {
  readonly setting: string;
  /** Sent over the serial line or the network; control characters as `<CR>`. */
  readonly command?: string;
  /** Where it stands in the maker's menu, software or book of set-up codes. */
  readonly menu: string;
  /** Document that `command` is from. */
  readonly source?: string;
}

const honeywell = 'Honeywell Xenon, N3680 and 1450g user guides, Serial Programming Commands';
const microscan = "Omron Microscan MS-9 and MicroHAWK user's manuals, Serial Commands";
const keyence = "Keyence SR-750 user's manual p. 71, N-410 user's manual p. 94";
const cognex = 'Cognex DataMan Communications and Programming Guide (DMCC)';

const inBook = (entry: string) =>
  `Scan the maker's set-up code "${entry}" from the book of this very model.`;
const inTool = (tool: string, entry: string) => `${tool}: ${entry}`;

/** What to set for each preset, in the order of doing it. */
export const setupSteps: Readonly<Record<ScannerMaker, readonly SetupStep[]>> = {
  keyence: [
    {
      setting: 'Header none, terminator CR',
      menu: inTool('AutoID Network Navigator', 'data format, header and terminator'),
    },
    {
      setting: 'Read error text ERROR',
      menu: inTool('AutoID Network Navigator', 'read error string'),
    },
    {
      setting: 'Symbology identifier (AIM) before the data',
      menu: inTool('AutoID Network Navigator', 'append data'),
    },
    {
      setting: 'Try the trigger',
      command: 'LON<CR>',
      menu: 'then LOFF<CR>; it answers OK,LON',
      source: keyence,
    },
  ],
  sick: [
    {
      setting: 'Start STX, stop ETX',
      menu: inTool('SOPAS', 'output format, header and terminator'),
    },
    { setting: 'No-read text NoRead', menu: inTool('SOPAS', 'output format, block for no read') },
    {
      setting: 'AIM identifier before the code',
      menu: inTool('SOPAS', 'output format, code information'),
    },
    {
      setting: 'Trigger by command, CoLa A',
      command: '<STX>sMN mTCgateon<ETX>',
      menu: inTool('SOPAS', 'object trigger, by SOPAS command'),
      source: 'SICK CoLa A telegrams',
    },
  ],
  cognex: [
    { setting: 'No header, terminator CR LF', menu: inTool('Setup Tool', 'format data, standard') },
    {
      setting: 'A no-read text of your own; put the same into noRead',
      menu: inTool('Setup Tool', 'format data, no-read'),
    },
    {
      setting: 'AIM identifier before the code',
      menu: inTool('Setup Tool', 'format data, symbology identifier'),
    },
    {
      setting: 'Try the trigger',
      command: '||>TRIGGER ON<CR><LF>',
      menu: 'then ||>TRIGGER OFF',
      source: cognex,
    },
  ],
  datalogic: [
    {
      setting: 'Header STX, terminator CR LF',
      menu: inTool(
        'DL.CODE (fixed) or the Product Reference Guide',
        'data format, header and terminator',
      ),
    },
    {
      setting: 'A no-read text of your own; put the same into noRead',
      menu: inTool('DL.CODE', 'output setup, no read message'),
    },
    { setting: 'Global AIM ID: prefix', menu: inBook('Global AIM ID = Prefix') },
    { setting: 'Interface of a handheld: RS-232 or USB-COM', menu: inBook('Interface Selection') },
  ],
  microscan: [
    {
      setting: 'No-read text NOREAD',
      command: '<K714,1,NOREAD><Z>',
      menu: inTool('WebLink or ESP', 'symbol output, no read'),
      source: microscan,
    },
    {
      setting: 'Preamble none, postamble CR',
      menu: inTool('WebLink or ESP', 'output format, preamble and postamble'),
    },
    { setting: 'AIM identifier before the code', menu: inTool('WebLink or ESP', 'output format') },
    {
      setting: 'USB: HID POS, where it is on USB',
      menu: inTool('WebLink or ESP', 'communications, USB'),
    },
  ],
  honeywell: [
    {
      setting: 'Suffix CR behind every code',
      command: '<SYN>M<CR>VSUFCR.',
      menu: inBook('Add CR Suffix All Symbologies'),
      source: honeywell,
    },
    {
      setting: 'AIM I.D. as prefix for all symbologies',
      menu:
        inBook('Add Prefix') +
        ' Then 9, 9 for all symbologies, and the characters of the AIM I.D. from its table.',
    },
    { setting: 'No Read on, where it stands at a point', menu: inBook('Show No Read') },
    {
      setting: 'USB: HID POS (terminal 131), or USB serial (130)',
      command: '<SYN>M<CR>TERMID131.',
      menu: inBook('USB HID'),
      source: 'Honeywell Xenon user guide, terminal ID table',
    },
    {
      setting: 'Try the trigger',
      command: '<SYN>T<CR>',
      menu: 'then <SYN>U<CR>',
      source: honeywell,
    },
  ],
  zebra: [
    {
      setting: 'Suffix CR behind every code',
      menu:
        inBook('Scan Data Transmission Format: data, suffix') +
        ' The suffix is Enter, as it leaves the factory.',
    },
    { setting: 'Code ID character: AIM', menu: inBook('Transmit Code ID Character: AIM Code ID') },
    {
      setting: 'No Read: transmit, where it stands at a point',
      menu: inBook('Transmit "No Read" Message: enable'),
    },
    {
      setting: 'USB device type: CDC serial, or HID POS where the model has it',
      menu: inBook('USB Device Type'),
    },
  ],
};
