/** Where a proposal stands, as a line of steps. */
import { IconCheck, IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useFormats } from '../../../app/format.ts'
import type { Proposal } from '../queries.ts'
import classes from './proposal.module.css'

const STEPS = ['draft', 'proposed', 'signed', 'live', 'retired'] as const
/** The last step that has been made. */
const REACHED = { proposed: 1, signed: 2, scheduled: 2, live: 3, retired: 4, withdrawn: 1 } as const

export function Steps({ proposal }: { readonly proposal: Proposal }) {
  const { t } = useTranslation('definition')
  const { step } = proposal
  const reached = REACHED[step]
  return (
    <ol className={classes.steps} aria-label={t('proposal.steps.label')}>
      {STEPS.map((name, at) => {
        const isLost = step === 'withdrawn' && at === 2
        const state = isLost ? 'lost' : at <= reached ? 'done' : at === reached + 1 ? 'next' : 'open'
        return (
          <li key={name} data-state={state} aria-current={at === reached ? 'step' : undefined}>
            <span className={classes.dot} aria-hidden>
              {state === 'done' && <IconCheck size={13} stroke={2.6} />}
              {state === 'lost' && <IconX size={13} stroke={2.6} />}
            </span>
            <span className={classes.step}>
              <b>{isLost ? t('proposal.steps.withdrawn') : t(`proposal.steps.${name}`)}</b>
              <StepSaid name={isLost ? 'withdrawn' : name} proposal={proposal} />
            </span>
          </li>
        )
      })}
    </ol>
  )
}

function StepSaid({
  name,
  proposal,
}: {
  readonly name: (typeof STEPS)[number] | 'withdrawn'
  readonly proposal: Proposal
}) {
  const { t } = useTranslation('definition')
  const formats = useFormats()
  const { proposedBy, missing, mode, version, goesLiveAt, step, signatures } = proposal
  const standing = signatures.filter(({ takenBackAt }) => takenBackAt === null)
  switch (name) {
    case 'proposed':
      return <small>{proposedBy.name}</small>
    case 'signed':
      if (step === 'withdrawn') return null
      return (
        <small>
          {missing.length === 0
            ? formats.list(standing.map(({ by }) => by.name))
            : mode === 'one_person'
              ? t('proposal.steps.needsOne')
              : t('proposal.steps.needs', { sides: formats.list(missing.map((side) => t(`proposal.sides.${side}`))) })}
        </small>
      )
    case 'live':
      if (version !== null) return <small>{t('versionNumber', { version })}</small>
      return goesLiveAt === null ? null : <small>{formats.dateTime(goesLiveAt)}</small>
    default:
      return null
  }
}
