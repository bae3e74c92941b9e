import { valueIn } from '../../app/yaml-text.ts'

/** `scores.fit.groups.company.criteria[0]` is *Fit · Company · size*. */
export function nameOfPath(document: unknown, path: string): string {
  let at: unknown = document
  const names = path.split(/[.[\]]+/).flatMap((step) => {
    if (step === '') return []
    at = valueIn(at, [/^\d+$/.test(step) ? Number(step) : step])
    const [label, id, title] = ['label', 'id', 'title'].map((key) => valueIn(at, [key]))
    const own = [label, title, id].find((each) => typeof each === 'string')
    return FOLDERS.has(step) ? [] : [own ?? step.replaceAll('_', ' ')]
  })
  return names.length === 0 ? path : names.join(' · ')
}
const FOLDERS = new Set([
  'scores',
  'groups',
  'criteria',
  'categories',
  'levels',
  'attributes',
  'activities',
  'personas',
])
