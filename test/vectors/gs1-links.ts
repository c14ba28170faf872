type Elements = readonly (readonly [ai: string, value: string])[];

const gtin = '12312312312333';
const sscc: Elements = [['00', '006141411234567890']];
const ofGtin = (...more: Elements): Elements => [['01', gtin], ...more];

/**
 * [address, its elements]. Source: gs1-syntax-engine `src/c-lib/dl.c`, test_dl_parseDLuri, with GTINs of any
 * length as its standard allows; elements that need others in the same symbol were given them.
 */
export const soundLinks: readonly (readonly [link: string, elements: Elements])[] = [
  ['http://a/00/006141411234567890', sscc],
  ['HTTP://a/00/006141411234567890', sscc],
  ['https://a/00/006141411234567890', sscc],
  ['HTTPS://a/00/006141411234567890', sscc],
  [`https://xn--fsq.xn--0zwm56d/01/${gtin}`, ofGtin()],
  [`https://a./01/${gtin}`, ofGtin()],
  [`https://a:65535/01/${gtin}`, ofGtin()],
  [`https://192.0.2.1/01/${gtin}`, ofGtin()],
  [`https://[2001:db8::1]/01/${gtin}`, ofGtin()],
  ['https://a/stem/00/006141411234567890', sscc],
  ['https://a/more/stem/00/006141411234567890', sscc],
  // The last key wins, also over what looks like one before it.
  ['https://a/00/faux/00/006141411234567890', sscc],
  [`https://a/00/106141411234567897/01/${gtin}`, ofGtin()],
  ['https://a/01/2112345678900', [['01', '02112345678900']]],
  ['https://a/01/416000336108', [['01', '00416000336108']]],
  ['https://a/01/02345673', [['01', '00000002345673']]],
  [
    `https://a/01/${gtin}/22/TEST/10/ABC/21/XYZ`,
    ofGtin(['22', 'TEST'], ['10', 'ABC'], ['21', 'XYZ']),
  ],
  [`https://a/01/${gtin}/10/ABC`, ofGtin(['10', 'ABC'])],
  [`https://a/01/${gtin}/235/TEST`, ofGtin(['235', 'TEST'])],
  ['https://a/253/1231231231232', [['253', '1231231231232']]],
  [
    'https://a/8018/123456789012345675/8019/123',
    [
      ['8018', '123456789012345675'],
      ['8019', '123'],
    ],
  ],
  ['https://a/stem/00/006141411234567890?', sscc],
  ['https://a/stem/00/006141411234567890?99=ABC', [...sscc, ['99', 'ABC']]],
  [`https://a/01/${gtin}?&&&99=ABC&&&98=XYZ&&&`, ofGtin(['99', 'ABC'], ['98', 'XYZ'])],
  [`https://a/01/${gtin}?unknown=666&99=ABC&single&x`, ofGtin(['99', 'ABC'])],
  [
    `https://a/01/${gtin}/22/ABC%2d123?99=ABC&98=XYZ%2f987`,
    ofGtin(['22', 'ABC-123'], ['99', 'ABC'], ['98', 'XYZ/987']),
  ],
  // A plus is a plus in the path, and a space in the query.
  [`https://a/01/${gtin}/22/ABC+123?99=ABC`, ofGtin(['22', 'ABC+123'], ['99', 'ABC'])],
  [`https://a/01/${gtin}/22/test#fragment`, ofGtin(['22', 'test'])],
  ['https://a/00/006141411234567890?99=ABC#', [...sscc, ['99', 'ABC']]],
  [
    'https://id.gs1.org/01/09520123456788/10/ABC1/21/12345?17=180426',
    [
      ['01', '09520123456788'],
      ['10', 'ABC1'],
      ['21', '12345'],
      ['17', '180426'],
    ],
  ],
  [
    'https://id.gs1.org/00/952012345678912345?02=09520123456788&37=25&10=ABC123',
    [
      ['00', '952012345678912345'],
      ['02', '09520123456788'],
      ['37', '25'],
      ['10', 'ABC123'],
    ],
  ],
  [
    'https://id.gs1.org/414/9520123456788/254/32a%2Fb',
    [
      ['414', '9520123456788'],
      ['254', '32a/b'],
    ],
  ],
  [
    'https://id.gs1.org/01/09520123456788/235/XYZ?10=ABC123',
    [
      ['01', '09520123456788'],
      ['235', 'XYZ'],
      ['10', 'ABC123'],
    ],
  ],
];

/** [address, part of what is said of it]. Source as above; those about limits are ours. */
export const unsoundLinks: readonly (readonly [link: string, problem: string])[] = [
  ['', 'no http or https address'],
  ['ftp://a/00/006141411234567890', 'no http or https address'],
  ['http://', 'no http or https address'],
  ['http:///', 'no http or https address'],
  ['http://a', 'no http or https address'],
  ['http://a/', 'holds no GS1 key'],
  ['http://a/b', 'holds no GS1 key'],
  ['http://a/b/', 'holds no GS1 key'],
  ['HtTp://a/b/00/006141411234567890', 'no http or https address'],
  ['https://00/006141411234567890', 'holds no GS1 key'],
  ['https://[fe80::1%25lo]/01/12312312312333', 'no http or https address'],
  ['https://a$/00/006141411234567890', 'no http or https address'],
  ['https://a/00/006141411234567890 ', 'characters that no address has'],
  ['https://a/00/006141411234567890\n', 'characters that no address has'],
  // Words for keys were given up by their standard.
  ['https://a/gtin/12312312312333', 'holds no GS1 key'],
  ['https://a/stem/00/006141411234567890/', 'holds no GS1 key'],
  ['https://a/00/006141411234567891', '(00) has a wrong check digit'],
  ['https://a/01/12312312312333/21/A/10/B', 'may not follow it there'],
  ['https://a/01/12312312312333/22/A/10/B/235/C', 'may not follow it there'],
  ['https://a/01/12312312312333/10/', '(10) is too short'],
  ['https://a/253/1231231231232TEST56789012345678', '(253) is too long'],
  ['https://a/01/12312312312333?99=', '(99) is too short'],
  ['https://a/01/12312312312333?999=faux', 'Unknown application identifier in the query'],
  ['https://a/01/12312312312333?98=XYZ+987', '(98) holds a character'],
  ['https://a/01/12312312312333?98=A%00', '(98) holds a character'],
  ['https://a/01/12312312312333?98=A%E4', '(98) holds a character'],
  ['https://a/01/09520123456788?10=ABC123', '(10) belongs into the path'],
  ['https://a/01/09520123456788?21=ABC123', '(21) may not stand in the query'],
  ['https://a/01/09520123456788/10/ABC123?01=09520123456788', '(01) stands twice'],
  ['https://a/01/09520123456788/10/ABC123?10=ABC123', '(10) stands twice'],
  ['https://a/01/09520123456788?99=XYZ&99=XYZ', '(99) stands twice'],
  ['https://a/01/09520123456788/89/ABC123?99=XYZ', 'holds no GS1 key'],
  ['https://a/01/09520123456788?37=5', '(01) may not stand with (37)'],
  [`https://a/${'a/'.repeat(1_100)}01/12312312312333`, 'Longer than'],
];
