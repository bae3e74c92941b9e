/** What the tests of the web app agree on: where the databases are, who is there, and what time it is. */

export const CLUSTER = 'WINNOW_E2E_CLUSTER'
/** Templates: people only, and people with a demo company. */
export const EMPTY = 'web_empty'
export const DEMO = 'web_demo'

/** A Tuesday morning. */
export const NOW = Date.UTC(2026, 5, 16, 9, 0)

const password = 'correct horse battery'
export const PEOPLE = {
  admin: { name: 'Ada Admin', email: 'ada@example.com', password },
  marketing: { name: 'Mara Market', email: 'mara@example.com', password },
  sales: { name: 'Sam Sales', email: 'sam@example.com', password },
  analyst: { name: 'Ana Lyst', email: 'ana@example.com', password },
  reader: { name: 'Rita Reader', email: 'rita@example.com', password },
} as const
export type Role = keyof typeof PEOPLE

export function databaseUrl(name: string): string {
  const url = new URL(process.env[CLUSTER]!)
  url.pathname = `/${name}`
  return url.href
}
