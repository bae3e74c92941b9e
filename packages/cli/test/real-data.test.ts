/** Real files, whole: nothing is refused, what comes out makes sense, and nothing leaks back in time. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { folder, ROOT, winnow } from './running.ts'

vi.setConfig({ testTimeout: 600_000 }) // a quarter of a million events, on a busy machine

const DATA = join(ROOT, '../shared/data')
const example = (name: string, file: string) => join('examples', name, file)

interface Outcome {
  readonly leads: number
  readonly won: number
  readonly winRate: { readonly rate: number; readonly low: number; readonly high: number }
}
interface Replayed {
  readonly leads: number
  readonly facts: number
  readonly transitions: number
  readonly wins: {
    readonly reached: Record<string, Record<string, Outcome>>
    readonly landmarks: Record<string, Record<string, Record<string, Outcome>>>
  }
}

/** The data lies beside a checkout of the development machine, and nowhere else. */
function withData(name: string, files: readonly string[], run: (paths: string[]) => void): void {
  const paths = files.map((file) => join(DATA, name, file))
  const missing = paths.find((path) => !existsSync(path))
  describe.skipIf(missing !== undefined)(
    missing === undefined ? name : `${name} (skipped: there is no ${missing})`,
    () => {
      run(paths)
    },
  )
}

withData('bank-marketing', ['bank-full.csv.gz'], (paths) => {
  const flags = ['--mapping', example('bank-marketing', 'mapping.yaml')]
  const definition = example('bank-marketing', 'definition.yaml')

  test('every row is read, and the columns that leak are not', async () => {
    const out = join(folder, 'bank.jsonl.gz')
    const { code, json } = await winnow(['import', ...paths, '-d', definition, ...flags, '--out', out, '--json'])
    expect(code).toBe(0)
    expect(json()).toMatchObject({
      problems: 0,
      files: [
        {
          rows: 45_211,
          duplicates: 0,
          delimiter: ';',
          unusedColumns: expect.arrayContaining(['duration', 'campaign', 'day', 'month', 'contact']),
        },
      ],
    })
  })

  test('scores do not know how it ended; better levels were won more often', async () => {
    const scored = await winnow([
      'score',
      definition,
      ...paths,
      ...flags,
      '--as-of',
      '2010-12-01',
      '--format',
      'csv',
      '--no-reasons',
    ])
    expect(scored.code).toBe(0)
    const rows = scored.stdout.trimEnd().split('\r\n').slice(1)
    expect(rows).toHaveLength(45_211)
    expect(rows.filter((row) => /Has a deposit|Declined/.test(row))).toEqual([])
    const { json } = await winnow(['replay', definition, ...paths, ...flags, '--json'])
    const { high, medium, low } = (json() as Replayed).wins.reached['quality'] as Record<
      'high' | 'medium' | 'low',
      Outcome
    >
    expect(high.leads + medium.leads + low.leads).toBe(45_211)
    expect(high.won + medium.won + low.won).toBe(5289)
    expect(high.winRate.low).toBeGreaterThan(medium.winRate.high)
    expect(medium.winRate.low).toBeGreaterThan(low.winRate.high)
  })
})

withData('online-shoppers', ['online_shoppers_intention.csv.gz'], (paths) => {
  const flags = ['--mapping', example('online-shoppers', 'mapping.yaml')]
  const definition = example('online-shoppers', 'definition.yaml')

  test('every row is read, equal ones too, and PageValues is not', async () => {
    const out = join(folder, 'shoppers.jsonl')
    const { code, json } = await winnow(['import', ...paths, '-d', definition, ...flags, '--out', out, '--json'])
    expect(code).toBe(0)
    expect(json()).toMatchObject({
      problems: 0,
      files: [{ rows: 12_330, duplicates: 0, unusedColumns: expect.arrayContaining(['PageValues']) }],
    })
    expect(readFileSync(out, 'utf8')).not.toContain('PageValues')
  })

  test('better levels bought more often', async () => {
    const scored = await winnow([
      'score',
      definition,
      ...paths,
      ...flags,
      '--as-of',
      '2026-01-15',
      '--json',
      '--top',
      '5',
    ])
    expect(
      (scored.json() as { leads: { levels: Record<string, string> }[] }).leads.map(
        ({ levels }) => levels['temperature'],
      ),
    ).toEqual(Array.from({ length: 5 }, () => 'hot'))
    const { json } = await winnow(['replay', definition, ...paths, ...flags, '--json'])
    const { hot, warm, cold } = (json() as Replayed).wins.reached['temperature'] as Record<
      'hot' | 'warm' | 'cold',
      Outcome
    >
    expect(hot.won + warm.won + cold.won).toBe(1908)
    expect(hot.winRate.low).toBeGreaterThan(warm.winRate.high)
    expect(warm.winRate.low).toBeGreaterThan(cold.winRate.high)
  })
})

withData('bpi2012-loan-funnel', ['cases.csv.gz', 'events.csv.gz'], (paths) => {
  const definition = example('bpi2012', 'definition.yaml')
  const facts = join(folder, 'bpi2012.jsonl.gz')
  const ledger = join(folder, 'bpi2012-ledger.jsonl')

  test('the whole log is imported', async () => {
    const { code, json } = await winnow([
      'import',
      ...paths,
      '-d',
      definition,
      '-m',
      example('bpi2012', 'mapping.yaml'),
      '--out',
      facts,
      '--json',
    ])
    expect(code).toBe(0)
    expect(json()).toMatchObject({
      problems: 0,
      facts: 293_487,
      files: [
        { kind: 'leads', rows: 13_087, unusedColumns: ['outcome', 'outcome_at', 'last_event_at', 'n_events'] },
        { kind: 'events', rows: 262_200, duplicates: 0, refusedRows: 0 },
      ],
    })
  })

  test('and replayed: outcomes are those of the log, hot leads were won more often', async () => {
    const { code, json } = await winnow([
      'replay',
      definition,
      facts,
      '--json',
      '--landmark',
      '7d',
      '--transitions',
      ledger,
    ])
    expect(code).toBe(0)
    const replayed = json() as Replayed
    expect(replayed).toMatchObject({
      leads: 13_087,
      facts: 293_487,
      wins: { reached: { stage: { application: { leads: 13_087, won: 2246, lost: 7635 + 2807, undecided: 399 } } } },
    })
    const { hot, warm, cold } = replayed.wins.landmarks['7d']!['temperature'] as Record<
      'hot' | 'warm' | 'cold',
      Outcome
    >
    expect(hot.winRate.low).toBeGreaterThan(warm.winRate.high)
    expect(warm.winRate.low).toBeGreaterThan(cold.winRate.high)

    const page = readFileSync(join(ROOT, 'docs/bpi2012.md'), 'utf8')
    const count = (value: number) => value.toLocaleString('en')
    expect(page).toContain(
      `${count(replayed.facts)} facts of ${count(replayed.leads)} leads give **${count(replayed.transitions)} transitions**`,
    )
    const percent = (outcome: Outcome) => `${(outcome.winRate.rate * 100).toFixed(1)} %`
    expect(page).toContain(`(hot ${percent(hot)}, warm ${percent(warm)}, cold ${percent(cold)})`)

    const transitions = readFileSync(ledger, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { lead: string; at: string; cause: string })
    expect(transitions).toHaveLength(replayed.transitions)
    expect(transitions.some(({ cause }) => cause === 'time')).toBe(true)
    const isOrdered = transitions.every(
      ({ lead, at }, index) => index === 0 || transitions[index - 1]!.lead !== lead || transitions[index - 1]!.at <= at,
    )
    expect(isOrdered).toBe(true)
  })

  test('a replay of the past does not see the future', async () => {
    const until = '2011-12-01T00:00:00.000Z'
    const early = join(folder, 'bpi2012-early.jsonl')
    await winnow(['replay', definition, facts, '--until', until, '--transitions', early])
    const whole = readFileSync(ledger, 'utf8').trimEnd().split('\n')
    const before = whole.filter((line) => (JSON.parse(line) as { at: string }).at <= until)
    expect(before.length).toBeGreaterThan(10_000)
    expect(readFileSync(early, 'utf8').trimEnd().split('\n')).toEqual(before)
  })
})
