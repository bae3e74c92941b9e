import { expect, test } from 'vitest'
import { auditQuery, readAuditSearch } from '../../src/features/settings/audit-search.ts'

const ADA = '0b7e1c1e-8f5c-4a35-9a37-0e5a5b1d3f10'

test('what cannot be meant is left out', () => {
  const meant = { action: 'lead.decide', actor: ADA, from: '2026-03-01', to: '2026-03-31' }
  expect(readAuditSearch({ ...meant, other: 1 })).toEqual(meant)
  expect(readAuditSearch({ action: 'Lead', actor: 'ada', from: '2026-99-01', to: 5 })).toEqual({})
})

test('both days count, and are the reader’s own', () => {
  const { from, to, action } = auditQuery({ action: 'key.make', from: '2026-03-01', to: '2026-03-01' })
  expect(action).toBe('key.make')
  expect([new Date(from!).getDate(), new Date(from!).getHours()]).toEqual([1, 0])
  expect([new Date(to!).getDate(), new Date(to!).getHours()]).toEqual([2, 0])
})
