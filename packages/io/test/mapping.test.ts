import { formatInstant } from '@winnow/engine'
import { describe, expect, test } from 'vitest'
import { parseMappingText, writeFact } from '../src/index.ts'
import { definition, fileOf, importAll, valuesOf } from './importing.ts'

const leads = (body: string) => `winnow_mapping: 1\nfiles:\n  - leads:\n${body.replaceAll(/^/gm, '      ')}\n`
const events = (body: string) => `winnow_mapping: 1\nfiles:\n  - events:\n${body.replaceAll(/^/gm, '      ')}\n`
const AT = { at: Date.UTC(2026, 10, 1) }

describe('a list of leads without a mapping', () => {
  test('columns called like attributes or their labels are understood, the rest is listed', async () => {
    const { facts, refusals, reports } = await importAll(
      fileOf(
        'Email,Created At,Company,seniority,Budget,SIGNS,Fax\nAda@Example.com,2026-03-01,Acme,manager,1200.50,TRUE,1\n',
      ),
    )
    expect(refusals).toEqual([])
    expect(valuesOf(facts)).toEqual({ 'ada@example.com': { job_level: 'manager', budget: 1200.5, signs: true } })
    expect(facts.map(({ kind }) => kind)).toEqual(['activity', 'link', 'attribute', 'attribute', 'attribute'])
    expect(new Set(facts.map(({ at }) => formatInstant(at)))).toEqual(new Set(['2026-03-01T00:00:00.000Z']))
    expect(reports[0]).toMatchObject({
      kind: 'leads',
      rows: 1,
      facts: 5,
      unusedColumns: ['Fax'],
      attributes: { job_level: 'seniority', budget: 'Budget' },
    })
  })

  test('a lead of which nothing else is known exists all the same', async () => {
    const { facts } = await importAll(fileOf('id,town\na,\n'), undefined, AT)
    expect(facts).toMatchObject([{ kind: 'activity', lead: 'a', type: 'lead_listed', at: AT.at }])
  })

  test.each([
    { name: 'no id', text: 'town\nParis\n', code: 'lead_id_missing' },
    { name: 'no attribute', text: 'id,fax\n1,2\n', code: 'mapping_missing' },
    { name: 'no time', text: 'id,town\n1,Paris\n', code: 'created_at_missing', options: {} },
    { name: 'two columns of that name', text: 'id,town,Town \n1,Paris,Rome\n', code: 'column_ambiguous' },
  ])('refused as a whole: $name', async ({ text, code, options = AT }) => {
    await expect(importAll(fileOf(text), undefined, options)).rejects.toMatchObject({ code })
  })

  test('duplicate headers that nobody asks for are harmless', async () => {
    const { facts } = await importAll(fileOf('id,town,x,x\n1,Paris,2,3\n'), undefined, AT)
    expect(valuesOf(facts)).toEqual({ 1: { town: 'Paris' } })
  })
})

describe('values are of their type or refused', () => {
  const one = async (column: string, cell: string, how = '{}') => {
    const spec = how === '{}' ? column : `{ column: ${column}, ${how} }`
    const { facts, refusals } = await importAll(
      fileOf(`id;x;${column}\n1;;"${cell.replaceAll('"', '""')}"\n`),
      leads(`id: id\naccount: { column: id, prefix: 'acc' }\nattributes: { ${column}: ${spec} }`),
      AT,
    )
    const values = valuesOf(facts)
    return refusals.length > 0 ? refusals[0]!.code : (values['1'] ?? values['acc1'] ?? {})[column]
  }

  test.each([
    ['town', '00123', '{}', '00123'],
    ['town', '1E5', '{}', '1E5'],
    ['town', 'TRUE', '{}', 'TRUE'],
    ['town', '1234567890123456', '{}', '1234567890123456'],
    ['town', ' padded ', '{}', ' padded '],
    ['town', "'=HYPERLINK(1)", '{}', '=HYPERLINK(1)'],
    ['town', '=HYPERLINK(1)', '{}', '=HYPERLINK(1)'],
    ['town', '', '{}', undefined],
    ['town', 'n/a', 'unknown: [n/a]', undefined],
    ['town', 'Jose\u0301', '{}', 'Jose\u0301'],
    ['budget', '12', '{}', 12],
    ['budget', ' 12 ', '{}', 12],
    ['budget', '-0.5', '{}', -0.5],
    ['budget', "'-5", '{}', -5],
    ['budget', '-0', '{}', 0],
    ['budget', '1E5', '{}', 100_000],
    ['budget', '1,5', 'decimal: ","', 1.5],
    ['budget', '1.234,50', 'decimal: ",", thousands: "."', 1234.5],
    ['budget', '1,234,567', 'thousands: ","', 1_234_567],
    ['budget', '12,34', 'thousands: ","', 'value_malformed'],
    ['budget', '1,5', '{}', 'value_malformed'],
    ['budget', '1,234', '{}', 'value_malformed'],
    ['budget', '00123', '{}', 'value_malformed'],
    ['budget', '€12', '{}', 'value_malformed'],
    ['budget', '12%', '{}', 'value_malformed'],
    ['budget', 'TRUE', '{}', 'value_malformed'],
    ['budget', 'NaN', '{}', 'value_malformed'],
    ['budget', 'Infinity', '{}', 'value_malformed'],
    ['budget', '0x10', '{}', 'value_malformed'],
    ['budget', '1e400', '{}', 'number_unsafe'],
    ['budget', '9007199254740993', '{}', 'number_unsafe'],
    ['budget', '9007199254740991', '{}', 9007199254740991],
    ['employees', '7', '{}', 7],
    ['signs', 'TRUE', '{}', true],
    ['signs', 'false', '{}', false],
    ['signs', 'yes', '{}', 'value_malformed'],
    ['signs', '1', '{}', 'value_malformed'],
    ['signs', 'yes', 'values: { yes: true, no: false }', true],
    ['signs', 'TRUE', 'values: { TRUE: false }', false],
    ['job_level', 'manager', '{}', 'manager'],
    ['job_level', 'Manager', '{}', 'value_not_listed'],
    ['job_level', 'VP', 'values: { VP: executive }', 'executive'],
    ['interests', 'crm; mail;crm', '{}', ['crm', 'mail']],
    ['interests', 'C|ads', 'separator: "|", values: { C: crm }', ['crm', 'ads']],
    ['interests', 'crm;fax', '{}', 'value_not_listed'],
    ['due', '2026-03-01', '{}', '2026-03-01'],
    ['due', '2026-03-01T10:00:00+01:00', '{}', '2026-03-01T09:00:00.000Z'],
    ['due', '2026-03-01T10:00:00', '{}', 'zone_missing'],
    ['due', '2026-03-01 10:00', 'zone: Europe/Berlin', '2026-03-01T09:00:00.000Z'],
    ['due', '2026-02-30', '{}', 'date_impossible'],
    ['due', '2026-02-30T10:00:00Z', '{}', 'date_impossible'],
    ['due', '2026-13-01', '{}', 'date_impossible'],
    ['due', '01/02/2026', '{}', 'value_ambiguous'],
    ['due', '01/02/2026', 'format: DD/MM/YYYY', '2026-02-01'],
    ['due', '01/02/2026', 'format: MM/DD/YYYY', '2026-01-02'],
    ['due', '30/02/2026', 'format: DD/MM/YYYY', 'date_impossible'],
    ['due', '2026-02-01', 'format: DD/MM/YYYY', 'value_malformed'],
    ['due', '2026-02-01', 'format: [DD/MM/YYYY, iso]', '2026-02-01'],
    ['due', '01/02/2026', 'format: [DD/MM/YYYY, iso]', '2026-02-01'],
    ['due', '2026-02-01T10:00:00+01:00', 'format: [DD/MM/YYYY, iso]', '2026-02-01T09:00:00.000Z'],
    ['due', '30/02/2026', 'format: [DD/MM/YYYY, iso]', 'date_impossible'],
    ['due', 'soon', 'format: [DD/MM/YYYY, iso]', 'value_malformed'],
    ['due', '01/02/2026', 'format: [DD/MM/YYYY, MM/DD/YYYY]', 'value_ambiguous'],
    ['due', '02/02/2026', 'format: [DD/MM/YYYY, MM/DD/YYYY]', '2026-02-02'],
    ['due', '13/02/2026', 'format: [DD/MM/YYYY, MM/DD/YYYY]', '2026-02-13'],
    ['due', '1.2.26', 'format: D.M.YY', '2026-02-01'],
    ['due', '5 Mar 2026', 'format: D MMM YYYY', '2026-03-05'],
    ['due', '3/1/2026 12:05 AM', '"format": "M/D/YYYY h:mm A", zone: UTC', '2026-03-01T00:05:00.000Z'],
    ['due', '3/1/2026 13:05 AM', '"format": "M/D/YYYY h:mm A", zone: UTC', 'date_impossible'],
    ['due', '46082', '{}', 'value_malformed'],
    ['due', '46082', 'format: excel', '2026-03-01'],
    ['due', '46082.5', 'format: excel, zone: UTC', '2026-03-01T12:00:00.000Z'],
    ['due', '60', 'format: excel', 'date_impossible'],
    ['due', '1772323200', 'format: unix', '2026-03-01T00:00:00.000Z'],
    ['due', '1772323200000', 'format: unix_ms', '2026-03-01T00:00:00.000Z'],
    ['due', '2026-03-29 02:30', 'zone: Europe/Berlin', 'date_impossible'],
    ['due', '2026-10-25 02:30', 'zone: Europe/Berlin', '2026-10-25T00:30:00.000Z'],
    ['due', '2026-10-25 03:30', 'zone: Europe/Berlin', '2026-10-25T02:30:00.000Z'],
    ['due', '2026-03-01 10:00', 'zone: "+05:30"', '2026-03-01T04:30:00.000Z'],
    ['due', 'soon', '{}', 'value_malformed'],
  ])('%s %o with %s: %o', async (column, cell, how, expected) => {
    expect(await one(column, cell, how)).toEqual(expected)
  })
})

describe('rows with bad cells', () => {
  const text = 'id,job_level,budget\n1,boss,ten\n2,manager,5\n'

  test('are refused as a whole, every bad cell with line, column and reason', async () => {
    const { facts, refusals, reports } = await importAll(fileOf(text), undefined, AT)
    expect(Object.keys(valuesOf(facts))).toEqual(['2'])
    expect(refusals).toMatchObject([
      { line: 2, code: 'value_not_listed', place: 'job_level', row: '1,boss,ten' },
      { line: 2, code: 'value_malformed', place: 'budget' },
    ])
    expect(reports[0]).toMatchObject({ rows: 2, refusedRows: 1, incompleteRows: 0 })
  })

  test('or are read without those cells, which are reported all the same', async () => {
    const { facts, refusals, reports } = await importAll(fileOf(text), undefined, { ...AT, badValues: 'leave_out' })
    expect(valuesOf(facts)).toEqual({ 2: { job_level: 'manager', budget: 5 } })
    expect(facts.filter(({ kind }) => kind === 'activity')).toHaveLength(2)
    expect(refusals).toHaveLength(2)
    expect(reports[0]).toMatchObject({ rows: 2, refusedRows: 0, incompleteRows: 1 })
  })

  test('a row without id is refused even then', async () => {
    const { facts, refusals } = await importAll(fileOf('id,town\n ,Paris\n'), undefined, {
      ...AT,
      badValues: 'leave_out',
    })
    expect(facts).toEqual([])
    expect(refusals).toMatchObject([{ line: 2, code: 'value_missing', place: 'id' }])
  })
})

describe('the same people', () => {
  test('reading a file twice gives the same facts, whatever it is called', async () => {
    const text = 'id,town,budget\n1,Paris,5\n2,Rome,\n'
    const first = await importAll(fileOf(text), undefined, AT)
    const again = await importAll(fileOf(text), undefined, AT)
    expect(again.facts.map(writeFact)).toEqual(first.facts.map(writeFact))
    expect(new Set(first.facts.map(({ id }) => id)).size).toBe(first.facts.length)
  })

  test('a repeated row counts once, a contradicting one is refused', async () => {
    const { facts, refusals, reports } = await importAll(fileOf('id,town\n1,Paris\n1,Paris\n1,Rome\n'), undefined, AT)
    expect(valuesOf(facts)).toEqual({ 1: { town: 'Paris' } })
    expect(refusals).toMatchObject([{ line: 4, code: 'row_conflict', reason: expect.stringContaining('line 2') }])
    expect(reports[0]).toMatchObject({ rows: 3, duplicates: 1, refusedRows: 1 })
  })

  test('composed and decomposed é are one id, look-alike letters are not', async () => {
    const { facts } = await importAll(fileOf('id,town\nJosé,Paris\nJose\u0301,Paris\nJоsé,Paris\n'), undefined, AT)
    expect(Object.keys(valuesOf(facts))).toEqual(['José', 'Jоsé'])
  })

  test('several columns, a prefix and numbered rows make ids', async () => {
    const text = 'first,last,town\nAda,Byron,Paris\n'
    const columns = await importAll(fileOf(text), leads('id: [first, last]\nattributes: { town: town }'), AT)
    const numbered = await importAll(
      fileOf(text),
      leads('id: { row_number: true, prefix: row- }\nattributes: { town: town }'),
      AT,
    )
    expect([...Object.keys(valuesOf(columns.facts)), ...Object.keys(valuesOf(numbered.facts))]).toEqual([
      'Ada|Byron',
      'row-1',
    ])
  })

  test('two files of two parts may both speak of a lead', async () => {
    const mapping = `winnow_mapping: 1
files:
  - file: crm*.csv
    leads: { id: id, attributes: { town: town } }
  - file: web*.csv
    leads: { id: id, attributes: { budget: budget } }
`
    const paths = [fileOf('id,town\n1,Paris\n', 'crm-march.csv'), fileOf('id,budget\n1,5\n', 'Web.csv')]
    const { facts, refusals } = await importAll(paths, mapping, AT)
    expect(refusals).toEqual([])
    expect(valuesOf(facts)).toEqual({ 1: { town: 'Paris', budget: 5 } })
    await expect(importAll(fileOf('id\n', 'other.csv'), mapping, AT)).rejects.toMatchObject({ code: 'file_not_mapped' })
  })
})

describe('a list of leads with a mapping', () => {
  test('accounts, activities, decisions, fixed values and forgetting', async () => {
    const { facts, refusals } = await importAll(
      fileOf(
        'Id,Made,Firm,Size,Town,Webinar,Won on,Value,Lost because\n7,01.03.2026,acme.com,"1.200",,2026-03-05,2026-04-01,"99,5",\n8,02.03.2026,,,Rome,,,,price\n',
      ),
      leads(`id: Id
created_at: { column: Made, format: DD.MM.YYYY, zone: Europe/Berlin }
account: Firm
attributes:
  employees: { column: Size, thousands: . }
  town: Town
  job_level: { fixed: manager }
empty: forget
activities:
  - { activity: webinar, at: Webinar, properties: { firm: Firm, size: { column: Size, type: number, thousands: . } } }
decisions:
  - { decision: win, at: Won on, amount: { column: Value, decimal: "," } }
  - { decision: lose, where: { Lost because: [price, timing] }, reason: Lost because, by: { fixed: sales } }`),
    )
    expect(refusals).toEqual([])
    expect(facts.map(({ id, ...fact }) => fact)).toEqual([
      { kind: 'activity', at: Date.UTC(2026, 1, 28, 23), lead: '7', type: 'lead_created', properties: {} },
      { kind: 'link', at: Date.UTC(2026, 1, 28, 23), lead: '7', account: 'acme.com' },
      { kind: 'account_attribute', at: Date.UTC(2026, 1, 28, 23), account: 'acme.com', name: 'employees', value: 1200 },
      { kind: 'attribute', at: Date.UTC(2026, 1, 28, 23), lead: '7', name: 'town', value: null },
      { kind: 'attribute', at: Date.UTC(2026, 1, 28, 23), lead: '7', name: 'job_level', value: 'manager' },
      {
        kind: 'activity',
        at: Date.UTC(2026, 2, 5),
        lead: '7',
        type: 'webinar',
        properties: { firm: 'acme.com', size: 1200 },
      },
      { kind: 'decision', at: Date.UTC(2026, 3, 1), lead: '7', decision: 'win', amount: 99.5 },
      { kind: 'activity', at: Date.UTC(2026, 2, 1, 23), lead: '8', type: 'lead_created', properties: {} },
      { kind: 'attribute', at: Date.UTC(2026, 2, 1, 23), lead: '8', name: 'town', value: 'Rome' },
      { kind: 'attribute', at: Date.UTC(2026, 2, 1, 23), lead: '8', name: 'job_level', value: 'manager' },
      { kind: 'decision', at: Date.UTC(2026, 2, 1, 23), lead: '8', decision: 'lose', by: 'sales', reason: 'price' },
    ])
  })
})

describe('an event log', () => {
  const LOG = `case,when,what,who,amount
1,2026-03-01T10:00:00,Submitted,,900
1,2026-03-02T10:00:00,Call,kim,
1,2026-03-02T10:00:00,Call,kim,
1,2026-03-02T10:00:00,Call,lou,
1,2026-03-03T10:00:00,Approved,kim,
2,2026-03-01T10:00:00,Noise,,
`
  const MAPPING = events(`lead: case
at: { column: when, zone: Europe/Amsterdam }
type: what
properties: { who: who }
facts:
  - { where: { what: Submitted }, attributes: { budget: amount } }
  - { where: { what: Submitted }, activity: submitted }
  - { where: { what: Approved }, decision: win, by: who }
  - { where: { what: Noise }, skip: true }`)

  test('rows become activities, and what the rules say', async () => {
    const { facts, refusals, reports } = await importAll(fileOf(LOG), MAPPING)
    expect(refusals).toEqual([])
    expect(facts.map(({ id, at, ...fact }) => ({ ...fact, at: formatInstant(at).slice(0, 16) }))).toEqual([
      { kind: 'attribute', at: '2026-03-01T09:00', lead: '1', name: 'budget', value: 900 },
      { kind: 'activity', at: '2026-03-01T09:00', lead: '1', type: 'submitted', properties: {} },
      { kind: 'activity', at: '2026-03-02T09:00', lead: '1', type: 'Call', properties: { who: 'kim' } },
      { kind: 'activity', at: '2026-03-02T09:00', lead: '1', type: 'Call', properties: { who: 'lou' } },
      { kind: 'decision', at: '2026-03-03T09:00', lead: '1', decision: 'win', by: 'kim' },
    ])
    expect(reports[0]).toMatchObject({ kind: 'events', rows: 6, facts: 5, duplicates: 1, unusedColumns: [] })
  })

  test('an id of its own tells events apart, and a contradiction is refused', async () => {
    const { facts, refusals, reports } = await importAll(
      fileOf('eid,case,at,what\na,1,2026-03-01,x\na,1,2026-03-01,x\na,1,2026-03-01,y\nb,1,2026-03-01,x\n'),
      events('lead: case\nat: at\nid: eid\ntype: what'),
    )
    expect(facts).toHaveLength(2)
    expect(refusals).toMatchObject([{ line: 4, code: 'row_conflict' }])
    expect(reports[0]!.duplicates).toBe(1)
  })

  test('a time without zone is refused row by row', async () => {
    const { facts, refusals } = await importAll(
      fileOf('case,at,what\n1,2026-03-01T10:00:00,x\n1,2026-03-01T10:00:00Z,x\n'),
      events('lead: case\nat: at\ntype: what'),
    )
    expect(facts).toHaveLength(1)
    expect(refusals).toMatchObject([{ line: 2, code: 'zone_missing', place: 'at' }])
  })
})

describe('a mapping that is wrong says where and what to do', () => {
  test.each([
    { name: 'YAML', text: 'files: [', issue: { code: 'yaml_syntax', line: 1 } },
    {
      name: 'an unknown key',
      text: leads('id: id\natributes: {}'),
      issue: { code: 'unknown_key', line: 5, column: 7, hint: 'did you mean `attributes`?' },
    },
    {
      name: 'an unknown attribute',
      text: leads('id: id\nattributes:\n  budgett: x'),
      issue: { code: 'unknown_name', line: 6, column: 9, hint: 'did you mean `budget`?' },
    },
    { name: 'no kind', text: 'winnow_mapping: 1\nfiles:\n  - { file: x }\n', issue: { code: 'unknown_kind', line: 3 } },
    {
      name: 'a value that is none',
      text: leads('id: id\nattributes:\n  job_level: { column: x, values: { VP: exec } }'),
      issue: { code: 'value_misfit', line: 6, message: expect.stringContaining('exec') },
    },
    {
      name: 'a zone that is none',
      text: leads('id: id\ncreated_at: { column: x, zone: Europe/Amsterdaam }'),
      issue: { code: 'value_misfit', line: 5 },
    },
    {
      name: 'a format without day',
      text: leads('id: id\ncreated_at: { column: x, format: MM/YYYY }'),
      issue: { code: 'value_misfit', line: 5 },
    },
    {
      name: 'an account that is not there',
      text: leads('id: id\nattributes: { employees: x }'),
      issue: { code: 'account_missing', line: 5 },
    },
    {
      name: 'a test against a number',
      text: leads('id: id\ndecisions:\n  - { decision: win, where: { y: 1 } }'),
      issue: { code: 'wrong_type', line: 6 },
    },
    {
      name: 'an override',
      text: leads('id: id\ndecisions:\n  - { decision: override }'),
      issue: { code: 'unknown_value', line: 6 },
    },
    { name: 'no type', text: events('lead: a\nat: b'), issue: { code: 'missing' } },
    { name: 'an alias', text: 'winnow_mapping: &a 1\nfiles: *a\n', issue: { code: 'alias_refused', line: 1 } },
    {
      name: '__proto__',
      text: leads('id: id\nattributes: { __proto__: x }'),
      issue: { code: 'malformed_name', line: 5 },
    },
    { name: 'depth', text: `files: ${'['.repeat(300)}${']'.repeat(300)}`, issue: { code: 'too_deep' } },
  ])('$name', ({ text, issue }) => {
    const parsed = parseMappingText(text, definition)
    expect(parsed.ok).toBe(false)
    if (!parsed.ok) expect(parsed.issues[0]).toMatchObject(issue)
  })

  test('a column that the file does not have is found when the file is opened', async () => {
    await expect(importAll(fileOf('Lead Id,town\n1,x\n'), leads('id: lead_idd'), AT)).rejects.toMatchObject({
      code: 'column_unknown',
      hint: 'Did you mean `Lead Id`?',
    })
  })
})
