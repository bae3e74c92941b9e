/** The definition as fields and sentences, a part at a time. */
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useEditor } from '../editor/context.ts'
import { ActivitiesPart, AttributesPart } from './terms.tsx'
import { CategoriesPart } from './categories.tsx'
import classes from './form.module.css'
import { CapacityPart, GeneralPart, PersonasPart, PlaybooksPart, StagesPart } from './others.tsx'
import { ExamplesPart } from './examples.tsx'
import { ScoresPart } from './scores.tsx'
import { ValuePart } from './value.tsx'

const PARTS = {
  scores: ScoresPart,
  categories: CategoriesPart,
  stages: StagesPart,
  attributes: AttributesPart,
  activities: ActivitiesPart,
  personas: PersonasPart,
  value: ValuePart,
  capacity: CapacityPart,
  playbooks: PlaybooksPart,
  examples: ExamplesPart,
} as const
type PartName = keyof typeof PARTS
const NAMES = Object.keys(PARTS) as PartName[]

export function FormColumn({
  part,
  show,
  name,
}: {
  readonly part: string | undefined
  readonly show: (part: string) => void
  readonly name: ReactNode
}) {
  const { t } = useTranslation('definition')
  const { issues } = useEditor()
  const chosen = [...NAMES, 'general' as const].find((each) => each === part) ?? 'scores'
  const hasErrors = (section: string) =>
    issues.some(({ severity, path }) => severity === 'error' && path.split(/[.[]/)[0] === section)
  const Part = chosen === 'general' ? undefined : PARTS[chosen]
  return (
    <>
      <nav className={classes.parts} aria-label={t('form.parts')}>
        {[...NAMES, 'general' as const].map((each) => (
          <button
            key={each}
            type="button"
            className={classes.partLink}
            aria-current={each === chosen ? 'page' : undefined}
            data-issues={hasErrors(each) || undefined}
            onClick={() => show(each)}
          >
            {t(each === 'general' ? 'form.general' : `areas.${each}`)}
          </button>
        ))}
      </nav>
      {Part === undefined ? <GeneralPart draftName={name} /> : <Part />}
    </>
  )
}
