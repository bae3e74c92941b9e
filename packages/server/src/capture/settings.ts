/** The settings of capture, compiled, and not older than a few seconds where another server has changed them. */
import type { CaptureSettings } from '@winnow/contract'
import type { Instant } from '@winnow/engine'
import { compileRules, type Rules } from './rules.ts'
import type { CaptureStore } from './store.ts'

const BELIEVED_MS = 5_000

export class CurrentRules {
  private readonly store: CaptureStore
  private rules: Rules | undefined
  private readAt: Instant = -Infinity

  constructor(store: CaptureStore) {
    this.store = store
  }

  async get(now: Instant): Promise<Rules> {
    const isOld = Math.abs(now - this.readAt) >= BELIEVED_MS
    if (this.rules !== undefined && !isOld) return this.rules
    const settings = await this.store.readSettings()
    this.readAt = now
    // What was compiled remembers answers: it is replaced only by something else.
    if (this.rules === undefined || JSON.stringify(this.rules.settings) !== JSON.stringify(settings))
      this.rules = compileRules(settings)
    return this.rules
  }

  async set(settings: CaptureSettings): Promise<CaptureSettings> {
    await this.store.writeSettings(settings)
    this.rules = compileRules(settings)
    return settings
  }
}
