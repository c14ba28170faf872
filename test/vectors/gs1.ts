/** GS separator, as a scanner sends it for an FNC1 that is not the first. */
const gs = '\x1d';

/**
 * Check digits. Sources: GS1 General Specifications 7.9 (worked example 6291041500213);
 * gs1/gs1-syntax-engine `src/c-lib/ai.c`, test_ai_validateParity (2401…, 2112…, 4160…, 0234…).
 */
export const checkDigits: readonly (readonly [payload: string, digit: number])[] = [
  ['629104150021', 3],
  ['10614141123456789', 7],
  ['0950600013435', 2],
  ['2401234567890', 5],
  ['211223378965', 7],
  ['41600033610', 8],
  ['0234568', 0],
  ['12345678901234567', 5],
];

/** [element string, its elements]. Source: gs1-syntax-engine `src/c-lib/ai.c`, unless told. */
export const soundElementStrings: readonly (readonly [
  text: string,
  elements: readonly (readonly [ai: string, value: string])[],
])[] = [
  // GS1 General Specifications 5.4, sample logistic label.
  ['00106141411234567897', [['00', '106141411234567897']]],
  [`${gs}00106141411234567897`, [['00', '106141411234567897']]],
  ['991234', [['99', '1234']]],
  ['0112345678901231', [['01', '12345678901231']]],
  [
    '0112345678901231991234',
    [
      ['01', '12345678901231'],
      ['99', '1234'],
    ],
  ],
  [
    `0112345678901231${gs}991234`,
    [
      ['01', '12345678901231'],
      ['99', '1234'],
    ],
  ],
  [
    '011234567890123110ABC123',
    [
      ['01', '12345678901231'],
      ['10', 'ABC123'],
    ],
  ],
  [
    `400ABC${gs}99DEF${gs}400ABC`,
    [
      ['400', 'ABC'],
      ['99', 'DEF'],
      ['400', 'ABC'],
    ],
  ],
  [
    `91XXX${gs}021234567890123137123${gs}00123456789012345675`,
    [
      ['91', 'XXX'],
      ['02', '12345678901231'],
      ['37', '123'],
      ['00', '123456789012345675'],
    ],
  ],
  [
    `21ABC123${gs}0112345678901231`,
    [
      ['21', 'ABC123'],
      ['01', '12345678901231'],
    ],
  ],
  [
    '21ABC123\x1d8006123456789012310510',
    [
      ['21', 'ABC123'],
      ['8006', '123456789012310510'],
    ],
  ],
  [
    '01950123456789033103000123',
    [
      ['01', '95012345678903'],
      ['3103', '000123'],
    ],
  ],
  // Day 00 is the end of the month where the identifier allows it; it is kept as it is.
  [
    '010950600013435217260200',
    [
      ['01', '09506000134352'],
      ['17', '260200'],
    ],
  ],
  [
    '010950600013435217240229',
    [
      ['01', '09506000134352'],
      ['17', '240229'],
    ],
  ],
  // A separator that is missing cannot be seen.
  [
    '010950600013435210ABC17260101',
    [
      ['01', '09506000134352'],
      ['10', 'ABC17260101'],
    ],
  ],
  [
    `010950600013435270032602282359`,
    [
      ['01', '09506000134352'],
      ['7003', '2602282359'],
    ],
  ],
];

/** [element string, part of what is said about it]. Sources as above, and GS1 General Specifications 3 and 7.8. */
export const unsoundElementStrings: readonly (readonly [text: string, problem: string])[] = [
  ['', 'no element'],
  [gs, 'no element'],
  ['891234', 'Unknown application identifier'],
  ['29ABC', 'Unknown application identifier'],
  ['0412345678901231', 'Unknown application identifier'],
  ['14260101', 'Unknown application identifier'],
  ['99~ABC', '(99) holds a character'],
  ['99ABC~', '(99) holds a character'],
  ['010950600013435210AB#C', '(10) holds a character'],
  ['01A2345678901231', '(01) holds a character'],
  ['0112345678901234', '(01) has a wrong check digit'],
  ['00106141411234567890', '(00) has a wrong check digit'],
  ['011234567890123', '(01) is too short'],
  [`011234567890123${gs}`, '(01) is too short'],
  ['0109506000', '(01) is too short'],
  ['01123456789012312', 'Unknown application identifier'],
  [`00106141411234567897${gs}`, 'Nothing follows the separator'],
  ['10', '(10) is too short'],
  [`10${gs}11260101`, '(10) is too short'],
  ['010950600013435210ABCDEFGHIJKLMNOPQRSTU', '(10) is too long'],
  ['010950600013435217261332', '(17) is no date'],
  ['010950600013435217000000', '(17) is no date'],
  ['010950600013435217260230', '(17) is no date'],
  ['010950600013435217250229', '(17) is no date'],
  ['010950600013435211131313', '(11) is no date'],
  // An expiry time has a day: 00 is not the end of a month here.
  ['010950600013435270032602002359', '(7003) is no date'],
  ['010950600013435270032602282459', '(7003) has no time of day'],
  ['8006123456789012311106', '(8006) has no piece of a total'],
  ['0212345678901231', '(02) needs one of (37)'],
  ['021234567890123137123', '(37) needs one of (00)'],
  ['10ABC', '(10) needs one of'],
  ['21ABC123', '(21) needs one of'],
  ['01123456789012310212345678901231', '(02) may not stand with (01)'],
  ['011234567890123137123', '(01) may not stand with (37)'],
  ['0195012345678903310300012331010000123', 'Unknown application identifier'],
  ['019501234567890331030001233101000123', '(3103) may not stand with (310n)'],
  [`400ABC${gs}400ABCD`, '(400) stands twice with different values'],
  ['9'.repeat(513), 'Longer than'],
];
