/** Periods that people ask about. Pure: `now` comes in. */
export const PERIODS = ['quarter', 'half', 'year', 'own'] as const
export type Period = (typeof PERIODS)[number]

const MONTHS = { quarter: 3, half: 6, year: 12 } as const

/** The months up to the day that `now` is in, at midnight UTC. */
export function periodBefore(
  now: number,
  period: Exclude<Period, 'own'>,
): { readonly from: string; readonly to: string } {
  const to = new Date(now)
  to.setUTCHours(0, 0, 0, 0)
  const from = new Date(to)
  from.setUTCDate(1)
  from.setUTCMonth(from.getUTCMonth() - MONTHS[period])
  const days = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + 1, 0)).getUTCDate()
  from.setUTCDate(Math.min(to.getUTCDate(), days))
  return { from: from.toISOString(), to: to.toISOString() }
}

/** A day as a field for dates writes it, from its first instant. */
export const instantOfDay = (day: string): string => `${day}T00:00:00.000Z`
export const dayOf = (instant: string): string => instant.slice(0, 10)
