/** Days on which hardly anybody works, wherever they are; whatever else a team keeps is entered. */
const EVERYWHERE = ['01-01', '12-25', '12-26'] as const

/** `2026-12-25`, and there is such a day. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const at = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text)
}

/** Those that lie in a period. */
export function holidaysIn({ from, to }: { readonly from: string; readonly to: string }): readonly string[] {
  const [first, last] = [Number(from.slice(0, 4)), Number(to.slice(0, 4))]
  if (!(last - first < 100)) return []
  const years = Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at)
  return years
    .flatMap((year) => EVERYWHERE.map((day) => `${year}-${day}`))
    .filter((day) => day >= from.slice(0, 10) && day < to.slice(0, 10))
}
