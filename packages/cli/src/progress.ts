/** A line on standard error for anything that takes over a second; nothing at all where nobody is looking. */
const SHOW_AFTER_MS = 1000
const REDRAW_MS = 100
const BAR_CELLS = 24

export interface Progress {
  /** @param done  share from 0 to 1, where it is known */
  readonly update: (done: number | undefined, says: string) => void
  /** Removes the line. */
  readonly end: () => void
}

const SILENT: Progress = { update: () => {}, end: () => {} }

export function openProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  if (!stream.isTTY) return SILENT
  const startedAt = performance.now()
  let drawnAt = 0
  return {
    update(done, says) {
      const now = performance.now()
      if (now - startedAt < SHOW_AFTER_MS || now - drawnAt < REDRAW_MS) return
      drawnAt = now
      const left = done === undefined || done <= 0 ? '' : ` · ${remaining(now - startedAt, done)}`
      stream.write(`\r\u001B[2K${bar(done)} ${says}${left}`)
    },
    end() {
      if (drawnAt > 0) stream.write('\r\u001B[2K')
      drawnAt = 0
    },
  }
}

function bar(done: number | undefined): string {
  if (done === undefined) return '…'
  const share = Math.min(1, Math.max(0, done))
  const full = Math.round(share * BAR_CELLS)
  return `${'█'.repeat(full)}${'░'.repeat(BAR_CELLS - full)} ${String(Math.floor(share * 100)).padStart(3)} %`
}

function remaining(elapsedMs: number, done: number): string {
  const seconds = Math.ceil((elapsedMs * (1 - done)) / done / 1000)
  return seconds >= 90 ? `${Math.ceil(seconds / 60)} min left` : `${seconds} s left`
}
