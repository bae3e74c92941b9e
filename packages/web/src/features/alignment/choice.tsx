/** The two questions: which level, and whether one would call. */
import { Kbd } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useDefinition } from '../../app/definition.ts'
import { toneOf } from '../../ui/level-chip.tsx'
import classes from './alignment.module.css'

export interface Chosen {
  readonly level?: string
  readonly wouldCall?: boolean
}

export function Choice({
  session: { category, levels },
  chosen,
  choose,
  isDone = false,
}: {
  readonly session: { readonly category: string; readonly levels: readonly string[] }
  readonly chosen: Chosen
  readonly choose: (more: Chosen) => void
  readonly isDone?: boolean
}) {
  const { t } = useTranslation('alignment')
  const words = useDefinition()
  return (
    <>
      <fieldset className={classes.question} disabled={isDone}>
        <legend>{t('rate.level')}</legend>
        <div className={classes.answers}>
          {levels.map((level, index) => {
            const shown = words.level(category, level)
            return (
              <button
                key={level}
                type="button"
                className={classes.answer}
                data-tone={toneOf(shown)}
                aria-pressed={chosen.level === level}
                onClick={() => choose({ level })}
              >
                {shown.level}
                <Kbd className={classes.kbd}>{index + 1}</Kbd>
              </button>
            )
          })}
        </div>
      </fieldset>
      <fieldset className={classes.question} disabled={isDone}>
        <legend>{t('rate.call')}</legend>
        <div className={classes.answers}>
          {([true, false] as const).map((wouldCall) => (
            <button
              key={String(wouldCall)}
              type="button"
              className={classes.answer}
              data-tone="call"
              aria-pressed={chosen.wouldCall === wouldCall}
              onClick={() => choose({ wouldCall })}
            >
              {t(wouldCall ? 'rate.yes' : 'rate.no')}
              <Kbd className={classes.kbd}>{wouldCall ? 'Y' : 'N'}</Kbd>
            </button>
          ))}
        </div>
      </fieldset>
    </>
  )
}
