/** When a lead that is put off comes back. */
export interface Later {
  readonly name: 'hour' | 'tomorrow' | 'monday' | 'week'
  readonly at: number
}

const HOUR = 3_600_000
const MORNING_HOUR = 9
const MONDAY = 1

/** The times to choose from: mornings are the reader's own. */
export function laterThan(now: number): readonly Later[] {
  const inDays = (days: number) => {
    const day = new Date(now)
    day.setDate(day.getDate() + days)
    day.setHours(MORNING_HOUR, 0, 0, 0)
    return day.getTime()
  }
  const toMonday = (MONDAY - new Date(now).getDay() + 7) % 7 || 7
  return [
    { name: 'hour', at: now + HOUR },
    { name: 'tomorrow', at: inDays(1) },
    { name: 'monday', at: inDays(toMonday) },
    { name: 'week', at: inDays(7) },
  ]
}
