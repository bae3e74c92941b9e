import { parseDefinitionText, type BacktestVersion } from '@winnow/engine'
import { ServerError } from '../errors.ts'

export function definitionOf({ name, text }: { readonly name: string; readonly text: string }): BacktestVersion {
  const parsed = parseDefinitionText(text)
  if (parsed.ok) return { name, definition: parsed.definition }
  throw new ServerError('definition_invalid', `${name} has errors`, { details: parsed.issues })
}
