/** Where somebody came from, as one message tells it. */
import type { Instant } from '@winnow/engine'
import type { FirstTouch } from '../db/tables.ts'
import { isMap, type Json } from './names.ts'

const TEXT_MAX = 1_000

/** @returns undefined where the message says nothing about it */
export function readTouch(context: Json, properties: Json, at: Instant): FirstTouch | undefined {
  const campaign = isMap(context['campaign']) ? context['campaign'] : undefined
  const page = isMap(context['page']) ? context['page'] : undefined
  const source = text(campaign?.['source'])
  const medium = text(campaign?.['medium'])
  const name = text(campaign?.['name'])
  const url = text(page?.['url']) ?? text(properties['url'])
  const from = text(page?.['referrer']) ?? text(properties['referrer'])
  const referrer = from !== undefined && hostOf(from) !== hostOf(url ?? '') ? from : undefined
  if (source === undefined && medium === undefined && name === undefined && referrer === undefined && url === undefined)
    return undefined
  return {
    at,
    ...(source !== undefined && { source }),
    ...(medium !== undefined && { medium }),
    ...(name !== undefined && { campaign: name }),
    ...(referrer !== undefined && { referrer }),
    ...(url !== undefined && { page: url }),
  }
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' && value.length <= TEXT_MAX ? value : undefined

/** Of one site's pages none refers to another: that is no coming from somewhere. */
const hostOf = (url: string): string => /^https?:\/\/([^/?#]*)/i.exec(url)?.[1]?.toLowerCase() ?? url
