import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BacktestResult } from '@winnow/engine'
import { describe, expect, test } from 'vitest'
import { DEFINITION, definitionFile, FACTS, factsFile, folder, winnow, write } from './running.ts'

const harder = write('harder.yaml', DEFINITION.replace('interest, at_least: 40', 'interest, at_least: 90'))
const PERIOD = ['--from', '2026-03-01', '--to', '2026-03-09', '--horizon', '1']

interface Counted {
  readonly versions: readonly { readonly name: string; readonly sha256: string }[]
  readonly result: BacktestResult
}

describe('backtest', () => {
  test('counts what became of the leads that a definition hands over', async () => {
    const { code, json, stderr } = await winnow([
      'backtest',
      definitionFile,
      factsFile,
      '--compare',
      harder,
      '--from',
      '2026-03-01',
      '--horizon',
      '6',
      '--json',
    ])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const { versions, result } = json() as Counted
    expect(versions.map(({ name }) => name)).toEqual(['definition', 'harder'])
    expect(versions[0]!.sha256).toMatch(/^[0-9a-f]{64}$/)
    expect(result).toMatchObject({ leads: 3, facts: 9, wins: 1, revenue: 900 })
    expect(result.versions).toMatchObject([
      { name: 'definition', handover: 'mql', handedOver: 2, recall: { value: 1 }, precision: { value: 0.5, count: 2 } },
      { name: 'harder', handedOver: 0, recall: { value: 0 }, precision: { value: null }, missed: [{ lead: 'ada' }] },
    ])
    expect(result.comparisons).toMatchObject([{ version: 'harder', against: 'definition' }])
  })

  test('says it to people, with names', async () => {
    const { code, stdout } = await winnow(['backtest', definitionFile, factsFile, '-c', harder, '--from', '2026-03-01'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Backtest from 2026-03-01 to 2026-03-10, outcomes within 90 days/)
    expect(stdout).toContain('harder against definition')
    expect(stdout).toMatch(/harder: won, and not handed over before\nlead +at +levels +worth\nada +2026-03-09/)
    const none = await winnow(['backtest', definitionFile, factsFile, '-c', harder, ...PERIOD, '--names', '0'])
    expect(none.stdout).not.toContain('ada')
  })

  test('--reps tells what a week is for each of them', async () => {
    const options = [...PERIOD, '--reps', 'sales=2']
    const { code, stdout } = await winnow(['backtest', definitionFile, factsFile, ...options])
    expect(code).toBe(0)
    expect(stdout).toMatch(/leads a week and person\nteam +stage +each/)
    expect(stdout).toMatch(/sales \(2\) +mql/)
  })

  test('--segment counts those of whom it is known in the end', async () => {
    const of = async (...segment: string[]) => {
      const { json } = await winnow(['backtest', definitionFile, factsFile, '--json', '--segment', ...segment])
      return (json() as Counted).result.leads
    }
    expect([await of('role=boss'), await of('role=boss', 'size=50'), await of('role=user')]).toEqual([2, 1, 0])
  })

  test('--html writes a page that shows leads’ names as text, and prints nothing else of them', async () => {
    const name = '<script>alert(1)</script>'
    const hostile = write('hostile.jsonl', FACTS.replaceAll('"lead":"ada"', `"lead":${JSON.stringify(name)}`))
    const html = join(folder, 'report.html')
    const { code } = await winnow(['backtest', definitionFile, hostile, '-c', harder, '--html', html])
    expect(code).toBe(0)
    const page = readFileSync(html, 'utf8')
    expect(page).toContain('<h1')
    expect(page).toContain('&#60;script&#62;alert(1)&#60;/script&#62;')
    expect(page).not.toContain('<script')
    expect(page).toContain("default-src 'none'")
  })

  test.each([
    { name: 'a period that ends first', args: ['--from', '2026-04-01', '--to', '2026-03-01'] },
    { name: 'a horizon of no days', args: ['--horizon', '0'] },
    { name: 'a segment without a value', args: ['--segment', 'role'] },
    { name: 'a holiday that no calendar has', args: ['--holidays', '2026-02-30'] },
    { name: 'a team of nobody', args: ['--reps', 'sales=0'] },
    { name: 'a seed that is no number', args: ['--seed', 'x'] },
  ])('refused: $name', async ({ args }) => {
    const { code, stderr } = await winnow(['backtest', definitionFile, factsFile, ...args])
    expect(code).toBe(2)
    expect(stderr).toContain('option_malformed')
  })

  test('an input without a lead, and an output that is the input', async () => {
    const empty = await winnow(['backtest', definitionFile, write('empty.jsonl', '')])
    expect(empty.code).toBe(3)
    const over = await winnow(['backtest', definitionFile, factsFile, '--html', factsFile])
    expect(over).toMatchObject({ code: 2, stderr: expect.stringContaining('output_is_input') })
  })
})
