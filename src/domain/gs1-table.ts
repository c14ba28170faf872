/** One part of an element's value, with the checks that it must pass. */
export interface Component {
  /** `digits`: 0 to 9. `cset82`: the GS1 character set for serial and batch numbers. */
  readonly characters: 'digits' | 'cset82';
  readonly lengthMin: number;
  readonly lengthMax: number;
  readonly check?: 'checkDigit' | 'date' | 'dateOrMonth' | 'hourMinute' | 'pieceOfTotal';
}

export interface ElementKind {
  /** Ends by its length alone, also with another element right after it: no separator is needed. */
  readonly isPredefined: boolean;
  readonly components: readonly Component[];
  /** Of each group, at least one must be there too. `310n` stands for 3100 to 3109. */
  readonly needs: readonly (readonly string[])[];
  /** None of these may be there. An element never excludes itself. */
  readonly excludes: readonly string[];
}

type Rules = { readonly needs?: readonly string[][]; readonly excludes?: readonly string[] };

const digits = (length: number, check?: Component['check']): Component => ({
  characters: 'digits',
  lengthMin: length,
  lengthMax: length,
  ...(check && { check }),
});
const upTo = (lengthMax: number, characters: Component['characters'] = 'cset82'): Component => ({
  characters,
  lengthMin: 1,
  lengthMax,
});
const kind = (isPredefined: boolean, components: Component[], rules: Rules): ElementKind => ({
  isPredefined,
  components,
  needs: rules.needs ?? [],
  excludes: rules.excludes ?? [],
});
const predefined = (component: Component, rules: Rules = {}) => kind(true, [component], rules);
const separated = (components: Component[], rules: Rules = {}) => kind(false, components, rules);

const ofItem = { needs: [['01', '02', '03', '8006', '8026']] };
const ofTradeUnit = { needs: [['01', '02', '03']] };
const ofPiece = { excludes: ['01', '37'] };
const date = digits(6, 'dateOrMonth');
const gln = predefined(digits(13, 'checkDigit'));

/** The last digit of these identifiers tells how many decimals the value has. */
const perDecimals = (ai: string, of: ElementKind): readonly (readonly [string, ElementKind])[] =>
  ['0', '1', '2', '3', '4', '5'].map((decimals) => [`${ai}${decimals}`, of] as const);

/**
 * The application identifiers that a warehouse meets on load units and cartons.
 * An identifier that is not here is an error: where the length of one element is
 * not known, nothing after it can be believed.
 *
 * Source: gs1/gs1-syntax-dictionary (Apache-2.0), release 2026-01-27; GS1 General
 * Specifications, figure 7.8.5-2 (predefined lengths).
 */
export const elementKinds: ReadonlyMap<string, ElementKind> = new Map<string, ElementKind>([
  ['00', predefined(digits(18, 'checkDigit'))],
  ['01', predefined(digits(14, 'checkDigit'), { excludes: ['02', '03', '255', '37'] })],
  ['02', predefined(digits(14, 'checkDigit'), { needs: [['37']], excludes: ['01', '03'] })],
  ['03', predefined(digits(14, 'checkDigit'), { excludes: ['01', '02', '37'] })],
  ['10', separated([upTo(20)], ofItem)],
  ['11', predefined(date, ofItem)],
  ['13', predefined(date, ofItem)],
  ['15', predefined(date, ofItem)],
  ['16', predefined(date, ofItem)],
  ['17', predefined(date, { needs: [['01', '02', '03', '255', '8006', '8026']] })],
  ['20', predefined(digits(2), ofItem)],
  ['21', separated([upTo(20)], { needs: [['01', '03', '8006']], excludes: ['235'] })],
  ['240', separated([upTo(30)], ofItem)],
  ['241', separated([upTo(30)], ofItem)],
  ['30', separated([upTo(8, 'digits')], ofTradeUnit)],
  ...perDecimals('310', predefined(digits(6), { needs: [['01', '02']], excludes: ['310n'] })),
  ...perDecimals('330', predefined(digits(6), { needs: [['00', '01']], excludes: ['330n'] })),
  ['37', separated([upTo(8, 'digits')], { needs: [['00'], ['02', '8026']] })],
  ['400', separated([upTo(30)])],
  ['402', separated([digits(17, 'checkDigit')])],
  ['403', separated([upTo(30)], { needs: [['00']] })],
  ['410', gln],
  ['411', gln],
  ['412', gln],
  ['413', gln],
  ['414', gln],
  ['415', predefined(digits(13, 'checkDigit'), { needs: [['8020']] })],
  ['416', gln],
  ['417', gln],
  ['420', separated([upTo(20)], { excludes: ['421'] })],
  ['7003', separated([digits(6, 'date'), digits(4, 'hourMinute')], ofTradeUnit)],
  ['8006', separated([digits(14, 'checkDigit'), digits(4, 'pieceOfTotal')], ofPiece)],
  ['8020', separated([upTo(25)], { needs: [['415']] })],
  ['90', separated([upTo(30)])],
  ...['91', '92', '93', '94', '95', '96', '97', '98', '99'].map(
    (ai) => [ai, separated([upTo(90)])] as const,
  ),
]);

/** Identifiers have 2 to 4 digits; the table holds no identifier that begins another one. */
export const aiLengths = [2, 3, 4] as const;
