import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { DEFINITION, definitionFile, FACTS, factsFile, folder, interrupt, winnow, write } from './running.ts'

const list = write(
  'leads.csv',
  'Email,Created,Company,Job,size,Fax\nAda@x.com,2026-03-01,acme,boss,50,1\nbob@x.com,2026-03-02,,user,,2\ncy@x.com,2026-03-03,,,,3\n',
)
const nasty = write(
  'nasty.csv',
  'id,created_at,job\n1,2026-03-01,boss\n2,2026-03-01,chief\n3,2026-03-01,"boss\n4,2026-02-30,user\n5,2026-03-01\n',
)
const AS_OF = ['--as-of', '2026-03-05']

interface Scored {
  readonly definition: string
  readonly asOf: string
  readonly leads: readonly { readonly lead: string; readonly [key: string]: unknown }[]
}

describe('score', () => {
  test('a fact log, best first, with reasons and what changes next', async () => {
    const { code, json, stderr } = await winnow(['score', definitionFile, factsFile, ...AS_OF, '--json'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const scored = json() as Scored
    expect(scored).toMatchObject({ definition: 'Test shop', asOf: '2026-03-05T00:00:00.000Z' })
    expect(scored.leads.map(({ lead }) => lead)).toEqual(['ada', 'cy', 'bob'])
    const interest = 50 * 2 ** (-(38 / 24) / 7)
    expect(scored.leads[0]).toEqual({
      lead: 'ada',
      account: 'acme',
      stage: {
        id: 'mql',
        since: '2026-03-03T10:00:00.000Z',
        sla: { dueAt: '2026-03-04T10:00:00.000Z', breached: true },
      },
      levels: { temperature: 'hot' },
      scores: { fit: 90, interest: expect.closeTo(interest, 5) },
      personas: ['decider'],
      value: null,
      next: {
        at: expect.stringMatching(/^2026-03-08T/),
        changes: [{ kind: 'category', name: 'temperature', from: 'hot', to: 'cold' }],
      },
      reasons: [
        { score: 'fit', criterion: 'role', points: 60, because: expect.any(String) },
        { score: 'interest', criterion: 'demos', points: expect.closeTo(interest, 5), because: expect.any(String) },
        { score: 'fit', criterion: 'size', points: 40, because: expect.any(String) },
      ],
    })
  })

  test('--as-of last looks at the last fact', async () => {
    const { json } = await winnow(['score', definitionFile, factsFile, '--as-of', 'last', '--json'])
    const { asOf, leads } = json() as Scored
    expect(asOf).toBe('2026-03-10T10:00:00.000Z')
    expect(leads.map(({ lead, stage }) => [lead, (stage as { id: string }).id])).toEqual([
      ['cy', 'mql'],
      ['ada', 'customer'],
      ['bob', 'lost'],
    ])
  })

  test('a plain list of leads, columns called like the attributes', async () => {
    const { code, json } = await winnow(['score', definitionFile, list, '--json', ...AS_OF])
    expect(code).toBe(0)
    expect((json() as Scored).leads).toMatchObject([
      { lead: 'ada@x.com', account: 'acme', scores: { fit: 90, interest: 0 } },
      { lead: 'bob@x.com', account: null, scores: { fit: 20 } },
      { lead: 'cy@x.com', scores: { fit: 10 } },
    ])
  })

  test('gzip and standard input', async () => {
    const plain = await winnow(['score', definitionFile, factsFile, ...AS_OF, '--json'])
    const packed = await winnow(['score', definitionFile, write('f.gz', gzipSync(FACTS)), ...AS_OF, '--json'])
    const piped = await winnow(['score', definitionFile, '-', ...AS_OF, '--json'], { input: gzipSync(FACTS) })
    expect(packed.stdout).toBe(plain.stdout)
    expect(piped.stdout).toBe(plain.stdout)
  })

  test('a table to read, a CSV to pass on', async () => {
    const table = await winnow(['score', definitionFile, factsFile, ...AS_OF, '--top', '2'])
    expect(table.stdout).toMatch(/^# +lead +stage +temperature +fit +interest$/m)
    expect(table.stdout).toMatch(/^1 +ada +MQL overdue +hot +90 +42\.7$/m)
    expect(table.stdout).toContain('temperature hot → cold in 3 d')
    expect(table.stdout).toContain('2 of 3 leads')
    expect(table.stdout).not.toContain('bob')
    const csv = await winnow(['score', definitionFile, factsFile, ...AS_OF, '--format', 'csv'])
    const [head, first] = csv.stdout.split('\r\n')
    expect(head).toBe(
      'lead,account,stage,stage_since,stage_due,temperature,fit,interest,personas,expected_value,why,next,next_at',
    )
    expect(first).toMatch(/^ada,acme,MQL,2026-03-03T10:00:00.000Z,2026-03-04T10:00:00.000Z,hot,90,42\.\d+,decider,,/)
  })

  test('a formula in a name is text in the CSV', async () => {
    const file = write('formula.csv', 'id,job\n"=HYPERLINK(""http://x"")",boss\n')
    const { stdout } = await winnow(['score', definitionFile, file, '--format', 'csv', '--as-of', '2026-03-05'])
    expect(stdout).toContain('"\'=HYPERLINK(""http://x"")"')
  })

  test('--out writes the file when it is whole', async () => {
    const out = join(folder, 'scored.json')
    const { code, stdout } = await winnow(['score', definitionFile, factsFile, ...AS_OF, '--json', '--out', out])
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    expect((JSON.parse(readFileSync(out, 'utf8')) as Scored).leads).toHaveLength(3)
    const packed = join(folder, 'scored.csv.gz')
    await winnow(['score', definitionFile, factsFile, ...AS_OF, '--format', 'csv', '--out', packed])
    expect(gunzipSync(readFileSync(packed)).toString().split('\r\n')).toHaveLength(5)
  })

  test('--no-reasons and --unsorted', async () => {
    const { json } = await winnow([
      'score',
      definitionFile,
      factsFile,
      ...AS_OF,
      '--json',
      '--no-reasons',
      '--unsorted',
      '--top',
      '2',
    ])
    expect((json() as Scored).leads).toMatchObject([
      { lead: 'ada', reasons: [], next: null },
      { lead: 'bob', reasons: [], next: null },
    ])
  })

  test('refused rows: the others are scored, the refused are told, the end is 1', async () => {
    const rejects = join(folder, 'rejects.csv')
    const { code, json, stderr } = await winnow([
      'score',
      definitionFile,
      nasty,
      ...AS_OF,
      '--json',
      '--rejects',
      rejects,
    ])
    expect(code).toBe(1)
    expect((json() as Scored).leads.map(({ lead }) => lead)).toEqual(['1'])
    expect(stderr).toMatch(/nasty\.csv:3 refused value_not_listed in job: `chief` is not listed/)
    expect(stderr).toMatch(/nasty\.csv:4 refused quote_unclosed/)
    expect(stderr).toMatch(/nasty\.csv:5 refused date_impossible in created_at/)
    expect(stderr).toMatch(/nasty\.csv:6 refused row_ragged/)
    expect(readFileSync(rejects, 'utf8').split('\r\n')[1]).toMatch(
      /^[^,]*nasty\.csv,3,refused,value_not_listed,job,.*,"2,2026-03-01,chief"$/,
    )
    expect((await winnow(['score', definitionFile, nasty, ...AS_OF, '--json', '--allow-refused'])).code).toBe(0)
  })

  test('a reject file appears only when something was refused', async () => {
    const rejects = join(folder, 'no-rejects.csv')
    await winnow(['score', definitionFile, list, ...AS_OF, '--rejects', rejects])
    expect(existsSync(rejects)).toBe(false)
  })

  test.each([
    { name: 'no such file', args: [join(folder, 'none.csv')], says: 'input_not_found' },
    { name: 'nothing that is known', args: [write('odd.csv', 'id,fax\n1,2\n')], says: 'mapping_missing' },
    { name: 'an empty file', args: [write('empty.csv', '')], says: 'input_empty' },
    { name: 'no lead in it', args: [write('head.csv', 'id,job\n')], says: 'facts_missing' },
    { name: 'a workbook', args: [write('x.xlsx', 'PK\u0003\u0004')], says: 'input_binary' },
    {
      name: '10,000 columns',
      args: [write('wide.csv', `${Array.from({ length: 10_000 }, (_, at) => `c${at}`).join(',')}\n`)],
      says: 'columns_too_many',
    },
    {
      name: 'a mapping that is wrong',
      args: [
        list,
        '--mapping',
        write('bad.yaml', 'winnow_mapping: 1\nfiles:\n  - leads: { id: Email, atributes: {} }\n'),
      ],
      says: 'did you mean `attributes`?',
    },
  ])('an input that cannot be used ends with 3 and a hint: $name', async ({ args, says }) => {
    const { code, stdout, stderr } = await winnow(['score', definitionFile, ...args, ...AS_OF])
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    expect(stderr).toContain(says)
    expect(stderr).toContain('hint')
  })

  test('with --json an error is JSON too', async () => {
    const { code, stderr } = await winnow(['score', definitionFile, join(folder, 'none.csv'), '--json'])
    expect(code).toBe(3)
    expect(JSON.parse(stderr)).toEqual({
      error: {
        code: 'input_not_found',
        message: expect.any(String),
        at: expect.stringContaining('none.csv'),
        hint: expect.any(String),
      },
    })
  })

  test('an instant that is none ends with 2', async () => {
    const { code, stderr } = await winnow(['score', definitionFile, list, '--as-of', 'yesterday'])
    expect(code).toBe(2)
    expect(stderr).toContain('option_malformed')
  })
})

describe('explain', () => {
  test('the arithmetic adds up, also as it is shown', async () => {
    const { code, stdout } = await winnow(['explain', definitionFile, factsFile, '--lead', 'ada', ...AS_OF])
    expect(code).toBe(0)
    for (const score of ['fit', 'interest']) {
      const block = stdout.slice(stdout.search(new RegExp(`^${score} `, 'm')))
      const lines = block.slice(0, block.indexOf(`= ${score}`)).split('\n')
      const points = lines.flatMap((line) => /^ {2}\S.*? ([+−])([\d.]+) /.exec(line)?.slice(1, 3).join('') ?? [])
      const sum = points.reduce((total, each) => total + Number(each.replace('−', '-')), 0)
      expect(points.length).toBeGreaterThan(0)
      expect(sum).toBeCloseTo(Number(new RegExp(`= ${score} +([\\d.]+)`).exec(stdout)![1]), 9)
    }
    expect(stdout).toMatch(/role +\+60/)
    expect(stdout).toMatch(/company, limit +−10/)
    expect(stdout).toContain('persona      decider')
    expect(stdout).toContain('overdue since 2026-03-04T10:00:00.000Z')
    expect(stdout).toMatch(/temperature hot → cold in 3 d/)
    expect(stdout).toContain('Call today')
    expect(stdout.slice(stdout.indexOf('How it came to this'))).toBe(`How it came to this
  2026-03-01T10:00:00.000Z  begins: temperature cold, stage lead  size = 50, role = boss, belongs to acme
  2026-03-03T10:00:00.000Z  temperature cold → hot                form
                            stage lead → MQL
  2026-03-04T10:00:00.000Z  MQL is overdue                        time passed
`)
  })

  test('--json has everything a program needs', async () => {
    const { json } = await winnow(['explain', definitionFile, factsFile, '--lead', 'bob', ...AS_OF, '--json'])
    const told = json() as { contributions: { score: string; points: number }[]; scores: Record<string, number> }
    expect(told).toMatchObject({
      definition: 'Test shop',
      lead: 'bob',
      account: null,
      stage: { id: 'lead' },
      levels: { temperature: 'cold' },
      questions: [{ attribute: 'role', question: 'What do you do?' }],
      playbooks: [],
      cooling: null,
      next: null,
      history: [
        {
          at: '2026-03-02T10:00:00.000Z',
          kind: 'category',
          name: 'temperature',
          from: null,
          to: 'cold',
          cause: 'facts',
          facts: ['b1'],
        },
        { kind: 'stage', to: 'lead' },
      ],
    })
    for (const [score, total] of Object.entries(told.scores)) {
      const sum = told.contributions
        .filter((each) => each.score === score)
        .reduce((points, each) => points + each.points, 0)
      expect(sum).toBeCloseTo(total, 9)
    }
    expect((told as unknown as { gaps: { sentence: string }[] }).gaps.length).toBeGreaterThan(0)
  })

  test('decisions without effect, with what was missing, and a cool-down that runs', async () => {
    const needing = write(
      'needing.yaml',
      `winnow: 1
name: Needs
attributes: { budget: { type: number, answers: budget }, signs: { type: boolean, answers: authority } }
activities: { visit: { from: page } }
stages:
  - { id: lead }
  - { id: mql, enter: { activity: visit }, sla: 1d }
  - { id: sql, label: SQL, by: qualify, needs: { answers: [budget, authority], at_least: 2 } }
  - { id: later, by: recycle, cool_down: 2d }
`,
    )
    const base = { lead: 'a', kind: 'decision' }
    const facts = [
      { ...base, id: '1', at: '2026-03-01T10:00:00Z', kind: 'activity', type: 'page' },
      { ...base, id: '2', at: '2026-03-01T10:00:00Z', kind: 'attribute', name: 'budget', value: 5 },
      { ...base, id: '3', at: '2026-03-02T10:00:00Z', decision: 'qualify' },
      { ...base, id: '4', at: '2026-03-02T12:00:00Z', decision: 'recycle' },
    ]
    const log = write('needing.jsonl', facts.map((fact) => `${JSON.stringify(fact)}\n`).join(''))
    const args = ['explain', needing, log, '--lead', 'a', '--as-of', '2026-03-03T12:00:00Z']
    const because = 'the stage SQL needs: at least 2 of budget and authority are known'
    expect((await winnow([...args, '--json'])).json()).toMatchObject({
      shut: [{ stage: 'mql', until: '2026-03-04T12:00:00.000Z' }],
      withoutEffect: [
        { at: '2026-03-02T10:00:00.000Z', decision: 'qualify', fact: '3', because, missing: ['authority'] },
      ],
      history: [{}, {}, { kind: 'sla', at: '2026-03-02T10:00:00.000Z', cause: 'time', facts: [] }, {}],
    })
    const { stdout } = await winnow(args)
    expect(stdout).toContain('cool-down  no stage is entered by itself until 2026-03-04T12:00:00.000Z, in 1 d')
    expect(stdout).toMatch(/2026-03-02T10:00:00.000Z {2}mql is overdue +time passed\n/)
    expect(stdout).toMatch(new RegExp(`qualify without effect +${because}; not known: authority`))
  })

  test('at another instant it tells another story', async () => {
    const { stdout } = await winnow(['explain', definitionFile, factsFile, '--lead', 'ada', '--as-of', '2026-03-02'])
    expect(stdout).toMatch(/stage +lead since/)
    expect(stdout).not.toContain('MQL +form')
  })

  test('a lead that is not there ends with 3 and a guess', async () => {
    const { code, stderr } = await winnow(['explain', definitionFile, factsFile, '--lead', 'AD', ...AS_OF])
    expect(code).toBe(3)
    expect(stderr).toContain('Did you mean `ada`?')
    const early = await winnow(['explain', definitionFile, factsFile, '--lead', 'ada', '--as-of', '2026-01-01'])
    expect(early.code).toBe(3)
    expect(early.stderr).toContain('nothing is known of `ada`')
  })
})

describe('import', () => {
  test('writes facts that score like the file itself, and the same ones again', async () => {
    const [out, again] = [join(folder, 'imported.jsonl'), join(folder, 'again.jsonl.gz')]
    const { code, stdout, stderr } = await winnow(['import', list, '-d', definitionFile, '--out', out])
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    expect(stderr).toContain('3 rows → 7 facts · 2 attributes · not used: Fax')
    await winnow(['import', list, '-d', definitionFile, '--out', again])
    expect(gunzipSync(readFileSync(again)).toString()).toBe(readFileSync(out, 'utf8'))
    const direct = await winnow(['score', definitionFile, list, ...AS_OF, '--json'])
    const viaFacts = await winnow(['score', definitionFile, out, ...AS_OF, '--json'])
    expect(viaFacts.stdout).toBe(direct.stdout)
  })

  test('facts that are imported are the same facts', async () => {
    const { code, stdout } = await winnow(['import', factsFile, '-d', definitionFile])
    expect(code).toBe(0)
    const lines = (text: string) =>
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { id: string })
    expect(lines(stdout).map(({ id }) => id)).toEqual(lines(FACTS).map(({ id }) => id))
  })

  test('--json reports per file; refused rows end with 1', async () => {
    const out = join(folder, 'partly.jsonl')
    const { code, json } = await winnow(['import', nasty, list, '-d', definitionFile, '--out', out, '--json'])
    expect(code).toBe(1)
    expect(json()).toMatchObject({
      out,
      facts: 9,
      problems: 4,
      first: '2026-03-01T00:00:00.000Z',
      files: [
        { kind: 'leads', rows: 5, refusedRows: 4, facts: 2, duplicates: 0, delimiter: ',', encoding: 'utf-8' },
        { kind: 'leads', rows: 3, refusedRows: 0, unusedColumns: ['Fax'], attributes: { role: 'Job', size: 'size' } },
      ],
    })
  })

  test('--json without --out ends with 2', async () => {
    const { code, stderr } = await winnow(['import', list, '-d', definitionFile, '--json'])
    expect(code).toBe(2)
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'option_malformed', hint: 'Name it with --out FILE.' } })
  })

  test('a mapping makes facts of an event log', async () => {
    const log = write('log.csv', 'who;when;what\n7;03.03.2026 11:00;Demo\n7;09.03.2026 11:00;Deal\n')
    const mapping = write(
      'log-mapping.yaml',
      `winnow_mapping: 1
files:
  - events:
      lead: who
      at: { column: when, format: DD.MM.YYYY HH:mm, zone: Europe/Berlin }
      facts:
        - { where: { what: Demo }, activity: form, properties: { form: { fixed: demo } } }
        - { where: { what: Deal }, decision: win }
      otherwise: skip
`,
    )
    const { code, stdout } = await winnow(['import', log, '-d', definitionFile, '-m', mapping])
    expect(code).toBe(0)
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toMatchObject([
      { kind: 'activity', lead: '7', at: '2026-03-03T10:00:00.000Z', type: 'form', properties: { form: 'demo' } },
      { kind: 'decision', lead: '7', at: '2026-03-09T10:00:00.000Z', decision: 'win' },
    ])
  })

  test('a file that cannot be used leaves no output behind', async () => {
    const out = join(folder, 'never.jsonl')
    const { code } = await winnow(['import', list, write('late.csv', 'x\n'), '-d', definitionFile, '--out', out])
    expect(code).toBe(3)
    expect(readdirSync(folder).filter((name) => name.startsWith('never'))).toEqual([])
  })

  test('a folder that is not there for the output ends with 3', async () => {
    const { code, stderr } = await winnow([
      'import',
      list,
      '-d',
      definitionFile,
      '--out',
      join(folder, 'no/such/out.jsonl'),
    ])
    expect(code).toBe(3)
    expect(stderr).toContain('output_unwritable')
  })
})

describe('replay', () => {
  interface Counted {
    readonly entered: number
    readonly size: number
  }

  interface Summary {
    readonly weeks: readonly {
      readonly week: string
      readonly newLeads: number
      readonly flows: Record<string, Record<string, Counted & { readonly open: Counted }>>
    }[]
    readonly wins: {
      reached: Record<string, Record<string, unknown>>
      landmarks: Record<string, Record<string, Record<string, unknown>>>
    }
  }

  test('weekly volumes, sizes and wins', async () => {
    const { code, json } = await winnow(['replay', definitionFile, factsFile, '--json', '--landmark', '3d'])
    expect(code).toBe(0)
    const summary = json() as Summary
    expect(summary).toMatchObject({
      definition: 'Test shop',
      until: '2026-03-10T10:00:00.000Z',
      leads: 3,
      facts: 9,
      first: '2026-03-01T10:00:00.000Z',
    })
    expect(summary.weeks.map(({ week, newLeads }) => [week, newLeads])).toEqual([
      ['2026-02-23', 1],
      ['2026-03-02', 2],
      ['2026-03-09', 0],
    ])
    expect(summary.weeks[1]!.flows['stage']).toEqual({
      lead: { entered: 2, size: 1, open: { entered: 2, size: 1 } },
      mql: { entered: 2, size: 2, open: { entered: 2, size: 2 } },
      customer: { entered: 0, size: 0, open: { entered: 0, size: 0 } },
      lost: { entered: 0, size: 0, open: { entered: 0, size: 0 } },
      later: { entered: 0, size: 0, open: { entered: 0, size: 0 } },
    })
    // ada has cooled by the 8th and is won on the 9th; cy cools on the 9th.
    expect(summary.weeks[1]!.flows['temperature']).toEqual({
      hot: { entered: 2, size: 1, open: { entered: 2, size: 1 } },
      cold: { entered: 2, size: 2, open: { entered: 2, size: 2 } },
    })
    expect(summary.weeks[2]!.flows['temperature']).toEqual({
      hot: { entered: 0, size: 0, open: { entered: 0, size: 0 } },
      cold: { entered: 1, size: 3, open: { entered: 1, size: 1 } },
    })
    expect(summary.wins.reached['temperature']).toMatchObject({
      hot: { leads: 2, won: 1, lost: 0, undecided: 1, winRate: { rate: 1, low: expect.closeTo(0.2065, 4), high: 1 } },
    })
    expect(summary.wins.landmarks['3d']!['stage']).toMatchObject({
      lead: { leads: 1, won: 0, lost: 1, undecided: 0 },
      mql: { leads: 2, won: 1, lost: 0, undecided: 1 },
    })
  })

  test('all transitions, as JSON lines or CSV, in time order within a lead', async () => {
    const { stdout } = await winnow(['replay', definitionFile, factsFile, '--transitions', '-'])
    const transitions = stdout
      .trim()
      .split('\n')
      .map(
        (line) =>
          JSON.parse(line) as {
            lead: string
            at: string
            name: string
            from: string | null
            to: string
            cause: string
          },
      )
    expect(transitions.filter(({ lead, name }) => lead === 'ada' && name === 'temperature')).toMatchObject([
      { at: '2026-03-01T10:00:00.000Z', from: null, to: 'cold', cause: 'facts' },
      { at: '2026-03-03T10:00:00.000Z', from: 'cold', to: 'hot', cause: 'facts' },
      { at: expect.stringMatching(/^2026-03-08T/), from: 'hot', to: 'cold', cause: 'time' },
    ])
    const out = join(folder, 'ledger.csv.gz')
    expect((await winnow(['replay', definitionFile, factsFile, '-t', out])).code).toBe(0)
    const csv = gunzipSync(readFileSync(out)).toString().trimEnd().split('\r\n')
    expect(csv[0]).toBe('lead,at,kind,name,from,to,cause')
    expect(csv).toHaveLength(transitions.length + 1)
  })

  test('a table to read; --until and --from choose', async () => {
    const { stdout } = await winnow(['replay', definitionFile, factsFile])
    expect(stdout).toContain('3 leads · 9 facts')
    expect(stdout).toContain('Open leads, by temperature')
    expect(stdout).toMatch(/^2026-03-02 +2 +1 \+2 +2 \+2$/m)
    const { json } = await winnow([
      'replay',
      definitionFile,
      factsFile,
      '--until',
      '2026-03-06',
      '--from',
      '2026-03-02',
      '--json',
    ])
    expect(json()).toMatchObject({ leads: 2, until: '2026-03-06T00:00:00.000Z', wins: null })
  })

  test('a landmark or a number of weeks that is none ends with 2', async () => {
    expect((await winnow(['replay', definitionFile, factsFile, '--landmark', 'soon'])).code).toBe(2)
    expect((await winnow(['replay', definitionFile, factsFile, '--weeks', '0'])).code).toBe(2)
  })
})

describe('behaving in a shell', () => {
  const many = write(
    'many.csv',
    `id,job,town\n${Array.from({ length: 60_000 }, (_, at) => `${at},boss,Town ${at}`).join('\n')}\n`,
  )

  test('a reader that goes away is no error', async () => {
    const { code, stderr } = await winnow(['score', definitionFile, many, '--format', 'csv', '--unsorted', ...AS_OF], {
      whileRunning: (child) => child.stdout!.once('data', () => child.stdout!.destroy()),
    })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })

  test('Ctrl-C stops cleanly with 130 and leaves nothing behind', async () => {
    const out = join(folder, 'interrupted.csv')
    const { code } = await winnow(
      ['score', definitionFile, '-', '--format', 'csv', '--unsorted', '--out', out, ...AS_OF],
      { whileRunning: interrupt('SIGINT'), isOpen: true },
    )
    expect(code).toBe(130)
    expect(readdirSync(folder).filter((name) => name.startsWith('interrupted'))).toEqual([])
  })

  test('nothing but results on standard output, no progress where nobody looks', async () => {
    const { stdout, stderr } = await winnow(['score', definitionFile, many, '--json', '--top', '1', ...AS_OF])
    expect(() => JSON.parse(stdout) as unknown).not.toThrow()
    expect(stderr).toBe('')
  })

  test('a definition of another kind of file', async () => {
    const json = write(
      'definition.json',
      JSON.stringify({ winnow: 1, name: 'J', attributes: { role: { type: 'text' } } }),
    )
    expect((await winnow(['score', json, factsFile, ...AS_OF, '--json'])).code).toBe(0)
    expect(DEFINITION).toContain('winnow: 1')
  })
})
