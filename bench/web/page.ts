/** What the bench runs inside the page. */

/** @returns ms from the start of the page */
export const largestPaint = () =>
  new Promise<number>((resolve) => {
    new PerformanceObserver((list) => resolve(list.getEntries().at(-1)!.startTime)).observe({
      type: 'largest-contentful-paint',
      buffered: true,
    })
  })

/** @returns ms from a click on a place to the frame that shows it */
export async function goTo(place: string): Promise<number> {
  const main = document.querySelector('main')!
  const heading = () => main.querySelector('h1')?.textContent
  const before = heading()
  const started = performance.now()
  document.querySelector<HTMLElement>(`nav a[href="${place}"]`)!.click()
  const frame = () => new Promise<void>((resolve) => requestAnimationFrame(() => resolve()))
  while (heading() === before || heading() === undefined) await frame()
  await frame()
  return performance.now() - started
}

/** Slow, then whole screens at a time, then leaps to anywhere. */
export async function scrollAbout(): Promise<{ blankMs: number; frames: number[] }> {
  const table = document.querySelector('table')!
  const scroller = table.parentElement!
  const { top, left, height } = scroller.getBoundingClientRect()
  const places = [0.25, 0.5, 0.75, 0.95].map((share) => top + height * share)
  const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve))
  const frames: number[] = []
  let blankMs = 0
  let blankSince: number | undefined
  let seen = await frame()
  const end = seen + 10_000
  for (let step = 0; seen < end; step++) {
    scroller.scrollTop += step < 200 ? 60 : step < 400 ? 900 : ((step * 7919) % 90_000) * 40 - scroller.scrollTop
    const now = await frame()
    const isBlank = places.some((y) => document.elementFromPoint(left + 300, y)?.closest('tr') === null)
    blankSince = isBlank ? (blankSince ?? seen) : undefined
    if (blankSince !== undefined) blankMs = Math.max(blankMs, now - blankSince)
    frames.push(now - seen)
    seen = now
  }
  return { blankMs, frames }
}
