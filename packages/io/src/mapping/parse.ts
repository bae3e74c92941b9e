import type { Definition, Issue, Path } from '@winnow/engine'
import { nearest, readText } from '@winnow/engine'
import {
  mappingShape,
  type CellSpec,
  type EventRule,
  type FileMapping,
  type Mapping,
  type PropertySpec,
  type TimeSpec,
} from './language.ts'
import { compileTimeFormat } from './times.ts'
import { compileCell, misfit, type ValueType } from './values.ts'

export type ParsedMapping =
  | { readonly ok: true; readonly mapping: Mapping }
  | { readonly ok: false; readonly issues: readonly Issue[] }

/** A mapping that fits the definition, or every issue found, with line and column. */
export function parseMappingText(text: string, definition: Definition): ParsedMapping {
  const { value, issues: textIssues, source } = readText(text)
  if (textIssues.length > 0) return { ok: false, issues: textIssues }
  const issues: Issue[] = []
  const report = (issue: Issue) => issues.push({ ...issue, ...source.locate(issue.path, issue.about ?? 'key') })
  mappingShape.check(value, [], report)
  if (issues.length > 0) return { ok: false, issues }
  const mapping = value as Mapping
  checkMeaning(mapping, definition, report)
  return issues.length === 0 ? { ok: true, mapping } : { ok: false, issues }
}

/** What the shapes cannot know: attributes of the definition, and whether a format can be read. */
function checkMeaning(mapping: Mapping, definition: Definition, report: (issue: Issue) => void): void {
  const fail = (path: Path, code: string, message: string, hint?: string) =>
    report({ severity: 'error', code, path, message, ...(hint === undefined ? {} : { hint }) })
  const checks = new MeaningChecks(definition, fail)
  mapping.files.forEach((file, at) => checks.file(file, ['files', at]))
}

type Fail = (path: Path, code: string, message: string, hint?: string) => void

const NUMBER: ValueType = { type: 'number' }

class MeaningChecks {
  private readonly attributes: NonNullable<Definition['attributes']>
  private readonly fail: Fail

  constructor(definition: Definition, fail: Fail) {
    this.attributes = definition.attributes ?? {}
    this.fail = fail
  }

  file(file: FileMapping, path: Path): void {
    if ('leads' in file) this.leads(file.leads, [...path, 'leads'])
    else this.events(file.events, [...path, 'events'])
  }

  private leads(leads: Extract<FileMapping, { leads: unknown }>['leads'], path: Path): void {
    if (leads.created_at !== undefined) this.time(leads.created_at, [...path, 'created_at'])
    this.attributesOf(leads.attributes, [...path, 'attributes'], leads.account !== undefined)
    leads.activities?.forEach((activity, at) => {
      this.time(activity.at, [...path, 'activities', at, 'at'])
      this.properties(activity.properties, [...path, 'activities', at, 'properties'])
    })
    leads.decisions?.forEach((decision, at) => {
      const place = [...path, 'decisions', at]
      if (decision.at !== undefined) this.time(decision.at, [...place, 'at'])
      if (decision.amount !== undefined) this.cell(NUMBER, decision.amount, [...place, 'amount'])
    })
  }

  private events(events: Extract<FileMapping, { events: unknown }>['events'], path: Path): void {
    this.time(events.at, [...path, 'at'])
    this.properties(events.properties, [...path, 'properties'])
    events.facts?.forEach((rule, at) => this.rule(rule, [...path, 'facts', at]))
    if (events.type === undefined && events.otherwise !== 'skip') {
      this.fail(
        path,
        'missing',
        '`type` is missing',
        'Name the column with the type of the event, or say `otherwise: skip`.',
      )
    }
  }

  private rule(rule: EventRule, path: Path): void {
    if ('activity' in rule) this.properties(rule.properties, [...path, 'properties'])
    else if ('decision' in rule && rule.amount !== undefined) this.cell(NUMBER, rule.amount, [...path, 'amount'])
    else if ('attributes' in rule) this.attributesOf(rule.attributes, [...path, 'attributes'], false)
  }

  private attributesOf(specs: Readonly<Record<string, CellSpec>> | undefined, path: Path, hasAccount: boolean): void {
    for (const [name, spec] of Object.entries(specs ?? {})) {
      const attribute = Object.hasOwn(this.attributes, name) ? this.attributes[name] : undefined
      if (attribute === undefined) this.unknownAttribute(name, [...path, name])
      else {
        this.cell(attribute, spec, [...path, name])
        if (attribute.about === 'account' && !hasAccount) {
          this.fail(
            [...path, name],
            'account_missing',
            `\`${name}\` is about the account, and no column says which`,
            'Map `account:` in this part.',
          )
        }
      }
    }
  }

  private unknownAttribute(name: string, path: Path): void {
    const near = nearest(name, Object.keys(this.attributes))
    const hint =
      near === undefined
        ? `the definition has: ${Object.keys(this.attributes).join(', ')}`
        : `did you mean \`${near}\`?`
    this.fail(path, 'unknown_name', `the definition has no attribute \`${name}\``, hint)
  }

  private properties(specs: Readonly<Record<string, PropertySpec>> | undefined, path: Path): void {
    for (const [name, spec] of Object.entries(specs ?? {})) {
      const type = typeof spec === 'object' && 'column' in spec ? (spec.type ?? 'text') : 'text'
      if (typeof spec === 'string' || 'column' in spec) this.cell({ type }, spec, [...path, name])
    }
  }

  private cell(type: ValueType, spec: CellSpec | PropertySpec, path: Path): void {
    if (typeof spec === 'string') return
    const problem = 'fixed' in spec ? misfit(type, spec.fixed) : compileCell(type, spec)
    if (typeof problem === 'string') this.fail(path, 'value_misfit', problem)
  }

  private time(spec: TimeSpec, path: Path): void {
    if (typeof spec === 'string') return
    const problem =
      'fixed' in spec
        ? misfit({ type: 'date' }, spec.fixed)
        : ((found) => (typeof found === 'string' ? found : undefined))(compileTimeFormat(spec.format, spec.zone))
    if (problem !== undefined) this.fail(path, 'value_misfit', problem)
  }
}
