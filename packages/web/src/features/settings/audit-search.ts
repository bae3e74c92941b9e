/** What the audit log is filtered by, as its address says it. */
export interface AuditSearch {
  readonly action?: string
  /** The id of a person. */
  readonly actor?: string
  /** Days, as in `2026-03-01`; both included. */
  readonly from?: string
  readonly to?: string
}

const FITS = {
  action: /^[a-z_]+(?:\.[a-z_]+)*$/,
  actor: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  from: /^\d{4}-\d{2}-\d{2}$/,
  to: /^\d{4}-\d{2}-\d{2}$/,
} as const satisfies Record<keyof AuditSearch, RegExp>
const LENGTH_MAX = 60

/** Reads an address that anybody may have written: what cannot be meant is left out. */
export function readAuditSearch(given: Readonly<Record<string, unknown>>): AuditSearch {
  const fitting = Object.entries(FITS).filter(([name, pattern]) => {
    const value = given[name]
    return typeof value === 'string' && value.length <= LENGTH_MAX && pattern.test(value) && isInstant(name, value)
  })
  return Object.fromEntries(fitting.map(([name]) => [name, given[name]]))
}

const isInstant = (name: string, value: string) =>
  (name !== 'from' && name !== 'to') || !Number.isNaN(Date.parse(`${value}T00:00`))

/** A filter as the server takes it: days are the reader's own, and the last one counts. */
export function auditQuery({ from, to, ...others }: AuditSearch): AuditSearch {
  return {
    ...others,
    ...(from !== undefined && { from: startOf(from, 0) }),
    ...(to !== undefined && { to: startOf(to, 1) }),
  }
}

function startOf(day: string, later: number): string {
  const at = new Date(`${day}T00:00`)
  at.setDate(at.getDate() + later)
  return at.toISOString()
}
